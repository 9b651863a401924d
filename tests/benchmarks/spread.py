"""What many runs say: a median with its spread, a ratio with its own, and how cost grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from random import Random
from statistics import fmean, median, quantiles

RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Spread:
    """A middle, and what lies around it."""

    middle: float
    low: float
    high: float


def quartiles(samples: Sequence[float]) -> Spread:
    """The median between the quartiles."""
    if len(samples) == 1:
        return Spread(samples[0], samples[0], samples[0])
    low, middle, high = quantiles(samples, n=4, method="inclusive")
    return Spread(middle, low, high)


def ratio(of: Sequence[float], over: Sequence[float], seed: int = 0) -> Spread:
    """The ratio of two medians. Nine in ten of those that came of resampled runs lie within its bounds (bootstrap)."""
    chance = Random(seed)  # noqa: S311 - no secret

    def resampled(samples: Sequence[float]) -> float:
        return median(chance.choices(samples, k=len(samples)))

    found = sorted(resampled(of) / resampled(over) for _ in range(RESAMPLES))
    return Spread(median(of) / median(over), found[RESAMPLES // 20], found[-RESAMPLES // 20])


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """The power of the size with which the cost grows: the slope of the line through their logarithms that fits best.

    None for fewer sizes than two.
    """
    if len(points) < 2:
        return None
    sizes, costs = [log(size) for size, _ in points], [log(cost) for _, cost in points]
    middle, level = fmean(sizes), fmean(costs)
    moved = sum((size - middle) * (cost - level) for size, cost in zip(sizes, costs, strict=True))
    return moved / sum((size - middle) ** 2 for size in sizes)
