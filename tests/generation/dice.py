"""What the generator draws from: a seed names a case, today and tomorrow."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Choices that follow from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - no secret

    def below(self, count: int) -> int:
        """A number from 0 on."""
        return self._random.randrange(count)

    def one_of(self, options: Sequence[T]) -> T:
        """One of them."""
        return options[self._random.randrange(len(options))]

    def is_one_in(self, count: int) -> bool:
        """True once in so many times."""
        return self._random.randrange(count) == 0

    def chosen(self, options: Sequence[T], count: int) -> list[T]:
        """So many of them, each at most once."""
        return self._random.sample(options, count)

    def lateness(self, weight: int) -> float:
        """Where something of this weight stands in a random order: sorted by it, the weightier come rather first."""
        return float(-(self._random.random() ** (1 / weight)))
