"""Reading a log in PostgreSQL. What a cell holds is checked for its type by the table and for its meaning elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import psycopg

from neurosym.audit.frontier import Node, parse_frontier
from neurosym.audit.store import EntryRow, Identity, Lookup, LookupKind, PayloadRow, State
from neurosym.audit.stores.postgres_error import log_errors
from neurosym.audit.stores.postgres_schema import strangers
from neurosym.audit.tile import completed, levels_of
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Digest

Row: TypeAlias = tuple[Any, ...]  # each cell of the type that its column has

SEQ_MAX = 2**63 - 1  # of a bigint
ROWS_AT_ONCE = 32  # payloads that come in one answer of the server


class PostgresReading:
    """The queries of a log within a transaction that somebody else opened."""

    def __init__(self, connection: psycopg.Connection, address: str) -> None:
        self._connection = connection
        self._address = address

    def identity(self) -> Identity:
        """Which log this is."""
        return Identity(*self._single("SELECT origin, vkey, keys FROM identity WHERE id = 1", "identity"))

    def state(self) -> State:
        """Where the tree stands."""
        size, frontier = self._single("SELECT size, frontier FROM state WHERE id = 1", "state")
        return State(parse_frontier(size, frontier), self.checkpoint())

    def checkpoint(self) -> bytes:
        """The note alone."""
        found: bytes = self._single("SELECT note FROM checkpoint WHERE id = 1", "checkpoint")[0]
        return found

    def entries(self, first: int, count: int) -> Sequence[EntryRow]:
        """At most `count` entries from `first`, in order."""
        if first > SEQ_MAX:
            return ()
        query = "SELECT seq, envelope, leaf FROM entries WHERE seq >= %s ORDER BY seq LIMIT %s"
        return [EntryRow(*row) for row in self._rows(query, first, min(count, SEQ_MAX))]

    def entry(self, seq: int) -> EntryRow | None:
        """One entry."""
        found = self.entries(seq, 1)
        return found[0] if found and found[0].seq == seq else None

    def entry_count(self) -> int:
        """How many entries are stored."""
        return self._count("SELECT count(*) FROM entries")

    def hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Hashes of a level of the tree; LogCorruptError when some are not there."""
        bounds = _bounds(first, count)
        if level:
            query = "SELECT hash FROM node WHERE level = %s AND place >= %s AND place < %s ORDER BY place"
            rows = self._rows(query, level, *bounds)
        else:
            rows = self._rows("SELECT leaf FROM entries WHERE seq >= %s AND seq < %s ORDER BY seq", *bounds)
        if len(rows) != count:
            raise LogCorruptError(f"some of the hashes {first} to {first + count - 1} of level {level} are missing")
        return [found for (found,) in rows]

    def nodes(self, first: int, count: int) -> Sequence[Node]:
        """The hashes above the leaves that came to be with these entries."""
        found = []
        query = "SELECT level, place, hash FROM node WHERE level = %s AND place >= %s AND place < %s ORDER BY place"
        for level in levels_of(first + count):
            places = completed(level, first, count)
            if places.stop > places.start:
                bounds = _bounds(places.start, places.stop - places.start)
                found += [Node(*row) for row in self._rows(query, level, *bounds)]
        return found

    def node_count(self) -> int:
        """How many hashes above the leaves are stored."""
        return self._count("SELECT count(*) FROM node")

    def payload(self, digest: Digest) -> bytes | None:
        """What is stored for a digest, salt and all, unchecked."""
        rows = self._rows("SELECT content FROM payload WHERE digest = %s", digest)
        found: bytes | None = rows[0][0] if rows else None
        return found

    def payloads(self, first: int, count: int) -> Iterator[PayloadRow]:
        """The payloads that these entries are the first to name, unchecked."""
        query = "SELECT seq, digest, content FROM payload WHERE seq >= %s AND seq < %s"
        with log_errors(self._address), self._connection.cursor("payloads") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            for seq, digest, content in cursor.execute(query, _bounds(first, count)):
                yield PayloadRow(seq, Digest(digest), content)

    def payload_places(self, digests: Collection[Digest]) -> Mapping[Digest, int]:
        """The first entry that names each of the payloads, of those that are stored."""
        query = "SELECT digest, seq FROM payload WHERE digest = ANY(%s)"
        return {Digest(digest): seq for digest, seq in self._rows(query, sorted(digests))}

    def payload_count(self) -> int:
        """How many payloads are stored."""
        return self._count("SELECT count(*) FROM payload")

    def lookup(self, kind: LookupKind, key: bytes) -> int | None:
        """The entry that a key leads to."""
        rows = self._rows("SELECT seq FROM lookup WHERE kind = %s AND key = %s", kind.value, key)
        found: int | None = rows[0][0] if rows else None
        return found

    def starting(self, kind: LookupKind, beginning: bytes, count: int) -> Sequence[Lookup]:
        """At most `count` ways to entries whose keys begin like this, in the order of their keys."""
        query = (
            "SELECT seq, kind, key FROM lookup WHERE kind = %s AND key >= %s AND substring(key FROM 1 FOR %s) = %s"
            " ORDER BY key LIMIT %s"
        )
        rows = self._rows(query, kind.value, beginning, len(beginning), beginning, count)
        return [Lookup(*row) for row in rows]

    def lookups(self, first: int, count: int) -> Sequence[Lookup]:
        """What leads to these entries."""
        query = "SELECT seq, kind, key FROM lookup WHERE seq >= %s AND seq < %s ORDER BY seq, kind, key"
        return [Lookup(*row) for row in self._rows(query, *_bounds(first, count))]

    def lookup_count(self) -> int:
        """How many ways to entries are stored."""
        return self._count("SELECT count(*) FROM lookup")

    def damage(self) -> Iterator[str]:
        """What in the schema is not as it was made, or does not belong to a log."""
        with log_errors(self._address):
            yield from strangers(self._connection)

    def _single(self, query: str, table: str) -> Row:
        rows = self._rows(query)
        if not rows:
            raise LogCorruptError(f"the row of the table `{table}` is missing")
        return rows[0]

    def _count(self, query: str) -> int:
        found: int = self._rows(query)[0][0]
        return found

    def _rows(self, query: str, *values: object) -> list[Row]:
        with log_errors(self._address):
            return self._connection.execute(query.encode(), values).fetchall()


def _bounds(first: int, count: int) -> tuple[int, int]:
    return min(first, SEQ_MAX), min(first + count, SEQ_MAX)
