"""Choices that look random and are the same every time: the bytes of SHA-256 over a seed and a counter."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A sequence of choices that its seed determines."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._count = 0

    def below(self, bound: int) -> int:
        """A whole number from 0 to `bound` - 1."""
        self._count += 1
        content = sha256(self._seed + self._count.to_bytes(8, "big")).digest()
        return int.from_bytes(content[:8], "big") % bound

    def of(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]
