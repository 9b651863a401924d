"""Work on the parts of something long, shared out to processes: what is found comes back in the order of the parts.

Every process readies itself, once, and then takes part after part, so that what is found must not depend on which parts
it had before. Processes are started afresh (`spawn`), for a copy of one that has threads may wait for ever; so a script
that asks for several does it under `if __name__ == "__main__":`.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import chain, islice
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, TypeAlias, TypeVar

from neurosym.text.failure import Failure

Found = TypeVar("Found")
Part: TypeAlias = Sequence[Any]  # of whatever the work is on; it goes to a process as a pickle
Work: TypeAlias = Callable[[Part], list[Found]]
Begin: TypeAlias = Callable[[], AbstractContextManager[Work[Found]]]  # readies a process; goes there as a pickle

AHEAD = 4  # parts for each process that are given out or wait for those before them
PROCESSES_MAX = 61  # what Windows can wait for


class ProcessLostError(Failure):
    """A process that had a part of the work ended without an answer: nothing is known of that part."""


def usable_processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shared_out(begin: Begin[Found], parts: Iterable[Part], processes: int) -> Generator[Found, None, None]:
    """What is found in each part, in the order of the parts. With one process, or one part, the work is done in this
    process; else however many parts there are, few are held at once. What is found goes through a pipe: it is small.

    What is raised in a process is raised here, as it was; ProcessLostError when a process is killed. Close the iterator
    when it is not read to its end: that ends the processes, whatever they are at.
    """
    coming = iter(parts)
    first = list(islice(coming, 2))
    if processes == 1 or len(first) < 2:
        with begin() as work:
            for part in chain(first, coming):
                yield from work(part)
    else:
        yield from _shared_out(begin, chain(first, coming), min(processes, PROCESSES_MAX))


def _shared_out(begin: Begin[Found], parts: Iterable[Part], processes: int) -> Generator[Found, None, None]:
    heard, held = Pipe(duplex=False)
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _start, (begin, heard))
    try:
        yield from _in_order(pool, parts, processes * AHEAD)
        pool.shutdown()
    except BrokenProcessPool as error:
        raise ProcessLostError(
            "a process that shared the work was ended from outside (out of memory?), so that nothing can be said; "
            "try again with fewer processes"
        ) from error
    finally:
        held.close()  # whoever is still at work ends at once
        pool.shutdown(cancel_futures=True)
        heard.close()


def _in_order(pool: ProcessPoolExecutor, parts: Iterable[Part], ahead: int) -> Iterator[Any]:
    waiting: deque[Future[list[Any]]] = deque()
    for part in parts:
        if len(waiting) == ahead:
            yield from waiting.popleft().result()
        with _deaf_to_interrupts():  # which a process that starts now inherits
            waiting.append(pool.submit(_worked, part))
    while waiting:
        yield from waiting.popleft().result()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ctrl-C waits. It reaches every process at a terminal, and this one alone shall answer it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in the other process


class _Process:
    """What a process holds between parts."""

    def __init__(self, begin: Begin[Any]) -> None:
        self._begin = begin
        self._open = ExitStack()
        self._work: Work[Any] | None = None
        atexit.register(self._open.close)

    def worked(self, part: Part) -> list[Any]:
        """What is found in a part. The first one readies the process, so that what is raised then is told as well."""
        if self._work is None:
            self._work = self._open.enter_context(self._begin())
        return self._work(part)


_process: list[_Process] = []  # the one of this process, once it is started


def _start(begin: Begin[Any], lifeline: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it cannot be inherited
    Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    _process.append(_Process(begin))


def _worked(part: Part) -> list[Any]:
    return _process[0].worked(part)


def _end_with(lifeline: Connection) -> None:
    """End this process when the other end of the line is let go: by the process that gave out the work, or by its end,
    whatever that was.
    """
    try:
        lifeline.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)
