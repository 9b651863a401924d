"""Definitions, in an order in which each calls only earlier ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import networkx as nx

from neurosym.check import problems, tree
from neurosym.check.symbols import Symbols, typed_names
from neurosym.feel.checker import Checker
from neurosym.feel.scope import Callable, Scope
from neurosym.feel.tree import Call
from neurosym.feel.typed import Definition
from neurosym.text.diagnostic import Report


def define(
    declared: dict[str, tree.DefineDeclaration], symbols: Symbols, report: Report
) -> tuple[Scope, dict[str, Definition]]:
    """The scope with every definition in it, and the definitions; recursion is reported."""
    scope, found = symbols.scope, dict[str, Definition]()
    for name in _order(declared, report):
        declaration = declared[name]
        parameters = typed_names(declaration.parameters, symbols.fact_types, report)
        names = tuple(parameter for parameter, _ in parameters)
        checker = Checker(scope, report)
        words = {each.name.text: each.name for each in declaration.parameters}  # one that stands twice was reported
        local = checker.fresh((words[parameter], of) for parameter, of in dict(parameters).items())
        body = checker.inside(local).check(declaration.body)
        found[name] = Definition(name, names, body)
        scope = replace(scope, definitions={**scope.definitions, name: Callable(parameters, body.type)})
    return scope, found


def _order(declared: dict[str, tree.DefineDeclaration], report: Report) -> list[str]:
    calls: nx.DiGraph[str] = nx.DiGraph()
    calls.add_nodes_from(declared)
    for name, declaration in declared.items():
        calls.add_edges_from((called, name) for called in _called(declaration.body) if called in declared)
    for circle in nx.strongly_connected_components(calls):
        first = min(circle)
        if len(circle) > 1 or calls.has_edge(first, first):
            names = [*sorted(circle), first]
            report.add(problems.circular_definition(names, declared[first].name.span))
            calls.remove_nodes_from(list(circle))
            return _order({name: each for name, each in declared.items() if name not in circle}, report)
    return list(nx.lexicographical_topological_sort(calls))


def _called(node: object) -> Iterator[str]:
    """The names of the functions that an author's expression calls."""
    if isinstance(node, tuple):
        for item in node:
            yield from _called(item)
    elif is_dataclass(node) and type(node).__module__ == Call.__module__:
        if isinstance(node, Call):
            yield node.function.text
        for member in fields(node):
            if member.name != "span":
                yield from _called(getattr(node, member.name))
