"""Generated code that keeps the conclusions of a case up to date as facts come and go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from neurosym.engine.compiled.case import Case, CaseWriting
from neurosym.engine.compiled.compiled_case import CompiledCase
from neurosym.engine.compiled.loops import FactWriting
from neurosym.engine.compiled.order import Order, order_of
from neurosym.engine.compiled.source import Line, Module, NotCompiledError
from neurosym.engine.compiled.touch import Touch, Touches, bound_order, write_touch
from neurosym.engine.firing import Provisions
from neurosym.feel.typed import And, Compare, Join, Local, Member, TypedExpr
from neurosym.feel.types import Basic, FactOf
from neurosym.program.rule import ConcludeFact
from neurosym.text.span import Span


@dataclass(frozen=True)
class UpkeepWriting(CaseWriting):
    """Writes functions that hold nothing themselves: `new` receives each fact with the derivation that was found, as
    the number of the case and the rows of its variables by name.
    """

    def _kept(self, writing: FactWriting, row: str, span: Span) -> list[Line]:
        rows = "".join(f"{writing.names[name].text}, " for name in self.case.names)
        return [Line(0, f"new.append(({row}, ({rows})))", span)]


def upkeep_of(writing: FactWriting, provisions: Provisions, case: Case, touches: Touches) -> CompiledCase:
    """The functions `from_NAME` (of rows for a variable), `bound` (of whole bindings), `concluding` (of facts that are
    concluded: every binding that concludes one with such a key), and those that tell which bindings a row bears on.
    """
    module: Module = writing.module
    orders = {f"from_{name}": order_of(case.join, [name]) for name, _ in case.join.variables}
    orders["concluding"] = _concluding(writing, case)
    for name in (*orders, "bound"):
        module.name(name)
    written = UpkeepWriting(writing, provisions, case)
    touching: dict[str, Touch] = {}
    try:
        for name, order in orders.items():
            written.written(name, order)
        orders["bound"] = bound_order(case)
        written.written_bound("bound", orders["bound"])
        for at, touch in enumerate(touches.found):
            write_touch(writing, case, touch, f"touched_{at}", may_be_doubtful=False)
            touching[f"touched_{at}"] = touch
    except NotCompiledError:
        return CompiledCase(case, orders, module, None, {}, writing.layouts)
    return CompiledCase(case, orders, module, module.compiled(), touching, writing.layouts)


def _concluding(writing: FactWriting, case: Case) -> Order:
    """The bindings that conclude a fact with the key of a given one."""
    conclusion = case.conclusion
    assert isinstance(conclusion, ConcludeFact)
    name = _free(dict(case.join.variables))
    given = Local(name, FactOf(conclusion.type), case.span)
    layout = writing.layouts[conclusion.type]
    parts: list[TypedExpr] = [] if case.join.condition is None else [case.join.condition]
    for field, value in conclusion.fields:
        if layout.of.by_name[field].is_key:
            part = Member(given, field, layout.of.by_name[field].type, case.span)
            parts.append(Compare("=", value, part, Basic.BOOLEAN, case.span))
    join = Join((*case.join.variables, (name, conclusion.type)), And(tuple(parts), Basic.BOOLEAN, case.span))
    return order_of(join, [name])


def _free(taken: Mapping[str, object]) -> str:
    name = "concluded"
    while name in taken:
        name += "_"
    return name
