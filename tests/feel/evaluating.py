"""Expressions from text to value, in a world without facts."""

from __future__ import annotations

from collections.abc import Mapping

from neurosym.feel.checker import Checker, literal_type
from neurosym.feel.evaluation import Evaluator
from neurosym.feel.parser import parse_expression
from neurosym.feel.scope import Scope
from neurosym.feel.types import Type
from neurosym.feel.world import NO_WORLD
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.values.unknown import ANYTHING, Domain, Failed, MissingType, Reason, Unknown
from neurosym.values.value import Value

WHY: frozenset[Reason] = frozenset({MissingType("Weather")})


def unknown(domain: Domain = ANYTHING) -> Unknown:
    """A value that is not known, for lack of the weather."""
    return Unknown(WHY, domain)


def value(text: str, types: Mapping[str, Type] | None = None, **names: Value) -> Value:
    """The value of an expression whose names stand for these values; an unknown one needs its type."""
    known = {name: literal_type(each) for name, each in names.items() if name not in (types or {})}
    report = Report()
    tree = parse_expression(text, None, report)
    assert tree is not None, report.diagnostics
    typed = Checker(Scope({}, locals={**known, **(types or {})}), report).check(tree)
    assert not report.diagnostics, report.diagnostics
    return Evaluator(NO_WORLD).value(typed, names)


def problems(text: str, types: Mapping[str, Type] | None = None) -> list[Diagnostic]:
    """What is wrong with an expression."""
    report = Report()
    tree = parse_expression(text, None, report)
    assert tree is not None, report.diagnostics
    Checker(Scope({}, locals=types or {}), report).check(tree)
    return report.diagnostics


def failure(found: Value) -> str:
    """Why an operation has no value."""
    assert isinstance(found, Unknown), found
    [reason] = found.reasons
    assert isinstance(reason, Failed)
    return reason.message
