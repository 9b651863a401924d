"""The road of a decision: evaluate, ask what could change the outcome, evaluate again, then burdens (language §5.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from neurosym.decision.duty import duties
from neurosym.decision.either_way import EitherWay, either_way
from neurosym.decision.panel import Panel
from neurosym.engine.evaluator import Evaluate, compiled_evaluator
from neurosym.engine.model import Model
from neurosym.engine.reference import conflict_reason
from neurosym.engine.situation import LIMITS, Limits, Situation
from neurosym.engine.verdict import Status, Verdict, duties_of, verdict
from neurosym.feel.evaluation import Evaluator
from neurosym.feel.extent import failed
from neurosym.feel.order import sort_key
from neurosym.feel.typed import TypedExpr
from neurosym.judgment.acceptance import NO_TRUST, Trust
from neurosym.judgment.answer import Answer, Kind
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.hearing import Consultation
from neurosym.judgment.inquiry import Inquiry, Response
from neurosym.judgment.poll import Heard, Poll
from neurosym.judgment.route import DataClasses, data_classes
from neurosym.judgment.tier import Skipped, Waiting
from neurosym.judgment.validation import Examination, Holds
from neurosym.program.program import Decision, Program
from neurosym.text.failure import LimitError
from neurosym.values.unknown import Asked, Question, Reason, Standing, Unknown
from neurosym.values.value import Reference, Truth, Value


@dataclass(slots=True)
class Matter:
    """A question that was relevant, and how far its asking has come."""

    question: Question
    tried: list[str] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    answer: Answer | None = None
    standing: Standing = Standing.OPEN


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be decided, and in which situation."""

    id: str
    program: Program
    decision: Decision
    subject: tuple[Reference, ...]
    situation: Situation
    trust: Trust = NO_TRUST


@dataclass(frozen=True, slots=True)
class Deliberation:
    """Where the road ended. `burdens` is true when what must be proven was read as false to get there; `conflicts` are
    the facts with different contents that the outcome rests on. With `either_way` the model alone does not decide it.
    """

    case: Case
    model: Model
    verdict: Verdict
    matters: Mapping[Question, Matter]
    burdens: bool
    conflicts: tuple[Reference, ...] = ()
    either_way: EitherWay | None = None
    uncontested: Verdict | None = None  # what follows while nothing is said of the facts in conflict
    doubting: Model | None = None  # the model with facts that contradict one another in doubt, where there are some

    @property
    def duty_model(self) -> Model:
        """What duties are told by: one that rests on facts that contradict one another is only possible."""
        return self.model if self.doubting is None else self.doubting


def deliberate(
    case: Case,
    panel: Panel,
    record: Callable[[Attempt], None],
    limits: Limits = LIMITS,
    evaluate: Evaluate | None = None,
    seconds: Callable[[], float] = lambda: 0,
) -> Deliberation:
    """The end of the road: decided, or undecided with nothing left to ask. LimitError when a bound is reached.

    `seconds` tells how long it has taken so far; a replay takes what it takes.
    """
    return _Road(case, panel, record, limits, evaluate or compiled_evaluator(case.program), seconds).walked()


class _Road:
    def __init__(
        self,
        case: Case,
        panel: Panel,
        record: Callable[[Attempt], None],
        limits: Limits,
        evaluate: Evaluate,
        seconds: Callable[[], float],
    ) -> None:
        self.evaluate = evaluate
        self.seconds = seconds
        self.case = case
        self.panel = panel
        self.record = record
        self.limits = limits
        self.matters: dict[Question, Matter] = {}
        self.classes: DataClasses = data_classes(case.program.fact_types.values())

    def walked(self) -> Deliberation:
        """The end of the road, walked again for as long as somebody stronger answers what it may not rest on."""
        end = self._walked_once()
        while self._ask_stronger(end):
            end = self._walked_once()
        return end

    def _walked_once(self) -> Deliberation:
        model, found = self._evaluated(self._situation())
        either = self._either_way(found)
        while self._ask(model, self._matter(model, found, either)):
            model, found = self._evaluated(self._situation())
        if found.status is Status.DECIDED:  # what was asked for the duties decides the outcome, too
            either = None
        burdens = False
        if found.status is not Status.DECIDED and either is None:
            model, found = self._evaluated(self._situation(), prior=model)
            either = self._either_way(found, burdens=True)
            burdens = True
        end = Deliberation(self.case, model, found, self.matters, burdens)
        return self._uncontested(self._as_needed(_decided_either_way(end, either)))

    def _either_way(
        self, found: Verdict, *, burdens: bool = False, situation: Situation | None = None
    ) -> EitherWay | None:
        """The outcome that all combinations of what the unknowns may be agree on."""
        evaluate_one = partial(self._verdict_of, burdens=burdens)
        limit = self.limits.combinations_max
        return either_way(self.case.program, situation or self._situation(), found, limit, evaluate_one)

    def _verdict_of(self, situation: Situation, *, burdens: bool) -> Verdict:
        """The verdict in a situation; a conflict where facts contradict one another."""
        model, found = self._evaluated(situation)
        if burdens and found.status is Status.UNDECIDED:
            model, found = self._evaluated(situation, prior=model)
        return replace(found, has_conflict=True) if model.conflicts() else found

    def _evaluated(
        self, situation: Situation, prior: Model | None = None, contested: frozenset[Reference] = frozenset()
    ) -> tuple[Model, Verdict]:
        if self.seconds() > self.limits.seconds_max:
            allowed = f"more than {self.limits.seconds_max} seconds (seconds_max)"
            raise LimitError(f"{allowed} for `{self.case.decision.name}`")
        model = self.evaluate(situation, self.limits, prior, contested)
        return model, verdict(model, self.case.decision, self.case.subject)

    def _situation(self, keep: Callable[[Answer], bool] = lambda _: True) -> Situation:
        answers: dict[Question, Value] = {
            question: matter.answer.value
            for question, matter in self.matters.items()
            if matter.answer is not None and keep(matter.answer)
        }
        standings = {question: matter.standing for question, matter in self.matters.items()}
        return replace(self.case.situation, answers=answers, standings=standings)

    # --- asking

    def _matter(self, model: Model, found: Verdict, either: EitherWay | None) -> frozenset[Reason]:
        """Why the outcome is open; with `settle duties`, also why a duty of the subject is."""
        is_open = found.status is Status.UNDECIDED and either is None
        reasons = found.reasons if is_open else frozenset[Reason]()
        if not self.case.decision.settle_duties:
            return reasons
        listed = duties(self.case.program, duties_of(model, self.case.subject))
        return reasons.union(*(duty.open for duty in listed))

    def _ask(self, model: Model, reasons: frozenset[Reason]) -> bool:
        """Ask every open question among the reasons at its next tier, the cheapest tier first; True when something was
        said.
        """
        ranked: dict[int, list[tuple[Matter, str]]] = {}
        for question in _open_questions(reasons):
            matter = self.matters.setdefault(question, Matter(question))
            if len(self.matters) > self.limits.questions_max:
                allowed = f"more than {self.limits.questions_max} questions (questions_max)"
                raise LimitError(f"{allowed} for `{self.case.decision.name}`; the last of `{question.judgment}`")
            tier = self._next(matter)
            if tier is not None:
                ranked.setdefault(len(matter.tried), []).append((matter, tier))
        return self._consult_cheapest(ranked, model)

    def _ask_stronger(self, end: Deliberation) -> bool:
        """Ask the next tiers about answers that the outcome may not rest on and that keep it open; True when something
        was said.
        """
        ranked: dict[int, list[tuple[Matter, str]]] = {}
        for question in _open_questions(end.verdict.reasons):
            matter = self.matters.get(question)
            if matter is None or matter.answer is None or matter.standing is not Standing.OPEN:
                continue
            tier = self._next(matter)
            if tier is not None:
                ranked.setdefault(len(matter.tried), []).append((matter, tier))
        return self._consult_cheapest(ranked, end.model)

    def _consult_cheapest(self, ranked: Mapping[int, Sequence[tuple[Matter, str]]], model: Model) -> bool:
        if not ranked:
            return False
        self._consult(ranked[min(ranked)], model)
        return True

    def _next(self, matter: Matter) -> str | None:
        judgment = self.case.program.judgments[matter.question.judgment]
        return self.panel.next_tier(judgment, matter.question, frozenset(matter.tried))

    def _consult(self, matters: Sequence[tuple[Matter, str]], model: Model) -> None:
        """Ask each question at its tier, all at the same time."""
        holds = check_condition(model)
        asked = [Consultation(tier, self._inquiry(matter, holds)) for matter, tier in matters]
        for (matter, tier), response in zip(matters, self.panel.ask(asked, self.record), strict=True):
            matter.tried.append(tier)
            self._take(matter, response)

    def _inquiry(self, matter: Matter, holds: Holds) -> Inquiry:
        judgment = self.case.program.judgments[matter.question.judgment]
        case, earlier = self.case, tuple(matter.heard)
        return Inquiry(judgment, matter.question, holds, self.classes, case.id, earlier, case.trust)

    def _take(self, matter: Matter, response: Response) -> None:
        match response:
            case Waiting():
                matter.standing = Standing.WAITING
            case Skipped():
                matter.skipped.append(response)
            case Examination() | Poll():
                matter.heard.append(response)
                matter.answer = response.answer or matter.answer
        if matter.answer is None and matter.standing is Standing.OPEN and self._next(matter) is None:
            matter.standing = Standing.EXHAUSTED

    # --- conflicts

    def _uncontested(self, found: Deliberation) -> Deliberation:
        """The deliberation if its outcome stands whichever of conflicting contents is true, else the conflict."""
        contested = frozenset(found.model.conflicts())
        if not contested:
            return found
        situation = found.model.world.situation
        model, again = self._evaluated(situation, contested=contested)
        if found.burdens:
            model, again = self._evaluated(situation, model, contested)
        found = replace(found, doubting=model)
        rests_on = tuple(sorted((of for of in contested if conflict_reason(of) in again.reasons), key=sort_key))
        if not rests_on:
            return found
        possible = {*found.verdict.possible, *again.possible}
        ranked = tuple(outcome for outcome in self.case.decision.outcomes if outcome in possible)
        conflict = replace(found.verdict, possible=ranked, reasons=again.reasons, has_conflict=True)
        return replace(found, verdict=conflict, conflicts=rests_on, uncontested=again)

    # --- needs

    def _as_needed(self, found: Deliberation) -> Deliberation:
        """The deliberation where the outcome rests on no weaker answers than it needs; else with those taken away."""
        for need in self.case.decision.needs:
            if found.verdict.outcome != need.outcome:
                continue
            if all(matter.answer is None or _suffices(need.kind, matter.answer) for matter in self.matters.values()):
                continue
            situation = self._situation(partial(_suffices, need.kind))
            model, again = self._evaluated(situation)
            if found.burdens and again.status is not Status.DECIDED:
                model, again = self._evaluated(situation, prior=model)
            either = self._either_way(again, burdens=found.burdens, situation=situation)
            if (either.outcome if either else again.outcome) != need.outcome:
                return replace(found, model=model, verdict=again, either_way=None)
        return found


def _decided_either_way(found: Deliberation, either: EitherWay | None) -> Deliberation:
    if either is None:
        return found
    decided = replace(found.verdict, possible=(either.outcome,), reasons=frozenset())
    return replace(found, verdict=decided, either_way=either)


def _suffices(need: str, answer: Answer) -> bool:
    """Whether an outcome with this need may rest on the answer (judgments: `needs`)."""
    match need:
        case "no judgment":
            return False
        case "person":
            return answer.kind in (Kind.PERSON, Kind.SUPPLIED)
        case "calibrated":
            return answer.counts_as_calibrated
        case _:
            raise AssertionError(need)


def _open_questions(reasons: Iterable[Reason]) -> list[Question]:
    """The questions that are still open, in an order that depends on their content alone."""
    asked = [reason.question for reason in reasons if isinstance(reason, Asked) and reason.standing is Standing.OPEN]
    return sorted(asked, key=question_order)


def question_order(question: Question) -> tuple[str, str]:
    """Orders questions by judgment and the keys they are about."""
    return question.judgment, sort_key(tuple(reference for _, reference in question.args))


def check_condition(model: Model) -> Callable[[TypedExpr, Mapping[str, Value]], Truth]:
    """Whether a check's condition is true of the facts of the model."""

    def holds(condition: TypedExpr, environment: Mapping[str, Value]) -> Truth:
        value = Evaluator(model.world).value(condition, environment)
        return value if isinstance(value, (bool, Unknown)) else failed("a check is true or false", condition.span)

    return holds
