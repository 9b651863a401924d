"""What is decided, over what, as of when: made the same way for a live decision and for its replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from neurosym.decision.case_record import CaseRecord
from neurosym.decision.decision import Decision, assemble
from neurosym.decision.deliberation import Case, Deliberation
from neurosym.decision.environment import engine_digest
from neurosym.decision.intake import Document, Intake, take_in
from neurosym.decision.knowledge import Knowledge
from neurosym.decision.plain import plain_request
from neurosym.decision.situation import decision_named, situation_of
from neurosym.engine.situation import Limits
from neurosym.judgment.acceptance import NO_TRUST, Trust
from neurosym.program.program import Decision as Decided
from neurosym.program.program import Program
from neurosym.text.failure import InputError
from neurosym.values.canonical import Digest, Json, digest
from neurosym.values.encoding import sort_json
from neurosym.values.size import InputReport


@dataclass(frozen=True, slots=True)
class Plan:
    """A case with the documents it was made from."""

    case: Case
    intake: Intake
    request: Document
    knowledge: Knowledge
    pinned: date | None

    def record(self, ruleset: int, configuration: int | None, limits: Limits) -> CaseRecord:
        """The case as the log keeps it; entries of ruleset and tiers by their sequence numbers."""
        has_graph = self.knowledge.snapshot is not None
        asked_on = self.case.trust.day
        return CaseRecord(
            self.case.decision.name, self.request, self.pinned, has_graph, ruleset, configuration, limits, asked_on
        )


def prepare(
    program: Program,
    name: str,
    decision: str,
    request: Document,
    knowledge: Knowledge,
    pinned: date | None,
    trust: Trust = NO_TRUST,
) -> Plan:
    """The case `name`; InputError when there is no such decision, or the request or the facts are refused."""
    wanted = decision_named(program, decision)
    report = InputReport()
    plain = plain_request(program, wanted, request, report)
    report.stop_on_errors(InputError)
    intake = take_in(program, wanted, plain, knowledge.standing(program))
    return planned(program, name, wanted, intake, plain, knowledge, pinned, trust)


def planned(
    program: Program,
    name: str,
    wanted: Decided,
    intake: Intake,
    plain: Document,
    knowledge: Knowledge,
    pinned: date | None,
    trust: Trust = NO_TRUST,
) -> Plan:
    """The case of what was taken in; InputError when the ruleset is not in force on its day, or the day is unknown."""
    situation = situation_of(program, wanted, intake, pinned)
    return Plan(Case(name, program, wanted, intake.subject, situation, trust), intake, plain, knowledge, pinned)


def concluded(plan: Plan, found: Deliberation, program: Digest, limits: Limits) -> Decision:
    """The decision that the deliberation of a plan came to."""
    warnings = (*plan.knowledge.warnings, *plan.intake.warnings)
    return assemble(found, _digests(plan, found, program, limits), warnings, limits)


def _digests(plan: Plan, found: Deliberation, program: Digest, limits: Limits) -> Mapping[str, Digest | None]:
    facts: Json = {name: table.digest for name, table in plan.intake.facts.tables.items() if len(table)}
    incomplete: Json = [*sorted(plan.intake.incomplete)]
    answers = sort_json([matter.answer.json for matter in found.matters.values() if matter.answer])
    return {
        "program": program,
        "engine": engine_digest(limits),
        "input": digest(plan.request.json),
        "facts": digest({"facts": facts, "incomplete": incomplete}),
        "graph": plan.knowledge.graph_digest,
        "answers": digest(answers),
    }
