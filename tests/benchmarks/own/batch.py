"""Requests decided one by one with a log, beside the same requests decided as the rows of a batch."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import count
from weakref import finalize

from neurosym.audit.log import Log
from tests.benchmarks.own.replay import Answer, new_folder
from tests.benchmarks.own.whole import Work
from tests.benchmarks.trial import Ready, Trial


def batch_run(work: Work) -> Ready[Answer]:
    """Every request a row, all of them one entry; each run begins a log of its own."""
    numbers, logs, kept = count(), ExitStack(), ExitStack()
    folder = new_folder(kept)
    kept.callback(logs.close)

    def ready() -> Trial[Answer]:
        logs.close()
        desk = work.desk.logging(logs.enter_context(Log.open(folder / f"{next(numbers)}.db")))
        desk.outcome(work.decision, work.requests[0])  # with which the ruleset is recorded
        return lambda: desk.outcomes(work.decision, work.requests)

    finalize(ready, kept.close)
    return ready
