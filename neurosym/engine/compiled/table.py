"""The facts of one type while a program runs: certain ones as rows with hash indexes, doubtful ones as entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from neurosym.engine.compiled.layout import Layout, Row, RowKey
from neurosym.engine.extension import Entry, Extension
from neurosym.engine.given import references_in
from neurosym.values.unknown import Unknown
from neurosym.values.value import Fact

Columns: TypeAlias = tuple[int, ...]
Why: TypeAlias = tuple[Any, ...]  # the number of the case, the round, and the rows of its variables by name


class InexactError(Exception):
    """Generated code met what is not exactly known; the general evaluator decides. Never leaves the engine."""


class Index(defaultdict[Any, list[Row]]):
    """Rows by the values of some columns. `loose` holds those in which one of the values is unknown."""

    def __init__(self, columns: Columns, rows: Iterable[Row], *, may_be_loose: bool) -> None:
        super().__init__(list)
        self.columns = columns
        self.may_be_loose = may_be_loose
        self.loose: list[Row] = []
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

    def _tight(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            if any(isinstance(row[each], Unknown) for each in self.columns):
                self.loose.append(row)
            else:
                yield row


class Sole(dict[RowKey, Row]):
    """The rows of the keys for which exactly one content is held, and that one certain."""

    def __missing__(self, key: RowKey) -> Row:
        raise InexactError


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


class Given:
    """Facts that were given, as rows: made once for all the runs that are over the same facts, and never changed."""

    def __init__(self, layout: Layout, facts: Sequence[Fact]) -> None:
        self.layout = layout
        self.given = facts
        self.rows = [layout.row(fact) for fact in facts]
        self.facts: Mapping[RowKey, Fact] = dict(zip(map(layout.key, self.rows), facts, strict=True))
        self.indexes: dict[Columns, Index] = {}

    @cached_property
    def sole(self) -> Sole:
        """The rows by their keys."""
        return Sole(zip(self.facts, self.rows, strict=True))

    @cached_property
    def references(self) -> Mapping[str, frozenset[RowKey]]:
        """The keys that the rows refer to, by type."""
        found: dict[str, set[RowKey]] = {}
        for at, of in self.layout.references:
            found.setdefault(of, set()).update([row[at] for row in self.rows])
        for row in self.rows if self.layout.holders else ():
            for at in self.layout.holders:
                for reference in references_in(row[at]):
                    found.setdefault(reference.type, set()).add(self.layout.raw(reference))
        return {of: frozenset(key for key in keys if not _is_none(key)) for of, keys in found.items()}


def _is_none(key: RowKey) -> bool:
    return key is None or isinstance(key, Unknown)


class Table:
    """`rows` holds the certain facts of finished rounds; `whys`, of a derived type, why each is, those included that
    the round at work has concluded.
    """

    def __init__(self, layout: Layout, given: Given) -> None:
        self.layout = layout
        self.is_given = not layout.of.is_derived
        self.rows = given.rows
        self.facts = given.facts
        self.whys: dict[Row, Why] = {}
        self.possible_since: dict[Row, int] = {}  # the round in which a fact was first held that is certain now
        self.doubtful = Extension()
        self.doubts = Doubts(layout, self.doubtful)
        self._indexes = given.indexes
        self._given = given
        self._sole: Sole | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def index(self, columns: Columns) -> Index:
        """The rows by the values of these columns."""
        found = self._indexes.get(columns)
        if found is None:
            may_be_loose = any(map(self.layout.may_be_unknown, columns))
            found = self._indexes[columns] = Index(columns, self.rows, may_be_loose=may_be_loose)
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
        if self.is_given:
            return self._given.sole  # INVARIANT: what is doubtful of a given type has none of the keys given
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
        self.rows.extend(more)
        self._sole = None
        for index in self._indexes.values():
            index.extend(more)
        if self.doubts:
            self._settle(more)

    def doubt(self, entry: Entry) -> None:
        """Hold one more doubtful fact."""
        self.doubtful.add(entry)
        self._sole = None
        self.doubts.changed()

    def contest(self, row: Row, entry: Entry) -> None:
        """Make a certain fact a doubtful one."""
        del self.whys[row]
        self.rows.remove(row)
        self._indexes.clear()
        self.doubt(entry)

    def _settle(self, more: Iterable[Row]) -> None:
        keys = {self.layout.key(row) for row in more}
        for held in list(self.doubtful):
            fact = held.fact
            if not fact.unnamed and self.layout.raw_key(fact.key) in keys and self.holds(self.layout.row(fact)):
                self.possible_since[self.layout.row(fact)] = held.round
                self.doubtful.remove(fact)
                self.doubts.changed()
