"""Constants: expressions whose value can be read off the text."""

from __future__ import annotations

from neurosym.check import problems
from neurosym.feel.checker import Checker
from neurosym.feel.evaluation import Evaluator
from neurosym.feel.scope import Scope
from neurosym.feel.tree import Expr
from neurosym.feel.typed import Aggregate, DefinitionCall, JudgmentCall, Local, ParameterValue, SomeFact, TypedExpr
from neurosym.feel.types import UNTYPED
from neurosym.feel.walk import descendants
from neurosym.feel.world import NO_WORLD
from neurosym.text.diagnostic import Report
from neurosym.values.unknown import Unknown
from neurosym.values.value import Value

OPEN = (Local, ParameterValue, SomeFact, Aggregate, JudgmentCall, DefinitionCall)
NOTHING = Scope(fields={})


def constant(expr: Expr, report: Report) -> tuple[TypedExpr, Value] | None:
    """The typed expression and its value; None, with a diagnostic, when it has none by itself."""
    typed = Checker(NOTHING, report).check(expr)
    if typed.type == UNTYPED:
        return None
    value = constant_value(typed)
    if isinstance(value, Unknown):
        report.add(problems.not_constant(expr.span))
        return None
    return typed, value


def constant_value(typed: TypedExpr) -> Value:
    """The value of an expression without names; unknown when it has names or no value."""
    if any(isinstance(part, OPEN) for part in descendants(typed)):
        return Unknown(frozenset())
    return Evaluator(NO_WORLD).value(typed, {})
