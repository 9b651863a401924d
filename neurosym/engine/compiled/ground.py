"""The ground of a run: the facts that were given, what they refer to and nobody gave, and which types have more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.table import Table
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
    dangling: Mapping[str, frozenset[Reference]]

    def tables(self, earlier: Mapping[str, Table], before: Grounds | None) -> dict[str, Table]:
        """The tables before any rule has spoken; those of derived types are empty (language §5.6)."""
        return {
            name: earlier[name] if before is not None and self._is_same(name, before) else self._table(name)
            for name in self.program.fact_types
        }

    def _is_same(self, name: str, before: Grounds) -> bool:
        return (
            not self.program.fact_types[name].is_derived
            and self.given[name] is before.given[name]
            and self.dangling.get(name) == before.dangling.get(name)
            and (name in self.incomplete) == (name in before.incomplete)
        )

    def _table(self, name: str) -> Table:
        if self.program.fact_types[name].is_derived:
            return Table(self.layouts[name])
        table = Table(self.layouts[name], self.given[name])
        for reference in self.dangling.get(name, ()):
            table.doubt(dangling_entry(self.program, reference))
        if name in self.incomplete:
            found = [self.layouts[name].reference(key).key for key in self.given[name].by_key]
            table.doubt(unnamed_entry(self.program, name, [*found, *table.doubtful.known_keys()]))
        return table


def grounds_of(compiled: CompiledProgram, situation: Situation, before: Grounds | None) -> Grounds:
    """The grounds of a situation; what is the same as before is not looked at again."""
    program, facts = compiled.program, situation.facts
    if before is not None and facts is before.facts:
        given = before.given
    else:
        given = (facts if isinstance(facts, FactSet) else fact_set(compiled.layouts, facts)).tables
    if before is not None and given is before.given and situation.named == before.named:
        dangling = before.dangling
    else:
        dangling = _by_type(_dangling(compiled, given, situation.named))
    return Grounds(program, compiled.layouts, facts, situation.named, situation.incomplete, given, dangling)


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
