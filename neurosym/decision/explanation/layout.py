"""A layered drawing of an acyclic graph: which row and which place in it every box has, in whole units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from neurosym.decision.explanation.crossing import Grid, ordered
from neurosym.decision.explanation.layering import Edge, Points, points_of, rows_of
from neurosym.decision.explanation.placement import placed

PASSES = 30  # of places towards those of their neighbours


@dataclass(frozen=True, slots=True)
class Size:
    """The width of boxes, the gap between them, the width of a line that passes, and how many boxes a row takes."""

    box: int
    gap: int
    line: int
    row_max: int

    @property
    def reach(self) -> int:
        """Half the width of a full row."""
        return (self.row_max * (self.box + self.gap) - self.gap + 1) // 2


@dataclass(frozen=True, slots=True)
class Route:
    """A line from one box to another: the x of its middle in every row that it passes between them."""

    source: int
    target: int
    through: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The boxes by number: the row, counted from the boxes that nothing follows, and the x of the left side.

    Lines to the same box that pass the same row pass it in the same place.
    """

    rows: tuple[int, ...]
    lefts: tuple[int, ...]
    routes: tuple[Route, ...]
    width: int

    @property
    def height(self) -> int:
        """How many rows there are."""
        return max(self.rows, default=-1) + 1


def layout(count: int, edges: Iterable[Edge], size: Size) -> Layout:
    """The layout of the boxes 0 to `count` - 1 with an edge (source, target) from every box to what follows from it.

    The graph must have no cycle. The order of the boxes breaks ties; that of the edges is irrelevant.
    """
    known = sorted(set(edges))
    rows = rows_of(count, known, size.row_max)
    points = points_of(rows, known)
    widths = [size.box if at < count else size.line for at in range(len(points.rows))]
    middles = _middles(ordered(points.grid, points.neighbours), points, widths, size)
    shift = min((middle - width // 2 for middle, width in zip(middles, widths, strict=True)), default=0)
    return Layout(
        tuple(rows),
        tuple(middle - size.box // 2 - shift for middle in middles[:count]),
        tuple(Route(*edge, tuple(middles[at] - shift for at in points.through[edge])) for edge in known),
        max((middle + width // 2 - shift for middle, width in zip(middles, widths, strict=True)), default=0),
    )


def _middles(grid: Grid, points: Points, widths: Sequence[int], size: Size) -> list[int]:
    """The x of the middle of every point: near the middle of its neighbours, apart from the next in its row."""
    middles = [0] * len(points.rows)
    for turn in range(PASSES + 1):
        for row in grid if turn % 2 == 0 else grid[::-1]:
            wanted = [_mean([middles[each] for each in points.neighbours[at]]) if turn else 0 for at in row]
            own = [widths[at] for at in row]
            for at, middle in zip(row, placed(wanted, own, size.gap, size.reach), strict=True):
                middles[at] = middle
    return middles


def _mean(of: Sequence[int]) -> int:
    return sum(of) // len(of) if of else 0
