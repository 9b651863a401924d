"""Hash indexes over rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from neurosym.engine.layout import Layout, Row, RowKey
from neurosym.values.unknown import Unknown

Columns: TypeAlias = tuple[int, ...]


class InexactError(Exception):
    """Generated code met what is not exactly known; the general evaluator decides. Never leaves the engine."""


class Index(defaultdict[Any, list[Row]]):
    """Rows by the values of some columns. `loose` holds those in which one of the values is unknown."""

    def __init__(self, columns: Columns, rows: Iterable[Row], *, may_be_loose: bool) -> None:
        super().__init__(list)
        self.columns = columns
        self.may_be_loose = may_be_loose
        self.loose: list[Row] = []
        self._widest = (0, 0)  # the rows of one key at most, and of all keys then
        self.extend(rows)

    def extend(self, rows: Iterable[Row]) -> None:
        """Take more rows in."""
        if self.may_be_loose:
            rows = self._tight(rows)
        if len(self.columns) == 1:
            column = self.columns[0]
            for row in rows:
                self[row[column]].append(row)
            return
        columns = self.columns
        for row in rows:
            self[tuple([row[each] for each in columns])].append(row)

    def remove(self, row: Row) -> None:
        """Hold a row no more."""
        columns = self.columns
        key = row[columns[0]] if len(columns) == 1 else tuple([row[each] for each in columns])
        if self.may_be_loose and any(isinstance(row[each], Unknown) for each in columns):
            self.loose.remove(row)
            return
        self._widest = (0, 0)
        held = self[key]
        held.remove(row)
        if not held:
            del self[key]

    def width(self, count: int) -> int:
        """At least as many as any key has rows, where all keys have `count`; looked at anew when there are a quarter
        more.
        """
        widest, then = self._widest
        if count > then + then // 4:
            widest, then = max(map(len, self.values()), default=0), count
            self._widest = widest, then
        return widest + count - then

    def _tight(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            if any(isinstance(row[each], Unknown) for each in self.columns):
                self.loose.append(row)
            else:
                yield row


def index_of(layout: Layout, columns: Columns, rows: Iterable[Row]) -> Index:
    """The rows of a type by the values of these columns."""
    return Index(columns, rows, may_be_loose=any(map(layout.may_be_unknown, columns)))


class Sole(dict[RowKey, Row]):
    """The rows of the keys for which exactly one content is held, and that one certain."""

    def __missing__(self, key: RowKey) -> Row:
        raise InexactError
