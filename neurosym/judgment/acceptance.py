"""Whether a valid answer is confident enough to be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from neurosym.judgment.answer import Claim, Kind
from neurosym.program.judgment import Judgment

PERSONS_OF_TWO = 2


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Whether a valid answer counts, and why."""

    accepted: bool
    reason: str
    calibrated: bool = False


def accept(judgment: Judgment, kind: Kind, claim: Claim) -> Acceptance:
    """Computed answers count because their rule is readable, persons' because they answer for them; a model's not yet.

    No calibration exists so far, so a model's answer counts only where the judgment says `accept uncalibrated`.
    """
    match kind:
        case Kind.COMPUTED:
            return Acceptance(accepted=True, reason="computed by a readable rule")
        case Kind.MODEL:
            if judgment.accept_uncalibrated:
                return Acceptance(accepted=True, reason="the judgment accepts uncalibrated answers")
            return Acceptance(accepted=False, reason="no calibration for this judgment, prompt, model and tier")
        case Kind.PERSON | Kind.SUPPLIED:
            return _accept_persons(judgment, claim)
        case _:
            assert_never(kind)


def persons_wanted(judgment: Judgment) -> int:
    """How many persons have to say the same."""
    return PERSONS_OF_TWO if judgment.two_persons else 1


def _accept_persons(judgment: Judgment, claim: Claim) -> Acceptance:
    if not claim.agreed:
        return Acceptance(accepted=False, reason="the persons do not agree")
    wanted, given = persons_wanted(judgment), len(claim.by)
    if given < wanted:
        return Acceptance(accepted=False, reason=f"{given} of {wanted} persons have answered")
    return Acceptance(accepted=True, reason="answered by " + " and ".join(claim.by))
