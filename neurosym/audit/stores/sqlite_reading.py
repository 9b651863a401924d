"""Reading a log in SQLite. What a cell holds is checked for its type here and for its meaning elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from neurosym.audit.frontier import Node, parse_frontier
from neurosym.audit.store import EntryRow, Identity, Key, Lookup, LookupKind, PayloadRow, State
from neurosym.audit.stores.sqlite_error import log_errors
from neurosym.audit.stores.sqlite_schema import strangers
from neurosym.audit.tile import completed, levels_of
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Digest

DAMAGES_MAX = 20
SEQ_MAX = 2**63 - 1  # the largest integer SQLite knows
VARIABLES_MAX = 500
Value = TypeVar("Value")
ROWS_MAX = 1_000_000  # of one answer, where their number is not told: a damaged index may lead round in a circle


class SqliteReading:
    """The queries of a log within a transaction that somebody else opened."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def identity(self) -> Identity:
        """Which log this is."""
        origin, vkey, keys = self._single("SELECT origin, vkey, keys FROM identity WHERE id = 1", "identity")
        return Identity(_text(origin), _text(vkey), _text(keys))

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

    def hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Hashes of a level of the tree; LogCorruptError when some are not there."""
        if level:
            query = "SELECT hash FROM node WHERE level = ? AND place >= ? AND place < ? ORDER BY place"
            rows = self._rows(query, level, *_bounds(first, count))
        else:
            rows = self._rows(
                "SELECT leaf FROM entries WHERE seq >= ? AND seq < ? ORDER BY seq", *_bounds(first, count)
            )
        if len(rows) != count:
            raise LogCorruptError(f"some of the hashes {first} to {first + count - 1} of level {level} are missing")
        return [_bytes(found) for (found,) in rows]

    def nodes(self, first: int, count: int) -> Sequence[Node]:
        """The hashes above the leaves that came to be with these entries."""
        found = []
        query = "SELECT place, hash FROM node WHERE level = ? AND place >= ? AND place < ? ORDER BY place"
        for level in levels_of(first + count):
            places = completed(level, first, count)
            if places.stop > places.start:
                rows = self._rows(query, level, *_bounds(places.start, places.stop - places.start))
                found += [Node(level, _whole(place), _bytes(content)) for place, content in rows]
        return found

    def node_count(self) -> int:
        """How many hashes above the leaves are stored."""
        return self._count("SELECT count(*) FROM node")

    def payload(self, digest: Digest) -> bytes | None:
        """What is stored for a digest, salt and all, unchecked."""
        rows = self._rows("SELECT content FROM payload WHERE digest = ?", digest)
        return _bytes(rows[0][0]) if rows else None

    def payloads(self, first: int, count: int) -> Iterator[PayloadRow]:
        """The payloads that these entries are the first to name, unchecked."""
        query = "SELECT seq, digest, content FROM payload WHERE seq >= ? AND seq < ?"
        with log_errors(self._path):
            for seq, digest, content in self._connection.execute(query, _bounds(first, count)):
                yield PayloadRow(_whole(seq), Digest(_text(digest)), _bytes(content))

    def payload_places(self, digests: Collection[Digest]) -> Mapping[Digest, int]:
        """The first entry that names each of the payloads, of those that are stored."""
        found: dict[Digest, int] = {}
        for some in _parts(sorted(digests)):
            query = f"SELECT digest, seq FROM payload WHERE digest IN ({_marks(some)})"  # noqa: S608 - question marks
            found |= {Digest(_text(digest)): _whole(seq) for digest, seq in self._rows(query, *some)}
        return found

    def payload_count(self) -> int:
        """How many payloads are stored."""
        return self._count("SELECT count(*) FROM payload")

    def lookup(self, kind: LookupKind, key: bytes) -> int | None:
        """The entry that a key leads to."""
        rows = self._rows("SELECT seq FROM lookup WHERE kind = ? AND key = ?", kind.value, key)
        return _whole(rows[0][0]) if rows else None

    def found(self, keys: Collection[Key]) -> Mapping[Key, int]:
        """The entries that keys lead to, of those keys that lead to one."""
        found: dict[Key, int] = {}
        for kind in LookupKind:
            wanted = list(dict.fromkeys(key for each, key in keys if each is kind))
            for some in _parts(wanted):
                query = f"SELECT key, seq FROM lookup WHERE kind = ? AND key IN ({_marks(some)})"  # noqa: S608 - question marks
                for key, seq in self._rows(query, kind.value, *some):
                    found[kind, _bytes(key)] = _whole(seq)
        return found

    def starting(self, kind: LookupKind, beginning: bytes, count: int) -> Sequence[Lookup]:
        """At most `count` ways to entries whose keys begin like this, in the order of their keys."""
        query = (
            "SELECT seq, kind, key FROM lookup WHERE kind = ?1 AND key >= ?2 AND substr(key, 1, ?3) = ?2"
            " ORDER BY key LIMIT ?4"
        )
        rows = self._rows(query, kind.value, beginning, len(beginning), count)
        return [Lookup(_whole(seq), _text(found), _bytes(key)) for seq, found, key in rows]

    def lookups(self, first: int, count: int) -> Sequence[Lookup]:
        """What leads to these entries."""
        query = "SELECT seq, kind, key FROM lookup WHERE seq >= ? AND seq < ? ORDER BY seq, kind, key"
        rows = self._rows(query, *_bounds(first, count))
        return [Lookup(_whole(seq), _text(kind), _bytes(key)) for seq, kind, key in rows]

    def lookup_count(self) -> int:
        """How many ways to entries are stored."""
        return self._count("SELECT count(*) FROM lookup")

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

    def _count(self, query: str) -> int:
        return _whole(self._rows(query)[0][0])

    def _rows(self, query: str, *values: str | bytes | int, most: int = ROWS_MAX) -> list[tuple[object, ...]]:
        with log_errors(self._path):
            rows = self._connection.execute(query, values)
            found: list[tuple[object, ...]] = rows.fetchmany(most)
            if len(found) == most and rows.fetchone() is not None:
                raise LogCorruptError(f"the log `{self._path}` is damaged: a table leads round in a circle")
            return found


def _parts(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """The values, so many together as a statement takes beside a few others."""
    return (values[at : at + VARIABLES_MAX] for at in range(0, len(values), VARIABLES_MAX))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _bounds(first: int, count: int) -> tuple[int, int]:
    return min(first, SEQ_MAX), min(first + count, SEQ_MAX)


# A cell of a type we never write reads as empty or as -1. No digest, signature or sequence number fits these, so that
# verification goes on and names the place.
def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else b""


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _whole(cell: object) -> int:
    return cell if isinstance(cell, int) else -1
