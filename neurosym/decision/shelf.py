"""Facts as they are taken in: rows by type, where each was supplied, and which keys were given twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from neurosym.engine.alike import APART, Alike
from neurosym.engine.compiled.reading import Read, reader_of
from neurosym.engine.fact_table import FactTable
from neurosym.engine.layout import Layout, Row, RowKey
from neurosym.text.span import JsonPath
from neurosym.values.number import Number
from neurosym.values.value import Fact, Reference, Value

MANY = 32  # facts, from which on a function is made that reads them
REQUESTS = 2  # likewise of requests


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact was supplied, and the triples it was read from when that was a graph."""

    place: JsonPath
    triples: tuple[str, ...] = ()


@dataclass(slots=True)
class Shelf:
    """The facts of one type, each key once. `places` has the place of each row in the list it came from."""

    layout: Layout
    rows: list[Row] = field(default_factory=list)
    by_key: dict[RowKey, Row] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    lists: list[tuple[int, JsonPath]] = field(default_factory=list)  # from which row on, and the list
    origins: dict[RowKey, Origin] = field(default_factory=dict)  # of facts that came one by one
    _numbers: dict[RowKey, int] = field(default_factory=dict)
    _alike: Alike = field(default_factory=Alike)
    _table: FactTable | None = None
    _size: int = 0  # of the table when it was made

    def take(self, given: Sequence[object], at: JsonPath) -> Iterable[int]:
        """Take in what is plainly right; the places of what is left."""
        read = reader_of(self.layout) if len(given) >= MANY else None
        if read is None:
            return range(len(given))
        left: list[int] = []
        self.lists.append((len(self.rows), at))
        read(given, self.rows, self.by_key, self.places, left, self._alike.is_apart)
        return left

    def hold(self, fact: Fact, origin: Origin) -> bool:
        """Hold a fact whose key is new; False when too many keys or numbers have the hash of one in it."""
        key, row = self.layout.raw_key(fact.key), self.layout.row(fact)
        self.by_key[key] = row
        self.rows.append(row)
        self.places.append(-1)
        self.origins[key] = origin
        return all(map(self._alike.is_apart, (key, *filter(_is_unusual, row))))

    def note_triples(self, key: tuple[Value, ...], triples: tuple[str, ...]) -> None:
        """Say which triples tell of a fact that was supplied already."""
        raw = self.layout.raw_key(key)
        first = self.origin(raw)
        if raw in self.by_key and triples and not first.triples:
            self.origins[raw] = Origin(first.place, triples)

    def supplied_earlier(self, key: tuple[Value, ...], origin: Origin) -> None:
        """Say that a fact was supplied at an earlier place than was known."""
        self.origins[self.layout.raw_key(key)] = origin

    def find(self, key: RowKey) -> Fact | None:
        """The fact with a key."""
        row = self.by_key.get(key)
        return None if row is None else self.layout.fact(row)

    @property
    def table(self) -> FactTable:
        """All of them; the same table, with what it has found out about itself, as long as there are no more."""
        if self._table is None or self._size != len(self.rows):
            self._table, self._size = FactTable(self.layout, self.rows, self.by_key), len(self.rows)
        return self._table

    def supplied_order(self) -> list[Row]:
        """The rows in the order in which they were supplied."""
        lists: dict[tuple[object, ...], int] = {}

        def order(row: Row) -> tuple[int, int]:
            place = self.origin(self.layout.key(row)).place
            *above, last = place.steps or ("",)
            of = lists.setdefault((place.document, *above), len(lists))
            return of, last if isinstance(last, int) else 0

        return sorted(self.rows, key=order)

    def origin(self, key: RowKey) -> Origin:
        """Where the fact of a key was supplied; KeyError when there is none."""
        found = self.origins.get(key)
        if found is not None:
            return found
        if len(self._numbers) != len(self.rows):
            self._numbers = {self.layout.key(row): number for number, row in enumerate(self.rows)}
        number = self._numbers[key]
        at = next(at for start, at in reversed(self.lists) if start <= number)
        return Origin(at / self.places[number])


def _is_unusual(value: object) -> bool:
    """True for a number that does not have a hash of its own."""
    return (
        isinstance(value, Number)
        and not isinstance(value, bool)
        and not (isinstance(value, int) and -APART < value < APART)
    )


class Counter:
    """Where requests come in after one another: reads those that are plainly right, once there are several."""

    def __init__(self) -> None:
        self._count = 0
        self._functions: dict[str, Read | None] = {}

    def table(self, layout: Layout, given: object) -> FactTable | None:
        """The table of the one fact that was given; None when it has to be read with care."""
        name = layout.of.name
        if name not in self._functions:
            self._count += 1
            if self._count < REQUESTS:
                return None
            self._functions[name] = reader_of(layout)
        read = self._functions[name]
        if read is None:
            return None
        rows: list[Row] = []
        by_key: dict[RowKey, Row] = {}
        read((given,), rows, by_key, [], [], lambda _: True)  # a single one is like no other
        return FactTable(layout, rows, by_key) if rows else None


class RequestOrigins(Mapping[Reference, Origin]):
    """Where the one fact of a request was supplied, and the facts that stand."""

    __slots__ = ("_document", "_name", "_reference", "_standing")

    def __init__(self, reference: Reference, document: str, name: str, standing: Mapping[str, Shelf]) -> None:
        """`name` is the fact's in the request, which is the document."""
        self._reference = reference
        self._document = document
        self._name = name
        self._standing = standing

    def __getitem__(self, of: Reference) -> Origin:
        if of == self._reference:
            return Origin(JsonPath(self._document, (self._name,)))
        return Origins((self._standing,))[of]

    def __iter__(self) -> Iterator[Reference]:
        yield self._reference
        yield from Origins((self._standing,))

    def __len__(self) -> int:
        return 1 + len(Origins((self._standing,)))


@dataclass(frozen=True)
class Origins(Mapping[Reference, Origin]):
    """Where the facts of the shelves were supplied; those of the first shelves that hold a fact."""

    shelves: tuple[Mapping[str, Shelf], ...]

    def __getitem__(self, of: Reference) -> Origin:
        for each in self.shelves:
            shelf = each.get(of.type)
            if shelf is not None and (key := shelf.layout.raw_key(of.key)) in shelf.by_key:
                return shelf.origin(key)
        raise KeyError(of)

    def __iter__(self) -> Iterator[Reference]:
        seen: set[Reference] = set()
        for each in self.shelves:
            for shelf in each.values():
                found = {shelf.layout.reference(key) for key in shelf.by_key}
                yield from found - seen
                seen |= found

    def __len__(self) -> int:
        return sum(1 for _ in self)
