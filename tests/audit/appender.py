"""Processes that append to a log until something stops them. They tell what was acknowledged, and nothing before."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from neurosym.audit.committer import DecisionLoggedError
from neurosym.audit.draft import Draft
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.text.failure import LogError
from tests.audit.place import Place

OPENING = "opening"
REFUSED = "refused"


def payload_of(name: str, number: int) -> bytes:
    return f"{name} {number} ".encode() * 50


def opened(place: Path | Place) -> Log:
    """The log in a file, with its keys beside it, or at a place that says where they are."""
    if isinstance(place, Path):
        return Log.open(place)
    return Log.open(place.address, key=place.key, data_keys=place.data_keys)


def append_without_end(place: Path | Place, name: str, told: Connection) -> None:
    """Append until killed."""
    told.send(OPENING)
    with opened(place) as log:
        number = 0
        while True:
            told.send((_append(log, name, number), name, number))
            number += 1


def append_some(place: Path | Place, name: str, told: Connection) -> None:
    """Append thirty entries."""
    told.send(OPENING)
    with opened(place) as log:
        for number in range(30):
            told.send((_append(log, name, number), name, number))


def append_whatever_happens(place: Path | Place, name: str, told: Connection) -> None:
    """Append until killed; what fails is told, and the next one tried."""
    told.send(OPENING)
    with opened(place) as log:
        number = 0
        while True:
            try:
                told.send((_append(log, name, number), name, number))
            except LogError as error:
                told.send((REFUSED, str(error)))
            number += 1


def answer_requests(place: Path | Place, name: str, told: Connection) -> None:
    """Answer thirty requests that others answer, too."""
    with opened(place) as log:
        for number in range(30):
            try:
                entry = log.record(decision_for(f"request {number}", name))
                told.send((number, entry.seq, True))
            except DecisionLoggedError as error:
                told.send((number, error.seq, False))


def decision_for(request: str, name: str) -> Draft:
    return Draft(kind=EntryKind.DECISION, decision=f"{request} by {name}", request=request)


def append_until_the_disk_is_full(place: Path | Place, name: str, told: Connection) -> None:
    """Append until the file may not grow further: the writes of this process fail from then on."""
    with opened(place) as log:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        number = 0
        try:
            while True:
                told.send((_append(log, name, number), name, number))
                number += 1
        except LogError as error:
            told.send((REFUSED, str(error)))


def _append(log: Log, name: str, number: int) -> int:
    return log.record(Draft(kind=EntryKind.ANSWER, payloads=(("response", payload_of(name, number)),))).seq


class Appender:
    """One such process, from a server that has the modules loaded already."""

    def __init__(self, task: Callable[[Path | Place, str, Connection], None], place: Path | Place, name: str) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self._told, told = context.Pipe(duplex=False)
        self.process: ForkServerProcess = context.Process(target=task, args=(place, name, told))
        self.process.start()
        told.close()

    def next(self) -> object:
        """What it tells next."""
        return self._told.recv()

    def kill(self) -> list[object]:
        """What it told before SIGKILL reached it."""
        self.process.kill()
        return self.finish()

    def finish(self) -> list[object]:
        """What it tells until its end."""
        told = []
        try:
            while True:
                told.append(self._told.recv())
        except EOFError:
            self.process.join()
        finally:
            self._told.close()
            self.process.close()
        return told
