"""Proof files, and what is asked of a witness: read, written, and refused by the line that does not fit."""

from __future__ import annotations

import pytest

from neurosym.audit.checkpoint import Checkpoint
from neurosym.audit.key import COSIGNATURE, SignerKey
from neurosym.audit.note import Note, Signature, sign_note
from neurosym.audit.tlog_proof import InclusionProof, parse_tlog_proof
from neurosym.audit.tree import leaf_hash, tree_root
from neurosym.audit.tree_path import inclusion_of
from neurosym.audit.witness_request import WitnessRequest, parse_signatures, parse_witness_request
from neurosym.text.failure import LogCorruptError
from tests.audit.rfc6962 import HeldHashes, consistency_proof

ORIGIN = "log.example"
LOG, OTHER = SignerKey(ORIGIN, bytes(32)), SignerKey("other.example", b"\x02" * 32)
WITNESS = SignerKey("witness.example", b"\x01" * 32, COSIGNATURE)
ENTRIES = [b"%d" % number for number in range(11)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
NOTE = sign_note(str(Checkpoint(ORIGIN, len(LEAVES), tree_root(LEAVES))), LOG)
PROOF = InclusionProof(5, inclusion_of(HeldHashes(LEAVES), 5, len(LEAVES)), NOTE)
# The head of the example of the specification.
HEAD = """\
c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=
"""


def cosigned(note: Note) -> Note:
    made = WITNESS.cosignature(note.text.encode(), 1_700_000_000)
    return Note(note.text, (*note.signatures, Signature(WITNESS.name, WITNESS.verifier.key_id, made)))


def test_a_proof_is_read_as_it_is_written() -> None:
    for proof in (
        PROOF,
        InclusionProof(0, (), NOTE, b""),
        InclusionProof(3, PROOF.hashes, cosigned(NOTE), b"\xff\x00"),
    ):
        assert parse_tlog_proof(str(proof).encode()) == proof


def test_the_head_of_the_specification_s_example_is_read() -> None:
    found = parse_tlog_proof(f"{HEAD}\n{NOTE}".encode())
    assert (found.index, len(found.hashes)) == (73_894, 5)
    assert found.extra is not None
    assert str(found) == f"{HEAD}\n{NOTE}"


def test_a_proof_shows_the_entry_and_no_other() -> None:
    assert PROOF.complaint(ENTRIES[5], ORIGIN, [LOG.verifier]) is None
    assert (
        PROOF.complaint(ENTRIES[4], ORIGIN, [LOG.verifier]) == "the entry does not lead to the root of the checkpoint"
    )
    assert PROOF.complaint(ENTRIES[5], "x", []) == "the checkpoint is of the log `log.example` and not of `x`"
    told = PROOF.complaint(ENTRIES[5], ORIGIN, [LOG.verifier, OTHER.verifier])
    assert told == "the checkpoint is not signed by `other.example`"


def test_a_proof_can_demand_a_witness() -> None:
    keys = [LOG.verifier, WITNESS.verifier]
    assert PROOF.complaint(ENTRIES[5], ORIGIN, keys) == "the checkpoint is not signed by `witness.example`"
    proof = InclusionProof(5, PROOF.hashes, cosigned(NOTE))
    assert parse_tlog_proof(str(proof).encode()).complaint(ENTRIES[5], ORIGIN, keys) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("@v1", "@v2"), "its first line is not"),
        (("index 5", "index 05"), "a line `index`"),
        (("index 5\n", ""), "a line `index`"),
        (("index 5", "extra =\nindex 5"), "the line `extra` is no base64"),
        (("index 5\n", "index 5\nabc\n"), "`abc` is not the base64 of a SHA-256 hash"),
        (("index 5\n", "index 5\n" + f"{'A' * 43}=\n" * 61), "more than 63 hashes"),
        (("log.example\n11\n", "log.example\n011\n"), "its second line is not a tree size"),
        (("\n\nlog", "\nlog"), "not a signed note"),
    ],
)
def test_a_proof_that_is_none_is_refused_by_its_line(change: tuple[str, str], message: str) -> None:
    text = str(PROOF)
    assert change[0] in text
    with pytest.raises(LogCorruptError, match=message):
        parse_tlog_proof(text.replace(*change).encode())


@pytest.mark.parametrize("content", [b"", b"\xff\n\n", b"\n\n", str(PROOF).encode()[:-1], bytes(3_000_000)])
def test_bytes_that_are_no_proof_are_refused(content: bytes) -> None:
    with pytest.raises(LogCorruptError):
        parse_tlog_proof(content)


# --- requests to witnesses

REQUEST = WitnessRequest(4, consistency_proof(4, LEAVES), NOTE)


def test_a_request_is_read_as_it_is_written() -> None:
    for request in (REQUEST, WitnessRequest(0, (), NOTE)):
        assert parse_witness_request(str(request).encode()) == request


def test_a_request_is_laid_out_as_the_specification_says() -> None:
    first, *hashes = str(REQUEST).split("\n\n")[0].split("\n")
    assert first == "old 4"
    assert len(hashes) == len(REQUEST.hashes) > 0
    assert str(REQUEST).endswith(f"\n\n{NOTE}")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("old 4", "new 4"), "its first line is not `old` and a size"),
        (("old 4", "old 04"), "its first line is not `old` and a size"),
        (("old 4\n", "old 4\nabc\n"), "`abc` is not the base64"),
        (("old 4\n", "old 4\n" + f"{'A' * 43}=\n" * 64), "more than 63 hashes"),
        (("\n\nlog.example\n11", "\n\nlog.example\nx"), "its second line is not a tree size"),
    ],
)
def test_a_request_that_is_none_is_refused_by_its_line(change: tuple[str, str], message: str) -> None:
    text = str(REQUEST)
    assert change[0] in text
    with pytest.raises(LogCorruptError, match=message):
        parse_witness_request(text.replace(*change).encode())


def test_the_lines_of_an_answer_are_read() -> None:
    lines = cosigned(NOTE).signatures
    assert parse_signatures("".join(map(str, lines)).encode()) == lines
    with pytest.raises(LogCorruptError):
        parse_signatures(b"")
