from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.judgment.calibration.binomial import tail, upper_bound
from neurosym.judgment.calibration.threshold import Graded, promise
from neurosym.values.number import Number
from tests.generation.dice import Dice

FIVE = Fraction(5, 100)


@pytest.mark.parametrize(
    ("wrong", "of", "bound"),
    [
        # the quantile 0.95 of Beta(wrong + 1, of - wrong), to six digits
        (0, 299, "0.00997"),
        (3, 100, "0.075711"),
        (100, 10_000, "0.011798"),
        (10, 10, "1"),
        (0, 0, "1"),
    ],
)
def test_bounds_are_those_of_clopper_and_pearson(wrong: int, of: int, bound: str) -> None:
    assert upper_bound(wrong, of, FIVE) == Decimal(bound)


@given(st.integers(0, 40), st.integers(0, 40), st.fractions(0, 1, max_denominator=50))
def test_the_tail_is_the_sum_of_its_terms(wrong: int, right: int, share: Fraction) -> None:
    of = wrong + right
    terms = [comb(of, each) * share**each * (1 - share) ** (of - each) for each in range(wrong + 1)]
    assert tail(wrong, of, share) == sum(terms)


@given(st.integers(0, 30), st.integers(0, 30))
def test_at_the_bound_the_doubt_is_used_up(wrong: int, right: int) -> None:
    bound = Fraction(upper_bound(wrong, wrong + right, FIVE))
    assert bound == 1 or tail(wrong, wrong + right, bound) <= FIVE
    assert tail(wrong, wrong + right, bound - Fraction(1, 10**6)) > FIVE or bound == 0


def drawn(dice: Dice, count: int) -> list[Graded]:
    """Answers with scores from 0 to 0.99, of which the share (1 - score)² / 2 is wrong."""
    found = []
    for _ in range(count):
        hundredths = dice.below(100)
        is_wrong = dice.below(20_000) < (100 - hundredths) ** 2
        found.append(Graded(Decimal(hundredths) / 100, not is_wrong))
    return found


def true_share(least: Number) -> Fraction:
    """Of the answers with at least this score."""
    accepted = range(int(least * 100), 100)
    return Fraction(sum((100 - each) ** 2 for each in accepted), 20_000 * len(accepted))


@pytest.mark.slow
def test_the_promise_is_broken_no_more_often_than_it_says() -> None:
    dice, doubt, broken, made = Dice(1), Fraction(1, 10), 0, 0
    for _ in range(1_000):
        cases = drawn(dice, 400)
        found = promise(cases[:100], cases[100:], FIVE, doubt)
        if found is not None:
            made += 1
            broken += true_share(found.least) > FIVE
    assert made > 300
    assert tail(1_000 - broken, 1_000, 1 - doubt) > Fraction(1, 1_000)  # no more than chance explains


def test_without_labelled_cases_nothing_is_promised() -> None:
    assert promise([], [], FIVE, FIVE) is None
    assert promise([Graded(1, is_right=True)] * 50, [], FIVE, FIVE) is None


def test_what_is_always_right_is_promised_once_there_are_enough_cases() -> None:
    learning = [Graded(Decimal("0.9"), is_right=True)] * 20
    assert promise(learning, learning[:1] * 58, FIVE, FIVE) is None  # 0.95**58 > 0.05
    found = promise(learning, learning[:1] * 59, FIVE, FIVE)
    assert found is not None
    assert (found.least, found.accepted, found.wrong) == (0, 59, 0)
    assert found.bound <= Decimal("0.05")
