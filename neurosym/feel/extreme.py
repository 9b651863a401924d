"""The least, the greatest and the mean of values of which some are only possible or unknown (language §5.5, §5.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from neurosym.feel.extent import Edge, between, bounds, failed
from neurosym.feel.typed import Aggregate, TypedExpr
from neurosym.feel.types import Nullable
from neurosym.text.span import Span
from neurosym.values import number
from neurosym.values.unknown import ANYTHING, Reason, Unknown
from neurosym.values.value import Value

EXTREMES = frozenset({"min", "max"})


def is_extreme(expr: TypedExpr) -> TypeGuard[Aggregate]:
    """True for a total that is the least or the greatest of its items."""
    return isinstance(expr, Aggregate) and expr.function in EXTREMES


def may_be_null(expr: TypedExpr, value: Value | Edge, other: Value | Edge) -> bool:
    """True where nothing is compared with what may yet turn out to be null, which has no order."""
    return isinstance(other, Edge) and isinstance(value, Unknown) and isinstance(expr.type, Nullable)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value among several: perhaps unknown, and perhaps not among them at all."""

    value: Value
    is_certain: bool = True
    doubts: frozenset[Reason] = frozenset()  # why it is only possible

    @property
    def reasons(self) -> frozenset[Reason]:
        """All that is not known of it."""
        return self.doubts | (self.value.reasons if isinstance(self.value, Unknown) else frozenset())


def extreme(candidates: Iterable[Candidate], span: Span, *, is_greatest: bool) -> Value:
    """The greatest or the least of the candidates; null of none. What may be of none is unknown over anything."""
    several = list(candidates)
    if not several:
        return None
    found = ordered_extreme(several, span, is_greatest=is_greatest)
    assert not isinstance(found, Edge)
    return found if any(each.is_certain for each in several) else _may_be_null(found)


def ordered_extreme(candidates: Iterable[Candidate], span: Span, *, is_greatest: bool) -> Value | Edge:
    """The same where it is compared: the greatest of none lies below every value, the least of none above."""
    several = list(candidates)
    if not several:
        return Edge.BELOW if is_greatest else Edge.ABOVE
    try:
        return _extreme(several, span, is_greatest=is_greatest)
    except TypeError:
        return failed("a time with an offset from UTC and one without have no order", span)


def mean(candidates: Iterable[Candidate], span: Span) -> Value:
    """The mean of the candidates, rounded once; null of none."""
    several = list(candidates)
    if not several:
        return None
    if any(each.value is None and each.is_certain for each in several):
        return failed("a mean over null", span)
    if all(each.is_certain and not isinstance(each.value, Unknown) for each in several):
        return number.mean([each.value for each in several])  # type: ignore[misc]
    ends = [bounds(_not_null(each.value, span)) for each in several]
    low, high = _least([end for end, _ in ends]), _greatest([end for _, end in ends])
    has_value = any(each.is_certain for each in several)
    if low is not None and low == high and has_value:
        return low
    found = Unknown(_all_reasons(several, span), between(low, high))
    return found if has_value else _may_be_null(found)


def _extreme(several: Sequence[Candidate], span: Span, *, is_greatest: bool) -> Value:
    """The extreme of one candidate or more; where none is certain, as it is compared."""
    if any(each.value is None and each.is_certain for each in several):
        return failed(f"the {'greatest' if is_greatest else 'least'} of null", span)
    # Certain candidates keep the result on their side; any candidate may carry it on to the other.
    near, far = (0, 1) if is_greatest else (1, 0)
    pick = _greatest if is_greatest else _least
    ends = [bounds(_not_null(each.value, span)) for each in several]
    kept = [end[near] for end, each in zip(ends, several, strict=True) if each.is_certain and end[near] is not None]
    safe = pick(kept) if kept else None
    reach = pick([end[far] for end in ends])
    if safe is not None and safe == reach:
        return safe
    reaching = [
        each for end, each in zip(ends, several, strict=True) if _beyond(end[far], safe, is_greatest=is_greatest)
    ]
    low, high = (safe, reach) if is_greatest else (reach, safe)
    return Unknown(_all_reasons(reaching, span), between(low, high))


def _beyond(end: Value, safe: Value, *, is_greatest: bool) -> bool:
    """True for a candidate that may carry the result beyond what is safe."""
    if end is None or safe is None:
        return True
    return end > safe if is_greatest else end < safe  # type: ignore[operator]


def _not_null(value: Value, span: Span) -> Value:
    return failed("the extreme of null", span) if value is None else value


def _all_reasons(several: Iterable[Candidate], span: Span) -> frozenset[Reason]:
    null = failed("the extreme of null", span).reasons
    return frozenset().union(*(each.reasons | (null if each.value is None else frozenset()) for each in several))


def _may_be_null(found: Value) -> Value:
    return Unknown(found.reasons, ANYTHING) if isinstance(found, Unknown) else found


def _least(values: Sequence[Value]) -> Value:
    return None if None in values else min(values)  # type: ignore[type-var]


def _greatest(values: Sequence[Value]) -> Value:
    return None if None in values else max(values)  # type: ignore[type-var]
