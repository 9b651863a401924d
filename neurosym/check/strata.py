"""Strata: an order of the derived types in which each looks only at finished ones (Apt, Blair and Walker 1988)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from neurosym.check import problems
from neurosym.check.growth import Dependency, Reader
from neurosym.feel.typed import Local, Member, TypedExpr
from neurosym.program.rule import ConcludeFact, Conclusion, Provision, Rule, RuleException, Stratum
from neurosym.program.schema import FactType
from neurosym.text.diagnostic import Report


@dataclass(frozen=True, slots=True)
class Edge:
    """`concluded` rests on what is read."""

    concluded: str
    on: Dependency

    @property
    def read(self) -> str:
        """The type that is read."""
        return self.on.type


@dataclass(frozen=True, slots=True)
class Layering:
    """Rules and exceptions whose dependencies are ordered."""

    types: Mapping[str, FactType]
    rules: Sequence[Rule]
    exceptions: Sequence[RuleException]
    reader: Reader

    def strata(self, report: Report) -> tuple[Stratum, ...]:
        """The strata from the bottom up; a cycle through something that does not only grow is reported."""
        edges = list(self._edges())
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(sorted(name for name, of in self.types.items() if of.is_derived))
        graph.add_edges_from((edge.read, edge.concluded) for edge in edges)
        condensed = nx.condensation(graph)
        order = nx.lexicographical_topological_sort(
            condensed, key=lambda node: min(condensed.nodes[node]["members"], default="")
        )
        found = []
        for node in order:
            members = tuple(sorted(condensed.nodes[node]["members"]))
            is_recursive = len(members) > 1 or graph.has_edge(members[0], members[0])
            found.append(Stratum(members, is_recursive))
            if is_recursive:
                self._check_cycle(members, edges, report)
        return tuple(found)

    def _edges(self) -> Iterator[Edge]:
        for provision, reads in self._reading():
            yield from self._concluded(provision.id, provision.conclusions, reads)

    def _reading(self) -> Iterator[tuple[Provision, list[Dependency]]]:
        """Every provision with what its conclusions rest on: an exception's also on what it belongs to."""
        for rule in self.rules:
            yield rule, list(self.reader.join(rule.join, rule.span, is_strict=False))
        for exception in self.exceptions:
            reads = list(self.reader.join(exception.join, exception.span, is_strict=False))
            provisions: tuple[Provision, ...] = (*self.rules, *self.exceptions)
            for above in provisions:
                if above is not exception and _reaches(exception, above.id, self.exceptions):
                    reads += self.reader.join(above.join, above.span, is_strict=False)
            yield exception, reads

    def _concluded(self, of: str, conclusions: tuple[Conclusion, ...], reads: Sequence[Dependency]) -> Iterator[Edge]:
        for conclusion in conclusions:
            if not isinstance(conclusion, ConcludeFact):
                continue
            lifted = self._excepted(of, conclusion.target, frozenset())
            inside = [read for _, value in conclusion.fields for read in self.reader.condition(value, is_strict=True)]
            for read in (*reads, *lifted, *inside):
                yield Edge(conclusion.type, read)

    def _excepted(self, of: str, target: str | None, seen: frozenset[str]) -> Iterator[Dependency]:
        """What the exceptions to a conclusion read, to any depth: strictly, whatever they do with it."""
        for exception in self.exceptions:
            hits = any(each.of == of and each.conclusion in (None, target) for each in exception.targets)
            if hits and exception.id not in seen:
                yield from self.reader.join(exception.join, exception.span, is_strict=True)
                yield from self._excepted(exception.id, None, seen | {exception.id})

    # --- what may stand in a cycle

    def _check_cycle(self, members: tuple[str, ...], edges: Iterable[Edge], report: Report) -> None:
        inside = [edge for edge in edges if edge.concluded in members and edge.read in members]
        for edge in inside:
            if edge.on.is_strict:
                report.add(problems.not_growing(_circle(members, inside, edge), edge.read, edge.on.span))
            elif edge.on.total is not None:
                circle = _circle(members, inside, edge)
                report.add(problems.holds_itself_up(circle, edge.read, edge.on.total, edge.on.span))
        for name in members:
            for each in self.types[name].fields:
                if not each.is_key:
                    report.add(problems.value_in_cycle(name, each.name, each.span))
        for provision, reads in self._reading():
            if any(read.type in members for read in reads):
                self._check_new_keys(provision.conclusions, members, report)

    def _check_new_keys(self, conclusions: tuple[Conclusion, ...], members: tuple[str, ...], report: Report) -> None:
        for conclusion in conclusions:
            if isinstance(conclusion, ConcludeFact) and conclusion.type in members:
                for name, value in conclusion.fields:
                    if not _is_at_hand(value):
                        report.add(problems.computed_key(name, value.span))


def _is_at_hand(value: TypedExpr) -> bool:
    """True for a value that some fact already holds."""
    return isinstance(value, Local) or (isinstance(value, Member) and _is_at_hand(value.base))


def _reaches(exception: RuleException, provision: str, among: Sequence[RuleException]) -> bool:
    """True when the exception belongs to the provision, directly or through other exceptions."""
    above = {each.of for each in exception.targets}
    seen: set[str] = set()
    while above - seen:
        name = min(above - seen)
        seen.add(name)
        above |= {each.of for other in among if other.id == name for each in other.targets}
    return provision in above


def _circle(members: tuple[str, ...], edges: Sequence[Edge], through: Edge) -> list[str]:
    """A shortest circle through the edge, as names."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(members)
    graph.add_edges_from((edge.read, edge.concluded) for edge in edges)
    return [*nx.shortest_path(graph, through.concluded, through.read), through.concluded]
