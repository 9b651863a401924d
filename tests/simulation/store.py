"""A simulated disk and the store on it: a row at a time, forced out at the end, with faults in between.

What is written goes to a cache first. A killed process leaves it as it is; when the power fails, all of it may be lost,
or all but its beginning. As in a write-ahead log, what has no `Committed` after it counts for nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from random import Random

from neurosym.audit.store import Batch, Key, Plan, Reading
from neurosym.text.failure import LogError
from tests.simulation.contents import COMMITTED, Committed, Contents, Record, records_of
from tests.simulation.reading import SimulatedReading
from tests.simulation.scheduler import KilledError, Process, Scheduler

FAULT = "simulated:"


class Disk:
    """What the machine's processes share."""

    def __init__(self, contents: Contents) -> None:
        self.durable = contents  # what a power cut leaves
        self.visible = contents  # what processes see
        self.cache: list[Record] = []  # written after `durable`, in order
        self.shown = 0  # how much of the cache processes see
        self.writer: Process | None = None

    def write(self, record: Record) -> None:
        self.cache.append(record)

    def show(self) -> None:
        """See all that is whole."""
        self.cache = [*_whole(self.cache)]
        self.shown = len(self.cache)
        self.visible = self.durable.with_records(self.cache)

    def sync(self) -> None:
        """All that is whole is seen, and durable."""
        self.show()
        self.durable = self.visible
        self.cache, self.shown = [], 0

    def begin(self) -> None:
        """What others wrote and nobody saw is written over."""
        del self.cache[self.shown :]

    def lose_power(self, random: Random) -> int:
        """How many rows were lost: those that were not forced out, or all of these but the first few."""
        kept = random.randint(0, len(self.cache))
        lost = len(self.cache) - kept
        del self.cache[kept:]
        self.sync()
        return lost

    def restore(self, backup: Contents) -> None:
        """An older copy lies in the place of the log."""
        self.durable = self.visible = backup
        self.cache, self.shown = [], 0


class SimulatedStore:
    """A process's handle of the disk."""

    def __init__(self, disk: Disk, process: Process, scheduler: Scheduler, faults: Random, rate: float) -> None:
        self.disk = disk
        self._process = process
        self._scheduler = scheduler
        self._faults = faults
        self._rate = rate

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        self._stop_if_dead()
        yield SimulatedReading(self.disk.visible)

    def commit(self, plan: Plan, wanted: Collection[Key] = ()) -> Batch:
        del wanted
        self._take_turn()
        try:
            self._scheduler.step("has the writing lock")
            batch = plan(SimulatedReading(self.disk.visible))
            self._fail("the disk is full", "it may only be read")
            self.write(batch)
        finally:
            if self.disk.writer is self._process:
                self.disk.writer = None
        self._scheduler.step(f"has made entries up to {batch.state.frontier.size} durable")
        return batch

    def write(self, batch: Batch) -> None:
        """Write all of the batch, and force it out."""
        self.write_records([*records_of(batch)])
        self.disk.write(COMMITTED)
        self.sync()

    def write_records(self, records: Sequence[Record]) -> None:
        self.disk.visible.with_records(records)  # rows that stand there already
        halt = self._faults.randrange(len(records))
        for number, record in enumerate(records):
            if number == halt:
                self._scheduler.step(f"has written {number} of {len(records)} rows")
                self._fail("the disk is full")
            self.disk.write(record)

    def sync(self) -> None:
        self._scheduler.step("has written all rows")
        self._fail("the disk does not sync")
        self.disk.sync()

    def close(self) -> None:
        pass

    def _take_turn(self) -> None:
        self._stop_if_dead()
        self._scheduler.wait_until(lambda: self.disk.writer is None, "asks for the writing lock")
        self._fail("another program is writing to it")
        self.disk.writer = self._process
        self.disk.begin()

    def _fail(self, *messages: str) -> None:
        if self._faults.random() < self._rate:
            message = self._faults.choice(messages)
            self._scheduler.trace.append(f"fault: {message}")
            raise LogError(f"{FAULT} {message}")

    def _stop_if_dead(self) -> None:
        if not self._process.is_alive:
            raise KilledError


def _whole(records: Sequence[Record]) -> Sequence[Record]:
    """The records up to the last that says that those before it are valid."""
    ends = [number for number, record in enumerate(records, 1) if isinstance(record, Committed)]
    return records[: ends[-1] if ends else 0]
