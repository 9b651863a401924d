"""Logs of format 1, as they were written before payloads were encrypted, go on as logs of the present format."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from neurosym.audit.batch import Signatory
from neurosym.audit.frontier import Frontier, frontier_bytes
from neurosym.audit.key import SignerKey
from neurosym.audit.keyfile import beside, data_keys_beside
from neurosym.audit.log import Log
from neurosym.audit.payload import salt_payload
from neurosym.audit.reader import LogReader
from neurosym.audit.stores.sqlite_schema import APPLICATION_ID, OBJECTS
from neurosym.audit.stores.sqlite_upgrade import KEPT, OBJECTS_1
from neurosym.audit.tree import leaf_hash
from neurosym.audit.verification import verify_log
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import Json, canonical_bytes, digest_bytes
from tests.audit.world import TickingClock, answer, counted_entropy, decision, problems_of, tampering

SIGNER = SignerKey("old-log", b"1" * 32)
EMPTY: dict[str, Json] = {
    "v": 1,
    "decision": None,
    "time": "2026-01-02T03:04:05Z",
    "clock": "system",
    "actor": None,
    "digests": {},
    "on": None,
    "effects": [],
    "result": None,
    "outcome": None,
    "codes": [],
    "previous": None,
    "payloads": [],
}


def write_format_1(path: Path, more: int = 300) -> list[bytes]:
    """The envelopes of a log of format 1: its start, a decision for a request, and answers."""
    entropy = counted_entropy()
    said = salt_payload(b"same", entropy)
    asked = salt_payload(b"payment-1", entropy)
    key: Json = {"key": digest_bytes(str(SIGNER.verifier).encode())}
    linked: list[Json] = [{"name": "response", "digest": said.digest}]
    requested: list[Json] = [*linked, {"name": "request_id", "digest": asked.digest}]
    documents: list[dict[str, Json]] = [
        EMPTY | {"kind": "start", "digests": key},
        EMPTY | {"kind": "decision", "decision": "D1", "outcome": "release", "payloads": requested},
        *(EMPTY | {"kind": "answer", "payloads": linked} for _ in range(more)),
    ]
    envelopes = [canonical_bytes(document | {"seq": seq}) for seq, document in enumerate(documents)]
    _store(path, envelopes, [(each.digest, each.stored) for each in (said, asked)])
    beside(path).write_text(SIGNER.private_text(), encoding="ascii")
    beside(path).chmod(0o600)
    return envelopes


def _store(path: Path, envelopes: Sequence[bytes], payloads: Sequence[tuple[str, bytes]]) -> None:
    frontier = Frontier()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for statement in (*OBJECTS_1.values(), *(OBJECTS[name] for name in KEPT)):
            connection.execute(statement)
        meta = ("old-log", str(SIGNER.verifier))
        connection.execute("INSERT INTO meta (id, format, origin, vkey) VALUES (1, 1, ?, ?)", meta)
        for seq, envelope in enumerate(envelopes):
            leaf = leaf_hash(envelope)
            frontier = frontier.append(leaf)
            connection.execute("INSERT INTO entries (seq, envelope, leaf) VALUES (?, ?, ?)", (seq, envelope, leaf))
        connection.executemany("INSERT INTO payloads (digest, content) VALUES (?, ?)", payloads)
        connection.execute("INSERT INTO decisions (decision, seq) VALUES ('D1', 1)")
        connection.execute("INSERT INTO requests (request, seq) VALUES (?, 1)", (b"payment-1",))
        state = Signatory("old-log", SIGNER, SIGNER.verifier).sign(frontier)
        row = (frontier.size, frontier_bytes(frontier))
        connection.execute("INSERT INTO state (id, size, frontier) VALUES (1, ?, ?)", row)
        connection.execute("INSERT INTO checkpoint (id, note) VALUES (1, ?)", (state.note,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "old.db"


def open_old(path: Path) -> Log:
    return Log.open(path, clock=TickingClock(), entropy=counted_entropy())


def test_a_log_of_format_1_goes_on_when_it_is_opened_to_be_written(path: Path) -> None:
    envelopes = write_format_1(path)
    with open_old(path) as log:
        checkpoint = log.checkpoint().encode()
        log.append([answer("other"), decision(2, request="payment-2")])
        with log.store.reading() as reading:
            assert [row.envelope for row in reading.entries(0, len(envelopes))] == envelopes
        assert log.content(log.entry(2), "response") == b"same"
        assert log.decision("D1").seq == 1
        assert verify_log(log, key=SIGNER.verifier, earlier=[checkpoint]).is_consistent
    assert data_keys_beside(path).exists()
    assert problems_of(path) == []


def test_requests_of_both_formats_are_found(path: Path) -> None:
    write_format_1(path)
    with open_old(path) as log:
        log.record(decision(2, request="payment-2"))
        found = [log.request(each) for each in ("payment-1", "payment-2", "payment-3")]
        assert [None if each is None else each.decision for each in found] == ["D1", "D2", None]


def test_a_request_that_was_answered_in_the_earlier_format_is_not_answered_again(path: Path) -> None:
    write_format_1(path)
    with open_old(path) as log, pytest.raises(LogError, match="entry 1 answers the request `payment-1` already"):
        log.record(decision(2, request="payment-1"))


def test_who_may_only_read_is_told_how_the_log_is_brought_up_to_date(path: Path) -> None:
    write_format_1(path, 1)
    with pytest.raises(LogError, match=r"has format 1, .* neurosym log checkpoint"):
        LogReader.open(path)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (
            "UPDATE entries SET envelope = CAST(replace(envelope, 'D1', 'D2') AS BLOB) WHERE seq = 1",
            "envelope was changed",
        ),
        ("DELETE FROM payloads", "payload `response` is missing"),
        ("DROP TABLE requests", "its table `requests` is not as it was made"),
    ],
)
def test_a_log_that_was_changed_is_not_brought_up_to_date(path: Path, spoil: str, says: str) -> None:
    write_format_1(path, 3)
    with tampering(path) as connection:
        connection.execute(spoil)
    content = path.read_bytes()
    with pytest.raises(LogCorruptError, match=says):
        open_old(path)
    assert path.read_bytes() == content


def test_what_an_entry_of_version_1_says_is_read_as_it_was(path: Path) -> None:
    envelopes = write_format_1(path, 1)
    with open_old(path) as log:
        entry = log.entry(1)
    assert (entry.outcome, entry.request) == ("release", None)
    assert [link.key for link in entry.payloads] == [None, None]
    assert json.loads(envelopes[1])["v"] == 1
