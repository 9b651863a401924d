"""Whether a valid answer is confident enough to be believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from neurosym.judgment.answer import Claim, Kind
from neurosym.judgment.calibration.artefact import NO_CALIBRATIONS, CalibrationKey, Calibrations
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest
from neurosym.values.number import Number, number_text

PERSONS_OF_TWO = 2
CERTAIN: Number = 1  # the score of a model that reports none: then all its answers are alike


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Whether a valid answer counts, and why; with the artefact it counts by."""

    accepted: bool
    reason: str
    artefact: Digest | None = None


@dataclass(frozen=True, slots=True)
class Trust:
    """By what a model is believed: the calibrations there are, on the day on which it is asked."""

    calibrations: Calibrations = NO_CALIBRATIONS
    day: date = date.max


NO_TRUST = Trust()


def accept(judgment: Judgment, kind: Kind, claim: Claim, key: CalibrationKey | None, trust: Trust) -> Acceptance:
    """Computed answers count because their rule is readable, persons' because they answer for them; a model's where a
    calibration says so, or the judgment says `accept uncalibrated`.
    """
    match kind:
        case Kind.COMPUTED:
            return Acceptance(accepted=True, reason="computed by a readable rule")
        case Kind.MODEL:
            return _accept_model(judgment, claim, key, trust)
        case Kind.PERSON | Kind.SUPPLIED:
            return _accept_persons(judgment, claim)
        case _:
            assert_never(kind)


def persons_wanted(judgment: Judgment) -> int:
    """How many persons have to say the same."""
    return PERSONS_OF_TWO if judgment.two_persons else 1


def score_of(claim: Claim) -> Number:
    """The score of a model's answer: the confidence that it reports."""
    return CERTAIN if claim.confidence is None else claim.confidence


def _accept_model(judgment: Judgment, claim: Claim, key: CalibrationKey | None, trust: Trust) -> Acceptance:
    missing = "no calibration for this judgment, prompt, model and tier"
    found = missing if key is None else trust.calibrations.find(key, trust.day)
    if isinstance(found, str):
        if judgment.accept_uncalibrated:
            return Acceptance(accepted=True, reason="the judgment accepts uncalibrated answers")
        return Acceptance(accepted=False, reason=found)
    if judgment.risk is not None and (found.risk > judgment.risk.share or found.confidence < judgment.risk.confidence):
        return Acceptance(accepted=False, reason="the calibration promises less than the judgment asks for")
    score, least = number_text(score_of(claim)), number_text(found.promise.least)
    if score_of(claim) < found.promise.least:
        return Acceptance(accepted=False, reason=f"its score {score} is below {least}, from which on answers count")
    return Acceptance(accepted=True, reason=f"its score {score} counts: {found.statement}", artefact=found.digest)


def _accept_persons(judgment: Judgment, claim: Claim) -> Acceptance:
    if not claim.agreed:
        return Acceptance(accepted=False, reason="the persons do not agree")
    wanted, given = persons_wanted(judgment), len(claim.by)
    if given < wanted:
        return Acceptance(accepted=False, reason=f"{given} of {wanted} persons have answered")
    return Acceptance(accepted=True, reason="answered by " + " and ".join(claim.by))
