"""Strata: an order of the derived types in which each looks only at finished ones (Apt, Blair and Walker 1988)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from neurosym.check import problems
from neurosym.check.growth import Dependency, Reader, distinct
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
        lifting = _Lifting(self.exceptions, self.reader)
        for provision, reads in self._reading():
            yield from self._concluded(provision, reads, lifting)

    def _reading(self) -> Iterator[tuple[Provision, Sequence[Dependency]]]:
        """Every provision with what its conclusions rest on: an exception's also on what it belongs to."""
        provisions: tuple[Provision, ...] = (*self.rules, *self.exceptions)
        versions = by_id(provisions)
        own = {id(each): distinct(self.reader.join(each.join, each.span, is_strict=False)) for each in provisions}
        for rule in self.rules:
            yield rule, own[id(rule)]
        for exception in self.exceptions:
            above = everything_above(exception, versions)
            yield exception, distinct(read for each in (exception, *above) for read in own[id(each)])

    def _concluded(self, provision: Provision, reads: Sequence[Dependency], lifting: _Lifting) -> Iterator[Edge]:
        for conclusion in provision.conclusions:
            if not isinstance(conclusion, ConcludeFact):
                continue
            lifted = lifting.reads(provision.id, conclusion.target)
            inside = [read for _, value in conclusion.fields for read in self.reader.condition(value, is_strict=True)]
            for read in (*reads, *lifted, *inside):
                yield Edge(conclusion.type, read)

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


class _Lifting:
    """What exceptions read: strictly, whatever they do with it."""

    def __init__(self, exceptions: Sequence[RuleException], reader: Reader) -> None:
        self._reader = reader
        self._to: dict[str, list[tuple[str | None, RuleException]]] = {}
        for exception in exceptions:
            for target in exception.targets:
                self._to.setdefault(target.of, []).append((target.conclusion, exception))
        self._found: dict[tuple[str, str | None], tuple[Dependency, ...]] = {}

    def reads(self, of: str, target: str | None) -> tuple[Dependency, ...]:
        """What the exceptions to a conclusion read, to any depth; found once for each."""
        if (of, target) not in self._found:
            self._found[of, target] = distinct(self._reads(of, target))
        return self._found[of, target]

    def _reads(self, of: str, target: str | None) -> Iterator[Dependency]:
        for conclusion, exception in self._to.get(of, ()):
            if conclusion in (None, target):
                yield from self._reader.join(exception.join, exception.span, is_strict=True)
                yield from self.reads(exception.id, None)


def by_id(provisions: Iterable[Provision]) -> dict[str, list[Provision]]:
    """The versions of every provision."""
    found: dict[str, list[Provision]] = {}
    for each in provisions:
        found.setdefault(each.id, []).append(each)
    return found


def everything_above(exception: RuleException, versions: Mapping[str, Sequence[Provision]]) -> list[Provision]:
    """All that the exception belongs to, directly or through other exceptions, in the order of their names."""
    found: list[Provision] = []
    names, seen = {target.of for target in exception.targets}, set[str]()
    while names - seen:
        name = min(names - seen)
        seen.add(name)
        for version in versions.get(name, ()):
            found.append(version)
            if isinstance(version, RuleException):
                names |= {target.of for target in version.targets}
    return found


def _circle(members: tuple[str, ...], edges: Sequence[Edge], through: Edge) -> list[str]:
    """A shortest circle through the edge, as names."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(members)
    graph.add_edges_from((edge.read, edge.concluded) for edge in edges)
    return [*nx.shortest_path(graph, through.concluded, through.read), through.concluded]
