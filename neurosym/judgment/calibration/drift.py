"""Whether a tier still is what was calibrated: its scores, and what persons say of the answers that were accepted.

Scores: the greatest distance between two distribution functions, those of the labelled cases and of the cases since.
By the inequality of Dvoretzky, Kiefer and Wolfowitz with the constant of Massart (Annals of Probability 18, 1990) each
lies within `sqrt(ln(2/doubt) / 2n)` of what it is drawn from, however that is distributed; so the two lie within the
sum, with half of the doubt each, unless cases are drawn from something else than they were. A case without a valid
answer counts as one with a score below all others.

Accepted answers that persons looked at: the share that they contradict is at least the exact lower bound (Clopper and
Pearson), which the declared risk has to reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from enum import Enum
from fractions import Fraction

from neurosym.judgment.calibration.artefact import Artefact, Bin
from neurosym.judgment.calibration.binomial import upper_bound
from neurosym.judgment.calibration.calibrating import bins_of
from neurosym.judgment.calibration.threshold import Graded
from neurosym.values.canonical import Json
from neurosym.values.number import Number, add, negate, normal, number_text

DOUBT = Fraction(1, 100)  # how often an alarm is raised where nothing has changed, at most
DIGITS = Decimal("0.0001")
EXACT = Context(prec=40)


class DriftState(Enum):
    """What there is to be said of a tier since its calibration."""

    OK = "ok"
    NOTHING = "nothing seen"
    ALARM = "alarm"


@dataclass(slots=True)
class Observed:
    """What a tier did since: the score of each case, None without a valid answer; how many of its accepted answers
    persons looked at, and how many they contradicted.
    """

    scores: list[Number | None] = field(default_factory=list)
    audited: int = 0
    contradicted: int = 0


@dataclass(frozen=True, slots=True)
class Drift:
    """A calibration beside what came after it."""

    artefact: Artefact
    cases: int
    bins: tuple[Bin, ...]  # of the cases since; how many were right is not known, and 0
    distance: Number
    allowed: Number
    audited: int
    contradicted: int
    least_wrong: Number  # the share of wrong answers among the accepted that is shown to be exceeded

    @property
    def alarms(self) -> tuple[str, ...]:
        """What is not as it was calibrated, in sentences."""
        found = []
        if self.cases and Fraction(self.distance) > Fraction(self.allowed):
            found.append(
                f"its scores are {number_text(self.distance)} away from those it was calibrated with, where chance "
                f"explains {number_text(self.allowed)}"
            )
        if Fraction(self.least_wrong) > Fraction(self.artefact.risk):
            found.append(
                f"persons contradict {self.contradicted} of {self.audited} accepted answers, which is more than the "
                f"{number_text(self.artefact.risk)} that were promised"
            )
        return tuple(found)

    @property
    def state(self) -> DriftState:
        """Whether there is an alarm."""
        if self.alarms:
            return DriftState.ALARM
        return DriftState.OK if self.cases else DriftState.NOTHING

    @property
    def json(self) -> dict[str, Json]:
        """The comparison as reports write it."""
        return {
            "artefact": self.artefact.digest,
            "tier": self.artefact.key.tier,
            "model": self.artefact.key.model,
            "state": self.state.value,
            "alarms": [*self.alarms],
            "calibrated_cases": self.artefact.cases,
            "cases": self.cases,
            "bins": [[number_text(each.low), each.count] for each in self.bins],
            "distance": number_text(self.distance),
            "allowed": number_text(self.allowed),
            "audited": self.audited,
            "contradicted": self.contradicted,
            "wrong_at_least": number_text(self.least_wrong),
        }


def drift(artefact: Artefact, observed: Observed) -> Drift:
    """The comparison of a calibration with what its tier did since."""
    bins = bins_of(Graded(score, is_right=False) for score in observed.scores if score is not None)
    cases, audited = len(observed.scores), observed.audited
    agreed = audited - observed.contradicted
    least = add(1, negate(upper_bound(agreed, audited, DOUBT))) if audited else 0
    return Drift(
        artefact,
        cases,
        bins,
        _distance(artefact.bins, artefact.cases, bins, cases),
        _allowed(artefact.cases, cases),
        audited,
        observed.contradicted,
        least,
    )


def _distance(left: Sequence[Bin], left_cases: int, right: Sequence[Bin], right_cases: int) -> Number:
    """The greatest distance between the shares of cases with a score below some bin, rounded down to four places."""
    if not left_cases or not right_cases:
        return 0
    steps: list[Number | None] = [*sorted({each.low for each in (*left, *right)}), None]  # None: above all bins
    apart = [abs(_below(left, left_cases, step) - _below(right, right_cases, step)) for step in steps]
    most = max(apart)
    return normal((Decimal(most.numerator) / most.denominator).quantize(DIGITS, ROUND_FLOOR))


def _below(bins: Sequence[Bin], cases: int, low: Number | None) -> Fraction:
    """The share of the cases without a valid answer or with a score below `low`."""
    at_least = 0 if low is None else sum(each.count for each in bins if each.low >= low)
    return 1 - Fraction(at_least, cases)


def _allowed(left: int, right: int) -> Number:
    """How far apart two samples of so many cases may lie, rounded up to four places; 1 where one is empty."""
    if not left or not right:
        return 1
    doubt = EXACT.divide(Decimal(DOUBT.numerator), Decimal(DOUBT.denominator))
    log = EXACT.ln(EXACT.divide(Decimal(4), doubt))  # half of the doubt for each of the two samples
    parts = [EXACT.sqrt(EXACT.divide(log, Decimal(2 * count))) for count in (left, right)]
    return normal(min(Decimal(1), sum(parts, Decimal()).quantize(DIGITS, ROUND_CEILING)))
