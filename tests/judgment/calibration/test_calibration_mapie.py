"""Our thresholds beside those of MAPIE: fixed-sequence learn-then-test for the same answers, risk and confidence.

MAPIE computes in floats and rounds `accepted * (1 - precision)` up, which may come to one wrong answer more than there
are. So its threshold is ours, or is higher because of one count.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from random import Random

import numpy as np
import pytest
from mapie.risk_control import MultiClassificationLTTController
from mapie.risk_control.risks import build_precision_ovr
from scipy.stats import beta

from neurosym.judgment.calibration.binomial import tail, upper_bound
from neurosym.judgment.calibration.threshold import SCORES, Graded, promise
from neurosym.values.number import Number

RIGHT, OTHER = 1, 0  # the class that is predicted always, and the one that it should have been where it is wrong


@dataclass(frozen=True, slots=True)
class Sample:
    """Answers of a tier whose higher scores are better, with what is to be promised."""

    learning: list[Graded]
    tested: list[Graded]
    risk: Fraction
    doubt: Fraction


@cache
def sample(seed: int) -> Sample:
    chance = Random(seed)  # noqa: S311 - samples, the same every time
    count, quality = chance.choice((400, 1_000, 2_000)), chance.choice((4, 8, 16))

    def answer() -> Graded:
        score = Decimal(chance.randrange(50, 101)) / 100
        return Graded(score, chance.random() > (1 - float(score)) / quality)

    risk = chance.choice((Fraction(1, 100), Fraction(1, 20), Fraction(1, 10)))
    doubt = chance.choice((Fraction(1, 20), Fraction(1, 10), Fraction(1, 40)))
    return Sample([answer() for _ in range(count // 3)], [answer() for _ in range(count)], risk, doubt)


def sequence_from(begin: Number) -> list[Number]:
    return [score for score in SCORES if score <= begin and score >= Decimal("0.5")]


def by_mapie(found: Sample, sequence: Sequence[Number]) -> Number | None:
    """The lowest threshold of the sequence that MAPIE finds valid; None without one."""
    scores = np.array([float(each.score) for each in found.tested])
    labels = np.array([RIGHT if each.is_right else OTHER for each in found.tested])
    controller = MultiClassificationLTTController(
        predict_function=lambda given: np.column_stack([(1 - given[:, 0]) / 2, (1 + given[:, 0]) / 2]),
        risks=build_precision_ovr([RIGHT]),
        target_level=[float(1 - found.risk)],
        confidence_level=float(1 - found.doubt),
        list_predict_params=np.array([(1 + float(each)) / 2 - 1e-9 for each in sequence]),
        classes=[OTHER, RIGHT],
        fwer_method="fixed_sequence",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that risks are not monotonic, and that nothing may be valid
        controller.calibrate(scores.reshape(-1, 1), labels)
    valid = sorted(controller.valid_predict_params)
    return min(sequence, key=lambda each: abs((1 + float(each)) / 2 - valid[0])) if valid else None


def counts(found: Sample, least: Number) -> tuple[int, int]:
    accepted = [each for each in found.tested if each.score >= least]
    return len(accepted), sum(not each.is_right for each in accepted)


def ours_from(found: Sample, begin: Number) -> Number | None:
    """Our threshold, with the sequence beginning at a score: the learning cases are all right, and have that score."""
    made = promise([Graded(begin, is_right=True)], found.tested, found.risk, found.doubt)
    return None if made is None else made.least


def applies(found: Sample, begin: Number) -> bool:
    """True where MAPIE tests in our order: it begins at the other end when risks fall along the sequence."""
    shares = [wrong / accepted if accepted else 1.0 for accepted, wrong in (counts(found, each) for each in SCORES)]
    risks = [share for score, share in zip(SCORES, shares, strict=True) if score in sequence_from(begin)]
    return risks[-1] > risks[0]


BEGINS = [Decimal("0.99"), Decimal("0.95"), Decimal("0.9"), Decimal("0.8")]
CASES = [(seed, begin) for seed in range(25) for begin in BEGINS if applies(sample(seed), begin)]


@pytest.mark.parametrize(("seed", "begin"), CASES)
def test_thresholds_are_those_of_mapie_up_to_one_count(seed: int, begin: Number) -> None:
    found = sample(seed)
    ours, theirs = ours_from(found, begin), by_mapie(found, sequence_from(begin))
    if ours is not None and ours < Decimal("0.5"):
        ours = Decimal("0.5")  # no answer has a lower score, and MAPIE is not asked about them
    if ours == theirs:
        return
    assert ours is not None  # ours are never higher: MAPIE counts too many wrong ones, and never too few
    assert theirs is None or ours < theirs
    stopped = begin if theirs is None else next(score for score in SCORES if score < theirs)
    accepted, wrong = counts(found, stopped)
    assert tail(wrong, accepted, found.risk) <= found.doubt < tail(wrong + 1, accepted, found.risk)


def test_both_find_thresholds_in_most_samples_and_not_always_the_same_one() -> None:
    assert len(CASES) >= 60
    found = [ours_from(sample(seed), begin) for seed, begin in CASES]
    assert sum(each is not None for each in found) >= 30
    assert len({each for each in found if each is not None}) >= 5


@pytest.mark.parametrize(
    ("wrong", "of", "doubt"),
    [
        (0, 299, Fraction(1, 20)),
        (3, 412, Fraction(1, 20)),
        (81, 263, Fraction(1, 40)),
        (15, 148, Fraction(1, 40)),
        (1, 29, Fraction(1, 100)),
    ],
)
def test_bounds_are_the_quantiles_of_the_beta_distribution(wrong: int, of: int, doubt: Fraction) -> None:
    exact = float(beta.ppf(1 - float(doubt), wrong + 1, of - wrong))
    assert exact <= float(upper_bound(wrong, of, doubt)) < exact + 2e-6
