"""What is exported of a log, for whom, and that it is there whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from neurosym.audit.bundle.layout import KEYS, payload_path, proof_at
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.key import SignerKey
from neurosym.audit.keyfile import beside, data_keys_beside, read_key
from neurosym.audit.reader import LogReader
from neurosym.decision.bundle.export import Options, export_bundle
from neurosym.text.failure import LogCorruptError, LogError
from tests.audit.bundle_world import ours, theirs
from tests.audit.world import open_log, tampering
from tests.decision.bundle_case import erase, exported, logged

HAND_TOOLS = ("bash", "sha256sum", "openssl", "od", "sed")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return logged(tmp_path_factory.mktemp("log"))


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A log of one's own, to be done anything to."""
    shutil.copytree(made.parent, tmp_path / "own")
    return tmp_path / "own" / made.name


def files_of(place: Path) -> dict[str, bytes]:
    return {each.relative_to(place).as_posix(): each.read_bytes() for each in place.rglob("*") if each.is_file()}


def decisions(path: Path) -> list[int]:
    with LogReader.open(path) as log:
        return [entry.seq for entry in log.decisions()]


@pytest.mark.parametrize("is_redacted", [False, True])
@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_what_is_exported_verifies_by_both_verifiers(
    made: Path, tmp_path: Path, name: str, *, is_redacted: bool
) -> None:
    place = exported(made, tmp_path / name, is_redacted=is_redacted)
    for verified in (ours, theirs):
        assert verified(place).accepts
    assert ("3 recorded results" in ours(place).text) is not is_redacted


def test_verify_py_of_the_bundle_runs_by_itself(made: Path, tmp_path: Path) -> None:
    place = exported(made, tmp_path / "bundle")
    elsewhere = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-I", "verify.py", "."]
    done = subprocess.run(command, cwd=place, env=elsewhere, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("VERIFIED.\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 2),
        (["no-such"], 2),
        (["."], 0),
        ([".", "--key", "x"], 5),
        ([".", "--checkpoint", "no-such"], 5),
        (["README.txt"], 5),
    ],
)
def test_verify_py_ends_with_the_code_that_says_what_was_wrong(
    made: Path, tmp_path: Path, arguments: list[str], code: int
) -> None:
    place = exported(made, tmp_path / "bundle")
    command = [sys.executable, str(place / "verify.py"), *arguments]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_the_same_log_gives_the_same_bytes(made: Path, tmp_path: Path, name: str) -> None:
    one, two = (exported(made, tmp_path / folder / name) for folder in map(made_folder(tmp_path), "ab"))
    if name.endswith(".zip"):
        assert one.read_bytes() == two.read_bytes()
    else:
        assert files_of(one) == files_of(two)


def made_folder(place: Path) -> Callable[[str], str]:
    def make(name: str) -> str:
        (place / name).mkdir()
        return name

    return make


def test_a_zip_holds_what_the_folder_holds(made: Path, tmp_path: Path) -> None:
    exported(made, tmp_path / "bundle.zip")
    with ZipFile(tmp_path / "bundle.zip") as opened:
        held = {name: opened.read(name) for name in opened.namelist()}
    assert held == files_of(exported(made, tmp_path / "bundle"))


def test_a_whole_log_has_every_payload_and_every_decision(made: Path, tmp_path: Path) -> None:
    held = files_of(exported(made, tmp_path / "bundle"))
    with LogReader.open(made) as log:
        expected = {payload_path(link.digest) for entry in log.entries() for link in entry.payloads}
    assert {name for name in held if name.startswith("payloads/")} == expected
    assert sorted(filter(None, map(proof_at, held))) == decisions(made)


def test_a_chosen_decision_comes_with_what_it_refers_to_and_nothing_else(made: Path, tmp_path: Path) -> None:
    first, second, third = decisions(made)
    held = files_of(exported(made, tmp_path / "bundle", second))
    with LogReader.open(made) as log:
        names = {entry.seq: {payload_path(link.digest) for link in entry.payloads} for entry in log.entries()}
        (review,) = log.entry(second).effects
        ruleset = next(entry.seq for entry in log.entries() if entry.kind is EntryKind.RULESET)
        configuration = next(entry.seq for entry in log.entries() if entry.kind is EntryKind.CONFIGURATION)
    payloads = {name for name in held if name.startswith("payloads/")}
    assert payloads == names[second] | names[review] | names[ruleset] | names[configuration]
    assert not payloads & (names[first] - names[second] | names[third])
    assert [proof_at(name) for name in held if proof_at(name) is not None] == [second]
    assert ours(tmp_path / "bundle").accepts


def test_a_redacted_bundle_holds_nothing_encrypted_and_no_key(made: Path, tmp_path: Path) -> None:
    erase_nothing = files_of(exported(made, tmp_path / "bundle", is_redacted=True))
    assert not [name for name in erase_nothing if name.startswith("payloads/")]
    assert KEYS not in erase_nothing
    assert not [name for name, content in erase_nothing.items() if b"CUST-7" in content or b"Passport" in content]


def test_nothing_of_a_payload_is_readable_in_the_files_of_a_full_bundle_but_through_its_key(
    made: Path, tmp_path: Path
) -> None:
    held = files_of(exported(made, tmp_path / "bundle"))
    assert not [name for name, content in held.items() if b"CUST-7" in content]


def test_an_erased_payload_is_named_as_erased(path: Path, tmp_path: Path) -> None:
    erase(path, decisions(path)[2], "case")
    for is_redacted in (False, True):
        place = exported(path, tmp_path / f"bundle {is_redacted}", is_redacted=is_redacted)
        assert "1 payloads were erased, as an entry says" in ours(place).text
        assert theirs(place).accepts


def test_a_chosen_decision_whose_case_was_erased_is_still_exported(path: Path, tmp_path: Path) -> None:
    third = decisions(path)[2]
    erase(path, third, "case")
    place = exported(path, tmp_path / "bundle", third)
    assert ours(place).accepts
    assert theirs(place).accepts


# --- whole or not at all


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_what_stands_at_the_place_is_not_touched(made: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(LogError, match="is there already"):
        exported(made, tmp_path / name)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(name, b"mine")]


def test_an_empty_folder_is_not_taken_for_a_place(made: Path, tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    with pytest.raises(LogError, match="is there already"):
        exported(made, tmp_path / "bundle")
    assert not list((tmp_path / "bundle").iterdir())


def broken_payload(path: Path) -> None:
    with tampering(path) as connection:
        connection.execute("UPDATE payload SET content = substr(content, 2) WHERE seq = 1")


def broken_entry(path: Path) -> None:
    with tampering(path) as connection:
        connection.execute("DELETE FROM entries WHERE seq = 2")


def lost_payload(path: Path) -> None:
    with tampering(path) as connection:
        connection.execute("DELETE FROM payload WHERE seq = 1")


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
@pytest.mark.parametrize("harm", [broken_payload, broken_entry, lost_payload])
def test_a_log_that_does_not_verify_leaves_no_bundle(
    path: Path, tmp_path: Path, harm: Callable[[Path], None], name: str
) -> None:
    harm(path)
    before = {each.name for each in tmp_path.iterdir()}
    with pytest.raises(LogCorruptError):
        exported(path, tmp_path / name)
    assert {each.name for each in tmp_path.iterdir()} == before


def test_the_key_of_another_log_is_refused(made: Path, tmp_path: Path) -> None:
    with LogReader.open(made) as log, pytest.raises(LogError, match="not the key of the log"):
        export_bundle(log, SignerKey("other", b"\x09" * 32), tmp_path / "bundle", Options())
    assert not list(tmp_path.iterdir())


def test_without_the_key_store_only_a_redacted_bundle_can_be_made(path: Path, tmp_path: Path) -> None:
    data_keys_beside(path).unlink()
    with pytest.raises(LogError, match="--data-keys"):
        exported(path, tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()
    assert ours(exported(path, tmp_path / "bundle", is_redacted=True)).accepts


def test_a_folder_that_is_not_there_is_told(made: Path, tmp_path: Path) -> None:
    for name in ("no/bundle", "no/bundle.zip"):
        with pytest.raises(LogError, match="cannot create"):
            exported(made, tmp_path / name)


def test_only_the_owner_may_read_what_was_exported(made: Path, tmp_path: Path) -> None:
    for name in ("bundle", "bundle.zip"):
        assert exported(made, tmp_path / name).stat().st_mode & 0o77 == 0


def test_a_log_of_nothing_but_its_start_is_exported(tmp_path: Path) -> None:
    with open_log(tmp_path / "decisions.db"):
        pass
    place = exported(tmp_path / "decisions.db", tmp_path / "bundle")
    assert ours(place).accepts
    assert theirs(place).accepts
    assert by_hand(place) == "Signature Verified Successfully\n" * 2


def test_progress_ends_with_all_payloads(made: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with LogReader.open(made) as log:
        export_bundle(
            log, read_key(beside(made)), tmp_path / "b", Options(), lambda done, total: told.append((done, total))
        )
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert told[-1][0] == told[-1][1]


# --- by hand


def by_hand(place: Path) -> str:
    """What the script says that the README gives, line by line."""
    if not all(map(shutil.which, HAND_TOOLS)):
        pytest.skip(f"one of {', '.join(HAND_TOOLS)} is not on this machine")
    lines = (place / "README.txt").read_text(encoding="utf-8").splitlines()
    script = "\n".join(line[4:] for line in lines if line.startswith("    "))
    done = subprocess.run(["bash", "-c", script], cwd=place, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else f"exit {done.returncode}: {done.stderr}{done.stdout}"


def test_the_steps_by_hand_of_the_readme_work(made: Path, tmp_path: Path) -> None:
    said = by_hand(exported(made, tmp_path / "bundle")).splitlines()
    assert said[:2] == ["Signature Verified Successfully"] * 2
    assert said[2] == f"entry {decisions(made)[0]} is in the log"
    assert said[3].endswith("is what an entry committed to")
    assert len(said) == 4


@pytest.mark.parametrize("pattern", ["report.html", "checkpoint", "tile/entries/*/*", "tile/0/*/*", "payloads/*/*"])
def test_the_steps_by_hand_find_a_change(made: Path, tmp_path: Path, pattern: str) -> None:
    place = exported(made, tmp_path / "bundle")
    changed = min(place.glob(pattern))
    content = bytearray(changed.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    assert by_hand(place).startswith("exit 1")


def test_the_readme_says_what_the_verifier_is(made: Path, tmp_path: Path) -> None:
    held = files_of(exported(made, tmp_path / "bundle"))
    manifest = dict(line.split("  ")[::-1] for line in held["manifest"].decode().splitlines() if "  " in line)
    assert manifest["verify.py"] in held["README.txt"].decode()
    assert "@" not in held["README.txt"].decode().replace("/@", "")
