"""Reading a log in SQLite. What a cell holds is checked for its type here and for its meaning elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from neurosym.audit.frontier import parse_frontier
from neurosym.audit.payload import Payload
from neurosym.audit.store import EntryRow, Identity, State
from neurosym.audit.stores.sqlite_error import log_errors
from neurosym.audit.stores.sqlite_schema import strangers
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Digest

DAMAGES_MAX = 20
SEQ_MAX = 2**63 - 1  # the largest integer SQLite knows


class SqliteReading:
    """The queries of a log within a transaction that somebody else opened."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def identity(self) -> Identity:
        """Which log this is."""
        origin, vkey = self._single("SELECT origin, vkey FROM meta WHERE id = 1", "meta")
        return Identity(_text(origin), _text(vkey))

    def state(self) -> State:
        """Where the tree stands."""
        size, frontier = self._single("SELECT size, frontier FROM state WHERE id = 1", "state")
        return State(parse_frontier(_whole(size), _bytes(frontier)), self.checkpoint())

    def checkpoint(self) -> bytes:
        """The note alone."""
        (note,) = self._single("SELECT note FROM checkpoint WHERE id = 1", "checkpoint")
        return _bytes(note)

    def entries(self, first: int, count: int) -> Sequence[EntryRow]:
        """At most `count` entries from `first`, in order."""
        if first > SEQ_MAX:
            return ()
        query = "SELECT seq, envelope, leaf FROM entries WHERE seq >= ? ORDER BY seq LIMIT ?"
        rows = self._rows(query, first, count)
        return [EntryRow(_whole(seq), _bytes(envelope), _bytes(leaf)) for seq, envelope, leaf in rows]

    def entry(self, seq: int) -> EntryRow | None:
        """One entry."""
        found = self.entries(seq, 1)
        return found[0] if found and found[0].seq == seq else None

    def entry_count(self) -> int:
        """How many entries are stored."""
        return self._count("SELECT count(*) FROM entries")

    def payload(self, digest: Digest) -> bytes | None:
        """What is stored for a digest, salt and all, unchecked."""
        rows = self._rows("SELECT content FROM payloads WHERE digest = ?", digest)
        return _bytes(rows[0][0]) if rows else None

    def payloads(self) -> Iterator[Payload]:
        """Every payload under the digest it is stored for, unchecked."""
        with log_errors(self._path):
            for digest, content in self._connection.execute("SELECT digest, content FROM payloads ORDER BY rowid"):
                yield Payload(Digest(_text(digest)), _bytes(content))

    def payload_count(self) -> int:
        """How many payloads are stored."""
        return self._count("SELECT count(*) FROM payloads")

    def decision(self, decision: str) -> int | None:
        """The entry of a decision."""
        return self._seq("SELECT seq FROM decisions WHERE decision = ?", decision)

    def request(self, request: bytes) -> int | None:
        """The entry of the decision that answered a request."""
        return self._seq("SELECT seq FROM requests WHERE request = ?", request)

    def decisions(self) -> Sequence[tuple[str, int]]:
        """Every decision and its entry, in the order of the log."""
        rows = self._rows("SELECT decision, seq FROM decisions ORDER BY seq")
        return [(_text(decision), _whole(seq)) for decision, seq in rows]

    def requests(self) -> Sequence[tuple[bytes, int]]:
        """Every request and its entry, in the order of the log."""
        rows = self._rows("SELECT request, seq FROM requests ORDER BY seq")
        return [(_bytes(request), _whole(seq)) for request, seq in rows]

    def damage(self) -> Iterator[str]:
        """What SQLite finds wrong with the file, and what in it does not belong to a log."""
        with log_errors(self._path):
            yield from strangers(self._connection)
            for (line,) in self._connection.execute(f"PRAGMA integrity_check({DAMAGES_MAX})"):
                if line != "ok":
                    yield _text(line)

    def _single(self, query: str, table: str) -> tuple[object, ...]:
        rows = self._rows(query)
        if not rows:
            raise LogCorruptError(f"the row of the table `{table}` is missing")
        return rows[0]

    def _seq(self, query: str, key: str | bytes) -> int | None:
        rows = self._rows(query, key)
        return _whole(rows[0][0]) if rows else None

    def _count(self, query: str) -> int:
        return _whole(self._rows(query)[0][0])

    def _rows(self, query: str, *values: str | bytes | int) -> list[tuple[object, ...]]:
        with log_errors(self._path):
            return self._connection.execute(query, values).fetchall()


# A cell of a type we never write reads as empty or as -1. No digest, signature or sequence number fits these, so that
# verification goes on and names the place.
def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else b""


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _whole(cell: object) -> int:
    return cell if isinstance(cell, int) else -1
