"""Totals over facts: what is counted once, what is certain, what is only possible (language §5.5, §5.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.feel.extent import between, bounds, failed, plain, union
from neurosym.feel.extreme import Candidate
from neurosym.feel.listing import listed
from neurosym.feel.order import sort_key
from neurosym.text.span import Span
from neurosym.values import number
from neurosym.values.number import Number
from neurosym.values.unknown import Item, Reason, Unknown
from neurosym.values.value import Fact, Truth, Value

Identity: TypeAlias = tuple[tuple[str, tuple[Value, ...], bool], ...]


@dataclass(slots=True)
class Combination:
    """One distinct combination of the facts that the item mentions, over all bindings that have it."""

    is_any_number: bool  # an unnamed fact is among them, so it stands for any number of combinations
    is_certain: bool = False
    values: list[Value] = field(default_factory=list)
    reasons: set[Reason] = field(default_factory=set)

    def add(self, value: Value, truth: Truth) -> None:
        """Take one more binding into account."""
        self.values.append(value)
        if truth is True and not self.is_any_number:
            self.is_certain = True
        if isinstance(truth, Unknown):
            self.reasons |= truth.reasons

    @property
    def value(self) -> Value:
        """The item's value, ranging over the contents that stand side by side for the facts."""
        return union(self.values, frozenset(self.reasons))

    @property
    def doubts(self) -> frozenset[Reason]:
        """Why the combination is only possible; empty when it is certain."""
        return frozenset() if self.is_certain else frozenset(self.reasons)


def identity(facts: Iterable[Value]) -> Identity:
    """What makes a combination distinct: types and keys of its facts."""
    return tuple((fact.type, fact.key, fact.unnamed) for fact in facts if isinstance(fact, Fact))


def identity_order(of: Identity) -> tuple[str, ...]:
    """Orders combinations by the keys of their facts, unnamed ones last."""
    return tuple("~" if unnamed else sort_key(key) for _, key, unnamed in of)


def candidates(combinations: Iterable[Combination]) -> list[Candidate]:
    """The combinations' values as candidates for a least, a greatest or a mean."""
    return [Candidate(plain(each.value), each.is_certain, each.doubts) for each in combinations]


def collected(combinations: Iterable[Combination]) -> Value:
    """The values in the order of the combinations; some of which may only be possible."""
    return listed(Item(plain(each.value), each.is_certain, each.doubts, each.is_any_number) for each in combinations)


def combinations_of(items: Iterable[Item]) -> list[Combination]:
    """The items of a list as what a total is taken over."""
    return [Combination(each.is_any_number, each.is_certain, [each.value], set(each.doubts)) for each in items]


def count(combinations: Iterable[Combination]) -> Value:
    """How many combinations there are; bounds when some are only possible."""
    low, high, reasons = 0, 0, set[Reason]()
    unbounded = False
    for each in combinations:
        low += each.is_certain
        high += 1
        unbounded = unbounded or each.is_any_number
        reasons |= each.doubts
    if low == high and not unbounded:
        return low
    return Unknown(frozenset(reasons), between(low, None if unbounded else high))


def total(combinations: Iterable[Combination], span: Span) -> Value:
    """The sum of the combinations' values; bounds when some are only possible or unknown."""
    lows: list[Number | None] = []
    highs: list[Number | None] = []
    reasons: set[Reason] = set()
    over_null = failed("a sum over null", span)
    for each in combinations:
        value = each.value
        if value is None and each.is_certain:
            return over_null
        if value is None:  # perhaps there is no such fact, and then the others count
            value = over_null
        low, high = _contribution(each, *bounds(value))
        lows.append(low)
        highs.append(high)
        if (low, high) != (0, 0):
            reasons |= each.doubts | (value.reasons if isinstance(value, Unknown) else frozenset())
    low, high = _sum(lows), _sum(highs)
    if low is not None and low == high:
        return low
    return Unknown(frozenset(reasons), between(low, high))


def _contribution(of: Combination, low: Value, high: Value) -> tuple[Number | None, Number | None]:
    """What a combination adds at least and at most: a possible one may add nothing, any number of them any multiple."""
    least: Number | None = low  # type: ignore[assignment]
    most: Number | None = high  # type: ignore[assignment]
    if of.is_certain:
        return least, most
    if of.is_any_number:
        return (0 if least is not None and least >= 0 else None), (0 if most is not None and most <= 0 else None)
    return (None if least is None else min(0, least)), (None if most is None else max(0, most))


def _sum(ends: list[Number | None]) -> Number | None:
    return None if None in ends else number.total(end for end in ends if end is not None)
