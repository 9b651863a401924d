"""Whether exceptions belong to something, and versions of one rule stay apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise

import networkx as nx

from neurosym.check import problems, tree
from neurosym.program.rule import ConcludeDuty, Provision, Rule, RuleException
from neurosym.text.diagnostic import Report


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
    graph: nx.DiGraph[str] = nx.DiGraph()
    spans = {each.name.text: each.name.span for each in declared}
    graph.add_edges_from(
        (each.name.text, target.rule.text) for each in declared for target in each.targets if target.rule.text in spans
    )
    for circle in nx.strongly_connected_components(graph):
        first = min(circle)
        if len(circle) > 1 or graph.has_edge(first, first):
            report.add(problems.circular_exception([*sorted(circle), first], spans[first]))


def _check_duties(rules: Sequence[Rule], exceptions: Sequence[RuleException], report: Report) -> None:
    for exception in exceptions:
        for target in exception.targets:
            for rule in rules:
                if rule.id == target.of and target.conclusion is None and len(rule.conclusions) > 1:
                    for conclusion in rule.conclusions:
                        if isinstance(conclusion, ConcludeDuty):
                            report.add(problems.lifts_duty(exception.id, conclusion.duty, exception.span))
