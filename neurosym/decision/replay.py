"""Replay: a decision executed again from the log alone, and its bytes compared (audit: Replay)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.decision import recorder as names
from neurosym.decision.case_record import CaseRecord, read_case_record
from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import deliberate
from neurosym.decision.difference import first_difference
from neurosym.decision.knowledge import Knowledge, gather_knowledge
from neurosym.decision.plan import Plan, concluded, prepare
from neurosym.decision.recorded import document_from, read_object, read_objects, strict, text_at
from neurosym.decision.recording import RecordedPanel, Recording
from neurosym.decision.ruleset import Ruleset, checked_ruleset
from neurosym.engine.evaluator import Evaluate, compiled_evaluator
from neurosym.engine.situation import LIMITS, Limits
from neurosym.judgment.attempt import Attempt, read_attempt
from neurosym.judgment.calibration.artefact import Artefact
from neurosym.judgment.calibration.artefact_document import read_artefact
from neurosym.judgment.configuration import Configuration
from neurosym.judgment.configuration_file import read_configuration
from neurosym.text.diagnostic import Report
from neurosym.text.failure import DiagnosticsError, Failure, ReplayError
from neurosym.text.span import Source
from neurosym.values.canonical import Json, canonical_bytes


class ReplayStatus(Enum):
    """How a decision compares when it is executed again."""

    IDENTICAL = "identical"
    DIFFERENT = "different"
    ENGINE_MISMATCH = "engine mismatch"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one decision. An engine mismatch compares all the same; `difference` is the first one found."""

    entry: Entry
    status: ReplayStatus
    difference: str | None

    @property
    def agrees(self) -> bool:
        """True when the bytes are the same, whatever engine gave them."""
        return self.difference is None

    @property
    def json(self) -> Json:
        """The verdict as `replay --format json` writes it."""
        return {
            "decision": self.entry.decision,
            "seq": self.entry.seq,
            "status": self.status.value,
            "difference": self.difference,
        }


class Replayer:
    """Replays the decisions of one log; rulesets and facts that several share are read once."""

    def __init__(self, log: LogReader) -> None:
        self.log = log
        self._ruleset = cache(self._read_ruleset)
        self._configuration = cache(self._read_configuration)
        self._evaluator = cache(self._made_evaluator)
        self._held: tuple[tuple[object, ...], Knowledge] | None = None

    def all(self) -> Iterator[Replayed]:
        """Every decision of the log, in order."""
        for entry in self.log.decisions():
            yield self.replay(entry)

    def replay(self, entry: Entry) -> Replayed:
        """One decision executed again. LogError when the log cannot give what it recorded."""
        try:
            decision = self.executed(entry)
        except (ReplayError, DiagnosticsError) as error:
            return Replayed(entry, ReplayStatus.DIFFERENT, str(error))
        difference = self._difference(entry, decision)
        if decision.digests["engine"] != entry.digests.get("engine"):
            return Replayed(entry, ReplayStatus.ENGINE_MISMATCH, difference)
        return Replayed(entry, ReplayStatus.IDENTICAL if difference is None else ReplayStatus.DIFFERENT, difference)

    def executed(self, entry: Entry) -> Decision:
        """The decision that the recorded input and answers give now; ReplayError where they do not fit together."""
        plan, ruleset, configuration = self.plan(entry)
        limits = self._record(entry).limits
        panel = RecordedPanel(Recording(self.effects(entry)), configuration)
        try:
            found = deliberate(plan.case, panel, lambda _: None, limits, self._evaluator(self._record(entry).ruleset))
        except ReplayError:
            raise
        except Failure as error:
            raise ReplayError(f"it cannot be executed: {error}") from error
        panel.finish()
        return concluded(plan, found, ruleset.digest, limits)

    def evaluator(self, entry: Entry) -> Evaluate:
        """The evaluator of the ruleset that a decision was made by."""
        return self._evaluator(self._record(entry).ruleset)

    def _made_evaluator(self, ruleset: int) -> Evaluate:
        return compiled_evaluator(self._ruleset(ruleset).program)

    def plan(self, entry: Entry) -> tuple[Plan, Ruleset, Configuration]:
        """What was decided, by which ruleset, with which tiers."""
        case = self._record(entry)
        ruleset = self._ruleset(case.ruleset)
        if ruleset.digest != entry.digests.get("program"):
            raise ReplayError("the recorded sources are not the recorded program: their digests differ")
        configuration = Configuration() if case.configuration is None else self._configuration(case.configuration)
        return self.plan_by(entry, ruleset), ruleset, configuration

    def plan_by(self, entry: Entry, ruleset: Ruleset) -> Plan:
        """What was decided, by whatever ruleset. InputError where that does not take the recorded input."""
        case = self._record(entry)
        knowledge = self._knowledge(entry, ruleset, has_graph=case.has_graph)
        assert entry.decision is not None
        trust = ruleset.trust(case.asked_on)
        return prepare(ruleset.program, entry.decision, case.decision, case.request, knowledge, case.on, trust)

    def used(self, entry: Entry) -> tuple[Ruleset, Configuration, Limits]:
        """The ruleset, the tiers and the limits that a decision was made with."""
        case = self._record(entry)
        configuration = Configuration() if case.configuration is None else self._configuration(case.configuration)
        return self._ruleset(case.ruleset), configuration, case.limits

    def entries_used(self, entry: Entry) -> tuple[int, int | None]:
        """The entries that hold the decision's ruleset and its tiers."""
        case = self._record(entry)
        return case.ruleset, case.configuration

    def _record(self, entry: Entry) -> CaseRecord:
        return read_case_record(self.log.content(entry, names.CASE))

    def effects(self, entry: Entry) -> list[tuple[int, Attempt]]:
        """The attempts that the decision used, in the order in which it did."""
        return [(seq, read_attempt(self.log.content(self.log.entry(seq), names.ATTEMPT))) for seq in entry.effects]

    def _difference(self, entry: Entry, decision: Decision) -> str | None:
        for name, now in ((names.RESULT, decision.result_bytes), (names.PROOF, decision.proof_bytes)):
            then = self.log.content(entry, name)
            if then != now:
                return f"{name}: {first_difference(then, now)}"
        return _envelope_difference(entry, decision)

    # --- what several decisions share

    def _knowledge(self, entry: Entry, ruleset: Ruleset, *, has_graph: bool) -> Knowledge:
        recorded = {link.name: link for link in entry.payloads}
        if has_graph != (names.GRAPH in recorded):
            raise ReplayError("the recorded case and the entry differ on whether there was a graph")
        graph = recorded.get(names.GRAPH)
        parts = names.fact_parts(entry)
        key = (parts, graph, ruleset.digest)
        if self._held is None or self._held[0] != key:
            documents = [each for part in parts for each in read_objects(self.log.payload(part), "facts")]
            facts = [document_from(each, "facts") for each in documents]
            graphs = None if graph is None else [("snapshot.nq", self.log.payload(graph))]
            self._held = (key, gather_knowledge(ruleset.program, facts, graphs))
        return self._held[1]

    def _read_ruleset(self, seq: int) -> Ruleset:
        entry = self.log.entry(seq)
        sources = _texts(self.log.content(entry, names.SOURCES), "sources")
        ontologies = _texts(self.log.content(entry, names.ONTOLOGIES), "ontologies")
        found = checked_ruleset(
            [Source(name, text) for name, text in sources], [(name, text.encode()) for name, text in ontologies]
        )
        return found.calibrated(self._calibrations(entry))

    def _calibrations(self, entry: Entry) -> tuple[Artefact, ...]:
        """The calibrations that lay beside a recorded ruleset."""
        report = Report()
        documents = read_objects(self.log.content(entry, names.CALIBRATIONS), "calibrations")
        found = [read_artefact(canonical_bytes(each), "calibrations", report) for each in documents]
        if report.has_errors:
            raise ReplayError("the recorded calibrations are not what was recorded")
        return tuple(each for each in found if each is not None)

    def _read_configuration(self, seq: int) -> Configuration:
        content = self.log.content(self.log.entry(seq), names.CONFIGURATION)
        return read_configuration(read_object(content, "configuration"))


def _texts(content: bytes, name: str) -> list[tuple[str, str]]:
    """The names and texts of recorded files."""
    files = [strict(each, {"name", "text"}, name) for each in read_objects(content, name)]
    return [(text_at(each, "name"), text_at(each, "text")) for each in files]


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
