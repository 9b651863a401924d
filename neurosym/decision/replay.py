"""Replay: a decision executed again from the log alone, and its bytes compared (audit: Replay)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.decision import recorder as names
from neurosym.decision.case_record import CaseRecord, read_case_record
from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import deliberate
from neurosym.decision.difference import first_difference
from neurosym.decision.plan import Plan, concluded, prepare
from neurosym.decision.recording import Recorded, RecordedPanel, Recording
from neurosym.decision.ruleset import Ruleset
from neurosym.decision.shared_record import SharedRecord
from neurosym.engine.evaluator import Evaluate
from neurosym.engine.situation import LIMITS, Limits
from neurosym.judgment.attempt import read_attempt
from neurosym.judgment.configuration import Configuration
from neurosym.text.failure import DiagnosticsError, ErasedError, Failure, ReplayError
from neurosym.values.canonical import Json


class ReplayStatus(Enum):
    """How a decision compares when it is executed again."""

    IDENTICAL = "identical"
    DIFFERENT = "different"
    ENGINE_MISMATCH = "engine mismatch"
    ERASED = "not replayable (erased)"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one decision: its id, and its entry by number, with the row where that is of a batch. An engine
    mismatch compares all the same; `difference` is the first one found, `message` says why nothing could be compared.
    """

    decision: str | None
    seq: int
    status: ReplayStatus
    difference: str | None = None
    message: str | None = None
    row: int | None = None

    @property
    def agrees(self) -> bool:
        """True when the bytes are the same, whatever engine gave them."""
        return self.difference is None and self.status is not ReplayStatus.ERASED

    @property
    def differs(self) -> bool:
        """True when the bytes are others; what was erased neither agrees nor differs."""
        return self.difference is not None

    @property
    def json(self) -> Json:
        """The verdict as `replay --format json` writes it."""
        return {
            "decision": self.decision,
            "seq": self.seq,
            "status": self.status.value,
            "difference": self.difference,
            "message": self.message,
            **({} if self.row is None else {"row": self.row}),
        }


@dataclass(frozen=True, slots=True)
class Readied:
    """A decision with all that it takes to execute it: nothing more is read from the log."""

    plan: Plan
    ruleset: Ruleset
    configuration: Configuration
    effects: list[Recorded]
    limits: Limits
    evaluate: Evaluate


class Replayer:
    """Replays the decisions of one log; rulesets and facts that several share are read once. For one thread."""

    def __init__(self, log: LogReader) -> None:
        self.log = log
        self._shared = SharedRecord(log)
        self._case: tuple[Entry, CaseRecord] | None = None  # of the decision that was last spoken of

    def all(self) -> Iterator[Replayed]:
        """Every decision of the log, in order."""
        for entry in self.log.decisions():
            yield self.replay(entry)

    def replay(self, entry: Entry) -> Replayed:
        """One decision executed again. LogError when the log cannot give what it recorded."""
        try:
            with self.log.store.reading():  # one view of it all, given back before anything is executed
                readied = self._readied(entry)
                then = {name: self.log.content(entry, name) for name in (names.RESULT, names.PROOF)}
            decision = execute(readied)
        except ErasedError as error:
            return Replayed(entry.decision, entry.seq, ReplayStatus.ERASED, message=str(error))
        except (ReplayError, DiagnosticsError) as error:
            return Replayed(entry.decision, entry.seq, ReplayStatus.DIFFERENT, str(error))
        difference = _difference(then, decision) or _envelope_difference(entry, decision)
        status = ReplayStatus.IDENTICAL if difference is None else ReplayStatus.DIFFERENT
        if decision.digests["engine"] != entry.digests.get("engine"):
            status = ReplayStatus.ENGINE_MISMATCH
        return Replayed(entry.decision, entry.seq, status, difference)

    def executed(self, entry: Entry) -> Decision:
        """The decision that the recorded input and answers give now; ReplayError where they do not fit together."""
        with self.log.store.reading():
            readied = self._readied(entry)
        return execute(readied)

    def evaluator(self, entry: Entry) -> Evaluate:
        """The evaluator of the ruleset that a decision was made by."""
        return self._shared.executable(self._record(entry).ruleset).evaluate

    def plan(self, entry: Entry) -> tuple[Plan, Ruleset, Configuration]:
        """What was decided, by which ruleset, with which tiers."""
        ruleset, configuration, _ = self.used(entry)
        if ruleset.digest != entry.digests.get("program"):
            raise ReplayError("the recorded sources are not the recorded program: their digests differ")
        return self.plan_by(entry, ruleset), ruleset, configuration

    def plan_by(self, entry: Entry, ruleset: Ruleset) -> Plan:
        """What was decided, by whatever ruleset. InputError where that does not take the recorded input."""
        assert entry.decision is not None
        return self.plan_of(entry, entry.decision, self._record(entry), ruleset)

    def plan_of(self, entry: Entry, name: str, case: CaseRecord, ruleset: Ruleset) -> Plan:
        """The same of a case that is not the entry's own, such as that of a row of a batch."""
        knowledge = self._shared.knowledge(entry, ruleset, has_graph=case.has_graph)
        trust = ruleset.trust(case.asked_on)
        return prepare(ruleset.program, name, case.decision, case.request, knowledge, case.on, trust)

    def used(self, entry: Entry) -> tuple[Ruleset, Configuration, Limits]:
        """The ruleset, the tiers and the limits that a decision was made with."""
        case = self._record(entry)
        tiers = case.configuration
        configuration = Configuration() if tiers is None else self._shared.configuration(tiers)
        return self._shared.executable(case.ruleset).ruleset, configuration, case.limits

    def entries_used(self, entry: Entry) -> tuple[int, int | None]:
        """The entries that hold the decision's ruleset and its tiers."""
        case = self._record(entry)
        return case.ruleset, case.configuration

    def effects(self, entry: Entry) -> list[Recorded]:
        """The attempts that the decision used, in the order in which it did."""
        return [(seq, read_attempt(self.log.content(self.log.entry(seq), names.ATTEMPT))) for seq in entry.effects]

    def _record(self, entry: Entry) -> CaseRecord:
        if self._case is None or self._case[0] is not entry:
            self._case = entry, read_case_record(self.log.content(entry, names.CASE))
        return self._case[1]

    def _readied(self, entry: Entry) -> Readied:
        plan, ruleset, configuration = self.plan(entry)
        limits = self._record(entry).limits
        return Readied(plan, ruleset, configuration, self.effects(entry), limits, self.evaluator(entry))


def execute(of: Readied) -> Decision:
    """The decision that comes out now; ReplayError where what was recorded does not fit together."""
    panel = RecordedPanel(Recording(of.effects), of.configuration)
    try:
        found = deliberate(of.plan.case, panel, lambda _: None, of.limits, of.evaluate)
    except ReplayError:
        raise
    except Failure as error:
        raise ReplayError(f"it cannot be executed: {error}") from error
    panel.finish()
    return concluded(of.plan, found, of.ruleset.digest, of.limits)


def _difference(then: Mapping[str, bytes], decision: Decision) -> str | None:
    for name, now in ((names.RESULT, decision.result_bytes), (names.PROOF, decision.proof_bytes)):
        if then[name] != now:
            return f"{name}: {first_difference(then[name], now)}"
    return None


def _envelope_difference(entry: Entry, decision: Decision) -> str | None:
    """Where the envelope says something else than the decision that it stands for."""
    parts = [each.digest for each in names.fact_parts(entry)]
    pairs: tuple[tuple[str, object, object], ...] = (
        ("on", entry.on, decision.on.isoformat()),
        ("outcome", entry.outcome, names.shown_outcome(decision)),
        ("codes", entry.codes, names.codes_of(decision)),
        ("result", entry.result, entry.payload_digest(names.RESULT)),
        ("digests.input", entry.digests.get("input"), entry.payload_digest(names.CASE)),
        (
            "digests.facts",
            entry.digests.get("facts"),
            names.facts_digest(parts),
        ),
        ("digests.graph", entry.digests.get("graph"), decision.digests["graph"]),
    )
    for name, then, now in pairs:
        if then != now:
            return f"envelope: {name} was {then} and is {now}"
    return None


def decision_in_log(log: LogReader, entry: Entry) -> Decision:
    """A logged decision as an object, executed again; ReplayError unless that gives the logged bytes."""
    replayer = Replayer(log)
    decision = replayer.executed(entry)
    if decision.result_bytes != log.content(entry, names.RESULT):
        raise ReplayError(f"entry {entry.seq} does not give the same result again")
    return decision.as_logged()


def is_same_request(log: LogReader, entry: Entry, plan: Plan) -> bool:
    """True when the logged decision is of the same decision, request and day as the plan."""
    return read_case_record(log.content(entry, names.CASE)).is_same_request(plan.record(0, None, LIMITS))
