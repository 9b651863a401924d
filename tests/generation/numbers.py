"""Numbers: arithmetic, totals, built-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.generation.production import Production, built_in, minus, operation
from tests.generation.scope import Scope, Want
from tests.generation.totals import bounded_total, total

if TYPE_CHECKING:
    from tests.generation.expression import Writer


def _power(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    return f"({writer.expression(Want(want.kind), scope, depth)} ** {writer.below(3)})"


def place(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    """The item at a place of a list."""
    items = writer.expression(Want(f"list of {want.kind}"), scope, depth)
    at = writer.expression(Want("number"), scope.without("item"), depth) if writer.below(2) else writer.below(4) - 1
    return f"{items}[{at}]" if items else ""


def _count_of_list(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    items = writer.expression(Want(f"list of {writer.kind_of_items(scope)}"), scope, depth)
    return f"count({items})" if items else ""


def _extreme_of_list(function: str) -> Production:
    def write(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
        items = writer.expression(Want(f"list of {want.kind}", solid=True), scope, depth)
        return f"{function}({items})" if items else ""

    return Production(f"{function} of a list", write, is_solid=False)


EXTREMES_OF_LISTS = (_extreme_of_list("min"), _extreme_of_list("max"))
PLACE = Production("place", place, is_solid=False, weight=2)
NUMBERS = (
    *(Production(f"number {op}", operation(op, "number", "number")) for op in "+-*/"),
    Production("power", _power),
    Production("ratio of durations", operation("/", "duration", "duration")),
    Production("ratio of months", operation("/", "months", "months")),
    Production("minus", minus),
    Production("sum", total("sum"), weight=4),
    Production("count", total("count"), weight=4),
    *(Production(name, bounded_total(name), is_solid=False, weight=2) for name in ("min", "max", "mean")),
    *(Production(name, built_in(name, "number")) for name in ("abs", "floor", "ceiling")),
    Production("decimal", built_in("decimal", "number", "number")),
    Production("modulo", built_in("modulo", "number", "number")),
    Production("count of a list", _count_of_list),
    Production("sum of a list", built_in("sum", "list of number", solid=True)),
    Production("mean of a list", built_in("mean", "list of number", solid=True), is_solid=False),
    *EXTREMES_OF_LISTS,
    Production("string length", built_in("string length", "word")),
    Production("similar", built_in("similar", "word", "word")),
)
