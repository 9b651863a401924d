"""How much a condition stands for once the definitions it calls are written out, without writing them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from neurosym.check import problems
from neurosym.check.lint import expressions
from neurosym.feel.syntax import DEPTH_MAX
from neurosym.feel.typed import (
    Aggregate,
    Constant,
    DefinitionCall,
    EqualTest,
    Join,
    OrderTest,
    SomeFact,
    TypedExpr,
    TypedTest,
    WithinTest,
)
from neurosym.feel.walk import descendants, parts
from neurosym.program.program import Program
from neurosym.program.rule import Provision
from neurosym.text.diagnostic import Report
from neurosym.text.span import Span

# What it takes to look at one binding of a rule's variables; a tenth of a second of the evaluator that defines the
# meaning.
OPERATIONS_MAX = 100_000
# `some`, `every` and totals within one another: each is a loop inside the loop around it.
LOOPS_MAX = 8
VARIABLES_MAX = 32  # of one `for`, each a loop inside the one before


@dataclass(frozen=True, slots=True)
class Extent:
    """The operations of an expression with those of the definitions it calls, how deep they nest, and how deep the
    loops over facts among them do.
    """

    operations: int = 0
    depth: int = 0
    loops: int = 0


def check_extents(program: Program, report: Report) -> dict[str, Extent]:
    """The extents of the definitions, each measured once; conditions and definitions beyond a bound are reported."""
    known: dict[str, Extent] = {}
    for name, definition in program.definitions.items():  # each calls only earlier ones
        known[name] = _checked(definition.body, known, report, f"`{name}`")
    provisions: tuple[Provision, ...] = (*program.rules, *program.exceptions)
    for provision in provisions:
        with report.citing(provision.cites):
            _check_variables(provision.join, provision.span, report)
            for expr in expressions(provision):
                _checked(expr, known, report, f"`{provision.id}`")
    for judgment in program.judgments.values():
        for check in judgment.checks:
            _checked(check.condition, known, report, f"`{judgment.name}`")
    return known


def _checked(expr: TypedExpr, known: Mapping[str, Extent], report: Report, owner: str) -> Extent:
    """The extent of an expression; none of one that is reported: its callers are looked at as they will be then."""
    for node in descendants(expr):
        if isinstance(node, (SomeFact, Aggregate)):
            _check_variables(node.join, node.span, report)
    found = extent_of(expr, known)
    calls = [node for node in descendants(expr) if isinstance(node, DefinitionCall)]
    if calls and found.depth > DEPTH_MAX:
        deepest = max(calls, key=lambda call: known[call.name].depth)
        report.add(problems.calls_too_deep(owner, deepest.name, DEPTH_MAX, deepest.span))
    elif calls and found.operations > OPERATIONS_MAX:
        largest = max(calls, key=lambda call: known[call.name].operations)
        report.add(problems.calls_too_large(owner, largest.name, OPERATIONS_MAX, largest.span))
    elif found.loops > LOOPS_MAX:
        report.add(problems.loops_too_deep(owner, LOOPS_MAX, expr.span))
    else:
        return found
    return Extent()


def extent_of(node: TypedExpr | TypedTest | Join, known: Mapping[str, Extent]) -> Extent:
    """The extent of an expression that calls definitions whose extents are known."""
    below = [extent_of(part, known) for part in parts(node)]
    if isinstance(node, DefinitionCall):
        below.append(known[node.name])
    is_level = not isinstance(node, (Join, EqualTest, OrderTest, WithinTest))
    return Extent(
        sum(each.operations for each in below) + (is_level and not isinstance(node, Constant)),
        max((each.depth for each in below), default=0) + is_level,
        max((each.loops for each in below), default=0) + isinstance(node, (SomeFact, Aggregate)),
    )


def _check_variables(join: Join, at: Span, report: Report) -> None:
    if len(join.variables) > VARIABLES_MAX:
        report.add(problems.too_many_variables(len(join.variables), VARIABLES_MAX, at))
