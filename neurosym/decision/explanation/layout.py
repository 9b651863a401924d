"""A layered drawing of an acyclic graph: which row and which place in it every box has, in whole units.

Longest-path layering from the boxes that nothing follows, with a bound on the boxes of a row as in the second phase of
Coffman and Graham (Optimal scheduling for two-processor systems, 1972); order within rows by barycentres (Sugiyama,
Tagawa and Toda, 1981); places by isotonic regression, which keeps the order and the distances.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from neurosym.decision.explanation.placement import placed

SWEEPS = 12  # over all rows, up and down; later ones hardly ever change anything
PASSES = 30


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
    """The boxes by number: the row, counted from the boxes that nothing follows, and the x of the left side."""

    rows: tuple[int, ...]
    lefts: tuple[int, ...]
    routes: tuple[Route, ...]
    width: int

    @property
    def height(self) -> int:
        """How many rows there are."""
        return max(self.rows, default=-1) + 1


@dataclass(frozen=True, slots=True)
class _Point:
    """A box, or the place where a line passes a row."""

    box: int
    width: int


def layout(count: int, edges: Iterable[tuple[int, int]], size: Size) -> Layout:
    """The layout of the boxes 0 to `count` - 1 with an edge (source, target) from every box to what follows from it.

    The graph must have no cycle. The order of the boxes breaks ties; that of the edges is irrelevant.
    """
    arrows = sorted(set(edges))
    rows = _rows(count, arrows, size.row_max)
    points, routes = _points(rows, arrows, size)
    grid = [[at for at, row in enumerate(points.rows) if row == level] for level in range(max(rows, default=-1) + 1)]
    grid = _ordered(grid, points.neighbours)
    middles = _middles(grid, points, size)
    shift = min((middles[at] - width // 2 for at, width in enumerate(points.widths)), default=0)
    lefts = tuple(middles[at] - size.box // 2 - shift for at in range(count))
    return Layout(
        tuple(rows),
        lefts,
        tuple(Route(*arrow, tuple(middles[at] - shift for at in through)) for arrow, through in routes),
        max((middles[at] + width // 2 - shift for at, width in enumerate(points.widths)), default=0),
    )


def _rows(count: int, arrows: Sequence[tuple[int, int]], row_max: int) -> list[int]:
    """The row of every box: below all that follows from it, in the first that has room."""
    after, before = _adjacent(count, arrows), _adjacent(count, [(target, source) for source, target in arrows])
    open_targets = [len(each) for each in after]
    ready = [box for box in range(count) if not open_targets[box]]
    depth, rows = [0] * count, [-1] * count
    filled: dict[int, int] = {}
    while ready:
        box = min(ready, key=lambda each: (depth[each], each))
        ready.remove(box)
        row = max((rows[target] + 1 for target in after[box]), default=0)
        while filled.get(row, 0) >= row_max:
            row += 1
        rows[box] = row
        filled[row] = filled.get(row, 0) + 1
        for source in before[box]:
            depth[source] = max(depth[source], row + 1)
            open_targets[source] -= 1
            if not open_targets[source]:
                ready.append(source)
    assert -1 not in rows, "the graph has a cycle"
    return rows


def _adjacent(count: int, arrows: Iterable[tuple[int, int]]) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(count)]
    for source, target in arrows:
        found[source].append(target)
    return found


@dataclass(frozen=True, slots=True)
class _Points:
    """Boxes first, then the places where lines pass; each with its row, its width and its neighbours in other rows."""

    rows: list[int]
    widths: list[int]
    neighbours: list[list[int]]


def _points(
    rows: Sequence[int], arrows: Iterable[tuple[int, int]], size: Size
) -> tuple[_Points, list[tuple[tuple[int, int], list[int]]]]:
    points = _Points([*rows], [size.box] * len(rows), [[] for _ in rows])
    routes = []
    for source, target in arrows:
        passed = range(rows[source] - 1, rows[target], -1)
        through = [*range(len(points.rows), len(points.rows) + len(passed))]
        points.rows.extend(passed)
        points.widths.extend([size.line] * len(passed))
        points.neighbours.extend([] for _ in passed)
        for one, next_ in pairwise([source, *through, target]):
            points.neighbours[one].append(next_)
            points.neighbours[next_].append(one)
        routes.append(((source, target), through))
    return points, routes


def _ordered(grid: list[list[int]], neighbours: Sequence[Sequence[int]]) -> list[list[int]]:
    """The rows in the order with the fewest crossings that sweeps of barycentres come by; the first of equal ones."""
    best, fewest = grid, _crossings(grid, neighbours)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        grid = _swept(grid, neighbours, is_down=sweep % 2 == 0)
        crossings = _crossings(grid, neighbours)
        if crossings < fewest:
            best, fewest = grid, crossings
    return best


def _swept(grid: list[list[int]], neighbours: Sequence[Sequence[int]], *, is_down: bool) -> list[list[int]]:
    order = range(len(grid)) if is_down else range(len(grid) - 1, -1, -1)
    swept, fixed = [*grid], dict[int, int]()
    for level in order:
        before = {at: place for place, at in enumerate(swept[level])}
        swept[level] = sorted(swept[level], key=lambda at: (_barycentre(at, neighbours, fixed, before), before[at]))
        fixed = {at: place for place, at in enumerate(swept[level])}
    return swept


def _barycentre(
    at: int, neighbours: Sequence[Sequence[int]], fixed: Mapping[int, int], before: Mapping[int, int]
) -> int:
    """The mean place of the neighbours in the row that is fixed, in thousandths; its own place without any."""
    places = [fixed[each] for each in neighbours[at] if each in fixed]
    return 1000 * sum(places) // len(places) if places else 1000 * before[at]


def _crossings(grid: Sequence[Sequence[int]], neighbours: Sequence[Sequence[int]]) -> int:
    """How many pairs of lines between neighbouring rows cross."""
    total = 0
    for upper, lower in pairwise(grid):
        place = {at: index for index, at in enumerate(lower)}
        ends = [end for at in upper for end in sorted(place[each] for each in neighbours[at] if each in place)]
        total += sum(one > other for index, one in enumerate(ends) for other in ends[index + 1 :])
    return total


def _middles(grid: Sequence[Sequence[int]], points: _Points, size: Size) -> list[int]:
    """The x of the middle of every point: near the middle of its neighbours, apart from the next in its row."""
    middles = [0] * len(points.rows)
    for row in grid:
        widths = [points.widths[at] for at in row]
        for at, middle in zip(row, placed([0] * len(row), widths, size.gap, size.reach), strict=True):
            middles[at] = middle
    for turn in range(PASSES):
        for row in grid if turn % 2 == 0 else grid[::-1]:
            wanted = [_mean([middles[each] for each in points.neighbours[at]], middles[at]) for at in row]
            for at, middle in zip(
                row, placed(wanted, [points.widths[at] for at in row], size.gap, size.reach), strict=True
            ):
                middles[at] = middle
    return middles


def _mean(of: Sequence[int], otherwise: int) -> int:
    return sum(of) // len(of) if of else otherwise
