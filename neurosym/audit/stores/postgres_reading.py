"""Reading a log in PostgreSQL. Its tables say of which type a cell is; its meaning is checked elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count as counted

from neurosym.audit.frontier import Node, parse_frontier
from neurosym.audit.store import EntryRow, Identity, Key, Lookup, LookupKind, PayloadRow, State
from neurosym.audit.stores.postgres_error import Named
from neurosym.audit.stores.postgres_schema import strange_objects
from neurosym.audit.stores.postgres_session import Connection, Row, rows_of
from neurosym.audit.tile import completed, levels_of
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import Digest

SEQ_MAX = 2**63 - 1  # of a bigint
CHUNK_BYTES, CHUNK_ROWS = 1 << 22, 256  # of payloads that come in one answer of the server
LISTED = 4_096  # payloads whose sizes come in one answer
IDENTITY = "SELECT origin, vkey, keys FROM neurosym_log.identity WHERE id = 1"
STATE = "SELECT size, frontier FROM neurosym_log.state WHERE id = 1"
CHECKPOINT = "SELECT note FROM neurosym_log.checkpoint WHERE id = 1"
HEAD = (STATE, IDENTITY, CHECKPOINT)


class PostgresReading:
    """The queries of a log within a transaction that somebody else opened; `head` are the rows that `HEAD` gave, or
    `locked_head` of the keys that are `wanted`.

    After an error PostgreSQL answers nothing in a transaction, so that each query after it fails alike.
    """

    def __init__(
        self, connection: Connection, named: Named, head: Sequence[Sequence[Row]], wanted: Collection[Key] = ()
    ) -> None:
        self._connection = connection
        self._named = named
        self._state, self._identity, self._checkpoint, *found = head
        self._known: dict[Key, int | None] = dict.fromkeys(wanted)
        self._known |= {(LookupKind(kind), bytes(key)): seq for rows in found for kind, key, seq in rows}
        self._failure: LogError | None = None
        self._cursors = counted()

    def identity(self) -> Identity:
        """Which log this is."""
        return Identity(*_single(self._identity, "identity"))

    def state(self) -> State:
        """Where the tree stands."""
        size, frontier = _single(self._state, "state")
        return State(parse_frontier(size, frontier), self.checkpoint())

    def checkpoint(self) -> bytes:
        """The note alone."""
        (note,) = _single(self._checkpoint, "checkpoint")
        return bytes(note)

    def entries(self, first: int, count: int) -> Sequence[EntryRow]:
        """At most `count` entries from `first`, in order."""
        if first > SEQ_MAX:
            return ()
        query = "SELECT seq, envelope, leaf FROM neurosym_log.entries WHERE seq >= %b ORDER BY seq LIMIT %b"
        return [EntryRow(*row) for row in self._rows(query, first, min(count, SEQ_MAX))]

    def entry(self, seq: int) -> EntryRow | None:
        """One entry."""
        found = self.entries(seq, 1)
        return found[0] if found and found[0].seq == seq else None

    def entry_count(self) -> int:
        """How many entries are stored."""
        return self._count("SELECT count(*) FROM neurosym_log.entries")

    def hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Hashes of a level of the tree; LogCorruptError when some are not there."""
        bounds = _bounds(first, count)
        if level:
            query = "SELECT hash FROM neurosym_log.node WHERE level = %b AND place >= %b AND place < %b ORDER BY place"
            rows = self._rows(query, level, *bounds)
        else:
            query = "SELECT leaf FROM neurosym_log.entries WHERE seq >= %b AND seq < %b ORDER BY seq"
            rows = self._rows(query, *bounds)
        if len(rows) != count:
            raise LogCorruptError(f"some of the hashes {first} to {first + count - 1} of level {level} are missing")
        return [found for (found,) in rows]

    def nodes(self, first: int, count: int) -> Sequence[Node]:
        """The hashes above the leaves that came to be with these entries."""
        found = []
        query = "SELECT level, place, hash FROM neurosym_log.node WHERE level = %b AND place >= %b AND place < %b"
        for level in levels_of(first + count):
            places = completed(level, first, count)
            if places.stop > places.start:
                bounds = _bounds(places.start, places.stop - places.start)
                found += [Node(*row) for row in self._rows(f"{query} ORDER BY place", level, *bounds)]
        return found

    def node_count(self) -> int:
        """How many hashes above the leaves are stored."""
        return self._count("SELECT count(*) FROM neurosym_log.node")

    def payload(self, digest: Digest) -> bytes | None:
        """What is stored for a digest, salt and all, unchecked."""
        rows = self._rows("SELECT content FROM neurosym_log.payload WHERE digest = %b", digest)
        return bytes(rows[0][0]) if rows else None

    def payloads(self, first: int, count: int) -> Iterator[PayloadRow]:
        """The payloads that these entries are the first to name, unchecked. However many and large they are, few are
        held at once: the server tells their sizes first.
        """
        query = "SELECT seq, digest, content FROM neurosym_log.payload WHERE digest = ANY(%b)"
        for digests in self._chunks(first, count):
            for seq, digest, content in self._rows(query, digests):
                yield PayloadRow(seq, Digest(digest), content)

    def payload_places(self, digests: Collection[Digest]) -> Mapping[Digest, int]:
        """The first entry that names each of the payloads, of those that are stored."""
        query = "SELECT digest, seq FROM neurosym_log.payload WHERE digest = ANY(%b)"
        return {Digest(digest): seq for digest, seq in self._rows(query, sorted(digests))} if digests else {}

    def payload_count(self) -> int:
        """How many payloads are stored."""
        return self._count("SELECT count(*) FROM neurosym_log.payload")

    def lookup(self, kind: LookupKind, key: bytes) -> int | None:
        """The entry that a key leads to."""
        return self.found([(kind, key)]).get((kind, key))

    def found(self, keys: Collection[Key]) -> Mapping[Key, int]:
        """The entries that keys lead to, of those keys that lead to one."""
        places = {key: seq for key, seq in self._known.items() if seq is not None}
        query = "SELECT key, seq FROM neurosym_log.lookup WHERE kind = %b AND key = ANY(%b)"
        for kind in LookupKind:
            wanted = [key for each, key in keys if each is kind and (each, key) not in self._known]
            if wanted:
                places |= {(kind, key): seq for key, seq in self._rows(query, kind.value, wanted)}
        return places

    def starting(self, kind: LookupKind, beginning: bytes, count: int) -> Sequence[Lookup]:
        """At most `count` ways to entries whose keys begin like this, in the order of their keys."""
        query = (
            "SELECT seq, kind, key FROM neurosym_log.lookup WHERE kind = %b AND key >= %b AND (%b OR key < %b)"
            " ORDER BY key LIMIT %b"
        )
        end = _after(beginning)
        rows = self._rows(query, kind.value, beginning, end is None, end or b"", min(count, SEQ_MAX))
        return [Lookup(*row) for row in rows]

    def lookups(self, first: int, count: int) -> Sequence[Lookup]:
        """What leads to these entries."""
        query = "SELECT seq, kind, key FROM neurosym_log.lookup WHERE seq >= %b AND seq < %b ORDER BY seq, kind, key"
        return [Lookup(*row) for row in self._rows(query, *_bounds(first, count))]

    def lookup_count(self) -> int:
        """How many ways to entries are stored."""
        return self._count("SELECT count(*) FROM neurosym_log.lookup")

    def damage(self) -> Iterator[str]:
        """What in the schema is not as it was made, or does not belong there. Whether its pages are whole, PostgreSQL
        finds by their checksums when they are read, and `pg_amcheck` when it is asked.
        """
        with self._errors():
            yield from map(str, strange_objects(self._connection))

    def _chunks(self, first: int, count: int) -> Iterator[list[str]]:
        """The digests of payloads, so many together as are to be held at once."""
        query = (
            "SELECT digest, octet_length(content) FROM neurosym_log.payload WHERE seq >= %b AND seq < %b ORDER BY seq"
        )
        chunk: list[str] = []
        size = 0
        with self._errors(), self._connection.cursor(f"payloads_{next(self._cursors)}", binary=True) as cursor:
            cursor.itersize = LISTED
            for digest, length in cursor.execute(query.encode(), _bounds(first, count)):
                if chunk and (size + length > CHUNK_BYTES or len(chunk) == CHUNK_ROWS):
                    yield chunk
                    chunk, size = [], 0
                chunk.append(digest)
                size += length
        if chunk:
            yield chunk

    def _count(self, query: str) -> int:
        found: int = self._rows(query)[0][0]
        return found

    def _rows(self, query: str, *values: object) -> list[Row]:
        with self._errors():
            return rows_of(self._connection, query, values)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        if self._failure is not None:
            raise type(self._failure)(*self._failure.args)
        try:
            with self._named.errors():
                yield
        except LogError as error:
            self._failure = error
            raise


def locked_head(wanted: Collection[Key]) -> Iterator[str]:
    """What a writer begins with: it waits for the row that says where the tree stands, and then has it for itself."""
    yield f"{STATE} FOR UPDATE"
    yield IDENTITY
    yield CHECKPOINT
    for kind in LookupKind:
        keys = [f"pg_catalog.decode('{key.hex()}', 'hex')" for each, key in wanted if each is kind]
        if keys:
            # INVARIANT: nothing comes into the text but names of kinds, which are constants, and hexadecimal digits.
            where = f"kind = '{kind.value}' AND key IN ({', '.join(keys)})"
            yield f"SELECT kind, key, seq FROM neurosym_log.lookup WHERE {where}"  # noqa: S608


def _single(rows: Sequence[Row], table: str) -> Row:
    if not rows:
        raise LogCorruptError(f"the row of the table `{table}` is missing")
    return rows[0]


def _bounds(first: int, count: int) -> tuple[int, int]:
    return min(first, SEQ_MAX), min(first + count, SEQ_MAX)


def _after(beginning: bytes) -> bytes | None:
    """The first key after all those that begin like this; None where there is no end to them."""
    stem = beginning.rstrip(b"\xff")
    return stem[:-1] + bytes([stem[-1] + 1]) if stem else None
