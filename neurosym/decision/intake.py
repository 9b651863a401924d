"""Intake: requests, fact files and graphs become facts; whatever is wrong is said with its path (language §5.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from neurosym.decision import problems
from neurosym.decision.wire import Reader, RefusedError
from neurosym.engine.given import references_in
from neurosym.program.program import Decision, Program
from neurosym.program.schema import FactType, Field
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Json, canonical_bytes
from neurosym.values.encoding import fact_json
from neurosym.values.unknown import MissingValue, Unknown
from neurosym.values.value import Fact, Reference, Value

INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact was supplied, and the triples it was read from when that was a graph."""

    place: JsonPath
    triples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphFact:
    """A fact as a graph gives it: members on the wire, with the triples they come from."""

    type: str
    members: Mapping[str, object]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON document and the name people know it by."""

    name: str
    content: object

    @property
    def json(self) -> Json:
        """The content of one that is plain JSON already, as what is logged is (`plain.plain_json`)."""
        return self.content  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Intake:
    """Facts ready for evaluation; a type in `incomplete` may have more."""

    facts: tuple[Fact, ...]
    subject: tuple[Reference, ...]
    incomplete: frozenset[str]
    origins: Mapping[Reference, Origin]
    warnings: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Standing:
    """What fact documents and a graph give, taken in once for any number of requests. `problems` are its diagnostics,
    `broken` the references to what it does not hold, each with the first fact and the place that refer to it.
    """

    facts: Mapping[Reference, Fact]
    origins: Mapping[Reference, Origin]
    closed: frozenset[str]
    open: frozenset[str]
    contested: frozenset[Reference]
    broken: Mapping[Reference, tuple[Reference, JsonPath]]
    problems: tuple[Diagnostic, ...]

    @cached_property
    def encoded(self) -> Mapping[Reference, bytes]:
        """The canonical bytes of every fact."""
        return {reference: canonical_bytes(fact_json(fact)) for reference, fact in self.facts.items()}


@dataclass(slots=True)
class _Collected:
    facts: dict[Reference, Fact] = field(default_factory=dict)
    origins: dict[Reference, Origin] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    contested: set[Reference] = field(default_factory=set)  # held, and given with other contents too


NO_REQUEST = Document("nothing", {})


def take_in_standing(
    program: Program, facts: Sequence[Document] = (), graph: Sequence[GraphFact] | None = None
) -> Standing:
    """The facts of documents and of a graph; None: no graph was given, which closes no type."""
    report = Report()
    held = _Collected()
    desk = _Desk(program, Reader(program.fact_types, report), report, held)
    for document in facts:
        desk.fact_document(document)
    for row in graph or ():
        desk.graph_fact(row)
    if graph is not None:
        held.closed |= {name for name, of in program.fact_types.items() if of.graph_class}
    return Standing(
        held.facts,
        held.origins,
        frozenset(held.closed),
        frozenset(held.open),
        frozenset(held.contested),
        desk.broken(held.facts.values()),
        tuple(report.diagnostics),
    )


def take_in(program: Program, decision: Decision | None, request: Document, standing: Standing) -> Intake:
    """The facts of a request with those that stand. InputError with every problem found in either. Types that nobody
    closed are incomplete.
    """
    report = Report()
    report.extend(standing.problems)
    held = _Collected(
        dict(standing.facts), dict(standing.origins), {*standing.closed}, {*standing.open}, {*standing.contested}
    )
    desk = _Desk(program, Reader(program.fact_types, report), report, held)
    subject = desk.subject(decision, request) if decision is not None else ()
    fresh = [fact for reference, fact in held.facts.items() if reference not in standing.facts]
    desk.warn_of(standing.broken)
    desk.warn_of({each: at for each, at in desk.broken(fresh).items() if each not in standing.broken})
    report.stop_on_errors(InputError)
    given = {name for name, of in program.fact_types.items() if not of.is_derived}
    incomplete = frozenset((given - held.closed) | held.open)
    return Intake(tuple(held.facts.values()), subject, incomplete, held.origins, report.warnings)


@dataclass(frozen=True, slots=True)
class _Desk:
    program: Program
    reader: Reader
    report: Report
    held: _Collected

    # --- documents

    def fact_document(self, document: Document) -> None:
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
        if reference in self.held.facts:
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
        for place, row in enumerate(rows):
            self._fact(of, row, Origin(at / place))

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
        held = self.held.facts.setdefault(reference, fact)
        if held != fact:
            self.held.contested.add(reference)
            self.report.add(problems.two_contents(reference, origin.place, self.held.origins[reference].place))
        first = self.held.origins.setdefault(reference, origin)
        if origin.triples and not first.triples:
            self.held.origins[reference] = Origin(first.place, origin.triples)
        return fact

    def broken(self, facts: Iterable[Fact]) -> dict[Reference, tuple[Reference, JsonPath]]:
        """The references to what is not held, each with the first fact and the place that refer to it."""
        found: dict[Reference, tuple[Reference, JsonPath]] = {}
        for fact in facts:
            if fact.reference in self.held.contested:
                continue  # refused already, and which contents are held depends on the order
            for name, value in fact.fields.items():
                for reference in references_in(value):
                    known = reference in self.held.facts or self.program.fact_types[reference.type].is_derived
                    if not known:
                        place = self.held.origins[fact.reference].place
                        found.setdefault(reference, (fact.reference, place / name))
        return found

    def warn_of(self, broken: Mapping[Reference, tuple[Reference, JsonPath]]) -> None:
        """Say which facts refer to keys that nobody supplied, once for each key."""
        for reference, (holder, place) in broken.items():
            if reference not in self.held.facts and holder not in self.held.contested:
                self.report.add(problems.nobody(reference, place))


def _value(of: Field, values: Mapping[str, Value], owner: Reference) -> Value:
    if of.name in values:
        return values[of.name]
    return Unknown(frozenset({MissingValue(owner, of.name)}), of.domain)


def _names(fields: Sequence[Field]) -> set[str]:
    return {each.name for each in fields}
