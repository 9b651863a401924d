"""Places in a row: as near as can be to where each would like to be, in this order and without overlap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise


def placed(wanted: Sequence[int], widths: Sequence[int], gap: int, reach: int) -> list[int]:
    """The middles of things of these widths, in their order and at least `gap` apart, each near the one wanted.

    None lies further than `reach` from 0 on either side, unless they need more room than that. Least squares up to
    rounding: pool adjacent violators (Barlow, Bartholomew, Bremner and Brunk, Statistical inference under order
    restrictions, 1972).
    """
    distances = [(one + other + 1) // 2 + gap for one, other in pairwise(widths)]
    offsets = [*accumulate(distances, initial=0)][: len(widths)]
    pools: list[tuple[int, int]] = []  # the sum of what is wanted, and of how many
    for middle, offset in zip(wanted, offsets, strict=True):
        total, count = middle - offset, 1
        while pools and pools[-1][0] * count >= total * pools[-1][1]:
            before = pools.pop()
            total, count = total + before[0], count + before[1]
        pools.append((total, count))
    first, last = _bounds(widths, offsets, reach)
    levels = [min(max(total // count, first), last) for total, count in pools for _ in range(count)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]


def _bounds(widths: Sequence[int], offsets: Sequence[int], reach: int) -> tuple[int, int]:
    """Between what the first middle lies; where there is too little room, all of them about 0."""
    if not widths:
        return 0, 0
    first, last = widths[0] // 2 - reach, reach - widths[-1] // 2 - offsets[-1]
    return (first, last) if first <= last else ((first + last) // 2,) * 2
