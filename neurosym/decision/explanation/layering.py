"""The rows of a layered drawing, and the places where lines pass them on their way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Edge = tuple[int, int]  # from a box to one that follows from it


def rows_of(count: int, edges: Sequence[Edge], row_max: int) -> list[int]:
    """The row of every box: below all that follows from it, in the first that has room.

    Longest-path layering with a bound on the boxes of a row, as in the second phase of Coffman and Graham, Optimal
    scheduling for two-processor systems (1972). A cycle is a bug.
    """
    after, before = _adjacent(count, edges), _adjacent(count, [(target, source) for source, target in edges])
    left = [len(each) for each in after]
    ready = [box for box in range(count) if not left[box]]
    lowest, rows = [0] * count, [-1] * count
    filled: dict[int, int] = {}
    while ready:
        box = min(ready, key=lambda each: (lowest[each], each))
        ready.remove(box)
        row = lowest[box]
        while filled.get(row, 0) >= row_max:
            row += 1
        rows[box] = row
        filled[row] = filled.get(row, 0) + 1
        for source in before[box]:
            lowest[source] = max(lowest[source], row + 1)
            left[source] -= 1
            if not left[source]:
                ready.append(source)
    assert -1 not in rows, "the graph has a cycle"
    return rows


def _adjacent(count: int, edges: Iterable[Edge]) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        found[source].append(target)
    return found


@dataclass(frozen=True, slots=True)
class Points:
    """The boxes first, then the places where lines pass rows: the row of each, and its neighbours in the next rows.

    `through` has the places that each edge passes; edges to one box from further away than a row share theirs.
    """

    count: int
    rows: list[int]
    neighbours: list[list[int]]
    through: dict[Edge, list[int]]

    @property
    def grid(self) -> list[list[int]]:
        """The points row by row; lines start in the middle, from where it is near to the boxes on either side."""
        grid = []
        for row in range(max(self.rows, default=-1) + 1):
            points = [at for at, own in enumerate(self.rows) if own == row]
            boxes = [at for at in points if at < self.count]
            half = (len(boxes) + 1) // 2
            grid.append([*boxes[:half], *(at for at in points if at >= self.count), *boxes[half:]])
        return grid


def points_of(rows: Sequence[int], edges: Iterable[Edge]) -> Points:
    """The points of a graph whose boxes lie in these rows."""
    points = Points(len(rows), [*rows], [[] for _ in rows], {})
    places: dict[tuple[int, int], int] = {}  # by the box that the lines go to, and the row that they pass
    for source, target in edges:
        passed = range(rows[source] - 1, rows[target], -1)
        points.through[source, target] = [_place(points, places, target, row) for row in passed]
        for one, other in pairwise([source, *points.through[source, target], target]):
            if other not in points.neighbours[one]:
                points.neighbours[one].append(other)
                points.neighbours[other].append(one)
    return points


def _place(points: Points, places: dict[tuple[int, int], int], target: int, row: int) -> int:
    if (target, row) not in places:
        places[target, row] = len(points.rows)
        points.rows.append(row)
        points.neighbours.append([])
    return places[target, row]
