"""A witness behind a network that loses, repeats and delays, and a witness's memory that is forced out in the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from neurosym.audit.anchors.http import HttpReply
from neurosym.audit.checkpoint import parse_checkpoint
from neurosym.audit.key import COSIGNATURE, SignerKey
from neurosym.audit.note import Note, parse_note
from neurosym.audit.reader import LogReader
from neurosym.audit.verification import verify_log
from neurosym.audit.witness import NOTHING_SEEN, Reply, Seen, Witness
from neurosym.text.failure import LogError
from tests.simulation.scheduler import Scheduler
from tests.simulation.store import FAULT

WITNESS_KEY = SignerKey("witness.example/simulated", b"\x05" * 32, COSIGNATURE)


class WitnessDisk:
    """What a witness wrote, and what of it a power cut leaves."""

    def __init__(self) -> None:
        self.durable: dict[str, Seen] = {}
        self.history: list[Seen] = []
        self.is_busy = False
        self.rate = 0.0  # at which it fails


class SimulatedRows:
    def __init__(self, rows: dict[str, Seen]) -> None:
        self.rows = rows

    def newest(self, origin: str) -> Seen:
        return self.rows.get(origin, NOTHING_SEEN)

    def put(self, origin: str, seen: Seen) -> None:
        self.rows[origin] = seen


class SimulatedWitnessStore:
    """Transactions of a witness, one at a time."""

    def __init__(self, disk: WitnessDisk, scheduler: Scheduler, faults: Random, rate: float) -> None:
        self.disk = disk
        disk.rate = rate
        self._scheduler = scheduler
        self._faults = faults

    @contextmanager
    def writing(self) -> Iterator[SimulatedRows]:
        self._scheduler.wait_until(lambda: not self.disk.is_busy, "asks for the witness's memory")
        self.disk.is_busy = True
        try:
            rows = SimulatedRows(dict(self.disk.durable))
            yield rows
            self._scheduler.step("has the witness remember")
            if self._faults.random() < self.disk.rate:
                raise LogError(f"{FAULT} the witness's disk does not sync")
            self.disk.durable = rows.rows
            self.disk.history += rows.rows.values()  # of the one log that there is
        finally:
            self.disk.is_busy = False

    def close(self) -> None:
        pass


class Network:
    """Takes requests to the witness and brings replies back, or does not."""

    def __init__(self, witness: Witness, disk: WitnessDisk, scheduler: Scheduler, faults: Random, rate: float) -> None:
        self._witness = witness
        self._disk = disk
        self._scheduler = scheduler
        self._faults = faults
        self._rate = rate
        self._late: list[bytes] = []  # requests that arrive when nobody waits for them any more
        self.cosigned: list[Note] = []
        self.forgotten: list[str] = []

    def calm(self) -> None:
        """From now on, nothing is lost."""
        self._rate = 0.0
        self._disk.rate = 0.0

    def post(self, url: str, content: bytes, type_: str) -> HttpReply:
        """What an anchor gets from the witness."""
        del url, type_
        self._scheduler.step("sends to the witness")
        while self._late and self._faults.random() < self._rate:
            self._scheduler.trace.append("a late request reaches the witness")
            self._ask(self._late.pop(self._faults.randrange(len(self._late))))
        if self._faults.random() < self._rate:
            self._late.append(content)
            raise LogError(f"{FAULT} the request is late")
        if self._faults.random() < self._rate:
            self._ask(content)  # twice
        reply = self._ask(content)
        self._scheduler.step("gets a reply of the witness")
        if self._faults.random() < self._rate:
            raise LogError(f"{FAULT} the reply is lost")
        return HttpReply(reply.status, reply.type.partition(";")[0], reply.content.encode())

    def _ask(self, content: bytes) -> Reply:
        try:
            reply = self._witness.add_checkpoint(content)
        except LogError as error:
            raise LogError(f"{FAULT} the witness fails") from error
        if reply.status == 200:
            note = parse_note(content.partition(b"\n\n")[2])
            checkpoint = parse_checkpoint(note.text)
            if self._disk.durable.get(checkpoint.origin, NOTHING_SEEN).size < checkpoint.size:
                self.forgotten.append(f"the witness signed {checkpoint.size} entries and does not remember it")
            self.cosigned.append(note)
        return reply

    def complaints(self, log: LogReader) -> list[str]:
        """Where the witness contradicts itself, or the log."""
        found = [*self.forgotten, *_forks(self.cosigned)]
        notes = [str(note).encode() for note in self.cosigned]
        found += [str(problem) for problem in verify_log(log, earlier=notes).problems]
        sizes = [seen.size for seen in self._disk.history]
        return found if sizes == sorted(sizes) else [*found, f"the witness went back: {sizes}"]


def _forks(cosigned: Sequence[Note]) -> list[str]:
    """Sizes of which the witness signed two different roots."""
    roots: dict[int, bytes] = {}
    found = []
    for note in cosigned:
        checkpoint = parse_checkpoint(note.text)
        if roots.setdefault(checkpoint.size, checkpoint.root) != checkpoint.root:
            found.append(f"the witness signed two trees of {checkpoint.size} entries")
    return found


class MemoryFolder:
    """What is kept beside the log."""

    name = "kept"

    def __init__(self) -> None:
        self.files: dict[Path, bytes] = {}

    def check(self, log: LogReader) -> None:
        pass

    def file(self, log: LogReader, size: int, ending: str = ".checkpoint") -> Path:
        del log
        return Path(f"{size:020}{ending}")

    def keep(self, place: Path, content: bytes) -> bool:
        return self.files.setdefault(place, content) is content
