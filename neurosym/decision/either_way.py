"""Either way: decided whatever becomes of the unknowns, though none of them decides it by itself (language §5.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from neurosym.engine.fact_table import find_fact, with_contents
from neurosym.engine.situation import Situation
from neurosym.engine.verdict import Status, Verdict
from neurosym.program.program import Program
from neurosym.values.encoding import sorted_reasons
from neurosym.values.unknown import Asked, MissingValue, OneOf, Question, Reason
from neurosym.values.value import Fact, Value


@dataclass(frozen=True, slots=True)
class EitherWay:
    """The outcome of every combination of answers and values that the unknowns `over` may have."""

    outcome: str
    over: tuple[Reason, ...]
    combinations: int


@dataclass(slots=True)
class _Trial:
    """Combinations being tried: one unknown after another, as long as they matter."""

    program: Program
    evaluate: Callable[[Situation], Verdict]
    left: int  # evaluations that may still be made
    outcome: str | None = None
    over: set[Reason] = field(default_factory=set)
    combinations: int = 0

    def agrees(self, situation: Situation, found: Verdict) -> bool:
        """Whether all that may become of the situation has one outcome, that of everything tried before."""
        if found.status is not Status.UNDECIDED:
            return found.status is Status.DECIDED and self._is_same(found.outcome)
        chosen = self._next(situation, found.reasons)
        if chosen is None:
            return False
        reason, options = chosen
        self.over.add(reason)
        return all(self._agrees_with(situation, reason, option) for option in options)

    def _agrees_with(self, situation: Situation, reason: Reason, option: Value) -> bool:
        if not self.left:
            return False
        self.left -= 1
        settled = _settled(situation, reason, option)
        return self.agrees(settled, self.evaluate(settled))

    def _is_same(self, outcome: str | None) -> bool:
        self.combinations += 1
        self.outcome = self.outcome or outcome
        return self.outcome == outcome

    def _next(self, situation: Situation, reasons: Iterable[Reason]) -> tuple[Reason, tuple[Value, ...]] | None:
        """The unknown of the smallest range; None when none has a finite one. Questions come first: once answered, they
        leave what is not supplied as not proven where a burden lies on it.
        """
        found = [(each, _options(self.program, situation, each)) for each in sorted_reasons(reasons)]
        finite = [each for each in found if each[1]]
        return min(finite, key=lambda each: (not isinstance(each[0], Asked), len(each[1])), default=None)


def either_way(
    program: Program,
    situation: Situation,
    found: Verdict,
    combinations_max: int,
    evaluate: Callable[[Situation], Verdict],
) -> EitherWay | None:
    """The outcome that all combinations agree on, where the verdict of the situation has none; None when they do not
    agree, when what matters has no finite range, or when there are too many.
    """
    if found.status is not Status.UNDECIDED:
        return None
    trial = _Trial(program, evaluate, combinations_max)
    if not trial.agrees(situation, found) or trial.outcome is None:
        return None
    return EitherWay(trial.outcome, tuple(sorted_reasons(trial.over)), trial.combinations)


def _options(program: Program, situation: Situation, reason: Reason) -> tuple[Value, ...]:
    """What the unknown may be, in the order of its declaration; empty where that is not finite."""
    match reason:
        case Asked():
            return program.judgments[reason.question.judgment].answers
        case MissingValue():
            domain = program.fact_types[reason.of.type].by_name[reason.field].domain
            is_given = find_fact(situation.facts, reason.of) is not None
            values = domain.values if isinstance(domain, OneOf) and is_given else frozenset()
            return tuple(sorted(values, key=lambda value: (str(type(value)), str(value))))
        case _:
            return ()


def _settled(situation: Situation, reason: Reason, value: Value) -> Situation:
    """The situation in which the unknown has this value."""
    match reason:
        case Asked():
            return replace(situation, answers={**situation.answers, reason.question: value})
        case MissingValue():
            held = find_fact(situation.facts, reason.of)
            assert held is not None
            facts = with_contents(situation.facts, Fact(held.type, held.key, {**held.fields, reason.field: value}))
            answers = {_about(question, reason, value): answer for question, answer in situation.answers.items()}
            return replace(situation, facts=facts, answers={**situation.answers, **answers})
        case _:
            raise AssertionError(reason)


def _about(question: Question, reason: MissingValue, value: Value) -> Question:
    """The question once the value is known: what was answered stays answered (language §5.6)."""
    read = {f"{name}.{reason.field}" for name, reference in question.args if reference == reason.of}
    content = tuple((path, value if path in read else held) for path, held in question.content)
    return replace(question, content=content)
