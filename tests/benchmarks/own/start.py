"""What a process waits for before its first decision, in processes that are started for it."""

from __future__ import annotations

import atexit
from tempfile import TemporaryDirectory

from tests.benchmarks.footprint import said_by_process
from tests.benchmarks.trial import Measured, Ready

SIZES = (1,)  # process
# Milliseconds, read by the process itself: its own start is not what is measured.
PROGRAM = "{}; import time; began = time.perf_counter_ns(); {}; print((time.perf_counter_ns() - began) / 1e6)"
LOAD = "load('rulesets/sanctions')"


def work(size: int) -> int:
    """There is nothing to prepare."""
    return size


def neurosym_run(work: int) -> Ready[Measured[None]]:
    """`import neurosym`."""
    return _timed(work, "import neurosym")


def pydantic_run(work: int) -> Ready[Measured[None]]:
    """`import pydantic`."""
    return _timed(work, "import pydantic")


def engine_run(work: int) -> Ready[Measured[None]]:
    """The engine, which is loaded when it is used."""
    return _timed(work, "from neurosym import Engine, load")


def model_run(work: int) -> Ready[Measured[None]]:
    """The same for pydantic."""
    return _timed(work, "from pydantic import BaseModel")


def first_load_run(work: int) -> Ready[Measured[None]]:
    """The shipped ruleset, with all that has to be imported for it."""
    return _timed(work, f"from neurosym import load; {LOAD}")


def cached_load_run(work: int) -> Ready[Measured[None]]:
    """The shipped ruleset once more, so that it comes from the cache."""
    return _timed(work, LOAD, f"from neurosym import load; {LOAD}")


def compiling_load_run(work: int) -> Ready[Measured[None]]:
    """The shipped ruleset once more, compiled again."""
    return _timed(work, LOAD, f"from neurosym import load; {LOAD}", cache="off")


def _timed(work: int, statement: str, before: str = "pass", cache: str | None = None) -> Ready[Measured[None]]:
    del work
    own = TemporaryDirectory()  # a cache of its own, which later runs find again
    atexit.register(own.cleanup)

    def run() -> Measured[None]:
        said = said_by_process("-c", PROGRAM.format(before, statement), cache=cache or own.name)
        return Measured(None, float(said))

    return lambda: run
