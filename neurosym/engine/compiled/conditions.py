"""Conditions over one fact as bit vectors: which of very many cases hold for it, found field by field.

For every field there is one integer for each value that matters, with a bit for every case: set where what the case
says of the field holds. The conjunction over the fields leaves the cases whose conditions hold.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from neurosym.engine.compiled.case import Case
from neurosym.engine.firing import Told
from neurosym.engine.join import conjuncts
from neurosym.engine.layout import Layout, Row
from neurosym.feel.typed import (
    Compare,
    Constant,
    EqualTest,
    In,
    Local,
    Member,
    Negated,
    OrderTest,
    RangeValue,
    TypedExpr,
    TypedTest,
    WithinTest,
)
from neurosym.feel.types import Basic, Choice, Nullable, without_null
from neurosym.program.rule import ConcludeOutcome
from neurosym.values.unknown import Unknown

CASES_MIN = 2  # a single case is as well asked by its own function
FEW = (1 << 128) - 1  # as many bits as are quicker looked for one by one
ORDERED = frozenset({Basic.NUMBER, Basic.DATE})
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


@dataclass(frozen=True, slots=True)
class Interval:
    """The values from `low` to `high`; None: without an end there."""

    low: Any
    high: Any
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """What a conjunct asks of a field: one of some values, or a place in one of some intervals."""

    column: int
    values: frozenset[Any]
    intervals: tuple[Interval, ...] = ()


def demand_of(part: TypedExpr, variable: str, layout: Layout) -> Demand | None:
    """The demand that a conjunct is, or None."""
    match part:
        case Compare(op="=" | "<" | "<=" | ">" | ">="):
            own, other, op = part.left, part.right, part.op
            if not isinstance(other, Constant):
                own, other, op = part.right, part.left, FLIPPED[part.op]
            tests: tuple[TypedTest, ...] = (EqualTest(other) if op == "=" else OrderTest(op, other),)
        case In():
            own, tests = part.operand, part.tests
        case Member() if without_null(part.type) is Basic.BOOLEAN:
            return _demand(part, variable, layout, frozenset({True}), ())
        case Negated() if isinstance(part.operand, Member):
            return _demand(part.operand, variable, layout, frozenset({False}), ())
        case _:
            return None
    values, intervals = set(), []
    for test in tests:
        found = _admitted(test)
        if found is None:
            return None
        if isinstance(found, Interval):
            intervals.append(found)
        else:
            values.add(found[0])
    return _demand(own, variable, layout, frozenset(values), tuple(intervals))


def _admitted(test: TypedTest) -> Interval | tuple[Any] | None:
    """The one value, or the interval, that a test of constants admits."""
    operand = test.operand
    match test:
        case EqualTest() if isinstance(operand, Constant) and operand.value is not None:
            return (operand.value,)
        case OrderTest() if isinstance(operand, Constant) and operand.value is not None:
            is_open = test.op in ("<", ">")
            if test.op in ("<", "<="):
                return Interval(None, operand.value, high_open=is_open)
            return Interval(operand.value, None, low_open=is_open)
        case WithinTest() if isinstance(operand, RangeValue):
            low, high = operand.low, operand.high
            if isinstance(low, Constant) and isinstance(high, Constant) and None not in (low.value, high.value):
                return Interval(low.value, high.value, operand.low_open, operand.high_open)
    return None


def _demand(
    own: TypedExpr, variable: str, layout: Layout, values: frozenset[Any], intervals: tuple[Interval, ...]
) -> Demand | None:
    if not (isinstance(own, Member) and isinstance(own.base, Local) and own.base.name == variable):
        return None
    bare = without_null(own.type)
    is_plain = bare in (Basic.TEXT, Basic.BOOLEAN) or isinstance(bare, Choice)
    if bare in ORDERED:
        points = tuple(Interval(value, value) for value in values)
        return Demand(layout.column[own.name], frozenset(), (*points, *intervals))
    return Demand(layout.column[own.name], values) if is_plain and not intervals else None


@dataclass(slots=True)
class _Column:
    """The bits of one field. `free` are the cases that ask nothing of it."""

    free: int
    by_value: dict[Any, int] = field(default_factory=dict)
    points: list[Any] = field(default_factory=list)
    bits: list[int] = field(default_factory=list)  # before, at and between the points

    def matching(self, value: str, at: int, names: dict[str, Any]) -> str:
        """Python source of the cases that a known value satisfies; `names` takes what it needs."""
        names[f"free_{at}"] = self.free
        if not self.points:
            names[f"bits_{at}"] = self.by_value.get
            return f"bits_{at}({value}, free_{at})"
        # As many points lie before the value twice, and once more when it is one: the place in the bits.
        names |= {f"bits_{at}": self.bits, f"points_{at}": self.points, "left": bisect_left, "right": bisect_right}
        return f"bits_{at}[left(points_{at}, {value}) + right(points_{at}, {value})]"


def subject_alone(case: Case) -> str | None:
    """The type of the one fact that a case about a decision speaks of, when that is the decision's subject."""
    conclusion = case.conclusion
    if case.above or len(case.join.variables) != 1 or not isinstance(conclusion, ConcludeOutcome):
        return None
    ((name, of),) = case.join.variables
    is_subject = any(isinstance(value, Local) and value.name == name for _, value in conclusion.subject)
    return of if is_subject else None


class ConditionIndex:
    """The cases of one variable whose conditions are demands on its fields, and what else they ask."""

    def __init__(self, layout: Layout, cases: Sequence[Case]) -> None:
        self.cases = cases
        demands: dict[int, dict[int, list[Demand]]] = {}  # by column and case
        more = 0
        for at, case in enumerate(cases):
            ((variable, _),) = case.join.variables
            for part in conjuncts(case.join.condition):
                demand = demand_of(part, variable, layout)
                if demand is None:
                    more |= 1 << at
                else:
                    demands.setdefault(demand.column, {}).setdefault(at, []).append(demand)
        every = (1 << len(cases)) - 1
        self.more = more  # the cases whose conditions say more than their demands
        told = [_told(case) for case in cases]
        self.told = tuple(each or ("", "") for each in told)  # of the cases in `known`
        self.known = sum(1 << at for at, each in enumerate(told) if each is not None) & ~more
        columns = {column: _column(every, found) for column, found in sorted(demands.items())}
        # The bits of the cases whose demands hold for a given row, and of those for which that is not known.
        self.holding = _holding(layout, columns, every)


def _told(case: Case) -> Told | None:
    """The provision and the reason it gives; None when the reason speaks of values."""
    conclusion = case.conclusion
    assert isinstance(conclusion, ConcludeOutcome)
    if conclusion.because is None:
        return case.provision.id, case.provision.label
    parts = conclusion.because.parts
    return (case.provision.id, "".join(map(str, parts))) if all(isinstance(part, str) for part in parts) else None


def _holding(layout: Layout, columns: Mapping[int, _Column], every: int) -> Callable[[Row], tuple[int, int]]:
    """The generated function that asks every field for its bits."""
    names: dict[str, Any] = {"every": every, "Unknown": Unknown}
    lines = ["def holding(row):", "    possible = certain = every"]
    for at, column in columns.items():
        matching = column.matching("value", at, names)
        lines.append(f"    value = row[{at}]")
        if not _may_be_absent(layout, at):
            lines.append(f"    possible &= {matching}")
            continue
        lines.append(f"    if value is None or value.__class__ is Unknown: certain &= free_{at}")
        lines.append(f"    else: possible &= {matching}")
    lines.append("    certain &= possible")
    lines.append("    return certain, possible & ~certain")
    exec(compile("\n".join(lines), f"<conditions over {layout.of.name}>", "exec"), names)  # noqa: S102 - made of numbers
    found: Callable[[Row], tuple[int, int]] = names["holding"]
    return found


def _may_be_absent(layout: Layout, column: int) -> bool:
    """True when a fact that was given may have no value here, or null."""
    of = layout.of.fields[column]
    return of.is_optional or isinstance(of.type, Nullable)


def set_bits(bits: int) -> list[int]:
    """The places of the bits that are set, in order."""
    if bits <= FEW:
        found = []
        while bits:
            found.append((bits & -bits).bit_length() - 1)
            bits &= bits - 1
        return found
    gaps = f"{bits:b}"[::-1].split("1")[:-1]  # zeros before each one
    return [zeros + ones for ones, zeros in enumerate(accumulate(map(len, gaps)))]


def _column(every: int, demands: Mapping[int, Sequence[Demand]]) -> _Column:
    asking = 0
    for at in demands:
        asking |= 1 << at
    found = _Column(every & ~asking)
    if any(each.intervals for several in demands.values() for each in several):
        _fill_intervals(found, demands)
    else:
        for at, several in demands.items():
            for value in frozenset.intersection(*(each.values for each in several)):
                found.by_value[value] = found.by_value.get(value, found.free) | 1 << at
    return found


def _fill_intervals(of: _Column, demands: Mapping[int, Sequence[Demand]]) -> None:
    """A bit vector before the first end of an interval, at it, between it and the next, and so on."""
    ends = {end for each in _intervals(demands) for end in (each.low, each.high) if end is not None}
    of.points = sorted(ends)
    place = {point: 2 * at + 1 for at, point in enumerate(of.points)}
    last = 2 * len(of.points)
    changes = [0] * (last + 2)  # the bits that differ from the place before
    for at, several in demands.items():
        stretches = [(0, last)]
        for demand in several:
            stretches = _common(stretches, _stretches(demand, place, last))
        for low, high in stretches:
            changes[low] ^= 1 << at
            changes[high + 1] ^= 1 << at
    bits = of.free
    for change in changes[: last + 1]:
        bits ^= change
        of.bits.append(bits)


def _stretches(of: Demand, place: Mapping[Any, int], last: int) -> list[tuple[int, int]]:
    """The places in the demand's intervals, as stretches that do not touch."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(_stretch(each, place, last) for each in of.intervals):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        elif low <= high:
            found.append((low, high))
    return found


def _stretch(of: Interval, place: Mapping[Any, int], last: int) -> tuple[int, int]:
    low = 0 if of.low is None else place[of.low] + of.low_open
    high = last if of.high is None else place[of.high] - of.high_open
    return low, high


def _common(mine: Sequence[tuple[int, int]], theirs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    pairs = [(max(one[0], other[0]), min(one[1], other[1])) for one in mine for other in theirs]
    return [(low, high) for low, high in pairs if low <= high]


def _intervals(demands: Mapping[int, Sequence[Demand]]) -> Iterator[Interval]:
    for several in demands.values():
        for each in several:
            yield from each.intervals
