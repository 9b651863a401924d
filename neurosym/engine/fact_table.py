"""The facts that were given, of one type as rows and of all types together; facts are made when somebody asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from neurosym.engine.index import Columns, Index, Sole, index_of
from neurosym.engine.layout import Layout, Row, RowKey
from neurosym.values.canonical import Digest, canonical_bytes, digest_list
from neurosym.values.encoding import fact_json
from neurosym.values.unknown import Unknown
from neurosym.values.value import Fact, Record, Reference, Value


class FactTable:
    """Facts of one type, each key once. Never changed once it is made, so that any number of runs may share it."""

    def __init__(self, layout: Layout, rows: Collection[Row], by_key: Mapping[RowKey, Row]) -> None:
        self.layout = layout
        self.version = 0  # of a table that changes: how often it has
        self.rows = rows
        self.by_key = by_key
        self.indexes: dict[Columns, Index] = {}
        self._facts: dict[RowKey, Fact] = {}
        self._parts: tuple[FactTable, ...] = ()  # the tables that this one joins

    def __len__(self) -> int:
        return len(self.rows)

    def fact(self, key: RowKey) -> Fact:
        """The fact with a key, the same one each time; KeyError when there is none."""
        found = self._facts.get(key)
        if found is None:
            found = self._facts.setdefault(key, self.layout.fact(self.by_key[key]))
        return found

    def __iter__(self) -> Iterator[Fact]:
        return map(self.fact, self.by_key)

    def take(self, facts: Iterable[tuple[RowKey, Fact]]) -> None:
        """Remember facts that were there before their rows."""
        self._facts.update(facts)

    def joined(self, more: FactTable) -> FactTable:
        """The facts of both; none has the key of another."""
        found = FactTable(self.layout, [*self.rows, *more.rows], {**self.by_key, **more.by_key})
        found.take(self._facts.items())
        found._parts = (self, more)
        return found

    def with_fact(self, fact: Fact) -> FactTable:
        """The table with one fact more, or with other contents for its key."""
        row, key = self.layout.row(fact), self.layout.raw_key(fact.key)
        by_key = {**self.by_key, key: row}
        return FactTable(self.layout, list(by_key.values()), by_key)

    @cached_property
    def encoded(self) -> Sequence[bytes]:
        """The canonical bytes of every fact, in their own order; kept, for tables that join more facts to these."""
        return self._sorted()

    def _sorted(self) -> list[bytes]:
        if self._parts:
            return sorted(each for part in self._parts for each in part.encoded)
        fact = self.layout.fact  # facts that nobody else asked for are not kept
        # Copies: bytes from the encoder keep the memory from reuse that they were written in, many times their length.
        return sorted([bytes(memoryview(canonical_bytes(fact_json(fact(row))))) for row in self.rows])

    @cached_property
    def digest(self) -> Digest:
        """The digest of the facts, in whatever order they came."""
        return digest_list(self._sorted())

    @cached_property
    def sole(self) -> Sole:
        """The rows by their keys."""
        return Sole(self.by_key)

    def index(self, columns: Columns) -> Index:
        """The rows by the values of these columns."""
        found = self.indexes.get(columns)
        if found is None:
            found = self.indexes.setdefault(columns, self._index(columns))
        return found

    def _index(self, columns: Columns) -> Index:
        if columns != self.layout.key_columns:
            return index_of(self.layout, columns, self.rows)
        found = index_of(self.layout, columns, ())
        found.update({key: [row] for key, row in self.by_key.items()})
        return found

    @cached_property
    def references(self) -> Mapping[str, AbstractSet[RowKey]]:
        """The keys that the rows refer to, by type."""
        found: dict[str, set[RowKey]] = {}
        for at, of in self.layout.references:
            found.setdefault(of, set()).update(self.index((at,)))  # an index that joins will want as well
        for row in self.rows if self.layout.holders else ():
            for at in self.layout.holders:
                for reference in references_in(row[at]):
                    found.setdefault(reference.type, set()).add(self.layout.raw(reference))
        for keys in found.values():
            keys.discard(None)
        return found


def table_of(layout: Layout, facts: Iterable[Fact]) -> FactTable:
    """The table of facts with different keys."""
    several = list(facts)
    by_key = {layout.raw_key(fact.key): layout.row(fact) for fact in several}
    assert len(by_key) == len(several)
    found = FactTable(layout, list(by_key.values()), by_key)
    found.take(zip(by_key, several, strict=True))
    return found


class FactSet(Collection[Fact]):
    """The facts of a situation. Each table is shared with other sets that have the same facts of its type."""

    def __init__(self, layouts: Mapping[str, Layout], tables: Mapping[str, FactTable]) -> None:
        self.layouts = layouts
        self.tables = tables

    def __len__(self) -> int:
        return sum(map(len, self.tables.values()))

    def __iter__(self) -> Iterator[Fact]:
        for table in self.tables.values():
            yield from table

    def __contains__(self, of: object) -> bool:
        """Whether a fact is held, or one for a reference."""
        if isinstance(of, Fact):
            return self.find(of.reference) == of
        return isinstance(of, Reference) and self._key(of) in self.tables[of.type].by_key

    def find(self, reference: Reference) -> Fact | None:
        """The fact that the reference names, or None."""
        key, table = self._key(reference), self.tables[reference.type]
        return table.fact(key) if key in table.by_key else None

    def row(self, reference: Reference) -> Row | None:
        """The row of the fact that the reference names, or None."""
        return self.tables[reference.type].by_key.get(self._key(reference))

    def with_table(self, name: str, more: FactTable) -> FactSet:
        """The set with more facts of a type; none of them has a key that is there."""
        if not more.rows:
            return self
        held = self.tables[name]
        return FactSet(self.layouts, {**self.tables, name: held.joined(more) if held.rows else more})

    def with_fact(self, fact: Fact) -> FactSet:
        """The set with one fact more, or with other contents for its key."""
        return FactSet(self.layouts, {**self.tables, fact.type: self.tables[fact.type].with_fact(fact)})

    def _key(self, of: Reference) -> RowKey:
        return self.layouts[of.type].raw_key(of.key)


def fact_set(layouts: Mapping[str, Layout], facts: Iterable[Fact]) -> FactSet:
    """The set of facts with different keys."""
    by_type: dict[str, list[Fact]] = {name: [] for name in layouts}
    for fact in facts:
        by_type[fact.type].append(fact)
    return FactSet(layouts, {name: table_of(layouts[name], of) for name, of in by_type.items()})


def find_fact(facts: Collection[Fact], reference: Reference) -> Fact | None:
    """The fact that the reference names, or None."""
    if isinstance(facts, FactSet):
        return facts.find(reference)
    return next((fact for fact in facts if fact.reference == reference), None)


def with_contents(facts: Collection[Fact], fact: Fact) -> Collection[Fact]:
    """The facts with other contents for the key of one of them."""
    if isinstance(facts, FactSet):
        return facts.with_fact(fact)
    return tuple(fact if each.reference == fact.reference else each for each in facts)


def references_of(layout: Layout, row: Row) -> Iterator[tuple[str, RowKey]]:
    """The types and keys of the facts that a row refers to."""
    for at, of in layout.references:
        if row[at] is not None and not isinstance(row[at], Unknown):
            yield of, row[at]
    for at in layout.holders:
        for reference in references_in(row[at]):
            yield reference.type, layout.raw(reference)


def references_in(value: Value) -> Iterator[Reference]:
    """The references that a value holds."""
    if isinstance(value, Reference):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from references_in(item)
    elif isinstance(value, Record):
        for _, item in value.items:
            yield from references_in(item)
