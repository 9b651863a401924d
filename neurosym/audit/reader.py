"""A log to be read: by `explain`, `replay` and `log verify`, which need no key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from neurosym.audit.draft import REQUEST, request_bytes
from neurosym.audit.entry import Entry, EntryKind, parse_entry
from neurosym.audit.payload import open_payload
from neurosym.audit.store import EntryRow, Identity, ReadableStore
from neurosym.audit.stores.sqlite_reader import SqliteReader
from neurosym.audit.tree import leaf_hash
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import Digest

PAGE = 256  # entries read at once


class LogReader:
    """The entries and payloads of a log. Every method raises LogError; LogCorruptError where the log is at fault."""

    def __init__(self, store: ReadableStore) -> None:
        self.store = store

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """The log at `path`, which is not written to. LogError when there is none."""
        return cls(SqliteReader.open(Path(path)))

    def close(self) -> None:
        """Give back the file."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def identity(self) -> Identity:
        """The origin of the log's checkpoints, and the verifier key it says is its own."""
        with self.store.reading() as reading:
            return reading.identity()

    def size(self) -> int:
        """How many entries the log has, by its own account."""
        with self.store.reading() as reading:
            return reading.state().frontier.size

    def checkpoint(self) -> str:
        """The newest signed checkpoint, as text to be kept elsewhere."""
        with self.store.reading() as reading:
            return reading.checkpoint().decode("utf-8", "backslashreplace")

    def entries(self, first: int = 0) -> Iterator[Entry]:
        """Every entry from sequence number `first`, in order; LogCorruptError at the first that is damaged or gone."""
        expected = first
        while True:
            with self.store.reading() as reading:
                rows = reading.entries(expected, PAGE)
                size = reading.state().frontier.size
            for row in rows:
                if row.seq != expected:
                    raise LogCorruptError(f"entry {expected} is missing")
                yield read_row(row)
                expected += 1
            if not rows:
                break
        if expected < size:
            raise LogCorruptError(f"entry {expected} is missing")

    def first_since(self, time: str) -> int:
        """The sequence number of the first entry that was written at this time (as `Stamp` has it) or after it, by the
        clock that went on in between; how many entries there are when none was.
        """
        low, high = 0, self.size()
        while low < high:
            middle = (low + high) // 2
            if self.entry(middle).stamp.time < time:
                low = middle + 1
            else:
                high = middle
        return low

    def decisions(self) -> Iterator[Entry]:
        """The entries of decisions, in order."""
        return (entry for entry in self.entries() if entry.kind is EntryKind.DECISION)

    def followed(self) -> frozenset[int]:
        """The sequence numbers of the decisions that a later one takes the place of."""
        return frozenset(entry.previous for entry in self.decisions() if entry.previous is not None)

    def newest_decisions(self) -> Iterator[Entry]:
        """The entries of the decisions that no later one takes the place of, in order; the log is read twice."""
        followed = self.followed()
        return (entry for entry in self.decisions() if entry.seq not in followed)

    def entry(self, seq: int) -> Entry:
        """One entry."""
        with self.store.reading() as reading:
            row = reading.entry(seq)
        if row is None:
            raise LogError(f"the log has no entry {seq}")
        return read_row(row)

    def payload(self, digest: Digest) -> bytes:
        """The content of a payload, without its salt, once it is found to be what the digest was made from."""
        with self.store.reading() as reading:
            stored = reading.payload(digest)
        if stored is None:
            raise LogError(f"the log has no payload {digest}")
        return open_payload(stored, digest)

    def content(self, entry: Entry, name: str) -> bytes:
        """The content of the entry's payload of that name."""
        return self.payload(entry.payload_digest(name))

    def decision(self, decision: str) -> Entry:
        """The entry of a decision."""
        with self.store.reading() as reading:
            seq = reading.decision(decision)
        entry = None if seq is None else self.entry(seq)
        if entry is None:
            raise LogError(f"the log has no decision `{decision}`")
        if entry.decision != decision:
            raise LogCorruptError(f"entry {entry.seq} is not of the decision `{decision}`, as the log says elsewhere")
        return entry

    def request(self, request: str) -> Entry | None:
        """The entry of the decision that answered a request, or None when none has."""
        with self.store.reading() as reading:
            seq = reading.request(request_bytes(request))
        if seq is None:
            return None
        entry = self.entry(seq)
        if self.content(entry, REQUEST) != request_bytes(request):
            raise LogCorruptError(f"entry {seq} is not of the request `{request}`, as the log says elsewhere")
        return entry


def read_row(row: EntryRow) -> Entry:
    """The entry of a stored row; LogCorruptError naming it when it is not what was logged there."""
    if leaf_hash(row.envelope) != row.leaf:
        raise LogCorruptError(f"entry {row.seq}: the envelope was changed after it was logged")
    try:
        entry = parse_entry(row.envelope)
    except LogCorruptError as error:
        raise LogCorruptError(f"entry {row.seq}: {error}") from error
    if entry.seq != row.seq:
        raise LogCorruptError(f"entry {row.seq}: `seq` is {entry.seq}")
    return entry
