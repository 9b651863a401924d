"""What keeps an outcome open, the most useful first (engine: missing)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from neurosym.decision.deliberation import Deliberation
from neurosym.decision.explanation.account import Account
from neurosym.decision.explanation.judgment import question_shown
from neurosym.decision.explanation.structure import JudgmentShown
from neurosym.decision.explanation.value import written
from neurosym.decision.wording import reason_text
from neurosym.engine.verdict import Reached, Verdict
from neurosym.values.encoding import sorted_reasons
from neurosym.values.unknown import (
    Asked,
    Failed,
    MissingFact,
    MissingType,
    MissingValue,
    Reason,
    RestsOn,
    Standing,
    Unknown,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One unknown; the possible outcomes that rest on it, highest first, and how many conclusions of them do."""

    reason: Reason
    text: str
    outcomes: tuple[str, ...]
    conclusions: int
    advice: str | None
    judgment: JudgmentShown | None


def wanted(account: Account) -> tuple[Wanted, ...]:
    """The unknowns that keep the outcome open: those on which most possible outcomes rest come first.

    An outcome counts when some possible conclusion of it rests on the unknown. Learning more may leave it possible on
    other grounds, so the count says how much an unknown bears on, not what is sure to fall.
    """
    found = account.deliberation
    ranked = [_wanted(found, reason) for reason in sorted_reasons(found.verdict.reasons)]
    return tuple(sorted(ranked, key=lambda each: (-len(each.outcomes), -each.conclusions)))


def _wanted(found: Deliberation, reason: Reason) -> Wanted:
    rank = found.case.decision.outcomes.index
    verdict = found.uncontested or found.verdict
    resting = [each for each in verdict.reached if _rests_on(each, reason, verdict)]
    outcomes = sorted({each.outcome.outcome for each in resting}, key=rank)
    judgment = question_shown(found, reason.question) if isinstance(reason, Asked) else None
    text = judgment.says if judgment else reason_text(found.case.program, reason)
    return Wanted(reason, text, tuple(outcomes), len(resting), _advice(reason), judgment)


def _rests_on(reached: Reached, reason: Reason, verdict: Verdict) -> bool:
    return verdict.is_open(reached) and isinstance(reached.truth, Unknown) and reason in reached.truth.reasons


def _advice(reason: Reason) -> str | None:
    """What would settle it, where somebody can."""
    match reason:
        case MissingValue():
            return f"supply `{reason.field}` of {reason.of.type} {written(reason.of)}"
        case MissingFact():
            return f"supply {reason.of.type} {written(reason.of)}"
        case MissingType():
            return f"list every {reason.type} there is, or none as `[]`"
        case Asked() if reason.standing is Standing.WAITING:
            return "a person answers it: `neurosym review list`"
        case Asked() | Failed() | RestsOn():
            return None
        case _:
            assert_never(reason)
