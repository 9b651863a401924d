"""Intake: requests, fact files and graphs become facts; whatever is wrong is said with its path (language §5.6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from neurosym.decision.desk import Collected, Desk, Standing
from neurosym.decision.shelf import Origin, RequestOrigins
from neurosym.decision.wire import Reader
from neurosym.engine.fact_table import FactSet
from neurosym.engine.layout import Row, layouts_of
from neurosym.program.program import Decision, Program
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.failure import InputError
from neurosym.values.canonical import Json
from neurosym.values.size import InputReport
from neurosym.values.value import Reference


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

    facts: FactSet
    subject: tuple[Reference, ...]
    incomplete: frozenset[str]
    origins: Mapping[Reference, Origin]
    warnings: tuple[Diagnostic, ...]


NO_REQUEST = Document("nothing", {})


def take_in_standing(
    program: Program, facts: Sequence[Document] = (), graph: Sequence[GraphFact] | None = None
) -> Standing:
    """The facts of documents and of a graph; None: no graph was given, which closes no type."""
    report = InputReport()
    held = Collected(layouts_of(program.fact_types))
    desk = Desk(program, Reader(program.fact_types, report), report, held)
    for document in facts:
        desk.fact_document(document)
    for row in graph or ():
        desk.graph_fact(row)
    if graph is not None:
        held.closed |= {name for name, of in program.fact_types.items() if of.graph_class}
    return Standing(
        held.facts,
        held.shelves,
        frozenset(held.closed),
        frozenset(held.open),
        frozenset(held.contested),
        desk.broken(),
        tuple(report.diagnostics),
    )


def take_in(program: Program, decision: Decision | None, request: Document, standing: Standing) -> Intake:
    """The facts of a request with those that stand. InputError with every problem found in either. Types that nobody
    closed are incomplete.
    """
    found = _plain_intake(decision, request, standing) if decision is not None else None
    return found or receive(program, decision, request, standing).joined


def _plain_intake(decision: Decision, request: Document, standing: Standing) -> Intake | None:
    """The intake where there is nothing to be said of it: a request that is one new fact, with all that it refers to;
    None for every other.
    """
    content = request.content
    if len(decision.parameters) != 1 or not isinstance(content, dict) or standing.problems or standing.broken:
        return None
    ((name, of),) = decision.parameters
    if len(content) != 1 or name not in content:
        return None
    given, layout = content[name], standing.facts.layouts[of]
    if len(layout.key_columns) > 1 and (given.__class__ is not dict or len(given) <= len(layout.key_columns)):
        return None  # which may be a key instead
    table = standing.counter.table(layout, given)
    if table is None or (layout.references and standing.refers_to_nothing(table)):
        return None
    (key,) = table.by_key
    if key in standing.facts.tables[of].by_key:
        return None
    reference = layout.reference(key)
    origins = RequestOrigins(reference, request.name, name, standing.shelves)
    return Intake(standing.facts.with_table(of, table), (reference,), standing.incomplete, origins, ())


@dataclass(frozen=True)
class Received:
    """What came to facts that stand, with what is held now. Nothing has been done with it yet."""

    held: Collected
    subject: tuple[Reference, ...]
    warnings: tuple[Diagnostic, ...]
    incomplete: frozenset[str]

    @property
    def rows(self) -> dict[str, Collection[Row]]:
        """The facts that are new, by type."""
        return {name: shelf.rows for name, shelf in self.held.shelves.items() if shelf.rows}

    @property
    def closed(self) -> frozenset[str]:
        """The types of which a list was given."""
        return frozenset(self.held.closed)

    @property
    def open(self) -> frozenset[str]:
        """The types that were said to be incomplete."""
        return frozenset(self.held.open)

    @property
    def joined(self) -> Intake:
        """All of it, with the facts that stood before."""
        return self.over(self.held.facts)

    def over(self, facts: FactSet) -> Intake:
        """The same, where these facts are all of it."""
        return Intake(facts, self.subject, self.incomplete, self.held.origins, self.warnings)


def receive(
    program: Program,
    decision: Decision | None,
    request: Document,
    standing: Standing,
    documents: Sequence[Document] = (),
) -> Received:
    """What a request brings, and documents of facts. InputError with every problem found in it or in what stands."""
    report = InputReport()
    report.extend(standing.problems)
    held = Collected(
        standing.facts.layouts,
        standing,
        closed={*standing.closed},
        open={*standing.open},
        contested={*standing.contested},
    )
    desk = Desk(program, Reader(program.fact_types, report), report, held)
    for document in documents:
        desk.fact_document(document)
    subject = desk.subject(decision, request) if decision is not None else ()
    desk.warn_of(standing.broken)
    desk.warn_of({each: at for each, at in desk.broken().items() if each not in standing.broken})
    report.stop_on_errors(InputError)
    given = {name for name, of in program.fact_types.items() if not of.is_derived}
    return Received(held, subject, report.warnings, frozenset((given - held.closed) | held.open))
