"""What generated code calls: exact operations that raise InexactError, or the error of the operation, instead of giving
an unknown value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from neurosym.engine.index import InexactError
from neurosym.feel.arithmetic import exact_minus, exact_operation
from neurosym.feel.builtin import FUNCTIONS
from neurosym.feel.calendar import CalendarError
from neurosym.feel.evaluation import passes
from neurosym.feel.extent import Edge, equal, less
from neurosym.feel.membership import within
from neurosym.program.schema import Field
from neurosym.text.span import NOWHERE
from neurosym.values.number import NumberError, add, divide, exact_sum, mean, multiply, negate, normal, power, total
from neurosym.values.temporal import TemporalError, date_plus
from neurosym.values.unknown import Unknown
from neurosym.values.value import Value

# What an exact operation raises where there is no known value.
INEXACT = (InexactError, NumberError, TemporalError, CalendarError)


def known(value: Any) -> Any:
    """The value, if it is known."""
    if value.__class__ is Unknown:
        raise InexactError
    return value


def or_edge(value: Any, edge: Edge) -> Any:
    """The value, or where nothing lies when there is none."""
    return edge if value is None else value


def solid(value: Any) -> Any:
    """The value, if it is known and not null."""
    if value is None or value.__class__ is Unknown:
        raise InexactError
    return value


def subtract(left: Any, right: Any) -> Any:
    """The difference of two numbers."""
    return add(left, negate(right))


def is_before(left: Value, right: Value, or_equal: bool) -> bool:  # noqa: FBT001 - called by generated code only
    """Whether `left < right`, or `<=`, where some values have no order among them."""
    return known(less(left, right, NOWHERE, or_equal=or_equal))  # type: ignore[no-any-return]


def is_earlier(left: Any, right: Any, or_equal: bool) -> bool:  # noqa: FBT001 - called by generated code only
    """Whether `left < right`, or `<=`, of times: one with an offset from UTC and one without have no order."""
    try:
        return left <= right if or_equal else left < right  # type: ignore[no-any-return]
    except TypeError as error:
        raise InexactError from error


def is_equal(left: Value, right: Value) -> bool:
    """Whether two values are equal that have parts."""
    return known(equal(left, right))  # type: ignore[no-any-return]


def is_within(value: Value, container: Value) -> bool:
    """Whether a value lies in a range or a list."""
    return known(within(value, container, NOWHERE))  # type: ignore[no-any-return]


def item_at(items: Sequence[Any], place: Any) -> Any:
    """The item at a place counted from 1, or from the end with -1; null where there is none."""
    if not isinstance(place, int):
        raise InexactError
    at = place - 1 if place > 0 else place + len(items)
    return items[at] if place and 0 <= at < len(items) else None


def sole(found: Mapping[Any, Any], key: Any, row: Any) -> None:
    """Nothing, if the row holds all that is said for its key."""
    if found.get(key) is not row:
        raise InexactError


def admitted(field: Field, value: Any) -> Any:
    """The value, if the field's own declaration allows it."""
    if value is not None and not any(passes(value, test) for test in field.tests):
        raise InexactError
    return value


class Grown:
    """A total that grows: its value so far, and what its items so far are named by."""

    __slots__ = ("names", "value")

    def __init__(self, of_none: Any) -> None:
        self.names: set[object] = set()
        self.value = of_none

    def take(self, items: Mapping[object, Any], folded: Callable[[Sequence[Any]], Any]) -> None:
        """Add the items that are none of those so far, with a function of which the value of some items counts as one
        more item.
        """
        names = self.names
        values = [value for name, value in items.items() if name not in names]
        if values:
            self.value = folded(values if self.value is None else [self.value, *values])
            names.update(items)


# The names under which generated code has all this. Built-in functions of the language are added by what they are.
NAMESPACE: Mapping[str, Any] = {
    "INEXACT": INEXACT,
    "InexactError": InexactError,
    "known": known,
    "or_edge": or_edge,
    "BELOW": Edge.BELOW,
    "ABOVE": Edge.ABOVE,
    "solid": solid,
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "power": power,
    "negate": negate,
    "operation": exact_operation,
    "minus": exact_minus,
    "date_plus": date_plus,
    "Grown": Grown,
    "total": total,
    "exact_sum": exact_sum,
    "normal": normal,
    "mean": mean,
    "admitted": admitted,
    "is_before": is_before,
    "is_earlier": is_earlier,
    "is_equal": is_equal,
    "is_within": is_within,
    "item_at": item_at,
    "sole": sole,
    **{f"built_in_{name.replace(' ', '_')}": function.compute for name, function in FUNCTIONS.items()},
}
