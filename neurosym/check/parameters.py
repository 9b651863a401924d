"""Parameters: dated constants."""

from __future__ import annotations

from collections.abc import Mapping

from neurosym.check import problems, tree
from neurosym.check.constants import constant
from neurosym.check.types import resolve_tests
from neurosym.feel.evaluation import passes
from neurosym.feel.types import Type, fits
from neurosym.program.program import DatedValue, Parameter
from neurosym.text.diagnostic import Report


def parameters(
    declared: Mapping[str, tree.ParameterDeclaration], types: Mapping[str, Type], report: Report
) -> dict[str, Parameter]:
    """The parameters with their values in the order of their dates."""
    return {name: _parameter(declaration, types[name], report) for name, declaration in declared.items()}


def _parameter(declaration: tree.ParameterDeclaration, of: Type, report: Report) -> Parameter:
    name = declaration.name.text
    tests = resolve_tests(name, of, declaration.type.constraint, report)
    values: list[DatedValue] = []
    for dated in sorted(declaration.values, key=lambda each: each.first):
        found = constant(dated.value, report)
        if found is None:
            continue
        typed, value = found
        if not fits(typed.type, of):
            report.add(problems.wrong_field_type(name, of, typed.type, dated.value.span))
        elif tests and not any(passes(value, test) for test in tests):
            report.add(problems.outside_constraint(name, dated.value.span))
        if values and values[-1].first == dated.first:
            report.add(problems.overlapping_periods(name, dated.span, dated.span))
        values.append(DatedValue(value, dated.first, tuple(cite.text for cite in dated.cites)))
        if not dated.cites:
            report.add(problems.uncited("value of parameter", name, dated.span))
    if not values:
        report.add(problems.missing_clause("= value from DATE", name, declaration.name.span))
    return Parameter(name, declaration.label, of, tuple(values), declaration.name.span)
