"""Decisions that are logged, beside the same decisions executed again from the log."""

from __future__ import annotations

import atexit
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from tests.benchmarks import ours
from tests.benchmarks.own.whole import Work
from tests.benchmarks.trial import Ready, Trial

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - in folders of its own; without a disk nobody waits, where only deciding would

Answer = list[str]  # the outcome of each request, or its status


def decided_run(work: Work) -> Ready[Answer]:
    """Every request decided and logged, one transaction each; each run begins a log of its own."""
    folder, numbers, held = _folder(), count(), list[Log]()
    atexit.register(_close, held)

    def ready() -> Trial[Answer]:
        _close(held)
        held.append(Log.open(folder / f"{next(numbers)}.db"))
        desk = work.desk.logging(held[0])
        desk.outcome(work.decision, work.requests[0])  # with which the ruleset is recorded
        return lambda: [desk.outcome(work.decision, each) for each in work.requests]

    return ready


def replayed_run(work: Work) -> Ready[Answer]:
    """Every logged decision read and executed again, one after another, and its bytes compared."""
    path = _folder() / "decisions.db"
    with Log.open(path) as written:
        desk = work.desk.logging(written)
        for each in work.requests:
            desk.outcome(work.decision, each)
    log = LogReader.open(path)
    atexit.register(log.close)

    def ready() -> Trial[Answer]:
        replay = ours.Replay(log)
        next(replay.outcomes())  # with which the ruleset is read
        return lambda: [*replay.outcomes()]

    return ready


def _folder() -> Path:
    folder = TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None)
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _close(logs: list[Log]) -> None:
    while logs:
        logs.pop().close()
