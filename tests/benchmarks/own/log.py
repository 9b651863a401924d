"""The log beside the least that could be done: the same bytes inserted, entries read and hashed, a root computed."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from threading import Event

from neurosym.audit.draft import Draft
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.frontier import Frontier, frontier_bytes
from neurosym.audit.inclusion import proof_of
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.audit.store import Batch, Key, Plan, Store
from neurosym.audit.stores.sqlite_connection import PRAGMAS
from neurosym.audit.stores.sqlite_schema import OBJECTS
from neurosym.audit.tree import leaf_hash, tree_root
from neurosym.audit.tree_proof import verify_inclusion
from neurosym.audit.verification import verify_log
from neurosym.values.canonical import digest_bytes
from neurosym.values.clock import Stamp
from tests.benchmarks.trial import Ready

BATCHES = (1, 32, 256)  # entries of a transaction
ENTRIES = 512  # that one run logs
THREADS = (32,)
SLOW = 0.005  # seconds that a commit takes longer on a disk that has no memory of its own, whatever this machine has
VERIFIED = (10_000, 100_000)  # entries of a log that is verified
PROVEN = (1_000_000,)
NAMES = count()
CASE, RESULT, PROOF = 500, 1_040, 2_740  # bytes of what decisions of the demo leave behind, each by itself


class _Clock:
    """A clock that stands still."""

    def stamp(self) -> Stamp:
        return Stamp("2026-03-02T09:15:00.000000Z", "still")


def entropy() -> Callable[[int], bytes]:
    """The same bytes in every run, so that contenders can be compared."""
    calls = count()
    return lambda size: sha256(next(calls).to_bytes(8)).digest()[:size]


def draft(number: int) -> Draft:
    """A decision with what it leaves behind, as an engine logs it."""
    return Draft(
        kind=EntryKind.DECISION,
        decision=f"{number:032x}",
        actor="engine",
        digests={"program": digest_bytes(b"program"), "engine": digest_bytes(b"engine")},
        on="2026-03-02",
        outcome="release",
        codes=("rule-1", "rule-2"),
        payloads=(("case", bytes(CASE)), ("result", bytes(RESULT)), ("proof", bytes(PROOF))),
    )


def open_log(path: Path) -> Log:
    """A log whose bytes are the same in every run."""
    return Log.open(path, clock=_Clock(), entropy=entropy())


class _Around:
    """A store that does something once it has committed."""

    def __init__(self, store: Store, then: Callable[[Batch], None]) -> None:
        self.store = store
        self._then = then

    def reading(self) -> object:
        return self.store.reading()

    def commit(self, plan: Plan, wanted: Collection[Key] = ()) -> Batch:
        made = self.store.commit(plan, wanted)
        self._then(made)
        return made

    def close(self) -> None:
        self.store.close()


def surround(log: Log, then: Callable[[Batch], None]) -> None:
    """Have the log's store do something once it has committed."""
    around = _Around(log._committer._store, then)
    log._committer._store = around  # type: ignore[assignment] # as much of a store as is used


@cache
def folder() -> Path:
    """A folder of this process, which goes with it."""
    found = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, found, ignore_errors=True)
    return found


def new_file() -> Path:
    """A file that is not there yet."""
    return folder() / f"{next(NAMES)}.db"


class Shelf:
    """What runs have open: closed when the next one begins, or the process ends."""

    def __init__(self) -> None:
        self._open = ExitStack()
        atexit.register(self._open.close)

    def log(self) -> Log:
        """A new log, and no other open any more."""
        self._open.close()
        return self._open.enter_context(open_log(new_file()))

    def connection(self) -> sqlite3.Connection:
        """A new database, and no other open any more."""
        self._open.close()
        return self._open.enter_context(closing(sqlite3.connect(new_file(), isolation_level=None)))


@dataclass(frozen=True)
class Appends:
    """Drafts to be logged, so many in a transaction, and the rows that they become."""

    size: int

    @property
    def lots(self) -> Sequence[Sequence[Draft]]:
        """The drafts of each transaction."""
        return [[draft(first + at) for at in range(self.size)] for first in range(0, ENTRIES, self.size)]

    def batches(self) -> Sequence[Batch]:
        """What one run commits."""
        with open_log(new_file()) as log:
            batches: list[Batch] = []
            surround(log, batches.append)
            for lot in self.lots:
                log.append(lot)
            return batches


def appended_run(work: Appends) -> Ready[bytes]:
    """Through the log: encrypted, hashed, signed."""
    lots, shelf = work.lots, Shelf()

    def ready() -> Callable[[], bytes]:
        log = shelf.log()

        def run() -> bytes:
            for lot in lots:
                log.append(lot)
            return end_of(log)

        return run

    return ready


def threads_run(work: Appends, sync_seconds: float = 0) -> Ready[bytes]:
    """Each entry by itself, from as many threads as there are to be."""
    drafts, shelf = [each for lot in work.lots for each in lot], Shelf()

    def ready() -> Callable[[], bytes]:
        log = shelf.log()
        surround(log, lambda _: _wait(sync_seconds))

        def run() -> bytes:
            with ThreadPoolExecutor(work.size) as pool:
                list(pool.map(log.record, drafts))
            return b"%d" % log.size()

        return run

    return ready


def singly_run(work: Appends, sync_seconds: float = 0) -> Ready[bytes]:
    """Each entry by itself, from one thread."""
    drafts, shelf = [each for lot in work.lots for each in lot], Shelf()

    def ready() -> Callable[[], bytes]:
        log = shelf.log()
        surround(log, lambda _: _wait(sync_seconds))

        def run() -> bytes:
            for each in drafts:
                log.record(each)
            return b"%d" % log.size()

        return run

    return ready


def _wait(seconds: float) -> None:
    if seconds:
        Event().wait(seconds)


slow_threads_run = partial(threads_run, sync_seconds=SLOW)
slow_singly_run = partial(singly_run, sync_seconds=SLOW)


def inserted_run(work: Appends) -> Ready[bytes]:
    """The rows that the log makes of it, and nothing else."""
    batches, shelf = work.batches(), Shelf()

    def ready() -> Callable[[], bytes]:
        connection = shelf.connection()
        connection.execute("PRAGMA journal_mode = WAL")
        for statement in (*PRAGMAS, *OBJECTS.values()):
            connection.execute(statement)
        return lambda: _inserted(connection, batches)

    return ready


def _inserted(connection: sqlite3.Connection, batches: Sequence[Batch]) -> bytes:
    for batch in batches:
        connection.execute("BEGIN IMMEDIATE")
        rows = [(row.seq, row.envelope, row.leaf) for row in batch.entries]
        connection.executemany("INSERT INTO entries (seq, envelope, leaf) VALUES (?, ?, ?)", rows)
        connection.executemany(
            "INSERT INTO payload (digest, seq, content) VALUES (?, ?, ?)",
            [(row.digest, row.seq, row.stored) for row in batch.payloads],
        )
        connection.executemany(
            "INSERT INTO lookup (kind, key, seq) VALUES (?, ?, ?)",
            [(each.kind, each.key, each.seq) for each in batch.lookups],
        )
        frontier = batch.state.frontier
        state = (frontier.size, frontier_bytes(frontier))
        connection.execute("INSERT OR REPLACE INTO state (id, size, frontier) VALUES (1, ?, ?)", state)
        connection.execute("INSERT OR REPLACE INTO checkpoint (id, note) VALUES (1, ?)", (batch.state.note,))
        connection.execute("COMMIT")
    (found,) = connection.execute("SELECT frontier FROM state").fetchone()
    return bytes(found)


def end_of(log: LogReader) -> bytes:
    """The frontier of its tree."""
    with log.store.reading() as reading:
        return frontier_bytes(reading.state().frontier)


# --- verification


@dataclass(frozen=True)
class Written:
    """A log of so many entries."""

    size: int
    path: Path


@cache
def written(size: int) -> Written:
    """A log of decisions."""
    found = Written(size, new_file())
    with open_log(found.path) as log:
        for first in range(1, size, 1_000):
            log.append([draft(number) for number in range(first, min(first + 1_000, size))])
    return found


def verified_run(work: Written) -> Ready[int]:
    """The verdict on it."""

    def run() -> int:
        with LogReader.open(work.path) as log:
            verdict = verify_log(log)
        assert verdict.is_consistent
        return verdict.entries + verdict.payloads

    return lambda: run


def hashed_run(work: Written) -> Ready[int]:
    """What is stored, read and hashed, and nothing made of it."""

    def run() -> int:
        hashed = 0
        with closing(sqlite3.connect(work.path)) as connection:
            for (envelope,) in connection.execute("SELECT envelope FROM entries ORDER BY seq"):
                sha256(envelope).digest()
                hashed += 1
            for (content,) in connection.execute("SELECT content FROM payload ORDER BY seq"):
                sha256(content).digest()
                hashed += 1
        return hashed

    return lambda: run


# --- proofs


@cache
def planted(size: int) -> Written:
    """A log of so many short entries, put into its tables as they are."""
    found = Written(size, new_file())
    with open_log(found.path) as log, log.store.reading() as reading:
        first = reading.entries(0, 1)[0].envelope
    frontier = Frontier()
    rows: list[tuple[int, bytes, bytes]] = []
    nodes: list[tuple[int, int, bytes]] = []
    for seq in range(size):
        envelope = b"%d" % seq if seq else first
        leaf = leaf_hash(envelope)
        frontier, made = frontier.grown(leaf)
        rows.append((seq, envelope, leaf))
        nodes += [(each.level, each.index, each.hash) for each in made]
    _plant(found.path, frontier, rows, nodes)
    return found


def _plant(
    path: Path, frontier: Frontier, rows: Sequence[tuple[int, bytes, bytes]], nodes: Sequence[tuple[int, int, bytes]]
) -> None:
    with open_log(path) as log:
        note = log._committer.signatory.sign(frontier).note
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM entries")
        connection.executemany("INSERT INTO entries (seq, envelope, leaf) VALUES (?, ?, ?)", rows)
        connection.executemany("INSERT INTO node (level, place, hash) VALUES (?, ?, ?)", nodes)
        connection.execute("UPDATE state SET size = ?, frontier = ?", (frontier.size, frontier_bytes(frontier)))
        connection.execute("UPDATE checkpoint SET note = ?", (note,))


def proven_run(work: Written) -> Ready[bool]:
    """A proof that an entry in the middle is in the log, out of its tables."""
    log = LogReader.open(work.path)
    atexit.register(log.close)
    return lambda: lambda: proof_of(log, work.size // 3).index == work.size // 3


def rooted_run(work: Written) -> Ready[bool]:
    """The root over the leaf hashes in its table, all of them, to which a proof has to lead."""
    log = LogReader.open(work.path)
    atexit.register(log.close)
    proof = proof_of(log, work.size // 3)

    def run() -> bool:
        with log.store.reading() as reading:
            leaves = reading.hashes(0, 0, work.size)
            root = tree_root(leaves)
        return verify_inclusion(proof.index, work.size, leaves[proof.index], root, proof.hashes)

    return lambda: run
