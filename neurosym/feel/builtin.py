"""The built-in functions: FEEL's (OMG DMN 1.5 §10.3.4) and the domain's, with their types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from neurosym.feel.arithmetic import sum_of
from neurosym.feel.calendar import CalendarError, business_days_after
from neurosym.feel.extent import equal, failed, reasons_of
from neurosym.feel.extreme import Candidate, extreme, mean
from neurosym.feel.kleene import disjunction
from neurosym.feel.listing import has_item
from neurosym.feel.total import candidates, combinations_of, count, total
from neurosym.feel.types import EMPTY_LIST, Basic, ListOf, Nullable, Type
from neurosym.matching.similarity import similar
from neurosym.text.span import NOWHERE, Span
from neurosym.values import number, temporal
from neurosym.values.number import EXACT, Number, NumberError
from neurosym.values.temporal import Date, Duration, Months, TemporalError
from neurosym.values.unknown import ANYTHING, Between, Domain, Item, Listed, Unknown
from neurosym.values.value import Value

SCALE_MAX = 6_111  # decimal128: more decimal places than a number can have


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes and gives. `any list` stands as the list of nulls, which fits every list."""

    parameters: tuple[tuple[str, Type], ...]
    returns: Type
    domain: Domain = ANYTHING  # what an unknown result may still be


@dataclass(frozen=True, slots=True)
class Function:
    """A built-in: its signatures, one per kind of argument, and what computes it from known, non-null values."""

    signatures: tuple[Signature, ...]
    compute: Callable[..., Value]
    takes_unknown_items: bool = False
    of_possible: Callable[..., Value] | None = None  # the same of a list of which some items are only possible


def apply(name: str, arguments: Sequence[Value], span: Span) -> Value:
    """The function's value; unknown where an argument is, or where the function has no value for them: over what its
    values are, so that an argument which turns out to be null says no less than while it was unknown.
    """
    function = FUNCTIONS[name]
    domain = function.signatures[0].domain
    if any(argument is None for argument in arguments):
        return Unknown(failed(f"`{name}` of null", span).reasons, domain)
    possible = _possible_items(function, arguments)
    looked_at = [*arguments] if possible is None else [*arguments[1:]]
    if not function.takes_unknown_items:
        looked_at += [item for argument in arguments if isinstance(argument, tuple) for item in argument]
    if any(isinstance(value, Unknown) for value in looked_at):
        return Unknown(reasons_of(*arguments, *looked_at), domain)
    try:
        if possible is not None and function.of_possible is not None:
            return function.of_possible(possible, *arguments[1:])
        return function.compute(*arguments)
    except (NumberError, TemporalError, CalendarError) as error:
        return Unknown(failed(str(error), span).reasons, domain)


def _possible_items(function: Function, arguments: Sequence[Value]) -> tuple[Item, ...] | None:
    """The items of a list that is not wholly known, where the function can make something of them."""
    first = arguments[0]
    is_listed = isinstance(first, Unknown) and isinstance(first.domain, Listed) and function.of_possible is not None
    return first.domain.items if is_listed else None  # type: ignore[union-attr]


def _absolute(value: Number | Duration | Months) -> Value:
    if isinstance(value, Months):
        return Months(abs(value.count))
    if isinstance(value, Duration):
        return Duration(number.negate(value.seconds)) if value.seconds < 0 else value
    return number.negate(value) if value < 0 else value


def _rounded(value: Number, scale: Number, rounding: str) -> Value:
    if not isinstance(scale, int) or abs(scale) > SCALE_MAX:
        raise NumberError("the number of places is a whole number")
    exact = Decimal(value).quantize(Decimal(1).scaleb(-scale, context=EXACT), rounding=rounding, context=EXACT)
    return number.normal(exact)


def _floor(value: Number) -> Value:
    return _rounded(value, 0, ROUND_FLOOR)


def _ceiling(value: Number) -> Value:
    return _rounded(value, 0, ROUND_CEILING)


def _decimal(value: Number, scale: Number) -> Value:
    return _rounded(value, scale, ROUND_HALF_EVEN)


def _modulo(dividend: Number, divisor: Number) -> Value:
    """`dividend - divisor * floor(dividend / divisor)`, exact."""
    if divisor == 0:
        raise NumberError("division by zero")
    exact = EXACT.remainder(Decimal(dividend), Decimal(divisor))
    if exact and (exact < 0) != (divisor < 0):
        exact = EXACT.add(exact, Decimal(divisor))
    return number.normal(exact)


def _business_days_after(start: Date, count: Number, calendar: str) -> Value:
    if not isinstance(count, int):
        raise CalendarError("the number of business days is a whole number")
    return business_days_after(start, count, calendar)


def _duration(text: str) -> Value:
    found = temporal.parse_duration(text)
    if not isinstance(found, Duration):
        raise TemporalError("years and months are not a duration of days and time")
    return found


def _text(value: Value) -> Value:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return number.number_text(value)
    if isinstance(value, (date, Duration, Months)):
        return temporal.temporal_text(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


TEXT, NUMBER, BOOLEAN, DATE, DATETIME = Basic.TEXT, Basic.NUMBER, Basic.BOOLEAN, Basic.DATE, Basic.DATETIME
DURATION, MONTHS = Basic.DURATION, Basic.MONTHS
NOT_NEGATIVE = Between(0, None)
ORDERED_TYPES = (NUMBER, DATE, Basic.TIME, DATETIME, DURATION, MONTHS)


def _over_lists(*of: Basic) -> tuple[Signature, ...]:
    """Signatures of what picks or makes one value of a list; of an empty one it makes null."""
    return tuple(Signature((("list", ListOf(item)),), Nullable(item)) for item in of)


def _least(items: Sequence[Value]) -> Value:
    return extreme(map(Candidate, items), NOWHERE, is_greatest=False)


def _greatest(items: Sequence[Value]) -> Value:
    return extreme(map(Candidate, items), NOWHERE, is_greatest=True)


def _least_possible(items: Sequence[Item]) -> Value:
    return extreme(candidates(combinations_of(items)), NOWHERE, is_greatest=False)


def _greatest_possible(items: Sequence[Item]) -> Value:
    return extreme(candidates(combinations_of(items)), NOWHERE, is_greatest=True)


def _mean(items: Sequence[Value]) -> Value:
    return mean(map(Candidate, items), NOWHERE)


FUNCTIONS: dict[str, Function] = {
    "abs": Function(
        tuple(Signature((("n", of),), of) for of in (NUMBER, DURATION, MONTHS)),
        _absolute,
    ),
    "floor": Function((Signature((("n", NUMBER),), NUMBER),), _floor),
    "ceiling": Function((Signature((("n", NUMBER),), NUMBER),), _ceiling),
    "decimal": Function((Signature((("n", NUMBER), ("scale", NUMBER)), NUMBER),), _decimal),
    "modulo": Function((Signature((("dividend", NUMBER), ("divisor", NUMBER)), NUMBER),), _modulo),
    "count": Function(
        (Signature((("list", EMPTY_LIST),), NUMBER, NOT_NEGATIVE),),
        len,
        takes_unknown_items=True,
        of_possible=lambda items: count(combinations_of(items)),
    ),
    "sum": Function(
        (Signature((("list", ListOf(NUMBER)),), NUMBER),),
        lambda items: sum_of(items, NOWHERE),
        takes_unknown_items=True,
        of_possible=lambda items: total(combinations_of(items), NOWHERE),
    ),
    "min": Function(_over_lists(*ORDERED_TYPES), _least, takes_unknown_items=True, of_possible=_least_possible),
    "max": Function(_over_lists(*ORDERED_TYPES), _greatest, takes_unknown_items=True, of_possible=_greatest_possible),
    "mean": Function(
        _over_lists(NUMBER),
        _mean,
        takes_unknown_items=True,
        of_possible=lambda items: mean(candidates(combinations_of(items)), NOWHERE),
    ),
    "list contains": Function(
        (Signature((("list", EMPTY_LIST), ("element", Basic.NULL)), BOOLEAN),),
        lambda items, element: disjunction(equal(item, element) for item in items),
        takes_unknown_items=True,
        of_possible=has_item,
    ),
    "contains": Function((Signature((("string", TEXT), ("match", TEXT)), BOOLEAN),), lambda text, part: part in text),
    "starts with": Function(
        (Signature((("string", TEXT), ("match", TEXT)), BOOLEAN),), lambda text, part: text.startswith(part)
    ),
    "ends with": Function(
        (Signature((("string", TEXT), ("match", TEXT)), BOOLEAN),), lambda text, part: text.endswith(part)
    ),
    "string length": Function((Signature((("string", TEXT),), NUMBER, NOT_NEGATIVE),), len),
    "string": Function(
        tuple(Signature((("from", of),), TEXT) for of in (*ORDERED_TYPES, TEXT, BOOLEAN)),
        _text,
    ),
    "date": Function((Signature((("from", TEXT),), DATE),), temporal.parse_date),
    "duration": Function((Signature((("from", TEXT),), DURATION),), _duration),
    "years and months duration": Function(
        tuple(Signature((("from", of), ("to", of)), MONTHS) for of in (DATE, DATETIME)), temporal.months_between
    ),
    "similar": Function((Signature((("a", TEXT), ("b", TEXT)), NUMBER, Between(0, 1)),), similar),
    "business_days_after": Function(
        (Signature((("date", DATE), ("n", NUMBER), ("calendar", TEXT)), DATE),), _business_days_after
    ),
}
