"""Which bindings of a case a new fact touches that its condition reads inside a total or a `some`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.loops import FactWriting
from neurosym.engine.compiled.order import Order, order_of
from neurosym.engine.compiled.source import Given, Line, looking
from neurosym.engine.join import conjuncts
from neurosym.feel.typed import Aggregate, And, Compare, DefinitionCall, Join, Operation, SomeFact, TypedExpr
from neurosym.feel.types import Basic
from neurosym.feel.walk import descendants


@dataclass(frozen=True, slots=True)
class Inside:
    """A variable of a join inside the condition, whose type changes while the stratum is computed."""

    name: str
    type: str
    join: Join


def inside_of(case: Case, moving: Sequence[str]) -> list[Inside] | None:
    """The variables inside a case's condition that stand for `moving` types; None where they are too deep to follow."""
    found: list[Inside] = []
    for part in conjuncts(case.join.condition):
        direct = list(_joins(part))
        if _mentions(part, moving) != sum(_own(join, moving) for join in direct):
            return None
        found += [Inside(name, of, join) for join in direct for name, of in join.variables if of in moving]
    return found


def _joins(part: TypedExpr) -> Iterator[Join]:
    """The joins of a conjunct that is a `some`, or a comparison of totals."""
    match part:
        case SomeFact():
            yield part.join
        case Compare() | Operation():
            yield from _joins(part.left)
            yield from _joins(part.right)
        case Aggregate():
            yield part.join


def _own(join: Join, moving: Sequence[str]) -> int:
    return sum(of in moving for _, of in join.variables)


def _mentions(part: TypedExpr, moving: Sequence[str]) -> int:
    """How many variables anywhere inside stand for `moving` types; a definition counts, for it is not looked into."""
    nodes = list(descendants(part))
    called = sum(isinstance(node, DefinitionCall) for node in nodes)
    return called + sum(_own(node, moving) for node in nodes if isinstance(node, Join))


def write_touch(writing: FactWriting, case: Case, inside: Inside, name: str) -> None:
    """Write the function that gives the bindings of the case that new rows of the variable touch."""
    join = _around(case, inside)
    order = order_of(join, [inside.name])
    lines = [Line(0, "found = {}"), *_lines(writing, case, order), Line(0, "return found")]
    writing.module.function(name, ["rows"], lines, case.span)


def _around(case: Case, inside: Inside) -> Join:
    """The case's variables together with those of the join inside."""
    parts = (*_plain_parts(case.join.condition), *_plain_parts(inside.join.condition))
    condition = And(parts, Basic.BOOLEAN, case.span) if parts else None
    return Join((*case.join.variables, *inside.join.variables), condition)


def _plain_parts(condition: TypedExpr | None) -> Iterator[TypedExpr]:
    """The conjuncts without joins inside: they narrow the bindings down; the others are tested afterwards."""
    for part in conjuncts(condition):
        if not any(isinstance(node, (Join, DefinitionCall)) for node in descendants(part)):
            yield part


def _lines(writing: FactWriting, case: Case, order: Order) -> Iterator[Line]:
    outer, depth = dict(case.join.variables), 0
    for at, binding in enumerate(order.bindings):
        row, inner = writing.bound(binding.name)
        if at == 0:
            yield looking(depth, "rows", "found", case.span)
            yield Line(depth, f"for {row.text} in rows:", case.span, width=Given.ROWS)
        else:
            source = writing.source(binding)
            for line in writing.opened(source, binding, row, "found", may_be_doubtful=binding.name not in outer):
                yield line.inside(depth)
            depth += 1 if source.is_choice else 0
        depth += 1
        writing = inner
    rows = "".join(f"{writing.names[name].text}, " for name, _ in case.join.variables)
    yield Line(depth, f"found[{rows}] = True", case.span)


def bound_order(case: Case) -> Order:
    """The order of a binding that is there already: everything is tested at once."""
    order = order_of(case.join)
    by_name = {each.name: each for each in order.bindings}
    bindings = [by_name[name] for name, _ in case.join.variables]
    parts = tuple(conjuncts(case.join.condition))
    bare = [replace(each, equations=(), choice=None, parts=()) for each in bindings]
    return Order((), (*bare[:-1], replace(bare[-1], parts=parts)))
