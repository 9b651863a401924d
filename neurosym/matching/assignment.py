"""The assignment problem: pairing rows with columns so that the gains add up to the most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

_UNREACHED = 1 << 62


def best_assignment(gains: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """The (row, column) pairs of greatest total gain, by row; each row and each column at most once.

    Gains are natural numbers; pairs of gain 0 are left out. Exact, in cubic time, ties settled by position (the
    Hungarian method with potentials: Kuhn 1955, Munkres 1957).
    """
    if not gains or not gains[0]:
        return []
    if len(gains) > len(gains[0]):
        return sorted((row, column) for column, row in best_assignment(list(zip(*gains, strict=True))))
    matching = _Matching(gains, [0] * len(gains), [0] * len(gains[0]))
    for row in range(len(gains)):
        matching.add(row)
    return sorted((row, column) for column, row in matching.row_of.items() if gains[row][column])


@dataclass(slots=True)
class _Matching:
    """A cheapest matching of the rows added so far; the cost of a pair is its gain with the other sign.

    No cost is below the sum of its row's and its column's price, and those of matched pairs are equal to it.
    """

    gains: Sequence[Sequence[int]]
    row_price: list[int]
    column_price: list[int]
    row_of: dict[int, int] = field(default_factory=dict)

    def add(self, row: int) -> None:
        """Match one more row, along the cheapest path that alternates between free and matched pairs."""
        width = len(self.column_price)
        distance = [_UNREACHED] * width
        previous: list[int | None] = [None] * width
        closed: dict[int, int] = {}  # column: its distance along the path
        at, came_from, travelled = row, None, 0
        while True:
            for column in range(width):
                cost = travelled - self.gains[at][column] - self.row_price[at] - self.column_price[column]
                if column not in closed and cost < distance[column]:
                    distance[column], previous[column] = cost, came_from
            travelled, nearest = min((distance[column], column) for column in range(width) if column not in closed)
            if nearest not in self.row_of:
                break
            closed[nearest] = travelled
            at, came_from = self.row_of[nearest], nearest
        self._reprice(row, closed, travelled)
        self._turn(row, nearest, previous)

    def _reprice(self, row: int, closed: dict[int, int], length: int) -> None:
        self.row_price[row] += length
        for column, distance in closed.items():
            self.row_price[self.row_of[column]] += length - distance
            self.column_price[column] -= length - distance

    def _turn(self, row: int, end: int, previous: Sequence[int | None]) -> None:
        column = end
        while (before := previous[column]) is not None:
            self.row_of[column] = self.row_of[before]
            column = before
        self.row_of[column] = row
