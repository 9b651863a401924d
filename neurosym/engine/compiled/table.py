"""The facts of one type while a program runs: certain ones as rows with hash indexes, doubtful ones as entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

from neurosym.engine.extension import Entry, Extension
from neurosym.engine.fact_table import FactTable
from neurosym.engine.index import Columns, Index, Sole, index_of
from neurosym.engine.layout import Layout, Row, RowKey
from neurosym.values.unknown import Unknown

Why: TypeAlias = tuple[Any, ...]  # the number of the case, the round, and the rows of its variables by name


class Doubts(list[Extension]):
    """The doubtful facts of a type, as generated code sees them: empty when there are none (a list, for the speed of
    that test), and whether one of them may have some values.
    """

    def __init__(self, layout: Layout, held: Extension) -> None:
        super().__init__()
        self.layout = layout
        self.held = held
        self._values: dict[Columns, set[Any] | None] = {}  # None: one may have any value

    def changed(self) -> None:
        """Forget what was found about the doubtful facts: there are more, or fewer."""
        self._values.clear()
        self[:] = [self.held] if len(self.held) else []

    def may_match(self, columns: Columns, values: object) -> bool:
        """True when a doubtful fact may have these values in these columns; a single one stands for itself."""
        if columns not in self._values:
            self._values[columns] = self._found(columns)
        found = self._values[columns]
        return found is None or values in found

    def _found(self, columns: Columns) -> set[Any] | None:
        found = set()
        for entry in self.held:
            if entry.fact.unnamed:
                return None
            row = self.layout.row(entry.fact)
            if any(isinstance(row[each], Unknown) for each in columns):
                return None
            found.add(row[columns[0]] if len(columns) == 1 else tuple(row[each] for each in columns))
        return found


class Table:
    """`rows` holds the certain facts of finished rounds; `whys`, of a derived type, why each is, those included that
    the round at work has concluded.
    """

    def __init__(self, layout: Layout, given: FactTable | None = None) -> None:
        """Of a derived type without facts, or of those given."""
        self.layout = layout
        self.rows: Collection[Row] = []
        self.whys: dict[Row, Why] = {}
        self.possible_since: dict[Row, int] = {}  # the round in which a fact was first held that is certain now
        self.doubtful = Extension()
        self.doubts = Doubts(layout, self.doubtful)
        self._indexes: dict[Columns, Index] = {}
        self._sole: Sole | None = None
        self.given = given
        if given is not None:
            self.rows = given.rows

    def __len__(self) -> int:
        return len(self.rows)

    def index(self, columns: Columns) -> Index:
        """The rows by the values of these columns."""
        if self.given is not None:
            return self.given.index(columns)
        found = self._indexes.get(columns)
        if found is None:
            found = self._indexes[columns] = index_of(self.layout, columns, self.rows)
        return found

    def holds(self, row: Row) -> bool:
        """True for a fact that a derived type has for certain."""
        return row in self.whys

    def by_key(self, key: RowKey) -> Sequence[Row]:
        """The rows with a key."""
        return self.index(self.layout.key_columns).get(key, ())

    @property
    def sole(self) -> Sole:
        """The rows of keys for which nothing else is held; of a type that is finished."""
        if self.given is not None:
            return self.given.sole  # INVARIANT: what is doubtful of a given type has none of the keys given
        if self._sole is None:
            key = self.layout.key
            if not self.layout.has_values:
                self._sole = Sole((key(row), row) for row in self.rows)
            else:
                index = self.index(self.layout.key_columns)
                self._sole = Sole((key, rows[0]) for key, rows in index.items() if len(rows) == 1)
            for held in self.doubtful.known_keys():
                self._sole.pop(self.layout.raw_key(held), None)
        return self._sole

    def extend(self, more: Sequence[Row]) -> None:
        """Hold what a round concluded for certain; a doubtful fact of the same content is one no more."""
        self._take(more)
        for index in self._indexes.values():
            index.extend(more)
        if self.doubts:
            self._settle(more)

    def doubt(self, entry: Entry) -> None:
        """Hold one more doubtful fact."""
        self.doubtful.add(entry)
        self._sole = None
        self.doubts.changed()

    def replace_doubtful(self, entries: Iterable[Entry]) -> None:
        """Hold these doubtful facts and no others."""
        self.doubtful = self.doubts.held = Extension()
        for entry in entries:
            self.doubtful.add(entry)
        self.doubts.changed()

    def contest(self, row: Row, entry: Entry) -> None:
        """Make a certain fact a doubtful one."""
        assert isinstance(self.rows, list)
        del self.whys[row]
        self.rows.remove(row)
        self._indexes.clear()
        self.doubt(entry)

    def _take(self, more: Sequence[Row]) -> None:
        assert isinstance(self.rows, list)
        self.rows.extend(more)
        self._sole = None

    def _settle(self, more: Iterable[Row]) -> None:
        keys = {self.layout.key(row) for row in more}
        for held in list(self.doubtful):
            fact = held.fact
            if not fact.unnamed and self.layout.raw_key(fact.key) in keys and self.holds(self.layout.row(fact)):
                self.possible_since[self.layout.row(fact)] = held.round
                self.doubtful.remove(fact)
                self.doubts.changed()
