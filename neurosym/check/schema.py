"""Fact types and duties from their declarations."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import networkx as nx

from neurosym.check import problems, tree
from neurosym.check.declared import Declared
from neurosym.check.types import implied_domain, resolve_tests, resolve_type
from neurosym.program.schema import DutyType, FactType, Field, GraphSource
from neurosym.text.diagnostic import Report

IRI = "iri"
DATA_CLASS_DEFAULT = "internal"


def fact_types(declared: Declared, prefixes: Mapping[str, str], report: Report) -> dict[str, FactType]:
    """Every fact type with its fields."""
    return {
        name: FactType(
            name,
            declaration.label,
            declaration.kind == "derived",
            _fields(declaration, declared.facts, prefixes, report),
            _expand(declaration.source, prefixes, report) if declaration.source else None,
            declaration.name.span,
        )
        for name, declaration in declared.facts.items()
    }


def check_keys(types: Mapping[str, FactType], report: Report) -> None:
    """Report keys that hold each other in a circle: NS418."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from(
        (name, of_key)
        for name, of in types.items()
        for field in of.key_fields
        if (of_key := field.refers_to) is not None
    )
    for circle in nx.strongly_connected_components(graph):
        first = min(circle)
        if len(circle) > 1 or graph.has_edge(first, first):
            report.add(problems.circular_key([*sorted(circle), first], types[first].span))


def duty_types(declared: Declared, report: Report) -> dict[str, DutyType]:
    """Every duty with its fields."""
    return {
        name: DutyType(name, declaration.label, _fields(declaration, declared.facts, {}, report), declaration.name.span)
        for name, declaration in declared.duties.items()
    }


def _fields(
    declaration: tree.FactDeclaration, known: Collection[str], prefixes: Mapping[str, str], report: Report
) -> tuple[Field, ...]:
    found: dict[str, Field] = {}
    spans: dict[str, tree.FieldDeclaration] = {}
    for field in declaration.fields:
        name = field.name.text
        if name in found:
            report.add(problems.declared_twice(name, field.name.span, spans[name].name.span))
            continue
        spans[name] = field
        found[name] = _field(field, known, prefixes, report)
    if not any(field.is_key for field in found.values()):
        report.add(problems.no_key(declaration.name.text, declaration.name.span))
    return tuple(found.values())


def _field(field: tree.FieldDeclaration, known: Collection[str], prefixes: Mapping[str, str], report: Report) -> Field:
    of = resolve_type(field.type, known, report)
    if field.is_key and (field.is_optional or field.type.nullable):
        report.add(problems.bad_key(field.name.text, field.name.span))
    tests = resolve_tests(field.name.text, of, field.type.constraint, report)
    return Field(
        field.name.text,
        of,
        field.is_key,
        field.is_optional,
        field.is_subject,
        field.data_class.text if field.data_class else DATA_CLASS_DEFAULT,
        tests,
        implied_domain(of, tests),
        _source(field.source, prefixes, report) if field.source else None,
        field.name.span,
    )


def _source(name: tree.GraphName, prefixes: Mapping[str, str], report: Report) -> GraphSource | None:
    if name.prefix.text == IRI and name.local is None:
        return GraphSource(None)
    iri = _expand(name, prefixes, report)
    return GraphSource(iri) if iri else None


def _expand(name: tree.GraphName, prefixes: Mapping[str, str], report: Report) -> str | None:
    if name.prefix.text not in prefixes:
        report.add(problems.unknown_prefix(name.prefix.text, name.prefix.span, prefixes))
        return None
    return prefixes[name.prefix.text] + (name.local.text if name.local else "")
