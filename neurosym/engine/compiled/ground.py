"""The ground of a run: the facts that were given, what they refer to and nobody gave, and which types have more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.table import Table
from neurosym.engine.extension import Entry
from neurosym.engine.fact_table import FactSet, FactTable, fact_set, references_in
from neurosym.engine.given import dangling_entry, unnamed_entry
from neurosym.engine.layout import Layout
from neurosym.engine.situation import Situation
from neurosym.program.program import Program
from neurosym.values.value import Fact, Reference


@dataclass(frozen=True)
class Grounds:
    """What a situation gives. `facts` is what it was given as."""

    program: Program
    layouts: Mapping[str, Layout]
    facts: Collection[Fact]
    named: tuple[Reference, ...]
    incomplete: frozenset[str]
    given: Mapping[str, FactTable]
    missing: frozenset[Reference]  # what the facts refer to and nobody gave
    dangling: Mapping[str, frozenset[Reference]]  # with what the request names, and what their keys refer to in turn

    def tables(
        self, earlier: Mapping[str, Table], before: Grounds | None, derived_table: type[Table]
    ) -> dict[str, Table]:
        """The tables before any rule has spoken; those of derived types are empty (language §5.6)."""
        return {
            name: earlier[name]
            if before is not None and self._is_same(name, before)
            else self._table(name, derived_table)
            for name in self.program.fact_types
        }

    def _is_same(self, name: str, before: Grounds) -> bool:
        return (
            not self.program.fact_types[name].is_derived
            and self.given[name] is before.given[name]
            and self.dangling.get(name) == before.dangling.get(name)
            and (name in self.incomplete) == (name in before.incomplete)
        )

    def _table(self, name: str, derived_table: type[Table]) -> Table:
        if self.program.fact_types[name].is_derived:
            return derived_table(self.layouts[name])
        table = Table(self.layouts[name], self.given[name])
        for entry in self.doubtful(name):
            table.doubt(entry)
        return table

    def doubtful(self, name: str) -> Iterator[Entry]:
        """What is held of an input type beside the facts given."""
        dangling = self.dangling.get(name, frozenset())
        for reference in dangling:
            yield dangling_entry(self.program, reference)
        if name in self.incomplete:
            found = [self.layouts[name].reference(key).key for key in self.given[name].by_key]
            yield unnamed_entry(self.program, name, [*found, *(reference.key for reference in dangling)])


def grounds_of(compiled: CompiledProgram, situation: Situation, before: Grounds | None) -> Grounds:
    """The grounds of a situation; what is the same as before is not looked at again."""
    program, facts = compiled.program, situation.facts
    if before is not None and facts is before.facts:
        given = before.given
    else:
        given = (facts if isinstance(facts, FactSet) else fact_set(compiled.layouts, facts)).tables
    is_same = before is not None and given is before.given
    missing = before.missing if before is not None and is_same else frozenset(_missing(compiled, given))
    if before is not None and is_same and situation.named == before.named:
        dangling = before.dangling
    else:
        dangling = dangling_of(compiled, given, [*situation.named, *missing])
    return Grounds(program, compiled.layouts, facts, situation.named, situation.incomplete, given, missing, dangling)


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
