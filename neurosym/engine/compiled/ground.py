"""The ground of a run: the facts that were given, what they refer to and nobody gave, and which types have more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.table import Table
from neurosym.engine.compiled.view import TableView
from neurosym.engine.extension import Entry
from neurosym.engine.fact_table import FactSet, FactTable, fact_set, references_in
from neurosym.engine.given import dangling_entry, unnamed_entry
from neurosym.engine.situation import Situation
from neurosym.values.value import Reference


class Grounds:
    """What a situation gives, and the tables and views of it before any rule has spoken (language §5.6). Nothing of it
    is looked at before somebody asks: a request seldom needs all that is known.
    """

    def __init__(self, compiled: CompiledProgram, situation: Situation, live: LiveGrounds | None = None) -> None:
        """With `live`, its views are used where they show the same."""
        self.compiled = compiled
        self.facts = situation.facts
        self.named = situation.named
        self.incomplete = situation.incomplete
        self.live = live if live is not None and live.facts is situation.facts else None
        held = self.facts if isinstance(self.facts, FactSet) else fact_set(compiled.layouts, self.facts)
        self.given: Mapping[str, FactTable] = held.tables
        self._views: dict[str, TableView] = {}

    def are_of(self, situation: Situation) -> bool:
        """True when the situation gives the same."""
        is_same = self.facts is situation.facts and self.incomplete == situation.incomplete
        return is_same and self.named == situation.named

    @cached_property
    def missing(self) -> frozenset[Reference]:
        """What facts of input types refer to and nobody gave."""
        return self.live.missing if self.live is not None else frozenset(_missing(self.compiled, self.given))

    @cached_property
    def dangling(self) -> Mapping[str, frozenset[Reference]]:
        """The same with what the request names and what their keys refer to in turn, by type."""
        return dangling_of(self.compiled, self.given, [*self.named, *self.missing])

    def view(self, name: str) -> TableView:
        """The facts of a given type. Of runs with the same facts one after another it is the same."""
        if self.live is None:
            return self._shared(name)
        if self.doubts_of(name) == self.live.doubts_of(name):
            return self.live.view(name)
        return self._own(name)

    def doubts_of(self, name: str) -> tuple[frozenset[Reference], bool]:
        """What of a type is referred to and was not given, and whether there may be more."""
        return self.dangling.get(name, frozenset()), name in self.incomplete

    def _shared(self, name: str) -> TableView:
        given, doubts = self.given[name], self.doubts_of(name)
        held = self.compiled.views.get(name)
        if held is None or held[0] != doubts or held[1].table.given is not given:
            held = self.compiled.views[name] = (doubts, TableView(self._table(name)))
        return held[1]

    def _own(self, name: str) -> TableView:
        if name not in self._views:
            self._views[name] = TableView(self._table(name))
        return self._views[name]

    def _table(self, name: str) -> Table:
        table = Table(self.compiled.layouts[name], self.given[name])
        table.replace_doubtful(self.doubtful(name))
        return table

    def doubtful(self, name: str) -> Iterator[Entry]:
        """What is held of an input type beside the facts given."""
        dangling, is_incomplete = self.doubts_of(name)
        for reference in dangling:
            yield dangling_entry(self.compiled.program, reference)
        if is_incomplete:
            layout = self.compiled.layouts[name]
            found = [layout.reference(key).key for key in self.given[name].by_key]
            yield unnamed_entry(self.compiled.program, name, [*found, *(reference.key for reference in dangling)])


class LiveGrounds(Grounds):
    """Grounds that go on: the facts given change, and what is said of them is said anew."""

    def __init__(self, compiled: CompiledProgram, situation: Situation) -> None:
        super().__init__(compiled, situation)
        self.missing = frozenset(_missing(compiled, self.given))
        self.live = self

    def view(self, name: str) -> TableView:
        """The facts of a given type, in one view for as long as the grounds live."""
        return self._own(name)

    def change(self, missing: frozenset[Reference], incomplete: frozenset[str]) -> set[str]:
        """Say anew what is missing and of which types there may be more; the types of which anything is now doubtful in
        another way.
        """
        before = {name: self.doubts_of(name) for name in self.given}
        if missing != self.missing:
            self.missing = missing
            self.dangling = dangling_of(self.compiled, self.given, missing)
        self.incomplete = incomplete
        return {name for name, doubts in before.items() if doubts != self.doubts_of(name)}


def dangling_of(
    compiled: CompiledProgram, given: Mapping[str, FactTable], named: Iterable[Reference]
) -> dict[str, frozenset[Reference]]:
    """Those of the references to facts of input types that nobody gave, and what their keys refer to, by type."""
    found: dict[str, set[Reference]] = {}
    waiting = [*named]
    while waiting:
        reference = waiting.pop()
        of = reference.type
        key = compiled.layouts[of].raw_key(reference.key)
        if reference in found.get(of, ()) or compiled.program.fact_types[of].is_derived or key in given[of].by_key:
            continue
        found.setdefault(of, set()).add(reference)
        waiting += [inner for part in reference.key for inner in references_in(part)]
    return {name: frozenset(of) for name, of in found.items()}


def _missing(compiled: CompiledProgram, given: Mapping[str, FactTable]) -> Iterator[Reference]:
    """What facts of input types refer to and nobody gave."""
    for held in given.values():
        for of in held.references:
            if not compiled.program.fact_types[of].is_derived:
                yield from map(compiled.layouts[of].reference, compiled.missing(held, given[of]))
