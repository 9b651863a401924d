"""Whether exceptions belong to something, from which no way is too long, and versions of one rule stay apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import networkx as nx

from neurosym.check import problems, tree
from neurosym.program.rule import ConcludeDuty, Provision, Rule, RuleException
from neurosym.text.diagnostic import Report

LEVELS_MAX = 16  # of exceptions to exceptions; no law that people apply has half as many
WAYS_MAX = 1_000  # from rules down to one exception: each is a case of its own, with all that lies on the way


@dataclass(frozen=True, slots=True)
class _Way:
    """How far below a rule something stands, and how many ways lead to it."""

    levels: int = 0
    ways: int = 0


def check_ways(
    declared: Sequence[tree.ExceptionDeclaration], rules: Sequence[tree.RuleDeclaration], report: Report
) -> bool:
    """False when an exception is too far below a rule, or too many ways lead to it, which is reported."""
    found = {each.name.text: _Way(0, 1) for each in rules}
    is_bounded = True
    for each in _from_above(declared):
        name, above = each.name, [found.get(target.rule.text, _Way()) for target in each.targets]
        way = _Way(1 + max(each.levels for each in above), sum(each.ways for each in above))
        if way.levels > LEVELS_MAX:
            report.add(problems.exception_too_deep(name.text, LEVELS_MAX, name.span))
        elif way.ways > WAYS_MAX:
            report.add(problems.too_many_ways(name.text, WAYS_MAX, name.span))
        if way.levels > LEVELS_MAX or way.ways > WAYS_MAX:
            is_bounded, way = False, _Way()  # what belongs to it is looked at as it will be once this is mended
        version = found.get(name.text, _Way())
        found[name.text] = _Way(max(way.levels, version.levels), max(way.ways, version.ways))
    return is_bounded


def _from_above(declared: Sequence[tree.ExceptionDeclaration]) -> Iterator[tree.ExceptionDeclaration]:
    """The exceptions, each after what it belongs to; those in circles, which are reported elsewhere, are left out."""
    graph = _belonging(declared)
    circles = [each for each in nx.strongly_connected_components(graph) if _is_circle(each, graph)]
    graph.remove_nodes_from([name for circle in circles for name in circle])
    versions: dict[str, list[tree.ExceptionDeclaration]] = {}
    for each in declared:
        versions.setdefault(each.name.text, []).append(each)
    for name in reversed(list(nx.topological_sort(graph))):
        yield from versions[name]


def check_targets(
    rules: Sequence[Rule],
    exceptions: Sequence[RuleException],
    declared: Sequence[tree.ExceptionDeclaration],
    report: Report,
) -> None:
    """Report targets that name no conclusion, circles, and exceptions that lift a duty along with the rest."""
    concluded: dict[str, set[str]] = {}
    provisions: Sequence[Provision] = (*rules, *exceptions)
    for provision in provisions:
        names = {conclusion.target for conclusion in provision.conclusions}
        concluded.setdefault(provision.id, set()).update(names)
    for each in declared:
        for target in each.targets:
            known = concluded.get(target.rule.text, set())
            word = target.conclusion
            if word is not None and target.rule.text in concluded and word.text not in known:
                report.add(problems.unknown_target(word.text, word.span, known))
    _check_circles(declared, report)
    _check_duties(rules, exceptions, report)


def check_versions(provisions: Iterable[Provision], report: Report) -> None:
    """Report versions of one id that overlap, and days between them without one."""
    by_id: dict[str, list[Provision]] = {}
    for provision in provisions:
        by_id.setdefault(provision.id, []).append(provision)
    for name, versions in by_id.items():
        for number, version in enumerate(versions):
            for other in versions[:number]:
                if version.period.overlaps(other.period):
                    report.add(problems.overlapping_periods(name, version.span, other.span))
        for earlier, later in pairwise(versions):
            last, first = earlier.period.last, later.period.first
            if last is not None and first is not None and last + timedelta(days=1) < first:
                report.add(problems.gap(name, later.span))


def _check_circles(declared: Sequence[tree.ExceptionDeclaration], report: Report) -> None:
    graph = _belonging(declared)
    spans = {each.name.text: each.name.span for each in declared}
    for circle in nx.strongly_connected_components(graph):
        first = min(circle)
        if _is_circle(circle, graph):
            report.add(problems.circular_exception([*sorted(circle), first], spans[first]))


def _belonging(declared: Sequence[tree.ExceptionDeclaration]) -> nx.DiGraph[str]:
    """The exceptions, each with an edge to every exception that it belongs to."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(each.name.text for each in declared)
    names = set(graph)
    graph.add_edges_from(
        (each.name.text, target.rule.text) for each in declared for target in each.targets if target.rule.text in names
    )
    return graph


def _is_circle(members: Collection[str], graph: nx.DiGraph[str]) -> bool:
    first = min(members)
    return len(members) > 1 or graph.has_edge(first, first)


def _check_duties(rules: Sequence[Rule], exceptions: Sequence[RuleException], report: Report) -> None:
    versions: dict[str, list[Rule]] = {}
    for rule in rules:
        versions.setdefault(rule.id, []).append(rule)
    for exception in exceptions:
        for target in exception.targets:
            for rule in versions.get(target.of, ()):
                if target.conclusion is None and len(rule.conclusions) > 1:
                    for conclusion in rule.conclusions:
                        if isinstance(conclusion, ConcludeDuty):
                            report.add(problems.lifts_duty(exception.id, conclusion.duty, exception.span))
