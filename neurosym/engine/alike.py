"""Values that are different and have one hash. Of numbers, and of tuples of them, anybody can make any amount, and each
look-up among them compares with all; the hashes of texts are salted.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from sys import hash_info
from typing import TypeAlias

from neurosym.values.size import ALIKE_MAX

IsApart: TypeAlias = Callable[[Hashable], bool]
APART = hash_info.modulus  # whole numbers below it, and above its negative, all have hashes of their own (-1 aside)


class Alike:
    """Counts the values that have the hash of another value."""

    def __init__(self) -> None:
        self._by_hash: dict[int, tuple[Hashable, int]] = {}  # the value seen last, and how many changes there were

    def is_apart(self, value: Hashable) -> bool:
        """False when there are too many values with the hash of this one."""
        name = hash(value)
        last, count = self._by_hash.get(name, (value, 0))
        if last == value:
            count -= 1  # the same again is not another one
        self._by_hash[name] = value, count + 1
        return count + 1 < ALIKE_MAX
