"""What an unknown value may still be, and what follows from it: bounds, unions, comparisons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from functools import total_ordering
from typing import TypeAlias

from neurosym.feel.kleene import both, conjunction, negation
from neurosym.text.span import Span
from neurosym.values.unknown import ANYTHING, Between, Domain, Failed, Item, Listed, NoneOf, OneOf, Reason, Unknown
from neurosym.values.value import Fact, Range, Record, Reference, Truth, Value

Bounds: TypeAlias = tuple[Value, Value]  # None at an end: unbounded there

UNBOUNDED: Bounds = (None, None)
CHOICES_MAX = 16  # a wider set of possible values is kept as its bounds


def reasons_of(*values: Value) -> frozenset[Reason]:
    """The reasons of those values that are unknown."""
    return frozenset().union(*(value.reasons for value in values if isinstance(value, Unknown)))


def failed(message: str, span: Span) -> Unknown:
    """Unknown because an operation has no value."""
    return Unknown(frozenset({Failed(message, span)}))


def bounds(value: Value) -> Bounds:
    """The least and greatest value it may have, by the order of its type."""
    if not isinstance(value, Unknown):
        return value, value
    match value.domain:
        case Between():
            return value.domain.low, value.domain.high
        case OneOf() if None not in value.domain.values:
            return _ends(value.domain.values)
        case _:
            return UNBOUNDED


def between(low: Value, high: Value) -> Domain:
    """The domain of these bounds."""
    return ANYTHING if low is None and high is None else Between(low, high)


def union(values: Iterable[Value], reasons: frozenset[Reason]) -> Value:
    """The one value when all are the same known one, else unknown over what any of them may be."""
    options = list(values)
    first = options[0]
    if not isinstance(first, Unknown) and all(plain(option) == plain(first) for option in options):
        return first
    domain = _union_domain(options)
    return Unknown(reasons | reasons_of(*options), domain)


def plain(value: Value) -> Value:
    """The value with a fact replaced by the reference that names it; an unnamed fact stays."""
    return value.reference if isinstance(value, Fact) and not value.unnamed else value


def equal(left: Value, right: Value) -> Truth:
    """Whether two values are equal."""
    left, right = plain(left), plain(right)
    if isinstance(left, Fact) or isinstance(right, Fact):
        return _equal_unnamed(left, right)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _equal_unknown(left, right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        if len(left) != len(right):
            return False
        return conjunction(equal(mine, theirs) for mine, theirs in zip(left, right, strict=True))
    if isinstance(left, Record) and isinstance(right, Record):
        return conjunction(equal(mine[1], theirs[1]) for mine, theirs in zip(left.items, right.items, strict=True))
    if isinstance(left, Range) and isinstance(right, Range):
        is_open_alike = (left.low_open, left.high_open) == (right.low_open, right.high_open)
        return both(equal(left.low, right.low), equal(left.high, right.high)) if is_open_alike else False
    return type_class(left) == type_class(right) and left == right


def type_class(value: Value) -> str:
    """Keeps values of different types apart that Python holds equal, such as `true` and 1."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, datetime):
        return "datetime"
    return "other"


@total_ordering
class Edge(Enum):
    """Where the greatest or the least of nothing lies when it is compared: beyond every value (language §5.5)."""

    BELOW = -1
    ABOVE = 1

    def __lt__(self, other: object) -> bool:
        side: int = other.value if isinstance(other, Edge) else 0
        return bool(self.value < side)


def less(left: Value | Edge, right: Value | Edge, span: Span, *, or_equal: bool) -> Truth:
    """Whether `left < right`, or `<=`; unknown for null, and where the bounds do not decide."""
    if left is None or right is None:
        return failed("null has no order", span)
    if isinstance(left, Edge) or isinstance(right, Edge):
        mine, theirs = (side.value if isinstance(side, Edge) else 0 for side in (left, right))
        return mine <= theirs if or_equal else mine < theirs
    low_left, high_left = bounds(left)
    low_right, high_right = bounds(right)
    try:
        if high_left is not None and low_right is not None and _before(high_left, low_right, or_equal=or_equal):
            return True
        if low_left is not None and high_right is not None and _before(high_right, low_left, or_equal=not or_equal):
            return False
    except TypeError:
        return failed("a time with an offset from UTC and one without have no order", span)
    return Unknown(reasons_of(left, right))


def compare(op: str, left: Value, right: Value, span: Span) -> Truth:
    """Whether `left op right` holds."""
    match op:
        case "=":
            return equal(left, right)
        case "!=":
            return negation(equal(left, right))
        case _:
            return in_order(op, left, right, span)


def in_order(op: str, left: Value | Edge, right: Value | Edge, span: Span) -> Truth:
    """Whether `left op right` holds, op one of `< <= > >=`."""
    if op in ("<", "<="):
        return less(left, right, span, or_equal=op == "<=")
    return less(right, left, span, or_equal=op == ">=")


def _before(left: Value, right: Value, *, or_equal: bool) -> bool:
    return left <= right if or_equal else left < right  # type: ignore[operator]


def _equal_unnamed(left: Value, right: Value) -> Truth:
    unnamed, other = (left, right) if isinstance(left, Fact) else (right, left)
    assert isinstance(unnamed, Fact)
    if isinstance(other, Reference) and (other.type != unnamed.type or other.key in unnamed.found):
        return False
    if other is None:
        return False
    return Unknown(reasons_of(*unnamed.fields.values()) | reasons_of(other))


def _equal_unknown(left: Value, right: Value) -> Truth:
    if not isinstance(left, Unknown):
        left, right = right, left
    assert isinstance(left, Unknown)
    if _apart(left, right):
        return False
    mine, theirs = _options(left), _options(right)
    if mine is not None and mine == theirs and len(mine) == 1:
        return True
    return Unknown(reasons_of(left, right))


def _apart(left: Unknown, right: Value) -> bool:
    """True when no value of the one is a value of the other."""
    mine, theirs = _options(left), _options(right)
    if mine is not None and theirs is not None:
        return not mine & theirs
    if isinstance(left.domain, Listed):
        return _is_other_list(left.domain.items, right)
    if isinstance(right, Unknown) and isinstance(right.domain, Listed):
        return _is_other_list(right.domain.items, left)
    if isinstance(left.domain, NoneOf) and theirs is not None:
        return theirs <= left.domain.values
    if isinstance(right, Unknown) and isinstance(right.domain, NoneOf) and mine is not None:
        return mine <= right.domain.values
    low_left, high_left = bounds(left)
    low_right, high_right = bounds(right)
    try:
        return bool(
            (high_left is not None and low_right is not None and _before(high_left, low_right, or_equal=False))
            or (high_right is not None and low_left is not None and _before(high_right, low_left, or_equal=False))
        )
    except TypeError:
        return False


def _is_other_list(items: tuple[Item, ...], other: Value) -> bool:
    """True when a list of the certain ones of the items, and any others, is not this value."""
    if not isinstance(other, tuple):
        return other is None
    certain = [each.value for each in items if each.is_certain]
    is_longer = len(other) > len(items) and not any(each.is_any_number for each in items)
    return is_longer or any(all(equal(one, value) is False for one in other) for value in certain)


def _options(value: Value) -> frozenset[Value] | None:
    """The finitely many values it may have, or None."""
    if not isinstance(value, Unknown):
        return frozenset({value})
    return value.domain.values if isinstance(value.domain, OneOf) else None


def _union_domain(options: list[Value]) -> Domain:
    sets = [_options(plain(option)) for option in options]
    if all(each is not None for each in sets):
        values = frozenset().union(*(each for each in sets if each is not None))
        if len(values) <= CHOICES_MAX:
            return OneOf(values)
    try:
        lows, highs = zip(*(bounds(option) for option in options), strict=True)
        low = None if None in lows else _least(frozenset(lows))
        high = None if None in highs else _greatest(frozenset(highs))
    except TypeError:
        return ANYTHING
    return between(low, high)


def _ends(values: frozenset[Value]) -> Bounds:
    """The least and the greatest; unbounded where the values have no order among them."""
    try:
        return _least(values), _greatest(values)
    except TypeError:
        return UNBOUNDED


def _least(values: frozenset[Value]) -> Value:
    return min(values)  # type: ignore[type-var]


def _greatest(values: frozenset[Value]) -> Value:
    return max(values)  # type: ignore[type-var]
