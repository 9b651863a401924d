"""Medians, ratios and growth, by tables of figures whose answers are known."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.benchmarks.benchmark import Goal, Mark, at_most, at_most_times, faster_than, grows_at_most
from tests.benchmarks.spread import Spread, exponent, quartiles, ratio


@pytest.mark.parametrize(
    ("samples", "spread"),
    [
        ([7.0], Spread(7, 7, 7)),
        ([1.0, 3.0], Spread(2, 1.5, 2.5)),
        ([5.0, 1.0, 3.0], Spread(3, 2, 4)),
        ([4.0, 1.0, 3.0, 2.0, 5.0], Spread(3, 2, 4)),
        ([1.0, 1.0, 1.0, 1.0, 1_000.0], Spread(1, 1, 1)),
    ],
)
def test_a_median_stands_between_its_quartiles(samples: Sequence[float], spread: Spread) -> None:
    assert quartiles(samples) == spread


@pytest.mark.parametrize(
    ("of", "over", "middle"),
    [([6.0], [2.0], 3.0), ([1.0, 2.0, 90.0], [4.0, 4.0, 4.0], 0.5), ([10.0, 20.0], [5.0, 5.0], 3.0)],
)
def test_a_ratio_is_that_of_the_medians(of: Sequence[float], over: Sequence[float], middle: float) -> None:
    found = ratio(of, over)
    assert found.middle == middle
    assert found.low <= middle <= found.high


def test_a_ratio_of_steady_runs_has_no_spread_and_one_of_unsteady_runs_has() -> None:
    assert ratio([8.0] * 9, [2.0] * 9) == Spread(4, 4, 4)
    unsteady = ratio([6.0, 8.0, 10.0, 7.0, 9.0], [1.0, 2.0, 3.0, 2.0, 2.0])
    assert 2 <= unsteady.low < unsteady.middle == 4 < unsteady.high <= 10


def test_a_ratio_is_the_same_for_the_same_seed() -> None:
    of, over = [float(n % 7) + 1 for n in range(20)], [float(n % 5) + 1 for n in range(20)]
    assert ratio(of, over, seed=4) == ratio(of, over, seed=4)


@pytest.mark.parametrize(
    ("points", "power"),
    [
        ([(10, 5), (100, 5), (1_000, 5)], 0),
        ([(10, 3), (100, 30), (1_000, 300)], 1),
        ([(1, 2), (2, 8), (4, 32)], 2),
        ([(100, 7), (400, 14)], 0.5),
        ([(10, 1), (100, 20), (1_000, 100)], 1),  # the line that fits best
    ],
)
def test_growth_is_the_power_of_the_size(points: Sequence[tuple[float, float]], power: float) -> None:
    assert exponent(points) == pytest.approx(power)


def test_one_size_says_nothing_of_growth() -> None:
    assert exponent([(10, 1)]) is None


@pytest.mark.parametrize(
    ("goal", "value", "is_reached"),
    [
        (faster_than("sqlite3", 10, 2), 2.0, True),
        (faster_than("sqlite3", 10, 2), 1.99, False),
        (at_most_times("engine.decide", "evaluation alone", 10, 3), 3.0, True),
        (at_most_times("engine.decide", "evaluation alone", 10, 3), 3.01, False),
        (grows_at_most(10, 20, 2.2), 2.3, False),
        (at_most("process with facts", 10, 250), 249.0, True),
    ],
)
def test_a_goal_is_a_bound_from_one_side(goal: Goal, value: float, *, is_reached: bool) -> None:
    assert goal.is_reached(value) is is_reached


def test_a_peer_is_compared_with_us_at_the_same_size() -> None:
    assert faster_than("sqlite3", 10, 2).marks == (Mark("sqlite3", 10), Mark("neurosym", 10))
    assert grows_at_most(10, 20, 2.2).marks == (Mark("neurosym", 20), Mark("neurosym", 10))
