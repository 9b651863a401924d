"""The order of points in the rows of a layered drawing, so that few lines cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

SWEEPS = 12  # over all rows, up and down; later ones hardly ever change anything
Grid = list[list[int]]
Neighbours = Sequence[Sequence[int]]


def ordered(grid: Grid, neighbours: Neighbours) -> Grid:
    """The rows in the order with the fewest crossings that sweeps of barycentres come by; the first of equal ones.

    Sugiyama, Tagawa and Toda, Methods for visual understanding of hierarchical system structures (1981).
    """
    best, fewest = grid, crossings(grid, neighbours)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        grid = _swept(grid, neighbours, is_down=sweep % 2 == 0)
        number = crossings(grid, neighbours)
        if number < fewest:
            best, fewest = grid, number
    return best


def crossings(grid: Sequence[Sequence[int]], neighbours: Neighbours) -> int:
    """How many pairs of lines between neighbouring rows cross."""
    total = 0
    for upper, lower in pairwise(grid):
        place = {at: index for index, at in enumerate(lower)}
        ends = [end for at in upper for end in sorted(place[each] for each in neighbours[at] if each in place)]
        total += sum(one > other for index, one in enumerate(ends) for other in ends[index + 1 :])
    return total


def _swept(grid: Grid, neighbours: Neighbours, *, is_down: bool) -> Grid:
    swept, fixed = [*grid], dict[int, int]()
    for level in range(len(grid)) if is_down else range(len(grid) - 1, -1, -1):
        before = {at: place for place, at in enumerate(swept[level])}
        ranks = {at: (_barycentre(neighbours[at], fixed, 1000 * place), place) for at, place in before.items()}
        swept[level] = sorted(swept[level], key=ranks.__getitem__)
        fixed = {at: place for place, at in enumerate(swept[level])}
    return swept


def _barycentre(neighbours: Sequence[int], fixed: Mapping[int, int], otherwise: int) -> int:
    """The mean place of those neighbours that are fixed, in thousandths."""
    places = [fixed[each] for each in neighbours if each in fixed]
    return 1000 * sum(places) // len(places) if places else otherwise
