from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from neurosym.audit.checkpoint import Checkpoint, parse_checkpoint
from neurosym.audit.frontier import Frontier
from neurosym.audit.key import parse_verifier_key
from neurosym.audit.note import parse_note
from neurosym.audit.tree import leaf_hash
from neurosym.text.failure import LogCorruptError

# The example of C2SP tlog-checkpoint.
EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
ROOT = b64encode(bytes(32)).decode()


def test_the_example_of_the_specification_reads_and_writes_alike() -> None:
    checkpoint = parse_checkpoint(EXAMPLE)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert str(checkpoint) == EXAMPLE


def test_extension_lines_are_kept() -> None:
    assert parse_checkpoint(EXAMPLE + "more\n").extensions == ("more",)
    assert str(parse_checkpoint(EXAMPLE + "more\n")) == EXAMPLE + "more\n"


def test_an_empty_tree_has_a_checkpoint() -> None:
    checkpoint = Checkpoint("log", 0, Frontier().root())
    assert parse_checkpoint(str(checkpoint)) == checkpoint


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "log\n3\n",
        f"log\n3\n{ROOT}",
        f"\n3\n{ROOT}\n",
        f"log\n3\n{ROOT}\n\n",
        f"log\n03\n{ROOT}\n",
        f"log\n-3\n{ROOT}\n",
        f"log\n3.0\n{ROOT}\n",
        f"log\n٣\n{ROOT}\n",
        f"log\n9223372036854775808\n{ROOT}\n",
        "log\n3\nAAAA\n",
        f"log\n3\n{ROOT.replace('A=', 'B=')}\n",
        f"log\n3\n {ROOT}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(broken: str) -> None:
    with pytest.raises(LogCorruptError, match="not a checkpoint"):
        parse_checkpoint(broken)


def test_the_checkpoints_of_a_tessera_log_verify_against_its_entries(vectors: Callable[[str], Path]) -> None:
    folder = vectors("tessera-log")
    key = parse_verifier_key((folder / "public-key.txt").read_text(encoding="ascii"))
    checked = 0
    for size in range(16):
        note = parse_note((folder / "log" / f"checkpoint.{size}").read_bytes())
        assert note.is_signed_by(key)
        frontier = Frontier()
        for content in _entries(folder / "log" / "tile" / "entries" / "000.p" / str(size)):
            frontier = frontier.append(leaf_hash(content))
        assert parse_checkpoint(note.text) == Checkpoint("example.com/log/testdata", size, frontier.root())
        checked += 1
    assert checked == 16


def _entries(bundle: Path) -> list[bytes]:
    if bundle.name == "0":  # an empty tree has no bundle
        return []
    content, entries = bundle.read_bytes(), []
    while content:
        length = int.from_bytes(content[:2])
        entries.append(content[2 : 2 + length])
        content = content[2 + length :]
    return entries
