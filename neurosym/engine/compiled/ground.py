"""The ground of a run: the facts that were given, what they refer to and nobody gave, and which types have more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.table import Table
from neurosym.engine.compiled.view import TableView
from neurosym.engine.fact_table import FactSet, FactTable, fact_set, references_in
from neurosym.engine.given import dangling_entry, unnamed_entry
from neurosym.engine.situation import Situation
from neurosym.values.value import Reference


class Grounds:
    """What a situation gives, and the tables and views of it before any rule has spoken (language §5.6). Nothing of it
    is looked at before somebody asks: a request seldom needs all that is known.
    """

    def __init__(self, compiled: CompiledProgram, situation: Situation) -> None:
        self.compiled = compiled
        self.facts = situation.facts
        self.named = situation.named
        self.incomplete = situation.incomplete
        held = self.facts if isinstance(self.facts, FactSet) else fact_set(compiled.layouts, self.facts)
        self.given: Mapping[str, FactTable] = held.tables

    def are_of(self, situation: Situation) -> bool:
        """True when the situation gives the same."""
        is_same = self.facts is situation.facts and self.incomplete == situation.incomplete
        return is_same and self.named == situation.named

    @cached_property
    def dangling(self) -> Mapping[str, frozenset[Reference]]:
        """The keys of input types that a fact or the request refers to and nobody supplied, by type."""
        return _by_type(_dangling(self.compiled, self.given, self.named))

    def view(self, name: str) -> TableView:
        """The facts of a given type. Of runs with the same facts one after another it is the same."""
        given, is_incomplete = self.given[name], name in self.incomplete
        dangling = self.dangling.get(name, frozenset())
        held = self.compiled.views.get(name)
        if held is None or held[:2] != (dangling, is_incomplete) or held[2].table.given is not given:
            view = TableView(self._table(name, given, dangling))
            held = self.compiled.views[name] = (dangling, is_incomplete, view)
        return held[2]

    def _table(self, name: str, given: FactTable, dangling: Iterable[Reference]) -> Table:
        program, layout = self.compiled.program, self.compiled.layouts[name]
        table = Table(layout, given)
        for reference in dangling:
            table.doubt(dangling_entry(program, reference))
        if name in self.incomplete:
            found = [layout.reference(key).key for key in given.by_key]
            table.doubt(unnamed_entry(program, name, [*found, *table.doubtful.known_keys()]))
        return table


def _by_type(references: Iterable[Reference]) -> dict[str, frozenset[Reference]]:
    found: dict[str, set[Reference]] = {}
    for reference in references:
        found.setdefault(reference.type, set()).add(reference)
    return {name: frozenset(of) for name, of in found.items()}


def _dangling(
    compiled: CompiledProgram, given: Mapping[str, FactTable], named: Iterable[Reference]
) -> Iterator[Reference]:
    """The keys of input types that a fact or the request refers to and nobody supplied."""
    seen: set[Reference] = set()
    waiting = [*named]
    for held in given.values():
        for of in held.references:
            if not compiled.program.fact_types[of].is_derived:
                waiting += map(compiled.layouts[of].reference, compiled.missing(held, given[of]))
    while waiting:
        reference = waiting.pop()
        of = reference.type
        key = compiled.layouts[of].raw_key(reference.key)
        if reference in seen or compiled.program.fact_types[of].is_derived or key in given[of].by_key:
            continue
        seen.add(reference)
        yield reference
        waiting += [inner for part in reference.key for inner in references_in(part)]
