"""Decisions that are logged, beside the same decisions executed again from the log."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from weakref import finalize

from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from tests.benchmarks import ours
from tests.benchmarks.own.whole import Work
from tests.benchmarks.trial import Ready, Trial

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - in folders of its own; without a disk nobody waits, where only deciding would

Answer = list[str]  # the outcome of each request, or its status


def decided_run(work: Work) -> Ready[Answer]:
    """Every request decided and logged, one transaction each; each run begins a log of its own."""
    numbers, logs, kept = count(), ExitStack(), ExitStack()
    folder = new_folder(kept)
    kept.callback(logs.close)

    def ready() -> Trial[Answer]:
        logs.close()
        desk = work.desk.logging(logs.enter_context(Log.open(folder / f"{next(numbers)}.db")))
        desk.outcome(work.decision, work.requests[0])  # with which the ruleset is recorded
        return lambda: [desk.outcome(work.decision, each) for each in work.requests]

    finalize(ready, kept.close)
    return ready


def replayed_run(work: Work) -> Ready[Answer]:
    """Every logged decision read and executed again, one after another, and its bytes compared."""
    kept = ExitStack()
    path = new_folder(kept) / "decisions.db"
    with Log.open(path) as written:
        desk = work.desk.logging(written)
        for each in work.requests:
            desk.outcome(work.decision, each)
    log = kept.enter_context(LogReader.open(path))

    def ready() -> Trial[Answer]:
        replay = ours.Replay(log)
        next(replay.outcomes())  # with which the ruleset is read
        return lambda: [*replay.outcomes()]

    finalize(ready, kept.close)
    return ready


def new_folder(kept: ExitStack) -> Path:
    """A folder for logs, gone when `kept` is closed."""
    return Path(kept.enter_context(TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None)))
