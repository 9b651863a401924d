"""From labelled cases and what a tier said to them: the artefact that its answers are believed by, or why none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from neurosym.judgment.calibration.artefact import Artefact, Bin, CalibrationKey
from neurosym.judgment.calibration.binomial import tail
from neurosym.judgment.calibration.threshold import LEARNING, Graded, promise
from neurosym.values.canonical import Digest
from neurosym.values.number import Number, normal

BIN = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class GradedCase:
    """What a tier made of a labelled case: its valid answer graded, or None where it gave none."""

    question: Digest
    graded: Graded | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What is to be promised, of what, until when. The doubt is split over `tiers` that are calibrated together."""

    risk: Fraction
    confidence: Fraction
    tiers: int
    labels: Digest
    made_on: date
    expires_on: date
    name: str  # of the judgment

    @property
    def doubt(self) -> Fraction:
        """The part of the doubt that one tier has (Bonferroni)."""
        return (1 - self.confidence) / self.tiers


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why nothing can be promised; `wanted` accepted answers without a single error would do."""

    tested: int
    valid: int
    wrong: int
    wanted: int

    @property
    def statement(self) -> str:
        """The reason in a sentence."""
        return (
            f"nothing can be promised: {self.wrong} of {self.valid} valid answers are wrong in {self.tested} tested "
            f"cases; without any error, {self.wanted} accepted ones would be needed"
        )


def calibrated(key: CalibrationKey, cases: Sequence[GradedCase], terms: Terms) -> Artefact | Shortfall:
    """The artefact of a tier, or why there is none. The order of the cases is irrelevant.

    A quarter of them, by the digests of their questions, says where the tests begin; the others are tested.
    """
    learning = [each.graded for each in cases if each.graded is not None and is_learning(each.question)]
    tested_cases = [each for each in cases if not is_learning(each.question)]
    tested = [each.graded for each in tested_cases if each.graded is not None]
    found = promise(learning, tested, terms.risk, terms.doubt)
    if found is None:
        wrong = sum(not each.is_right for each in tested)
        return Shortfall(len(tested_cases), len(tested), wrong, accepted_wanted(terms.risk, terms.doubt))
    return Artefact(
        key,
        found,
        _number(terms.risk),
        _number(terms.confidence),
        _number(terms.doubt),
        len(cases),
        terms.labels,
        terms.made_on,
        terms.expires_on,
        bins_of(each.graded for each in cases if each.graded is not None),
        terms.name,
    )


def is_learning(question: Digest) -> bool:
    """True for the part of all questions, drawn by their digests, that is learnt from."""
    drawn = int(question.removeprefix("sha256:"), 16)
    return Fraction(drawn, 1 << 256) < LEARNING


def accepted_wanted(risk: Fraction, doubt: Fraction) -> int:
    """How many accepted answers without an error it takes to promise a risk: 299 for 1 percent with 95 percent."""
    low, high = 0, 1
    while tail(0, high, risk) > doubt:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if tail(0, middle, risk) <= doubt:
            high = middle
        else:
            low = middle
    return high


def bins_of(graded: Iterable[Graded]) -> tuple[Bin, ...]:
    """The valid answers by their scores, in steps of a twentieth from the lowest that has any; 1 is in the last one."""
    counts, right = Counter[Number](), Counter[Number]()
    for each in graded:
        low = normal(min((Decimal(each.score) / BIN).to_integral_value(ROUND_FLOOR) * BIN, 1 - BIN))
        counts[low] += 1
        right[low] += each.is_right
    return tuple(Bin(low, counts[low], right[low]) for low in sorted(counts))


def _number(share: Fraction) -> Number:
    return normal(Decimal(share.numerator) / Decimal(share.denominator))
