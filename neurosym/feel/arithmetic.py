"""Arithmetic on exact values, and on the bounds of unknown ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from neurosym.feel.extent import UNBOUNDED, Bounds, between, bounds, failed, reasons_of
from neurosym.text.span import Span
from neurosym.values import number, temporal
from neurosym.values.number import Number, NumberError
from neurosym.values.temporal import Duration, Months, TemporalError
from neurosym.values.unknown import Unknown
from neurosym.values.value import Value


def operate(op: str, left: Value, right: Value, span: Span) -> Value:
    """`left op right`; unknown where an operand is, or where the operation has no value."""
    if left is None or right is None:
        return failed(f"`{op}` of null", span)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        low, high = _operate_bounds(op, bounds(left), bounds(right), is_exact_right=not isinstance(right, Unknown))
        return Unknown(reasons_of(left, right), between(low, high))
    try:
        return exact_operation(op, left, right)
    except (NumberError, TemporalError) as error:
        return failed(str(error), span)


def minus(value: Value, span: Span) -> Value:
    """The value with the other sign."""
    if value is None:
        return failed("`-` of null", span)
    if isinstance(value, Unknown):
        low, high = bounds(value)
        flipped = (None if high is None else exact_minus(high), None if low is None else exact_minus(low))
        return Unknown(value.reasons, between(*flipped))
    return exact_minus(value)


def exact_minus(value: Value) -> Value:
    """The known value with the other sign."""
    match value:
        case Duration():
            return Duration(number.negate(value.seconds))
        case Months():
            return Months(-value.count)
        case _:
            return number.negate(value)  # type: ignore[arg-type]


def exact_operation(op: str, left: Value, right: Value) -> Value:
    """`left op right` of known values; NumberError or TemporalError where it has no value."""
    match left, right:
        case str(), str():
            return left + right
        case Duration(), Duration():
            return _durations(op, left, right)
        case date(), Duration() if op in "+-":
            return temporal.date_plus(left, right if op == "+" else Duration(number.negate(right.seconds)))
        case Duration(), date():
            return temporal.date_plus(right, left)
        case date(), Months():
            return temporal.months_plus(left, right if op == "+" else Months(-right.count))
        case Months(), date():
            return temporal.months_plus(right, left)
        case Months(), Months():
            count = _number(op, left.count, right.count)
            return count if op == "/" else temporal.whole_months(count)
        case date(), date():
            return temporal.date_minus(left, right)
        case Duration(), _:
            return Duration(_number(op, left.seconds, right))
        case _, Duration():
            return Duration(_number(op, left, right.seconds))
        case Months(), _:
            return temporal.whole_months(_number(op, left.count, right))
        case _, Months():
            return temporal.whole_months(_number(op, left, right.count))
        case _:
            return _number(op, left, right)


def _durations(op: str, left: Duration, right: Duration) -> Value:
    seconds = _number(op, left.seconds, right.seconds)
    return seconds if op == "/" else Duration(seconds)


def _number(op: str, left: Value, right: Value) -> Number:
    return OPERATIONS[op](left, right)  # type: ignore[arg-type]


def _subtract(left: Number, right: Number) -> Number:
    return number.add(left, number.negate(right))


OPERATIONS: dict[str, Callable[[Number, Number], Number]] = {
    "+": number.add,
    "-": _subtract,
    "*": number.multiply,
    "/": number.divide,
    "**": number.power,
}


def _operate_bounds(op: str, left: Bounds, right: Bounds, *, is_exact_right: bool) -> Bounds:
    """Bounds of the result: rounding keeps order, so the ends of the result come from the ends of the operands."""
    match op:
        case "+" if not isinstance(left[0] or left[1], str):
            return _end("+", left[0], right[0]), _end("+", left[1], right[1])
        case "-":
            return _end("-", left[0], right[1]), _end("-", left[1], right[0])
        case "*" | "/" if any(isinstance(end, Months) for end in (*left, *right)):
            return UNBOUNDED  # a part of a month has no length, so that what lies between may have no value
        case "*":
            return _corners("*", left, right)
        case "/" if is_exact_right and right[0] != 0:
            return _corners("/", left, right)
        case _:
            return UNBOUNDED


def _end(op: str, left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    try:
        return exact_operation(op, left, right)
    except (NumberError, TemporalError):
        return None


def _corners(op: str, left: Bounds, right: Bounds) -> Bounds:
    """Bounds of a product or a quotient: its extremes lie in the corners; an open end leaves only the sign."""
    ends = (*left, *right)
    if None in ends:
        non_negative = all(low is not None and _sign(low) >= 0 for low in (left[0], right[0]))
        return (_zero(op, left[0], right[0]), None) if non_negative else UNBOUNDED
    corners = [_end(op, mine, theirs) for mine in left for theirs in right]
    if None in corners:
        return UNBOUNDED
    return min(corners), max(corners)  # type: ignore[type-var]


def _sign(value: Value) -> Number:
    return value.seconds if isinstance(value, Duration) else value  # type: ignore[return-value]


def _zero(op: str, left: Value, right: Value) -> Value:
    """Nothing, in the type of the result."""
    has_unit = isinstance(left, Duration) != isinstance(right, Duration) or (op == "*" and isinstance(left, Duration))
    return Duration(0) if has_unit else 0


def sum_of(values: Iterable[Value], span: Span) -> Value:
    """The exact sum of numbers, rounded once; bounds when some are unknown."""
    items = list(values)
    if any(item is None for item in items):
        return failed("a sum over null", span)
    lows, highs = [bounds(item)[0] for item in items], [bounds(item)[1] for item in items]
    low = None if None in lows else _total(lows)
    high = None if None in highs else _total(highs)
    if not any(isinstance(item, Unknown) for item in items):
        return low
    return Unknown(reasons_of(*items), between(low, high))


def _total(values: list[Value]) -> Value:
    return number.total(values)  # type: ignore[arg-type]
