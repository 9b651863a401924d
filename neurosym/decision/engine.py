"""The engine: a ruleset, its judge and its log, ready to decide."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from neurosym.audit.log import DecisionLoggedError, Log
from neurosym.decision import problems
from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import deliberate
from neurosym.decision.intake import Document
from neurosym.decision.knowledge import FactRows, Knowledge, gather_knowledge
from neurosym.decision.panel import JudgePanel, NoPanel, Panel, SuppliedPanel
from neurosym.decision.plan import Plan, concluded, prepare
from neurosym.decision.recorder import Recorder
from neurosym.decision.replay import decision_in_log, is_same_request
from neurosym.decision.ruleset import Ruleset
from neurosym.decision.second_opinion import DisagreementError, agreed
from neurosym.engine.kept import KeptStrata
from neurosym.engine.model import Model
from neurosym.engine.second.opinion import Opinion, SecondOpinion
from neurosym.engine.situation import LIMITS, Limits
from neurosym.judgment.attempt import Attempt, attempt_json
from neurosym.judgment.judge import Judge
from neurosym.judgment.route import check_routes, data_classes
from neurosym.judgment.supplied import SuppliedAnswer, unmatched
from neurosym.program.program import Program, key_fields
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.failure import Failure, InputError, LogError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import is_unicode

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Linked:
    """An earlier decision that this one follows: its entry, who answers now, and what is recorded already."""

    previous: int
    ruleset: int  # the entries that hold its ruleset and its tiers
    configuration: int | None
    panel: Panel
    recorded: Mapping[bytes, int] = field(default_factory=dict)  # attempts as logged, and their entries


class Engine:
    """Decides by one ruleset. Without a log nothing can be proven later, so `log=None` must be spelled out."""

    def __init__(
        self,
        ruleset: Ruleset,
        *,
        log: Log | None,
        judge: Judge | None = None,
        limits: Limits = LIMITS,
        actor: str = "engine",
        entropy: Entropy = secrets.token_bytes,
        second_opinion: SecondOpinion | None = None,
    ) -> None:
        """InputError when a judgment's route names a tier that the judge does not have.

        With a `second_opinion`, no decision with which it disagrees is made; where it has none, the decision says why.
        """
        self.ruleset = ruleset
        self.log = log
        self.judge = judge
        self.limits = limits
        self.warnings = _checked_routes(ruleset.program, judge)
        self._entropy = entropy
        self._second_opinion = second_opinion
        self._kept = KeptStrata()
        self._panel: Panel = JudgePanel(judge) if judge else NoPanel()
        self._recorder = Recorder(log, ruleset, judge.configuration if judge else None, actor) if log else None

    def know(
        self, facts: FactRows | Sequence[Document] = (), graphs: Sequence[tuple[str, bytes]] | None = None
    ) -> Knowledge:
        """Facts and graphs read once, for any number of decisions; InputError with every problem."""
        documents = [Document("facts", facts)] if isinstance(facts, Mapping) else list(facts)
        return gather_knowledge(self.ruleset.program, documents, graphs)

    def decide(
        self,
        decision: str,
        request: Mapping[str, object] | Document,
        *,
        facts: FactRows | Knowledge | None = None,
        on: date | None = None,
        answers: Sequence[SuppliedAnswer] = (),
        request_id: str | None = None,
        linked: Linked | None = None,
    ) -> Decision:
        """The decision, durable in the log before it is returned.

        InputError when the request or the facts are refused; Failure when the world broke: then there is no decision.
        With a `request_id` that the log knows, the decision logged for it is returned instead of a second one.
        """
        knowledge = facts if isinstance(facts, Knowledge) else self.know(facts or ())
        document = request if isinstance(request, Document) else Document("request", request)
        plan = prepare(self.ruleset.program, self._entropy(16).hex(), decision, document, knowledge, on)
        known = self._logged_before(plan, request_id)
        if known is not None:
            return known
        supplied = SuppliedPanel(answers, key_fields(self.ruleset.program), linked.panel if linked else self._panel)
        entries = self._entries(linked)
        effects: list[int] = []
        try:
            found = deliberate(
                plan.case, supplied, self._recording(plan.case.id, effects, linked), self.limits, self._kept
            )
            opinion = self._opinion(found.model)
        except Failure as error:
            self._log_failure(plan.case.id, error)
            raise
        if supplied.unused:
            raise InputError([unmatched(each) for each in supplied.unused])
        decided = concluded(plan, found, self.ruleset.digest, self.limits).with_opinion(opinion)
        if self._recorder is None or entries is None:
            return decided
        case = plan.record(*entries, self.limits)
        previous = linked.previous if linked else None
        try:
            self._recorder.decision(decided, case, knowledge, tuple(effects), previous=previous, request_id=request_id)
        except DecisionLoggedError:  # a retry was faster than the request it repeats
            known = self._logged_before(plan, request_id)
            if known is None:
                raise
            return known
        return decided.as_logged()

    def _opinion(self, model: Model) -> Opinion | None:
        """What the second opinion says, where one is wanted; DisagreementError when it is another."""
        return None if self._second_opinion is None else agreed(self._second_opinion.on(model))

    def _logged_before(self, plan: Plan, request_id: str | None) -> Decision | None:
        """The decision that was logged for the request; InputError NS530 when the id names another request."""
        if request_id is not None and not is_unicode(request_id):
            raise InputError([problems.half_character(JsonPath("request_id"))])
        entry = self.log.request(request_id) if request_id is not None and self.log is not None else None
        if entry is None or self.log is None:
            return None
        if not is_same_request(self.log, entry, plan):
            raise InputError([problems.other_request(request_id or "")])
        return decision_in_log(self.log, entry)

    def _recording(self, decision: str, effects: list[int], linked: Linked | None) -> Callable[[Attempt], None]:
        """Makes every attempt durable before it is used, those aside that the linked decision already recorded."""
        recorder = self._recorder

        def record(attempt: Attempt) -> None:
            held = linked.recorded.get(attempt_json(attempt)) if linked else None
            if held is not None:
                effects.append(held)
            elif recorder is not None:
                effects.append(recorder.attempt(decision, attempt))

        return record

    def _entries(self, linked: Linked | None) -> tuple[int, int | None] | None:
        """The entries of the ruleset and the tiers, recorded before anything is decided by them; None without a log."""
        if self._recorder is None:
            return None
        if linked is not None:
            return linked.ruleset, linked.configuration
        return self._recorder.installed(), self._recorder.configured()

    def _log_failure(self, decision: str, error: Failure) -> None:
        """Leave a trace of the failure if the log still takes one; the failure itself is what the caller must see."""
        if self._recorder is None:
            return
        try:
            opinion = error.opinion.json if isinstance(error, DisagreementError) else None
            self._recorder.failure(decision, str(error), opinion)
        except LogError as second:
            error.add_note(f"and the failure could not be logged: {second}")


def _checked_routes(program: Program, judge: Judge | None) -> tuple[Diagnostic, ...]:
    if judge is None:
        return ()
    report = Report()
    classes = data_classes(program.fact_types.values())
    check_routes(program.judgments.values(), judge.configuration, classes, report)
    report.stop_on_errors(InputError)
    return report.warnings
