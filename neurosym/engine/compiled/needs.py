"""What the cases of a program read: types of facts, judgments, and whether a burden of proof lies on any of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from neurosym.engine.compiled.case import Case
from neurosym.engine.firing import Provisions
from neurosym.engine.join import conjuncts
from neurosym.feel.typed import (
    Aggregate,
    And,
    Compare,
    Constant,
    DefinitionCall,
    EqualTest,
    In,
    Join,
    JudgmentCall,
    Local,
    Member,
    Minus,
    Negated,
    Operation,
    Or,
    OrderTest,
    RangeValue,
    SomeFact,
    TypedExpr,
    TypedTest,
    WithinTest,
)
from neurosym.feel.types import FactOf, without_null
from neurosym.feel.walk import descendants
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeDuty, ConcludeFact, ConcludeOutcome, RuleException
from neurosym.values.number import Number

# What reads nothing by itself and gives names to nothing: where only these stand, a local name is a fact's.
PLAIN = (And, Or, Negated, Compare, In, EqualTest, OrderTest, WithinTest, RangeValue, Operation, Minus, Constant, Local)


@dataclass(frozen=True, slots=True)
class Needs:
    """All that a case reads by itself; what its facts rest on in turn is theirs."""

    types: frozenset[str] = frozenset()
    judgments: frozenset[str] = frozenset()
    has_burden: bool = False

    def __or__(self, other: Needs) -> Needs:
        return Needs(self.types | other.types, self.judgments | other.judgments, self.has_burden or other.has_burden)


def needs_of(program: Program, provisions: Provisions, cases: Iterable[Case]) -> Needs:
    """What the cases read together."""
    needs = Needs()
    for case in cases:
        for expr in _values(case):
            needs |= _of(program, expr)
        needs |= _of_join(program, case.join)
        for provision in (*case.above, case.provision):
            needs |= _burden(provision)
        for exception in _exceptions(provisions, case.provision.id, case.conclusion.target):
            needs |= _of_join(program, exception.join) | _burden(exception)
    return needs


def reads_variables_alone(join: Join) -> bool:
    """True when the condition reads fields of the join's own facts, and no parameter, answer or other fact."""
    nodes = descendants(join.condition) if join.condition is not None else ()
    return all(_is_own(node) for node in nodes)


def _is_own(node: TypedExpr | TypedTest | Join) -> bool:
    if isinstance(node, Member):
        return isinstance(node.base, Local)
    return isinstance(node, PLAIN)


def essential_types(join: Join) -> frozenset[str]:
    """Types of which a fact must be held, certain or possible, lest the join have no binding that may be true: those of
    its variables, and those that a `some` or a total which must be positive goes over.
    """
    found = frozenset(of for _, of in join.variables)
    return found.union(*(essential_types(inner) for part in conjuncts(join.condition) for inner in _populated(part)))


def _populated(part: TypedExpr) -> Iterator[Join]:
    """The joins that must have a binding for a conjunct to be true."""
    match part:
        case SomeFact():
            yield part.join
        case Compare(op=">" | ">="):
            yield from _positive(part.left, part.right, is_strict=part.op == ">")
        case Compare(op="<" | "<="):
            yield from _positive(part.right, part.left, is_strict=part.op == "<")


def _positive(total: TypedExpr, bound: TypedExpr, *, is_strict: bool) -> Iterator[Join]:
    if not isinstance(total, Aggregate) or total.function not in ("sum", "count") or not isinstance(bound, Constant):
        return
    if isinstance(bound.value, Number) and (bound.value > 0 or (is_strict and bound.value == 0)):
        yield total.join


def _burden(provision: object) -> Needs:
    return Needs(has_burden=isinstance(provision, RuleException) and provision.must_be_proven)


def _exceptions(provisions: Provisions, of: str, target: str | None) -> Iterator[RuleException]:
    """The exceptions to a conclusion, and those to them."""
    for exception in provisions.to(of, target):
        yield exception
        yield from _exceptions(provisions, exception.id, None)


def _values(case: Case) -> Iterator[TypedExpr]:
    match case.conclusion:
        case ConcludeFact():
            yield from (value for _, value in case.conclusion.fields)
        case ConcludeOutcome():
            yield from (value for _, value in case.conclusion.subject)
        case ConcludeDuty():
            yield from (value for _, value in case.conclusion.fields)


def _of_join(program: Program, join: Join) -> Needs:
    needs = Needs(frozenset(of for _, of in join.variables))
    return needs | _of(program, join.condition) if join.condition is not None else needs


def _of(program: Program, expr: TypedExpr) -> Needs:
    needs = Needs()
    for node in reached(program, expr):
        needs |= _node(program, node)
    return needs


def types_read(program: Program, node: TypedExpr | TypedTest | Join) -> frozenset[str]:
    """The types whose facts a node reads by itself, apart from what stands below it."""
    return _node(program, node).types


def reached(program: Program, expr: TypedExpr | TypedTest | Join) -> Iterator[TypedExpr | TypedTest | Join]:
    """The nodes of an expression and of the definitions that it calls, directly or not, each definition once."""
    seen: set[str] = set()
    waiting: list[TypedExpr | TypedTest | Join] = [expr]
    while waiting:
        for node in descendants(waiting.pop()):
            yield node
            if isinstance(node, DefinitionCall) and node.name not in seen:
                seen.add(node.name)
                waiting.append(program.definitions[node.name].body)


def _node(program: Program, node: TypedExpr | TypedTest | Join) -> Needs:
    match node:
        case Join():
            return Needs(frozenset(of for _, of in node.variables))
        case Member():
            of = without_null(node.base.type)
            return Needs(frozenset({of.name})) if isinstance(of, FactOf) else Needs()
        case JudgmentCall():
            types = frozenset(of for _, of in program.judgments[node.name].parameters)
            return Needs(types, frozenset({node.name}))
        case _:
            return Needs()
