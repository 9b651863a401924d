"""A log in SQLite over a simulated disk, and what power cuts leave of it. The seed decides all of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from neurosym.audit.committer import DecisionLoggedError
from neurosym.audit.draft import Draft
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erasure import erase_payloads
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.audit.stores import sqlite_connection, sqlite_keys
from neurosym.text.failure import LogCorruptError, LogError
from tests.simulation.drafts import Drafts
from tests.simulation.keys import JumpingClock, seeded_entropy
from tests.simulation.ledger import MARK, UNCERTAIN, Ledger, Outcome, note_of
from tests.simulation.replaced import replaced
from tests.simulation.simulated_disk import Files, Loss, SimulatedDisk, write_image
from tests.simulation.vfs import ApswConnection, RecordingVfs

NAME = "decisions.db"
CHECKPOINT_PAGES = (2, 10, 40, 1_000)
SNAPSHOTS_MAX = 8


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The disk in the middle of something, and what callers had been told by then."""

    files: Files
    ledger: Ledger
    step: int


class SqliteWorld:
    """One run, and the power cuts in it."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = Random(seed)  # noqa: S311 - to be repeated, not to be guessed
        self.folder = folder
        self.seed = seed
        self.ledger = Ledger()
        self.trace: list[str] = []
        self.entropy = seeded_entropy(seed)
        self.clock = JumpingClock(self.random, lambda _: None)
        self.snapshots: list[Snapshot] = []
        live = folder / "live"
        live.mkdir(parents=True)
        Log.open(live / NAME, clock=self.clock, entropy=self.entropy).close()
        self.disk = SimulatedDisk(live, self.random)
        self.rate = self.random.choice([0.0, 0.01, 0.05])  # at which the disk fails
        self.disk.trace = self.trace
        self.checkpoint_pages = self.random.choice(CHECKPOINT_PAGES)

    def run(self) -> None:
        """AssertionError when a power cut at one of some moments leaves what it must not."""
        self._work()
        for number, snapshot in enumerate(self.snapshots):
            self._check(snapshot, self.folder / f"image-{number}")

    def _work(self) -> None:
        with self._opened(self.folder / "live", self.disk) as log:
            shared = [log.encrypted(self.random.randbytes(5_000)) for _ in range(4)]
            drafts = Drafts(self.random, lambda: self.random.choice(shared))
            self.disk.rate = self.rate
            self.disk.watch = self._perhaps_remember
            for _ in range(self.random.randint(5, 20)):
                if self.random.random() < 0.2:
                    self._erase(log)
                else:
                    self._append(log, drafts.lot())
            self._remember()

    @contextmanager
    def _opened(self, folder: Path, disk: SimulatedDisk) -> Iterator[Log]:
        """The log in a folder, opened by its own code on connections to the simulated disk."""
        vfs = RecordingVfs(disk)

        def connect(path: Path, query: str) -> Any:
            assert query == "mode=rw"
            return ApswConnection(path, vfs, self.checkpoint_pages)

        with replaced(sqlite_connection, "connect", connect), replaced(sqlite_keys, "connect", connect):
            log = Log.open(folder / NAME, clock=self.clock, entropy=self.entropy)
        with log:
            try:
                yield log
            finally:
                disk.rate, disk.watch = 0.0, lambda: None

    def _append(self, log: Log, drafts: Sequence[Draft]) -> None:
        lot = self.ledger.begin([str(draft.actor) for draft in drafts])
        try:
            lot.first = log.append(drafts)[0].seq
        except LogError as error:
            lot.outcome = self._outcome(error)
            return
        lot.outcome = Outcome.ACKNOWLEDGED
        self.ledger.kept.append(note_of(log))
        self.trace.append(f"told: {lot.first}")

    def _erase(self, log: Log) -> None:
        told = [lot.first for lot in self.ledger.lots if lot.first is not None]
        if told:
            entry = log.entry(self.random.choice(told))
            digest = self.random.choice([link.digest for link in entry.payloads])
            self.ledger.erased.add(digest)
            try:
                erase_payloads(log, [digest], "asked", "Kim")
            except LogError as error:
                self._outcome(error)
            else:
                self.ledger.kept.append(note_of(log))

    def _outcome(self, error: LogError) -> Outcome:
        self.trace.append(f"fails: {str(error)[-90:]}")
        assert not isinstance(error, LogCorruptError), error
        known = ("has no payload", "erased the payload", "among these entries", "bytes and")
        assert self.rate or isinstance(error, DecisionLoggedError) or any(each in str(error) for each in known)
        return Outcome.UNKNOWN if any(each in str(error) for each in UNCERTAIN) else Outcome.REFUSED

    def _perhaps_remember(self) -> None:
        if self.random.random() < 0.03 and len(self.snapshots) < SNAPSHOTS_MAX:
            self._remember()

    def _remember(self) -> None:
        self.trace.append("the power may fail here")
        self.snapshots.append(Snapshot(dict(self.disk.files), deepcopy(self.ledger), len(self.trace)))

    def _check(self, snapshot: Snapshot, folder: Path) -> None:
        loss = self.random.choice([*Loss])
        self.trace.append(f"the power failed at {snapshot.step}: {loss.value}")
        write_image(snapshot.files, folder, loss, self.random)
        self._assert_whole(folder, snapshot.ledger)
        path = folder / NAME
        with Log.open(path, clock=self.clock, entropy=self.entropy) as log:
            lot = snapshot.ledger.begin(["last"])
            draft = Draft(kind=EntryKind.ANSWER, actor="last", payloads=((MARK, b"last"),))
            lot.first, lot.outcome = log.record(draft).seq, Outcome.ACKNOWLEDGED
        self._assert_whole(folder, snapshot.ledger)
        shutil.rmtree(folder)

    def _assert_whole(self, folder: Path, ledger: Ledger) -> None:
        with LogReader.open(folder / NAME) as log:
            found = ledger.complaints(log)
        assert not found, "; ".join(found)
