"""Tiers asked about labelled cases, and their answers graded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from neurosym.decision.case_inquiry import CaseInquiries
from neurosym.decision.labels import LabelledCase
from neurosym.decision.ruleset import Ruleset
from neurosym.judgment.acceptance import score_of
from neurosym.judgment.answer import Claim
from neurosym.judgment.calibration.artefact import CalibrationKey
from neurosym.judgment.calibration.calibrating import GradedCase
from neurosym.judgment.calibration.threshold import Graded
from neurosym.judgment.configuration import Configuration, EnsembleTier, LocalTier, ModelTier
from neurosym.judgment.judge import Judge
from neurosym.judgment.poll import Heard, Poll, poll_key
from neurosym.judgment.validation import Disposition, calibration_key
from neurosym.program.judgment import Judgment
from neurosym.text.failure import ProviderError
from neurosym.values.canonical import canonical_bytes
from neurosym.values.encoding import tagged

VALID = (Disposition.ACCEPTED, Disposition.WITHHELD)


@dataclass(frozen=True, slots=True)
class Grades:
    """What a tier made of the labelled cases, and what a calibration of it is known by."""

    tier: str
    key: CalibrationKey
    cases: tuple[GradedCase, ...]
    heard: tuple[Heard, ...]


def tiers_to_calibrate(judgment: Judgment, configuration: Configuration) -> tuple[str, ...]:
    """The tiers of the judgment's route whose answers need a calibration."""
    found = [configuration.tier(step.tier) for step in judgment.route]
    return tuple(tier.name for tier in found if isinstance(tier, LocalTier | ModelTier | EnsembleTier))


def unlearnt(judge: Judge, tier: str, cases: Sequence[LabelledCase]) -> tuple[LabelledCase, ...]:
    """The cases that no voice of the tier was trained on: only of these is its share of mistakes that of new cases."""
    return tuple(case for case in cases if not judge.has_learnt_from(tier, case.id))


def grades(
    judge: Judge,
    tier: str,
    ruleset: Ruleset,
    judgment: Judgment,
    cases: Sequence[LabelledCase],
    on: date,
    progress: Callable[[int, int], None] = lambda _, __: None,
) -> Grades:
    """The tier's answers to the cases, graded by their labels; checks are evaluated as of the day `on`.

    ProviderError when the tier may not see what the judgment reads, or never said how it was asked.
    """
    asking = CaseInquiries(ruleset, judgment, on)
    heard = asking.heard(judge, tier, cases, lambda done: progress(done, len(cases)))
    keys = {key for each in heard if (key := heard_key(judgment, each)) is not None}
    if len(keys) != 1:
        raise ProviderError(f"tier `{tier}` was not asked in one way: its answers cannot be calibrated")
    graded = tuple(_graded(case, each) for case, each in zip(cases, heard, strict=True))
    return Grades(tier, keys.pop(), graded, tuple(heard))


def _graded(case: LabelledCase, heard: Heard) -> GradedCase:
    claim = valid_claim(heard)
    if claim is None:
        return GradedCase(case.id, None)
    is_right = canonical_bytes(tagged(claim.value)) == canonical_bytes(tagged(case.answer))
    return GradedCase(case.id, Graded(score_of(claim), is_right))


def valid_claim(heard: Heard) -> Claim | None:
    """What a tier said where its answer was valid, whether or not it was accepted; else None."""
    claim = heard.claim
    return claim if heard.disposition in VALID and claim is not None and claim.value is not None else None


def heard_key(judgment: Judgment, heard: Heard) -> CalibrationKey | None:
    """What a calibration of the tier's answers is known by; None where it does not say how it was asked."""
    if isinstance(heard, Poll):
        return poll_key(judgment, heard.tier, heard.voices)
    return calibration_key(judgment, heard.attempt)
