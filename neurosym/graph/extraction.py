"""Facts out of a graph: the members of each mapped class as rows on the wire, with the statements they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from neurosym.graph.absence import absences
from neurosym.graph.literal import TYPE
from neurosym.graph.member import Found, MappedGraph, Member, read_field, to_mapped_graph
from neurosym.graph.problem import Problem, to_diagnostics
from neurosym.graph.query import members, to_store
from neurosym.graph.snapshot import Snapshot, nquads_line
from neurosym.program.schema import FactType
from neurosym.text.diagnostic import Report
from neurosym.values.canonical import Json, canonical_bytes


@dataclass(frozen=True, slots=True)
class GraphRow:
    """A fact as the graph gives it: fields on the wire, as a fact file would hold them; absent ones are left out.

    `membership` and `evidence` are lines of the snapshot's canonical N-Quads, with literals as they were written.
    """

    subject: str  # IRI
    fields: Mapping[str, Json]
    membership: tuple[str, ...]
    evidence: Mapping[str, tuple[str, ...]]  # by field

    @property
    def triples(self) -> tuple[str, ...]:
        """Every line the fact rests on, once."""
        lines = (line for several in self.evidence.values() for line in several)
        return tuple(dict.fromkeys((*self.membership, *lines)))


def extract_facts(
    snapshot: Snapshot, fact_types: Mapping[str, FactType], report: Report
) -> dict[str, tuple[GraphRow, ...]]:
    """For every type mapped to the graph its rows, ordered by key; a type without members has none, and so is closed.

    The mapping must have passed `check_mapping`. NS550 to NS555 and NS559 for statements that give no value, and then
    the rows concerned are missing; NS556 and NS557 warn of members that were perhaps meant.
    """
    graph, store = to_mapped_graph(snapshot.dataset, fact_types), to_store(snapshot)
    found = {name: members(store, of.graph_class) for name, of in fact_types.items() if of.graph_class is not None}
    problems: list[Problem] = []
    rows = {name: _rows(graph, fact_types[name], subjects, problems) for name, subjects in found.items()}
    problems += absences(store, snapshot, fact_types, found)
    report.extend(to_diagnostics(problems, snapshot.documents))
    return rows


def _rows(graph: MappedGraph, of: FactType, subjects: Sequence[str], problems: list[Problem]) -> tuple[GraphRow, ...]:
    keys = [field.name for field in of.key_fields]
    rows = (_row(graph, Member(NamedNode(subject), of), problems) for subject in subjects)
    complete = [row for row in rows if row is not None]
    return tuple(
        sorted(complete, key=lambda row: (canonical_bytes([row.fields.get(key) for key in keys]), row.subject))
    )


def _row(graph: MappedGraph, member: Member, problems: list[Problem]) -> GraphRow | None:
    membership = tuple(quad for quad in graph.values(member.node, TYPE) if _is_class(quad, member.type))
    read = {field.name: read_field(graph, member, field) for field in member.type.fields}
    wrong = [each for each in read.values() if isinstance(each, Problem)]
    problems += [each if each.quads else _at(each, membership) for each in wrong]
    if wrong:
        return None
    found = {name: each for name, each in read.items() if isinstance(each, Found)}
    return GraphRow(
        member.node.value,
        {name: each.value for name, each in found.items()},
        _lines(membership),
        {name: _lines(each.quads) for name, each in found.items()},
    )


def _at(problem: Problem, quads: tuple[Quad, ...]) -> Problem:
    """A problem of something that is missing stands where the member is stated."""
    return Problem(problem.code, problem.about, problem.reason, problem.help, quads[:1], problem.field)


def _is_class(quad: Quad, of: FactType) -> bool:
    return isinstance(quad.object, NamedNode) and quad.object.value == of.graph_class


def _lines(quads: Sequence[Quad]) -> tuple[str, ...]:
    return tuple(nquads_line(quad) for quad in quads)
