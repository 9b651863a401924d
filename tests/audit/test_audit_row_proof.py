"""Row proofs: what they show, and that no byte of one can be changed unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.audit.draft import Draft
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.inclusion import proof_of
from neurosym.audit.key import VerifierKey, parse_verifier_key
from neurosym.audit.log import Log
from neurosym.audit.row_proof import RowProof, parse_row_proof
from neurosym.audit.row_tree import EXTENT, ROWS, RowTree, extent_digest
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import canonical_bytes
from tests.audit.world import open_log

FIRST = 100
COUNTS = (1, 2, 5, 6, 8, 300)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(tmp_path / "decisions.db") as opened:
        yield opened


def lines(count: int) -> list[bytes]:
    return [canonical_bytes({"row": FIRST + at, "outcome": "release"}) for at in range(count)]


def proof(log: Log, count: int, at: int, **more: str) -> RowProof:
    tree = RowTree.over(lines(count))
    digests = {ROWS: tree.digest, EXTENT: extent_digest(FIRST, count)}
    entry = log.record(Draft(kind=EntryKind(more.get("kind", "batch")), decision="B", digests=digests))
    with log.store.reading() as reading:
        row = reading.entry(entry.seq)
    assert row is not None
    return RowProof(FIRST, count, lines(count)[at], tree.path(at), row.envelope, proof_of(log, entry.seq))


def key_of(log: Log) -> VerifierKey:
    return parse_verifier_key(log.identity.vkey)


def holds(content: bytes, log: Log) -> bool:
    try:
        return parse_row_proof(content).complaint(log.identity.origin, [key_of(log)]) is None
    except LogCorruptError:
        return False


@pytest.mark.parametrize("count", COUNTS)
def test_each_row_is_proven(log: Log, count: int) -> None:
    for at in {0, count // 2, count - 1}:
        found = proof(log, count, at)
        assert parse_row_proof(bytes(found)) == found
        assert found.row == FIRST + at
        assert found.complaint(log.identity.origin, [key_of(log)]) is None


@pytest.mark.parametrize("count", [1, 5, 8])
def test_any_flipped_byte_of_a_row_proof_is_detected(log: Log, count: int) -> None:
    content = bytes(proof(log, count, 0))
    assert holds(content, log)
    for at in range(len(content)):
        for bit in range(8):
            changed = content[:at] + bytes([content[at] ^ (1 << bit)]) + content[at + 1 :]
            assert not holds(changed, log), (at, bit, changed[max(0, at - 20) : at + 20])


@pytest.mark.parametrize("count", [1, 5, 8])
def test_a_row_proof_that_is_cut_or_longer_is_detected(log: Log, count: int) -> None:
    content = bytes(proof(log, count, 0))
    for at in range(len(content)):
        assert not holds(content[:at], log), at
    for more in (b"\n", b" ", b"x", b"\n\n", content):
        assert not holds(content + more, log)


def test_a_proof_does_not_show_the_row_of_another_place_or_number(log: Log) -> None:
    found = proof(log, 5, 0)
    origin, keys = log.identity.origin, [key_of(log)]
    assert "other rows" in str(replace(found, count=6).complaint(origin, keys))
    assert "other rows" in str(replace(found, first=FIRST - 1).complaint(origin, keys))
    assert "does not lead" in str(replace(found, record=lines(5)[1]).complaint(origin, keys))
    assert "does not lead" in str(replace(found, hashes=found.hashes[:-1]).complaint(origin, keys))


def test_the_entry_has_to_be_of_a_batch_and_in_the_log(log: Log) -> None:
    keys = [key_of(log)]
    assert "not of a batch" in str(proof(log, 5, 0, kind="failure").complaint(log.identity.origin, keys))
    one, other = proof(log, 5, 0), proof(log, 5, 0)
    assert "another entry" in str(replace(one, envelope=other.envelope).complaint(log.identity.origin, keys))
    assert "log `" in str(one.complaint("elsewhere", keys))
