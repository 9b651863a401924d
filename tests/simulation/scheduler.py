"""Threads of which one at a time runs, in an order that a seed decides.

A task gives the turn away at the steps that the simulated store, network and lines name. Between two steps nothing else
happens, so that a seed gives the same run every time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from threading import Semaphore, Thread

from neurosym.audit import committer
from tests.simulation.replaced import replaced

STEPS_MAX = 20_000


class KilledError(BaseException):
    """The process is no more: nothing may catch this."""


class StuckError(AssertionError):
    """Tasks wait that nobody will ever wake."""


class Process:
    """What dies together."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_alive = True


class Task:
    """One thread of control."""

    def __init__(self, name: str, process: Process, work: Callable[[], None]) -> None:
        self.name = name
        self.process = process
        self.turn = Semaphore(0)
        self.is_ready: Callable[[], bool] = lambda: True
        self.interrupt = False
        self.is_done = False
        self.error: BaseException | None = None
        self.work = work

    @property
    def can_go(self) -> bool:
        return self.interrupt or not self.process.is_alive or self.is_ready()


class Scheduler:
    """Runs tasks until all have ended."""

    def __init__(self, random: Random, trace: list[str]) -> None:
        self.random = random
        self.trace = trace
        self.tasks: list[Task] = []
        self.current: Task | None = None
        self.steps = 0
        self._back = Semaphore(0)

    def spawn(self, name: str, process: Process, work: Callable[[], None]) -> None:
        task = Task(name, process, work)
        Thread(target=self._run, args=(task,), daemon=True).start()
        self.tasks.append(task)

    def step(self, what: str) -> None:
        """Let others go before this task does what is named."""
        self.wait_until(lambda: True, what)

    def wait_until(self, is_ready: Callable[[], bool], what: str) -> None:
        """Let others go until the condition holds; KilledError or KeyboardInterrupt when that is this task's fate."""
        task = self.current
        if task is None:  # what is looked at between rounds has no fate
            return
        task.is_ready = is_ready
        self.trace.append(f"{task.name} {what}")
        self._back.release()
        task.turn.acquire()
        self._meet_fate(task)

    def run(self, nemesis: Callable[[], None]) -> None:
        """Until no task is left; before every step the nemesis may do something."""
        while self.tasks:
            self.steps += 1
            if self.steps > STEPS_MAX:
                raise StuckError(f"no end after {STEPS_MAX} steps")
            nemesis()
            able = [task for task in self.tasks if task.can_go]
            if not able:
                waiting = ", ".join(task.name for task in self.tasks)
                self._abandon()
                raise StuckError(f"nobody will ever wake: {waiting}")
            self._let_go(self.random.choice(able))

    def _let_go(self, task: Task) -> None:
        self.current = task
        task.turn.release()
        self._back.acquire()
        self.current = None
        if task.is_done:
            self.tasks.remove(task)
            if task.error is not None:
                self._abandon()
                raise task.error

    def _abandon(self) -> None:
        """End the threads that are left, so that none outlives the run."""
        for task in self.tasks:
            task.process.is_alive = False
        while self.tasks:
            task = self.tasks.pop()
            self.current = task
            task.turn.release()
            self._back.acquire()
        self.current = None

    def _meet_fate(self, task: Task) -> None:
        if not task.process.is_alive:
            raise KilledError
        if task.interrupt:
            task.interrupt = False
            self.trace.append(f"{task.name} is interrupted")
            raise KeyboardInterrupt

    def _run(self, task: Task) -> None:
        task.turn.acquire()
        try:
            if task.process.is_alive:
                task.work()
        except KilledError:
            pass
        except BaseException as error:  # noqa: BLE001 - raised again in the thread of the run
            task.error = error
        task.is_done = True
        self._back.release()


class _Event:
    """An event whose waiting is a step."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._is_set = False

    def set(self) -> None:
        self._is_set = True

    def wait(self) -> None:
        self._scheduler.wait_until(lambda: self._is_set, "waits in the line")


@contextmanager
def lines_of(scheduler: Scheduler) -> Iterator[None]:
    """Those who wait for a committer wait by the scheduler's order."""
    with replaced(committer, "Event", lambda: _Event(scheduler)):
        yield
