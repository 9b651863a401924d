"""Facts given as dictionaries, read into rows by generated code where they are plainly right; the rest is left over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from neurosym.engine.alike import APART, IsApart
from neurosym.engine.layout import Layout, Row, RowKey
from neurosym.feel.evaluation import passes
from neurosym.feel.typed import OrderTest, RangeValue
from neurosym.feel.types import Basic, Choice, FactOf, Nullable, without_null
from neurosym.program.schema import Field
from neurosym.values import number, temporal
from neurosym.values.canonical import is_unicode
from neurosym.values.number import LARGE, Number, NumberError
from neurosym.values.size import TEXT_LENGTH_MAX
from neurosym.values.temporal import Date, DateTime, TemporalError
from neurosym.values.unknown import Between, MissingValue, Unknown

Read = Callable[[Sequence[object], list[Row], dict[RowKey, Row], list[int], list[int], IsApart], None]

MISSING = object()  # the value of a member that is not there
WRONG = object()  # of a text that is none of its type; no check takes it, nor for null
DAYS_MAX = 20_000  # about fifty years
DAYS: dict[str, Date] = {}  # days come again and again, so they are remembered


class NotReadableError(Exception):
    """Facts of this type have values that are read one by one. Never leaves the engine."""


@dataclass(frozen=True, slots=True)
class Check:
    """Lines that bring a value to what stands in a row, and the condition under which it is right."""

    lines: tuple[str, ...]
    condition: str


def reader_of(layout: Layout) -> Read | None:
    """The function that reads facts of a type; None where a field's values are read one by one.

    It takes what was given, and adds to the rows, to the rows by key, to the places of the rows and to the places of
    what it leaves over: what is wrong, unusual, or has a key that is there already. The last argument tells whether a
    value is unlike enough of those with its hash.
    """
    names: dict[str, Any] = {
        "MISSING": MISSING,
        "LARGE": LARGE,
        "APART": APART,
        "Decimal": Decimal,
        "number": _number,
        "day": _day,
        "moment": _moment,
        "is_unicode": is_unicode,
    }
    try:
        source = "\n".join(_lines(layout, names))
    except NotReadableError:
        return None
    exec(compile(source, f"<facts of {layout.of.name}>", "exec"), names)  # noqa: S102 - generated from a checked program
    found: Read = names["read"]
    return found


def _lines(layout: Layout, names: dict[str, Any]) -> Iterator[str]:
    """The function for the fields of a type; `names` takes what it needs."""
    fields = layout.of.fields
    values = [f"value_{at}" for at in range(len(fields))]
    required = [at for at, field in enumerate(fields) if not field.is_optional]
    present = " + ".join([str(len(required)), *(f"(value_{at} is not MISSING)" for at in _optional(fields))])
    yield "def read(given, rows, by_key, places, left, is_apart):"
    yield "    for place, each in enumerate(given):"
    yield "        if each.__class__ is not dict: left.append(place); continue"
    yield "        try:"
    for at, field in enumerate(fields):
        member = f"each.get({field.name!r}, MISSING)" if field.is_optional else f"each[{field.name!r}]"
        yield f"            value_{at} = {member}"
    yield "        except KeyError: left.append(place); continue"
    yield f"        if len(each) != {present}: left.append(place); continue"
    for at, field in enumerate(fields):
        yield from _checked(layout, at, field, names)
    parts = [values[at] for at in layout.key_columns]
    key = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
    yield f"        key = {key}"
    if sum(_is_number(layout, fields[at]) for at in layout.key_columns) > 1:
        yield "        if not is_apart(key): left.append(place); continue"
    yield "        if key in by_key: left.append(place); continue"
    for at in _optional(fields):
        names[f"absent_{at}"] = _absent(layout, fields[at])
        yield f"        if value_{at} is MISSING: value_{at} = absent_{at}(key)"
    yield f"        row = ({', '.join(values)},)"
    yield "        by_key[key] = row; rows.append(row); places.append(place)"


def _is_number(layout: Layout, field: Field) -> bool:
    """True for a number, or a reference by one."""
    bare = without_null(field.type)
    if isinstance(bare, FactOf):
        return any(_is_number(layout, each) for each in layout.layouts[bare.name].of.key_fields)
    return bare is Basic.NUMBER


def _optional(fields: Sequence[Field]) -> list[int]:
    return [at for at, field in enumerate(fields) if field.is_optional]


def _checked(layout: Layout, at: int, field: Field, names: dict[str, Any]) -> Iterator[str]:
    value = f"value_{at}"
    check = _check(layout, field, value, f"{at}", names)
    allowed = [check.condition]
    if isinstance(field.type, Nullable):
        allowed.insert(0, f"{value} is None")
    if field.is_optional:
        allowed.insert(0, f"{value} is MISSING")
    for line in check.lines:
        yield f"        {line}"
    yield f"        if not ({' or '.join(allowed)}): left.append(place); continue"


def _check(layout: Layout, field: Field, value: str, name: str, names: dict[str, Any]) -> Check:
    bare = without_null(field.type)
    match bare:
        case FactOf():
            target = layout.layouts[bare.name]
            if len(target.key_columns) != 1 or field.tests:
                raise NotReadableError
            return _check(target, target.of.key_fields[0], value, f"{name}_key", names)
        case Choice():
            names[f"choices_{name}"] = frozenset(bare.values)
            return Check(
                (), _tested(f"{value}.__class__ is str and {value} in choices_{name}", field, value, name, names)
            )
        case Basic.TEXT:
            is_short = f"len({value}) <= {TEXT_LENGTH_MAX}"
            is_text = f"{value}.__class__ is str and {is_short} and ({value}.isascii() or is_unicode({value}))"
            return Check((), _tested(is_text, field, value, name, names))
        case Basic.BOOLEAN:
            return Check((), _tested(f"({value} is True or {value} is False)", field, value, name, names))
        case Basic.DATE:
            line = f"if {value}.__class__ is str: {value} = day({value})"
            names["Date"] = Date
            return Check((line,), _tested(f"{value}.__class__ is Date", field, value, name, names))
        case Basic.DATETIME:
            # One that was given as an object may keep time by a rule of its own, and is read one by one.
            guard = f"if {value}.__class__ is DateTime: left.append(place); continue"
            line = f"if {value}.__class__ is str: {value} = moment({value})"
            names["DateTime"] = DateTime
            return Check((guard, line), _tested(f"{value}.__class__ is DateTime", field, value, name, names))
        case Basic.NUMBER:
            line = f"if {value}.__class__ is str: {value} = number({value})"
            is_number = f"({value}.__class__ is int and -LARGE < {value} < LARGE or {value}.__class__ is Decimal)"
            is_number = f"({value}.__class__ is int and -APART < {value} < APART or {is_number} and is_apart({value}))"
            # A Decimal that was given as one is read one by one; one that was written as text has been read here.
            guard = f"if {value}.__class__ is Decimal: left.append(place); continue"
            return Check((guard, line), _tested(is_number, field, value, name, names))
        case _:
            raise NotReadableError


def _tested(condition: str, field: Field, value: str, name: str, names: dict[str, Any]) -> str:
    """The condition together with the field's own tests: as bounds where these are all they say."""
    if not field.tests:
        return condition
    domain = field.domain
    if isinstance(domain, Between) and _is_interval(field, domain):
        names[f"low_{name}"], names[f"high_{name}"] = domain.low, domain.high
        low = f"low_{name} <= " if domain.low is not None else ""
        high = f" <= high_{name}" if domain.high is not None else ""
        return f"{condition} and {low}{value}{high}"
    names[f"tests_{name}"] = _passing(field)
    return f"{condition} and tests_{name}({value})"


def _is_interval(field: Field, domain: Between) -> bool:
    """True when the field's one test admits just what lies between the ends of its domain, these included."""
    (test, *more) = field.tests
    is_simple = isinstance(test, OrderTest) or isinstance(test.operand, RangeValue)
    ends = [end for end in (domain.low, domain.high) if end is not None]
    return not more and is_simple and all(passes(end, test) for end in ends)


def _passing(field: Field) -> Callable[[Any], bool]:
    return lambda value: any(passes(value, test) for test in field.tests)


def _absent(layout: Layout, field: Field) -> Callable[[RowKey], Unknown]:
    def absent(key: RowKey) -> Unknown:
        return Unknown(frozenset({MissingValue(layout.reference(key), field.name)}), field.domain)

    return absent


def _number(text: str) -> Number | object:
    """The number that a text writes, or WRONG; a text of another class than `str` does not come here."""
    try:
        return number.parse_number(text)
    except NumberError:
        return WRONG


def _moment(text: str) -> DateTime | object:
    """The date and time that a text writes, or WRONG."""
    try:
        return temporal.parse_datetime(text)
    except TemporalError:
        return WRONG


def _day(text: str) -> Date | object:
    """The date that a text writes, or WRONG."""
    found = DAYS.get(text)
    if found is None:
        try:
            found = temporal.parse_date(text)
        except TemporalError:
            return WRONG
        if len(DAYS) < DAYS_MAX:
            DAYS[text] = found
    return found
