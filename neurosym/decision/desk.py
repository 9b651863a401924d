"""The desk where facts are read one by one: what is right is held, whatever is wrong is said with its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from neurosym.decision import problems
from neurosym.decision.shelf import Counter, Origin, Origins, Shelf
from neurosym.decision.wire import Reader, RefusedError
from neurosym.engine.fact_table import FactSet, FactTable, references_in
from neurosym.engine.layout import Layout, RowKey
from neurosym.program.program import Decision, Program
from neurosym.program.schema import FactType, Field
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.size import ALIKE_MAX, FACTS_MAX, too_much
from neurosym.values.unknown import MissingValue, Unknown
from neurosym.values.value import Fact, Reference, Value

if TYPE_CHECKING:
    from neurosym.decision.intake import Document, GraphFact

INCOMPLETE = "incomplete"


@dataclass(frozen=True)
class Standing:
    """What fact documents and a graph give, taken in once for any number of requests. `problems` are its diagnostics,
    `broken` the references to what it does not hold, each with the first fact and the place that refer to it.
    """

    facts: FactSet
    shelves: Mapping[str, Shelf]
    closed: frozenset[str]
    open: frozenset[str]
    contested: frozenset[Reference]
    broken: Mapping[Reference, tuple[Reference, JsonPath]]
    problems: tuple[Diagnostic, ...]
    counter: Counter = field(default_factory=Counter, compare=False)

    @cached_property
    def incomplete(self) -> frozenset[str]:
        """The types that may have more facts: of input, and not closed, or open."""
        given = {name for name, layout in self.facts.layouts.items() if not layout.of.is_derived}
        return frozenset((given - self.closed) | self.open)

    def refers_to_nothing(self, table: FactTable) -> bool:
        """True when rows on top of this refer to input facts that nobody supplied; what is absent refers to none."""
        layouts, tables = self.facts.layouts, self.facts.tables
        return any(
            not (row[at] is None or row[at].__class__ is Unknown or row[at] in tables[of].by_key)
            for at, of in table.layout.references
            if not layouts[of].of.is_derived
            for row in table.rows
        )


@dataclass(slots=True)
class Collected:
    """What is held on top of `below`: facts by type, and what was said of their types."""

    layouts: Mapping[str, Layout]
    below: Standing | None = None
    shelves: dict[str, Shelf] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    contested: set[Reference] = field(default_factory=set)  # held, and given with other contents too

    def shelf(self, name: str) -> Shelf:
        """The shelf of a type."""
        if name not in self.shelves:
            self.shelves[name] = Shelf(self.layouts[name])
        return self.shelves[name]

    @property
    def count(self) -> int:
        """How many facts are held."""
        return sum(len(each.rows) for each in self.shelves.values()) + (len(self.below.facts) if self.below else 0)

    def find(self, reference: Reference) -> Fact | None:
        """The fact that is held for a reference."""
        shelf = self.shelves.get(reference.type)
        found = shelf.find(self.layouts[reference.type].raw_key(reference.key)) if shelf else None
        return found or (self.below.facts.find(reference) if self.below else None)

    def holds(self, reference: Reference) -> bool:
        """Whether a fact is held for a reference."""
        shelf = self.shelves.get(reference.type)
        is_here = shelf is not None and self.layouts[reference.type].raw_key(reference.key) in shelf.by_key
        return is_here or (self.below is not None and reference in self.below.facts)

    @property
    def origins(self) -> Origins:
        """Where all of it was supplied."""
        return Origins((self.shelves, self.below.shelves) if self.below else (self.shelves,))

    @property
    def facts(self) -> FactSet:
        """All of it."""
        if self.below is None:
            return FactSet(self.layouts, {name: self.shelf(name).table for name in self.layouts})
        found = self.below.facts
        for name, shelf in self.shelves.items():
            found = found.with_table(name, shelf.table)
        return found


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes documents and requests in, fact by fact; what it holds and what it has to say is in `held` and `report`."""

    program: Program
    reader: Reader
    report: Report
    held: Collected

    # --- documents

    def fact_document(self, document: Document) -> None:
        """Take in a document with a list for each fact type."""
        at = JsonPath(document.name)
        if not isinstance(document.content, Mapping):
            self.report.add(problems.wrong_shape("an object with a list for each fact type", at))
            return
        for name, rows in document.content.items():
            if name == INCOMPLETE:
                self._incomplete(rows, at / name)
            elif self._may_be_given(name, at / str(name)):
                self._rows(self.program.fact_types[name], rows, at / name)

    def graph_fact(self, row: GraphFact) -> None:
        self._fact(self.program.fact_types[row.type], row.members, row.origin)

    def subject(self, decision: Decision, request: Document) -> tuple[Reference, ...]:
        """What the request is about, its inline facts taken in."""
        at = JsonPath(request.name)
        names = [name for name, _ in decision.parameters]
        if not isinstance(request.content, Mapping):
            self.report.add(problems.wrong_shape(f"an object with {', '.join(f'`{name}`' for name in names)}", at))
            return ()
        for name in request.content:
            if name not in names:
                self.report.add(problems.unknown_member(str(name), decision.name, names, at / str(name)))
        found = []
        for name, of in decision.parameters:
            if name not in request.content:
                self.report.add(problems.missing_member(name, decision.name, at))
                continue
            found.append(self._subject(self.program.fact_types[of], request.content[name], at / name))
        return tuple(reference for reference in found if reference is not None)

    def _subject(self, of: FactType, given: object, at: JsonPath) -> Reference | None:
        """An inline fact, or the key of one. What could be both names a fact that is there, else is that fact."""
        is_key = len(of.key_fields) > 1 and isinstance(given, Mapping) and set(given) == _names(of.key_fields)
        if isinstance(given, Mapping) and not is_key:
            fact = self._fact(of, given, Origin(at))
            return fact.reference if fact else None
        try:
            reference = self.reader.reference(of, given, at)
        except RefusedError:
            return None
        if self.held.holds(reference):
            return reference
        if isinstance(given, Mapping) and all(each.is_optional or each.is_key for each in of.fields):
            fact = self._fact(of, given, Origin(at))
            return fact.reference if fact else None
        self.report.add(problems.nobody(reference, at))
        return reference

    def _incomplete(self, names: object, at: JsonPath) -> None:
        if not isinstance(names, (list, tuple)):
            self.report.add(problems.wrong_shape("a list of fact types", at))
            return
        for place, name in enumerate(names):
            if self._may_be_given(name, at / place):
                self.held.open.add(name)

    def _may_be_given(self, name: object, at: JsonPath) -> bool:
        of = self.program.fact_types.get(name) if isinstance(name, str) else None
        if of is None:
            known = [each.name for each in self.program.fact_types.values() if not each.is_derived]
            self.report.add(problems.unknown_type(str(name), known, at))
        elif of.is_derived:
            self.report.add(problems.derived_given(of.name, at))
        return of is not None and not of.is_derived

    def _rows(self, of: FactType, rows: object, at: JsonPath) -> None:
        if not isinstance(rows, (list, tuple)):
            self.report.add(problems.wrong_shape(f"a list of `{of.name}`", at))
            return
        self.held.closed.add(of.name)
        if self.held.count + len(rows) > FACTS_MAX:
            self.report.add(too_much(f"{FACTS_MAX} facts", at))
            return
        for place in self.held.shelf(of.name).take(rows, at):
            self._fact(of, rows[place], Origin(at / place))

    # --- one fact

    def _fact(self, of: FactType, given: object, origin: Origin) -> Fact | None:
        at = origin.place
        if not isinstance(given, Mapping):
            self.report.add(problems.wrong_shape(f"an object, one `{of.name}`,", at))
            return None
        for name in given:
            if name not in of.by_name:
                self.report.add(problems.unknown_member(str(name), of.name, tuple(of.by_name), at / str(name)))
        values = dict(self._members(of, given, at))
        if any(key.name not in values for key in of.key_fields):
            return None
        reference = Reference(of.name, tuple(values[key.name] for key in of.key_fields))
        fields = {each.name: _value(each, values, reference) for each in of.fields}
        return self._hold(Fact(of.name, reference.key, fields), origin)

    def _members(self, of: FactType, given: Mapping[str, object], at: JsonPath) -> Iterator[tuple[str, Value]]:
        for each in of.fields:
            if each.name not in given:
                if not each.is_optional:
                    self.report.add(problems.missing_member(each.name, of.name, at))
                continue
            try:
                yield each.name, self.reader.field(each, given[each.name], at / each.name)
            except RefusedError:
                continue

    def _hold(self, fact: Fact, origin: Origin) -> Fact:
        """Keep a fact; the same content twice is one fact, another content for its key is refused."""
        reference = fact.reference
        held = self.held.find(reference)
        if held is None:
            if not self.held.shelf(fact.type).hold(fact, origin):
                raise InputError(
                    [too_much(f"{ALIKE_MAX} values with one hash", origin.place), *self.report.diagnostics]
                )
            return fact
        first = self.held.origins[reference]
        if _is_before(origin.place, first.place):  # what is plainly right in a list is read before the rest of it
            self.held.shelves[fact.type].supplied_earlier(reference.key, origin)
            first, origin = origin, first
        if held != fact:
            self.held.contested.add(reference)
            self.report.add(problems.two_contents(reference, origin.place, first.place))
        if fact.type in self.held.shelves and origin.triples:
            self.held.shelves[fact.type].note_triples(reference.key, origin.triples)
        return fact

    def broken(self) -> dict[Reference, tuple[Reference, JsonPath]]:
        """The references to what is not held, each with the first fact and the place that refer to it."""
        found: dict[Reference, tuple[Reference, JsonPath]] = {}
        for shelf in self.held.shelves.values():
            missing = {
                self.held.layouts[of].reference(key)
                for of, keys in shelf.table.references.items()
                for key in self._unheld(of, keys)
            }
            if missing:
                self._first_holders(shelf, missing, found)
        return found

    def _unheld(self, of: str, keys: AbstractSet[RowKey]) -> AbstractSet[RowKey]:
        """Those of the keys of an input type for which nothing is held."""
        if self.program.fact_types[of].is_derived:
            return frozenset()
        found = {*keys}
        if of in self.held.shelves:
            found = found.difference(self.held.shelves[of].by_key)
        return found.difference(self.held.below.facts.tables[of].by_key) if self.held.below else found

    def _first_holders(
        self, shelf: Shelf, missing: AbstractSet[Reference], found: dict[Reference, tuple[Reference, JsonPath]]
    ) -> None:
        for row in shelf.supplied_order():
            fact = shelf.layout.fact(row)
            if fact.reference in self.held.contested:
                continue  # refused already, and which contents are held depends on the order
            for name, value in fact.fields.items():
                for reference in references_in(value):
                    if reference in missing:
                        place = shelf.origin(shelf.layout.key(row)).place / name
                        found.setdefault(reference, (fact.reference, place))

    def warn_of(self, broken: Mapping[Reference, tuple[Reference, JsonPath]]) -> None:
        """Say which facts refer to keys that nobody supplied, once for each key."""
        for reference, (holder, place) in broken.items():
            if not self.held.holds(reference) and holder not in self.held.contested:
                self.report.add(problems.nobody(reference, place))


def _is_before(one: JsonPath, other: JsonPath) -> bool:
    """True when both are places of one list, and the first comes earlier."""
    at, there = (each.steps[-1] if each.steps else None for each in (one, other))
    is_one_list = one.document == other.document and one.steps[:-1] == other.steps[:-1]
    return is_one_list and isinstance(at, int) and isinstance(there, int) and at < there


def _value(of: Field, values: Mapping[str, Value], owner: Reference) -> Value:
    if of.name in values:
        return values[of.name]
    return Unknown(frozenset({MissingValue(owner, of.name)}), of.domain)


def _names(fields: Sequence[Field]) -> set[str]:
    return {each.name for each in fields}
