"""A store some of whose payloads were erased, whatever the log says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from neurosym.audit.reader import LogReader
from neurosym.audit.store import ReadableStore, Reading
from neurosym.text.failure import ErasedError
from neurosym.values.canonical import Digest

ERASED = "the data of a person was erased by entry 9"


class ErasingReading:
    """A view of what is left."""

    def __init__(self, reading: Reading, erased: frozenset[Digest]) -> None:
        self._reading = reading
        self._erased = erased

    def payload(self, digest: Digest) -> bytes | None:
        if digest in self._erased:
            raise ErasedError(ERASED)
        return self._reading.payload(digest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reading, name)


class ErasingStore:
    """A store that says of some payloads that they were erased."""

    def __init__(self, store: ReadableStore, *erased: Digest) -> None:
        self._store = store
        self._erased = frozenset(erased)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        with self._store.reading() as reading:
            yield cast("Reading", ErasingReading(reading, self._erased))

    def close(self) -> None:
        self._store.close()


def erasing(log: LogReader, *erased: Digest) -> LogReader:
    """The same log without these payloads."""
    return LogReader(ErasingStore(log.store, *erased), log.keys)
