"""A world of processes that write one log over a simulated disk. Its seed decides all that happens in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from neurosym.audit.anchors import witness as witness_anchor
from neurosym.audit.anchors.witness import WitnessAnchor
from neurosym.audit.batch import NextBatch, Signatory
from neurosym.audit.checkpoint import parse_checkpoint
from neurosym.audit.committer import DecisionLoggedError
from neurosym.audit.draft import Draft, ReadyDraft
from neurosym.audit.entry import KEY, KEYS
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erasure import erase_payloads
from neurosym.audit.frontier import Frontier
from neurosym.audit.key import SignerKey
from neurosym.audit.log import Log
from neurosym.audit.note import parse_note
from neurosym.audit.reader import LogReader
from neurosym.audit.store import Identity
from neurosym.audit.verification import verify_log
from neurosym.audit.witness import Witness
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import digest_bytes
from tests.simulation.contents import Contents
from tests.simulation.drafts import Drafts
from tests.simulation.keys import JumpingClock, MemoryKeys, seeded_entropy
from tests.simulation.ledger import MARK, UNCERTAIN, Ledger, Outcome, note_of
from tests.simulation.network import WITNESS_KEY, MemoryFolder, Network, SimulatedWitnessStore, WitnessDisk
from tests.simulation.replaced import replaced
from tests.simulation.scheduler import Process, Scheduler, lines_of
from tests.simulation.store import FAULT, Disk, SimulatedStore

ORIGIN = "log.example/simulated"
SIGNER = SignerKey(ORIGIN, b"\x09" * 32)


class BrokenError(AssertionError):
    """What must hold does not."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a world is made of; a planted bug is a part of another kind."""

    store: type[SimulatedStore] = SimulatedStore
    log: type[Log] = Log
    witness: type[Witness] = Witness


@dataclass(slots=True, eq=False)
class Open:
    """A process that has the log open."""

    process: Process
    log: Log
    entries: list[int] = field(default_factory=list)  # that its callers were told of


class World:
    """One run. `trace` says what happened, step by step."""

    def __init__(self, seed: int, parts: Parts = Parts()) -> None:
        self.random = Random(seed)  # noqa: S311 - to be repeated, not to be guessed
        self.parts = parts
        self.trace: list[str] = []
        self.rate = self.random.choice([0.0, 0.02, 0.1])
        self.entropy = seeded_entropy(seed)
        self.keys = MemoryKeys(self.entropy)
        self.scheduler = Scheduler(self.random, self.trace)
        self.clock = JumpingClock(self.random, self.scheduler.step)
        self.signatory = Signatory(ORIGIN, SIGNER, SIGNER.verifier)
        self.disk = Disk(self._first_contents())
        self.ledger = Ledger()
        self.open: list[Open] = []
        maker = self._log(Process("maker"), 0)
        self.drafts = Drafts(self.random, lambda: maker.encrypted(b"shared"))
        self.processes = 0
        memory = SimulatedWitnessStore(WitnessDisk(), self.scheduler, self.random, self.rate)
        witness = parts.witness(WITNESS_KEY, {ORIGIN: [SIGNER.verifier]}, memory, self.clock)
        self.network = Network(witness, memory.disk, self.scheduler, self.random, self.rate)
        self.anchor = WitnessAnchor("simulated", "https://witness.example", WITNESS_KEY.verifier, MemoryFolder())  # type: ignore[arg-type]
        self.backup: tuple[Contents, int] | None = None

    def run(self) -> None:
        """BrokenError, or another AssertionError, when something does not hold."""
        with lines_of(self.scheduler), self._connected():
            for _ in range(self.random.randint(2, 4)):
                self._round()
                self._check()
                if self.random.random() < 0.15 and self._restored():
                    return
                if self.random.random() < 0.5:
                    self.backup = self.disk.durable, self.disk.durable.state.frontier.size
                    self.trace.append("a backup is made")
            self._go_on()

    @contextmanager
    def _connected(self) -> Iterator[None]:
        with replaced(witness_anchor, "post", self.network.post):
            yield

    def _first_contents(self) -> Contents:
        vkey = str(self.signatory.verifier)
        digests = {KEY: digest_bytes(vkey.encode()), KEYS: digest_bytes(self.keys.id.encode())}
        first = NextBatch(Frontier(), self.clock.stamp())
        first.add([ReadyDraft(Draft(kind=EntryKind.START, digests=digests), ())])
        batch = first.signed(self.signatory)
        made = Contents(Identity(ORIGIN, vkey, self.keys.id))
        return made.with_records([*batch.entries, *batch.nodes, *batch.lookups, batch.state])

    def _round(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            self._start()
        self.scheduler.run(self._nemesis)
        self.trace.append("all have ended")
        if self.random.random() < 0.5:
            self._lose_power()
        self.open.clear()

    def _start(self) -> None:
        """A process opens the log, and callers of it begin."""
        self.processes += 1
        process = Process(f"p{self.processes}")
        if not any(each.process.is_alive for each in self.open):
            self.disk.sync()  # who comes first finds what others left, and forces it out before anybody relies on it
        found = Open(process, self._log(process, self.rate))
        self.open.append(found)
        for number in range(self.random.randint(1, 3)):
            name = f"{process.name}.{number}"
            self.scheduler.spawn(name, process, lambda name=name: self._call(name, found))  # type: ignore[misc]

    def _log(self, process: Process, rate: float) -> Log:
        store = self.parts.store(self.disk, process, self.scheduler, self.random, rate)
        return self.parts.log(store, self.keys, self.signatory, self.clock, self.entropy)

    def _nemesis(self) -> None:
        """What comes from outside, before any step."""
        chance = self.random.random()
        alive = [each for each in self.open if each.process.is_alive]
        if chance < 0.004 and alive:
            killed = self.random.choice(alive)
            self.trace.append(f"{killed.process.name} is killed")
            killed.process.is_alive = False
        elif chance < 0.006:
            self._lose_power()
        elif chance < 0.010 and self.scheduler.tasks:
            task = self.random.choice(self.scheduler.tasks)
            task.interrupt = task.process.is_alive
        elif chance < 0.014 and len(self.open) < 6:
            self._start()

    def _lose_power(self) -> None:
        for each in self.open:
            each.process.is_alive = False
        lost = self.disk.lose_power(self.random)
        self.disk.writer = None
        self.trace.append(f"the power fails: {lost} rows are lost")

    def _call(self, name: str, found: Open) -> None:
        """What one caller does, one thing after the other."""
        acts = (self._append, self._append, self._append, self._read, self._erase, self._submit)
        for _ in range(self.random.randint(2, 6)):
            act = self.random.choice(acts)
            try:
                self.scheduler.step(f"begins to {act.__name__.lstrip('_')}")
                act(name, found)
            except KeyboardInterrupt:
                self.trace.append(f"{name} goes on after an interrupt")

    def _append(self, name: str, found: Open) -> None:
        drafts = self.drafts.lot()
        self._logged(name, found, [str(draft.actor) for draft in drafts], lambda: found.log.append(drafts)[0].seq)

    def _logged(self, name: str, found: Open, marks: Sequence[str], work: Callable[[], int]) -> None:
        """Have something logged, and write down what came of it."""
        lot = self.ledger.begin(marks)
        try:
            lot.first = work()
        except DecisionLoggedError as error:
            lot.outcome = Outcome.REFUSED
            self.trace.append(f"{name} is refused: {error}")
        except LogCorruptError as error:
            raise BrokenError(f"{name}: {error}") from error
        except LogError as error:
            lot.outcome = Outcome.UNKNOWN if any(each in str(error) for each in UNCERTAIN) else Outcome.REFUSED
            self._expect(error)
            self.trace.append(f"{name} fails: {str(error)[:80]}")
        else:
            lot.outcome = Outcome.ACKNOWLEDGED
            found.entries.append(lot.first)
            self.ledger.kept.append(note_of(found.log))
            self.trace.append(f"{name} is told: {lot.first}")

    def _expect(self, error: LogError) -> None:
        """BrokenError for a failure that nothing accounts for."""
        known = (
            FAULT,
            *UNCERTAIN,
            "bytes and",
            "has no payload",
            "erased the payload",
            "among these entries",
            "again and again",
        )
        if not any(each in str(error) for each in known):
            raise BrokenError(f"nothing accounts for this: {error}") from error

    def _read(self, name: str, found: Open) -> None:
        if found.entries:
            seq = self.random.choice(found.entries)
            assert found.log.entry(seq).seq == seq, name

    def _erase(self, name: str, found: Open) -> None:
        """Remove a payload of some entry, which others may name as well."""
        if not found.entries:
            return
        entry = found.log.entry(self.random.choice(found.entries))
        if entry.kind is EntryKind.ERASURE:
            return
        digest = self.random.choice([link.digest for link in entry.payloads])
        self.ledger.erased.add(digest)
        self._logged(name, found, (), lambda: erase_payloads(found.log, [digest], "asked", "Kim").entry.seq)

    def _submit(self, name: str, found: Open) -> None:
        try:
            self.trace.append(f"{name}: {self.anchor.submit(found.log)}")
        except LogCorruptError as error:
            raise BrokenError(f"{name}: {error}") from error
        except LogError as error:
            self._expect(error)

    def _check(self) -> None:
        """BrokenError when the log, the witness or what callers know contradict one another."""
        self.disk.sync()
        log = self._log(Process("checker"), 0)
        found = self.ledger.complaints(log)
        found += self.network.complaints(log)
        if found:
            raise BrokenError("; ".join(found))

    def _go_on(self) -> None:
        """Once nothing fails any more, the log takes what it is given."""
        log = self._log(Process("last"), 0)
        lot = self.ledger.begin(["last"])
        draft = Draft(kind=EntryKind.ANSWER, actor="last", payloads=((MARK, b"last"),))
        lot.first, lot.outcome = log.record(draft).seq, Outcome.ACKNOWLEDGED
        self._check()

    def _restored(self) -> bool:
        """True when an older copy took the place of the log, and who kept a newer checkpoint noticed."""
        if self.backup is None or self.backup[1] == self.disk.visible.state.frontier.size:
            return False
        self.disk.restore(self.backup[0])
        self.trace.append(f"a backup of {self.backup[1]} entries is restored")
        log = self._log(Process("restored"), 0)
        newer = [note for note in self.ledger.kept if parse_checkpoint(parse_note(note).text).size > self.backup[1]]
        for note in newer:
            if verify_log(log, earlier=[note]).is_consistent:
                raise BrokenError("a kept checkpoint does not contradict a log that was restored from an older copy")
        if not verify_log(LogReader(log.store, self.keys)).is_consistent:
            raise BrokenError("a restored copy is damaged")
        signed = max((parse_checkpoint(note.text).size for note in self.network.cosigned), default=0)
        if signed > self.backup[1]:
            self.network.calm()
            try:
                self.anchor.check(log)
            except LogCorruptError:
                return True
            raise BrokenError("the witness does not contradict a log that was restored from an older copy")
        return True
