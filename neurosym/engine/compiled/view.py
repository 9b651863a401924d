"""A table as the general evaluator sees it: entries of facts, made from rows when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.table import Table, Why
from neurosym.engine.derivation import Derivation
from neurosym.engine.extension import Entry, Extension, Key, ProofStep, content
from neurosym.engine.layout import Layout, Row
from neurosym.values.value import Fact, Value

Derive = Callable[[Table, Why], Derivation]


class TableView(Extension):
    """The extension that a table is. Each certain fact has one entry, made once."""

    def __init__(self, table: Table, cases: Sequence[Case] = (), derive: Derive | None = None) -> None:
        """Of a derived type with the cases that conclude its facts, and with what tells how."""
        super().__init__()
        self._cases = cases
        self.table = table
        self._derive = derive
        self._entries: dict[object, Entry] = {}
        self.certain = CertainView(self)

    def forget(self) -> None:
        """Make entries anew from now on: facts are gone, or rest on something else."""
        self._entries.clear()

    def entry_of(self, row: Row) -> Entry:
        """The entry of a row."""
        name = row if self.table.given is None else self.table.layout.key(row)
        found = self._entries.get(name)
        if found is None:
            found = self._entries.setdefault(name, self._made(row))  # of several threads, the first one's
        return found

    def _made(self, row: Row) -> Entry:
        table = self.table
        if table.given is not None:
            return Entry(table.given.fact(table.layout.key(row)), is_certain=True)
        assert self._derive is not None
        why = partial(self._derive, table, table.whys[row])
        return Entry(table.layout.fact(row), is_certain=True, derived=why)

    def __iter__(self) -> Iterator[Entry]:
        yield from map(self.entry_of, list(self.table.rows))
        yield from self.table.doubtful

    def __len__(self) -> int:
        return len(self.table) + len(self.table.doubtful)

    @property
    def unnamed(self) -> Entry | None:
        """The entry of the unnamed fact."""
        return self.table.doubtful.unnamed

    def find(self, fact: Fact) -> Entry | None:
        """The entry with this key and content."""
        if not fact.unnamed:
            for entry in self._certain(fact.key):
                if content(entry.fact) == content(fact):
                    return entry
        return self.table.doubtful.find(fact)

    def steps(self) -> Iterator[ProofStep]:
        """The last step of each certain fact that was concluded."""
        whys, key = self.table.whys, _key_of(self.table.layout, "row")
        lines = ["def steps(whys):", "    for row, why in whys.items():", "        number = why[0]"]
        for number in sorted({why[0] for why in whys.values()}):
            case = self._cases[number]
            step = f"({key}, {case.provision.id!r}, ({self._premises(case)}))"
            lines.append(f"        if number == {number}: yield {step}; continue")
        lines.append("    yield from ()")  # so that it is a generator though nothing was concluded
        names: dict[str, Callable[[Mapping[Row, Why]], Iterator[ProofStep]]] = {}
        exec("\n".join(lines), names)  # noqa: S102 - made of numbers and names
        return names["steps"](whys)

    def _premises(self, case: Case) -> str:
        """Python source of the keys of a derivation's facts, each with a comma behind it."""
        layouts, types = self.table.layout.layouts, dict(case.join.variables)
        return "".join(f"{_key_of(layouts[types[name]], f'why[{at}]')}, " for at, name in enumerate(case.names, 2))

    def known_keys(self) -> Iterable[Key]:
        """The keys for which something is held."""
        found = {self.entry_of(row).fact.key: None for row in self.table.rows}
        return found | dict.fromkeys(self.table.doubtful.known_keys())

    def contents(self, key: Key) -> Collection[Entry]:
        """The contents that stand side by side for a key."""
        return [*self._certain(key), *self.table.doubtful.contents(key)]

    def with_key(self, key: Key) -> Iterator[Entry]:
        """The entries that have this key, or may have it."""
        yield from self._certain(key)
        yield from self.table.doubtful.with_key(key)

    def with_value(self, field: str, value: Value) -> Iterator[Entry]:
        """The entries whose field has this value, or may have it."""
        yield from self.certain_with_value(field, value)
        yield from self.table.doubtful.with_value(field, value)

    def certain_with_value(self, field: str, value: Value) -> Iterator[Entry]:
        """Those of them that are certain facts."""
        layout = self.table.layout
        index = self.table.index((layout.column[field],))
        yield from map(self.entry_of, list(index.get(layout.raw(value), ())))
        yield from map(self.entry_of, list(index.loose))

    def _certain(self, key: Key) -> Iterator[Entry]:
        table = self.table
        return map(self.entry_of, list(table.by_key(table.layout.raw_key(key))))


def _key_of(layout: Layout, row: str) -> str:
    """Python source of the key of a row, as a tuple."""
    if layout.key_columns == tuple(range(len(layout.of.fields))):
        return row
    return f"({''.join(f'{row}[{at}], ' for at in layout.key_columns)})"


class CertainView(Extension):
    """The same without the doubtful facts."""

    def __init__(self, view: TableView) -> None:
        super().__init__()
        self._view = view

    def __iter__(self) -> Iterator[Entry]:
        return map(self._view.entry_of, list(self._view.table.rows))

    def with_key(self, key: Key) -> Iterator[Entry]:
        """The entries that have this key."""
        return self._view._certain(key)  # noqa: SLF001 - the other half of this module

    def with_value(self, field: str, value: Value) -> Iterator[Entry]:
        """The entries whose field has this value, or may have it."""
        return self._view.certain_with_value(field, value)


class RoundView(Extension):
    """A table of a recursive stratum as it was when a round began: what was concluded in earlier rounds."""

    def __init__(self, view: TableView, number: int) -> None:
        super().__init__()
        self._view = view
        self._number = number

    def _as_it_was(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        table = self._view.table
        for entry in entries:
            if entry.is_certain and not entry.fact.unnamed:
                row = table.layout.row(entry.fact)
                if table.whys[row][1] < self._number:
                    yield entry
                elif table.possible_since.get(row, self._number) < self._number:
                    yield Entry(entry.fact, is_certain=False, reasons=frozenset({entry.name}))
            elif entry.round < self._number:
                yield entry

    def __iter__(self) -> Iterator[Entry]:
        return self._as_it_was(self._view)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def unnamed(self) -> Entry | None:
        """The entry of the unnamed fact."""
        found = self._view.unnamed
        return next(self._as_it_was([found]), None) if found else None

    def find(self, fact: Fact) -> Entry | None:
        """The entry with this key and content."""
        found = self._view.find(fact)
        return next(self._as_it_was([found]), None) if found else None

    def known_keys(self) -> Iterable[Key]:
        """The keys for which something is held."""
        return {entry.fact.key: None for entry in self if not entry.fact.unnamed}

    def contents(self, key: Key) -> Collection[Entry]:
        """The contents that stand side by side for a key."""
        return list(self._as_it_was(self._view.contents(key)))

    def with_key(self, key: Key) -> Iterator[Entry]:
        """The entries that have this key, or may have it."""
        return self._as_it_was(self._view.with_key(key))

    def with_value(self, field: str, value: Value) -> Iterator[Entry]:
        """The entries whose field has this value, or may have it."""
        return self._as_it_was(self._view.with_value(field, value))
