"""What somebody who asks about a decision is told: why it is so, or what keeps it open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from neurosym.decision.deliberation import question_order
from neurosym.decision.duty import Duty
from neurosym.decision.either_way import EitherWay
from neurosym.decision.explanation.account import Account
from neurosym.decision.explanation.judgment import question_shown
from neurosym.decision.explanation.missing import Wanted, wanted
from neurosym.decision.explanation.reliance import answered
from neurosym.decision.explanation.step import Proven, explanation_of
from neurosym.decision.explanation.structure import Explanation, JudgmentShown
from neurosym.decision.explanation.value import written, written_call
from neurosym.engine.extension import Entry
from neurosym.engine.verdict import Reached, Status


@dataclass(frozen=True, slots=True)
class Why:
    """An account with the explanation asked for.

    `defeated` explains what exceptions took away; `asked` are the questions on the way that no step shows.
    """

    account: Account
    headline: str
    note: str | None
    explanation: Explanation
    defeated: Explanation
    asked: tuple[JudgmentShown, ...] = ()
    missing: tuple[Wanted, ...] = ()
    duties: tuple[Duty, ...] = ()
    not_proven: tuple[str, ...] = ()


def why_outcome(account: Account) -> Why:
    """Why the decision is what it is; undecided, why each outcome is still possible, and what is missing."""
    explanation = explanation_of(account, _roots(account))
    missing = wanted(account)
    taken_away = explanation_of(account, account.deliberation.verdict.defeated)
    steps = (*explanation.steps.values(), *taken_away.steps.values())
    shown = {judged.question for step in steps for judged in step.read}
    shown |= {each.judgment.question for each in missing if each.judgment}
    found = account.deliberation
    asked = [question for question in sorted(found.matters, key=question_order) if question not in shown]
    told = tuple(question_shown(found, question) for question in asked)
    explanation = replace(explanation, reliance=replace(explanation.reliance, others=answered(told)))
    return Why(
        account,
        headline(account),
        _note(account),
        explanation,
        taken_away,
        told,
        missing,
        account.decision.duties,
        account.decision.not_proven,
    )


def why_proven(account: Account, proven: Sequence[Proven]) -> Why:
    """Why these hold, or may hold."""
    return Why(account, headline(account), None, explanation_of(account, proven), explanation_of(account, ()))


def headline(account: Account) -> str:
    """The decision in one line."""
    decision = account.decision
    says = written_call(decision.decision, tuple(decision.subject.items()))
    if decision.status is Status.DECIDED:
        return f"{says} is {written(decision.outcome)}"
    possible = " or ".join(written(each) for each in decision.possible)
    return f"{says} is {'undecided' if decision.status is Status.UNDECIDED else 'in conflict'}: {possible}"


def _note(account: Account) -> str | None:
    """What the steps do not say."""
    found = account.deliberation
    if found.conflicts:
        return "it rests on facts that contradict one another"
    if account.decision.status is Status.CONFLICT:
        return "provisions conclude different outcomes, and none of them goes before the others"
    if found.either_way is not None:
        return _either_way_note(found.either_way)
    if found.verdict.certain:
        return None
    otherwise = f"`otherwise` says {written(found.case.decision.otherwise)}"
    if account.decision.status is Status.DECIDED:
        return f"no rule concludes anything else, and then {otherwise}"
    return f"no rule concludes anything for certain; if none does, {otherwise}"


def _either_way_note(of: EitherWay) -> str:
    several = f"{len(of.over)} unknowns" if len(of.over) > 1 else "one unknown"
    return f"either way: all {of.combinations} combinations of what {several} may be lead to {written(of.outcome)}"


def _roots(account: Account) -> list[Proven]:
    """The conclusions that make the outcome, or keep it open: the highest first."""
    found = account.deliberation
    rank = found.case.decision.outcomes.index
    relevant = [each for each in found.verdict.reached if _is_relevant(account, each)]
    relevant.sort(key=lambda each: (rank(each.outcome.outcome), each.truth is not True, each.outcome.application.order))
    return [*relevant, *_contradictions(account)]


def _is_relevant(account: Account, reached: Reached) -> bool:
    found = account.deliberation
    is_certain = reached.truth is True and reached.outcome.outcome in found.verdict.possible
    return is_certain or found.verdict.is_open(reached)


def _contradictions(account: Account) -> list[Entry]:
    """The contents of the facts that contradict one another, where the decision rests on one of them."""
    found = account.deliberation
    return [entry for reference in found.conflicts for entry in found.model.world.entries(reference)]
