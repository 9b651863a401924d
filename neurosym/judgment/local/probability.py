"""From the scores of a model to probabilities: exact decimals that add up to one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from neurosym.values.number import Number, normal

DIGITS = 6
PARTS = 10**DIGITS


def softmax(scores: Sequence[float]) -> list[float]:
    """The probabilities of scores, in their order."""
    greatest = max(scores)
    weights = [math.exp(score - greatest) for score in scores]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def exact(probabilities: Sequence[float]) -> tuple[Number, ...]:
    """The probabilities in millionths that add up to exactly one: what is left of rounding down goes to the largest
    remainders, of equal ones to the first.
    """
    scaled = [probability * PARTS for probability in probabilities]
    parts = [math.floor(each) for each in scaled]
    by_remainder = sorted(range(len(scaled)), key=lambda place: (parts[place] - scaled[place], place))
    for place in by_remainder[: PARTS - sum(parts)]:
        parts[place] += 1
    assert sum(parts) == PARTS
    return tuple(normal(Decimal(part).scaleb(-DIGITS)) for part in parts)
