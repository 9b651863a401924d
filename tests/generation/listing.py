"""Lists of numbers and of facts, ranges, and facts that an expression chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.generation.production import Production, either
from tests.generation.scope import Scope, Want
from tests.generation.totals import collected

if TYPE_CHECKING:
    from tests.generation.expression import Writer


def _item_of(kind: str) -> str:
    """The kind of the items of a list."""
    return kind.removeprefix("list of ")


def _written_out(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    item = Want(_item_of(want.kind), want.solid)
    parts = [writer.expression(item, scope, depth) for _ in range(1 + writer.below(2))]
    return f"[{', '.join(parts)}]" if all(parts) else ""


def iterated(writer: Writer, kind: str, scope: Scope, depth: int) -> str:
    """A list whose items are looked at: of facts only where facts of the type may be read."""
    if kind in writer.schema and kind not in scope.strict:
        return ""
    return writer.expression(Want(f"list of {kind}", solid=True), scope, depth)


def _for_return(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    over = []
    for _ in range(1 + (writer.below(4) == 3)):
        kind = writer.kind_of_items(scope)
        items = iterated(writer, kind, scope, depth)
        if not items:
            return ""
        name = writer.fresh()
        over.append(f"{name} in {items}")
        scope = scope.with_variables({name: kind})
    body = writer.expression(Want(_item_of(want.kind), want.solid), scope, depth)
    return f"(for {', '.join(over)} return {body})" if body else ""


def _filtered(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    kind = _item_of(want.kind)
    items = iterated(writer, kind, scope, depth)
    inner = scope.with_variables({"item": kind})
    return f"{items}[{writer.condition(inner, depth)}]" if items else ""


def _range(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    end = Want(want.kind.removeprefix("range of "))
    low, high = writer.expression(end, scope, depth), writer.expression(end, scope, depth)
    return f"[{low}..{high}{writer.one_of((']', ')'))}"


LISTS = (
    Production("list", _written_out, is_leaf=True, is_end=True, weight=2),
    Production("for", _for_return, weight=2),
    Production("filter", _filtered, weight=2),
    Production("collect", collected, weight=2),
    Production("if", either),
)
RANGES = (Production("range", _range, is_leaf=True, is_end=True, weight=3), Production("if", either))
