"""Several voices on one question: the members of an ensemble, the samples of a model, and what they say together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import TypeAlias

from neurosym.judgment.acceptance import NO_TRUST, Trust, accept
from neurosym.judgment.answer import Answer, AnswerValue, Claim
from neurosym.judgment.calibration.artefact import CalibrationKey
from neurosym.judgment.identity import judgment_digest
from neurosym.judgment.validation import Disposition, Examination, answered, calibration_key
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import canonical_bytes, digest
from neurosym.values.encoding import tagged
from neurosym.values.number import Number, normal

CONFIDENCE_DIGITS = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Poll:
    """What became of a question that several were asked: the last examination of each, and what they say together."""

    tier: str
    voices: tuple[Examination, ...]
    disposition: Disposition
    reason: str
    claim: Claim | None = None
    answer: Answer | None = None


Heard: TypeAlias = Examination | Poll


def polled(judgment: Judgment, tier: str, voices: Sequence[Examination], agree: int, trust: Trust = NO_TRUST) -> Poll:
    """What the voices say together: the answer that at least `agree` of them give, and more than any other.

    Only valid answers count. The confidence is the share of all voices that give the answer, those that failed or
    abstained among them; whether it suffices is for the calibration of this tier to say.
    """
    valid = [each for each in voices if each.disposition is Disposition.WITHHELD]
    counts = Counter(_key(each) for each in valid)
    (best, count), *others = [*counts.most_common(2), (b"", 0)]
    if count < agree or (others and others[0][1] == count):
        return Poll(tier, tuple(voices), _disposition(voices), _disagreement(counts, len(voices), agree))
    first = next(each for each in valid if _key(each) == best)
    assert first.claim is not None
    claim = replace(first.claim, confidence=_share(count, len(voices)))
    key = poll_key(judgment, tier, voices)
    acceptance = accept(judgment, first.attempt.kind, claim, key, trust)
    if not acceptance.accepted or claim.value is None:
        return Poll(tier, tuple(voices), Disposition.WITHHELD, acceptance.reason, claim)
    answer = answered(claim, first.quotes, tier, first.attempt, acceptance)
    return Poll(tier, tuple(voices), Disposition.ACCEPTED, acceptance.reason, claim, answer)


def poll_key(judgment: Judgment, tier: str, voices: Sequence[Examination]) -> CalibrationKey | None:
    """What a calibration of the voices together is known by: all of them, in their order."""
    keys = [calibration_key(judgment, each.attempt) for each in voices]
    known = [each for each in keys if each is not None]
    if len(known) < len(keys):
        return None
    template = digest([[each.template, each.model, each.tier] for each in known])
    return CalibrationKey(judgment_digest(judgment), template, "+".join(each.model for each in known), tier)


def _key(voice: Examination) -> bytes:
    return canonical_bytes(tagged(_value(voice)))


def _value(voice: Examination) -> AnswerValue | None:
    assert voice.claim is not None
    return voice.claim.value


def _share(count: int, of: int) -> Number:
    return normal((Decimal(count) / of).quantize(CONFIDENCE_DIGITS, ROUND_FLOOR))


def _disposition(voices: Sequence[Examination]) -> Disposition:
    """The best that became of any voice."""
    ranked = (Disposition.WITHHELD, Disposition.ABSTAINED, Disposition.REJECTED)
    found = {each.disposition for each in voices}
    return next((each for each in ranked if each in found), Disposition.FAILED)


def _disagreement(counts: Counter[bytes], of: int, agree: int) -> str:
    if not counts:
        return f"none of {of} gave a valid answer"
    return f"at most {max(counts.values())} of {of} say the same, and {agree} have to"
