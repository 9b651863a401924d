"""Totals that grow round after round: what new facts add is added to what was found before, not found again.

A total is followed for a binding from the time that new facts first touch it. Then it is computed once from all that is
held; from there on, each new fact is looked at once for each binding that it is an item of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from neurosym.engine.compiled.case import Case, CaseWriting
from neurosym.engine.compiled.expression import Code
from neurosym.engine.compiled.loops import EDGES, NATIVE_EXTREMES, FactWriting
from neurosym.engine.compiled.needs import PLAIN, reached, types_read
from neurosym.engine.compiled.order import order_of
from neurosym.engine.compiled.source import GrownOf, Line, NotCompiledError
from neurosym.engine.compiled.touch import Touch, Touches, bound_order, plain_parts, rows_of, touching, write_touch
from neurosym.engine.firing import Provisions
from neurosym.engine.join import conjuncts
from neurosym.feel.typed import Aggregate, And, DefinitionCall, Join, Local, Member, TypedExpr, TypedTest
from neurosym.feel.types import Basic, without_null
from neurosym.feel.walk import parts, with_parts
from neurosym.program.program import Program

# Functions of which the value of some items counts as one more item, as generated code has them, and their values of no
# items.
FOLDED = {"sum": ("exact_sum", 0), "count": ("sum", 0), "min": ("min", None), "max": ("max", None)}

NodeT = TypeVar("NodeT", bound=TypedExpr | TypedTest | Join)


@dataclass(frozen=True, slots=True)
class Growing:
    """A total in a case's own condition, of which new facts of one variable are new items."""

    touch: Touch
    total: Aggregate
    local: Local  # stands for it in the condition
    grown: GrownOf


def write_rounds(
    writing: FactWriting, provisions: Provisions, case: Case, touches: Touches, moving: Sequence[str]
) -> Mapping[str, Touch]:
    """Write the functions that tell which bindings new facts of the `moving` types touch, and `bound`, which looks at
    these; the touches by the functions' names. NotCompiledError where they cannot be written.
    """
    found: dict[str, Touch] = {}
    growing: list[Growing] = []
    for at, touch in enumerate(touches.of(moving)):
        name = f"touched_{at}"
        followed = _followed(writing.program, case, touch, moving, at)
        if followed is not None and _is_written(writing, case, followed, name):
            growing.append(followed)
        else:
            write_touch(writing, case, touch, name, may_be_doubtful=True)
        found[name] = touch
    if found:
        written = GrowingWriting(writing, provisions, case, growing, touches.called)
        written.written_bound("bound", bound_order(case))
    return found


def _followed(program: Program, case: Case, touch: Touch, moving: Sequence[str], at: int) -> Growing | None:
    """The total that the touch is an item of, where its items come with the touch's facts and with nothing else."""
    total = touch.total
    if total is None or total.function not in FOLDED:
        return None
    if total.function in ("min", "max") and without_null(total.item.type) not in NATIVE_EXTREMES:
        return None
    if [of for _, of in total.join.variables if of in moving] != [touch.type]:
        return None
    own = {name for name, _ in total.join.variables}
    for expr in (total.item, *conjuncts(total.join.condition)):
        for node in reached(program, expr):
            is_own = isinstance(node, Member) and isinstance(node.base, Local) and node.base.name in own
            if not is_own and not types_read(program, node).isdisjoint(moving):
                return None
    local = Local(f"{at} grown", total.type, total.span)  # no author can write such a name
    return Growing(touch, total, local, GrownOf(case.number, at))


def _is_written(writing: FactWriting, case: Case, growing: Growing, name: str) -> bool:
    """Write the function that tells the bindings that new facts touch, and adds to the totals of these."""
    try:
        _write_grown(writing, case, growing, name)
    except NotCompiledError:
        return False
    return True


def _write_grown(writing: FactWriting, case: Case, growing: Growing, name: str) -> None:
    total, span = growing.total, growing.total.span
    tests = (*plain_parts(case.join.condition), *conjuncts(total.join.condition))
    condition = And(tests, Basic.BOOLEAN, span) if tests else None
    order = order_of(Join((*case.join.variables, *total.join.variables), condition), [growing.touch.name])

    def kept(inner: FactWriting) -> list[Line]:
        return inner.gathered_item(total, f"found.setdefault(({rows_of(inner, case)}), {{}})")

    sums = writing.module.resource(growing.grown)
    lines = [
        Line(0, "found = {}", span),
        *touching(writing, case, order, _exact, kept, may_be_doubtful=True),
        Line(0, "for binding, items in found.items():", span),
        Line(1, f"held = {sums}.get(binding)", span),
        Line(1, "if held is not None:", span),
        Line(2, f"held.take(items, {FOLDED[total.function][0]})", span),
        Line(0, "return found", span),
    ]
    writing.module.function(name, ["rows"], lines, span)


def _exact(writing: FactWriting, tests: Sequence[TypedExpr]) -> Iterator[str]:
    yield from (writing.solid(test).text for test in tests)


@dataclass(frozen=True)
class GrowingWriting(CaseWriting):
    """Writes `bound` with the totals that are followed."""

    growing: Sequence[Growing]
    called: Mapping[TypedExpr, TypedExpr]

    def _bound(self, writing: FactWriting, tests: Sequence[TypedExpr]) -> tuple[FactWriting, Sequence[TypedExpr]]:
        names: dict[TypedExpr, TypedExpr] = {each.total: each.local for each in self.growing}
        codes = {each.local.name: self._total(writing, each) for each in self.growing}
        return writing.within(codes), [_with_names(test, names, self.called) for test in tests]

    def _total(self, writing: FactWriting, growing: Growing) -> Code:
        """A call of the function that gives the total of a binding."""
        total, span = growing.total, growing.total.span
        sums, rows = writing.module.resource(growing.grown), rows_of(writing, self.case)
        folded, of_none = FOLDED[total.function]
        lines = [
            Line(0, f"held = {sums}.get(({rows}))", span),
            Line(0, "if held is None:", span),
            Line(1, f"items, held = {writing.gathered(total).text}, Grown({of_none})", span),
            Line(1, f"held.take(items, {folded})", span),
            Line(1, f"{sums}[{rows}] = held", span),
            Line(0, "return normal(held.value)" if total.function == "sum" else "return held.value", span),
        ]
        passed = {name: writing.names[name] for name, _ in self.case.join.variables}
        text = writing.function(f"{total.function}_grown", lines, passed, span)
        return Code(text, may_fail=True, edge=EDGES.get(total.function, ""))


def _with_names(node: NodeT, names: Mapping[TypedExpr, TypedExpr], called: Mapping[TypedExpr, TypedExpr]) -> NodeT:
    """The node with names in the place of totals; calls of definitions are written out where that takes it."""
    if node in names:
        return names[node]  # type: ignore[index, return-value]
    if isinstance(node, DefinitionCall) and node in called:
        body = _with_names(called[node], names, called)
        return node if body == called[node] else body  # type: ignore[return-value]
    if not isinstance(node, PLAIN):
        return node
    return with_parts(node, {part: _with_names(part, names, called) for part in parts(node)})  # type: ignore[misc]
