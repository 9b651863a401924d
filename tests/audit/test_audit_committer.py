"""Group commit: what waits together becomes durable together, and one that is refused spoils nothing for the others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from threading import Barrier, Event, Semaphore, Thread
from typing import Any

import pytest

from neurosym.audit.committer import DecisionLoggedError
from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.audit.store import Batch, Key, Plan, Reading, Store
from neurosym.text.failure import LogCorruptError, LogError
from tests.audit.world import answer, decision, open_log, problems_of

THREADS, EACH = 32, 12
TOO_LONG = Draft(kind=EntryKind.ANSWER, actor="x" * 70_000)


class WatchedStore:
    """A store that counts its transactions, can be held at the gate, and fails when it is told to."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.sizes: list[int] = []
        self.entered, self.gate = Event(), Event()
        self.gate.set()
        self.calls = 0
        self.failures: dict[int, BaseException] = {}  # by the number of the call

    def reading(self) -> AbstractContextManager[Reading]:
        return self._store.reading()

    def commit(self, plan: Plan, wanted: Collection[Key] = ()) -> Batch:
        self.calls += 1
        self.entered.set()
        self.gate.wait()
        if self.calls in self.failures:
            raise self.failures[self.calls]
        batch = self._store.commit(plan, wanted)
        self.sizes.append(len(batch.entries))
        return batch

    def close(self) -> None:
        self._store.close()


class WatchedLine(deque[Any]):
    """A line in which everybody's coming is noticed."""

    def __init__(self) -> None:
        super().__init__()
        self.came = Semaphore(0)

    def append(self, lot: Any) -> None:
        super().append(lot)
        self.came.release()


@contextmanager
def watched_log(path: Path) -> Iterator[tuple[Log, WatchedStore]]:
    with open_log(path) as log:
        store = WatchedStore(log._committer._store)
        log._committer._store = store
        yield log, store


class Writer(Thread):
    """One who logs, and what came of it."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self.work = work
        self.found: object = None
        self.start()

    def run(self) -> None:
        try:
            self.found = self.work()
        except (LogError, KeyboardInterrupt) as error:
            self.found = error

    def ended(self) -> object:
        self.join()
        return self.found


def together(log: Log, store: WatchedStore, *drafts: Draft, failure: BaseException | None = None) -> list[object]:
    """What came of drafts that waited together, while another was being committed."""
    line = log._committer._waiting = WatchedLine()
    store.gate.clear()
    store.entered.clear()
    first = Writer(partial(log.record, answer("first")))
    store.entered.wait()
    if failure is not None:
        store.failures[store.calls + 1] = failure
    line.came.acquire()
    rest = []
    for draft in drafts:
        rest.append(Writer(partial(log.record, draft)))
        line.came.acquire()
    store.gate.set()
    assert isinstance(first.ended(), Entry)
    return [each.ended() for each in rest]


def test_threads_share_transactions_and_each_gets_its_own_entries(tmp_path: Path) -> None:
    path, start = tmp_path / "decisions.db", Barrier(THREADS)
    with watched_log(path) as (log, store):

        def work(name: int) -> list[Entry]:
            start.wait()
            return [log.record(answer(f"{name} {number}")) for number in range(EACH)]

        writers = [Writer(partial(work, name)) for name in range(THREADS)]
        for name, writer in enumerate(writers):
            entries = writer.ended()
            assert isinstance(entries, list)
            assert [log.content(entry, "response") for entry in entries] == [
                f"{name} {number}".encode() for number in range(EACH)
            ]
            assert [entry.seq for entry in entries] == sorted(entry.seq for entry in entries)
        assert sum(store.sizes) == THREADS * EACH
        assert len(store.sizes) < THREADS * EACH / 4
    assert problems_of(path) == []


def test_what_waits_is_committed_in_the_order_of_its_coming(tmp_path: Path) -> None:
    with watched_log(tmp_path / "decisions.db") as (log, store):
        found = together(log, store, *(answer(str(number)) for number in range(8)))
        assert [entry.seq for entry in found if isinstance(entry, Entry)] == [*range(2, 10)]
        assert store.sizes == [1, 8]


def test_one_that_is_refused_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with watched_log(path) as (log, store):
        log.record(decision(1, request="payment-1"))
        drafts = (
            decision(2, request="payment-2"),
            decision(3, request="payment-1"),
            TOO_LONG,
            decision(4, request="payment-2"),
            decision(2),
            answer("last"),
        )
        second, *refused, last = together(log, store, *drafts)
        assert isinstance(second, Entry)
        assert isinstance(last, Entry)
        assert [type(each) for each in refused] == [
            DecisionLoggedError,
            LogError,
            DecisionLoggedError,
            DecisionLoggedError,
        ]
        assert [each.seq for each in refused if isinstance(each, DecisionLoggedError)] == [1, second.seq, second.seq]
        assert store.sizes == [1, 1, 2]
    assert problems_of(path) == []


def test_when_all_are_refused_nothing_is_written(tmp_path: Path) -> None:
    with watched_log(tmp_path / "decisions.db") as (log, store):
        before = log.checkpoint()
        with pytest.raises(LogError, match="70"):
            log.record(TOO_LONG)
        assert store.sizes == []
        assert log.checkpoint() == before


@pytest.mark.parametrize(
    ("failure", "kind", "message"),
    [
        (LogError("the disk is full"), LogError, "the disk is full"),
        (LogCorruptError("it is damaged"), LogCorruptError, "it is damaged"),
        (KeyboardInterrupt(), LogError, "interrupted; look whether the entry is there"),
    ],
)
def test_a_failure_is_told_to_all_who_waited(
    tmp_path: Path, failure: BaseException, kind: type[LogError], message: str
) -> None:
    path = tmp_path / "decisions.db"
    with watched_log(path) as (log, store):
        found = together(log, store, *map(answer, "abc"), failure=failure)
        assert found.count(failure) == 1  # whoever wrote for all
        others = [each for each in found if each is not failure]
        assert {type(each) for each in others} == {kind}
        assert all(message in str(each) for each in others)
        assert log.record(answer("after")).seq == 2
    assert problems_of(path) == []
