"""From a literal to a value on the wire: by its written form, never through a float (W3C XML Schema 1.1 part 2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal

from neurosym.feel.types import Basic, Choice, Type, type_text, without_null
from neurosym.values.canonical import Json
from neurosym.values.encoding import wire
from neurosym.values.number import NumberError, parse_number
from neurosym.values.temporal import (
    Duration,
    Months,
    TemporalError,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
)
from neurosym.values.value import Value

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE = f"{RDF}type"
SHOWN_LENGTH_MAX = 60

DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
# XML Schema §3.4.13 to §3.4.25: the types derived from integer, each with its least and greatest value.
INTEGER_BOUNDS: Mapping[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}
BINARY_FLOATS = frozenset({f"{XSD}double", f"{XSD}float"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a term of the graph gives no value, as the end of a sentence."""

    code: str
    reason: str
    help: str | None = None


class _UnreadableError(ValueError):
    pass


def literal_value(literal: Literal, wanted: Type) -> Json | Refusal:
    """The value on the wire, or NS550 (unreadable), NS551 (binary float), NS552 (a value of another kind)."""
    bare = without_null(wanted)
    kind = Basic.TEXT if isinstance(bare, Choice) else bare
    datatype = literal.datatype.value
    readers = READERS.get(kind, {}) if isinstance(kind, Basic) else {}
    if datatype not in readers:
        return _other_kind(literal, wanted)
    try:
        return wire(readers[datatype](literal.value))
    except (_UnreadableError, NumberError, TemporalError) as error:
        return Refusal("NS550", f"{shown(literal)} cannot be read as {type_text(bare)}: {error}")


def shown(literal: Literal) -> str:
    """The literal for a message: its form, cut where it is long, and its datatype."""
    text = literal.value if len(literal.value) <= SHOWN_LENGTH_MAX else literal.value[:SHOWN_LENGTH_MAX] + "..."
    of = f"@{literal.language}" if literal.language else f" of type {_short(literal.datatype.value)}"
    return f'`"{text}"`{of}'


def _short(iri: str) -> str:
    for prefix, namespace in (("xsd:", XSD), ("rdf:", RDF)):
        if iri.startswith(namespace):
            return prefix + iri.removeprefix(namespace)
    return f"`{iri}`"


def _other_kind(literal: Literal, wanted: Type) -> Refusal:
    if literal.datatype.value in BINARY_FLOATS and without_null(wanted) is Basic.NUMBER:
        advice = "write an xsd:decimal: digits with a point and without an exponent, such as 49.99"
        return Refusal("NS551", f"{shown(literal)} is a binary float, whose digits are not exact", advice)
    return Refusal("NS552", f"{shown(literal)} stands where {type_text(wanted)} is expected")


def _text(form: str) -> Value:
    return form


def _decimal(form: str) -> Value:
    if not DECIMAL.fullmatch(form):
        raise _UnreadableError("digits with at most one point are expected")
    whole, _, fraction = form.lstrip("+-").partition(".")
    sign = "-" if form.startswith("-") else ""
    return parse_number(f"{sign}{whole or '0'}.{fraction or '0'}")


def _integer(bounds: tuple[int | None, int | None]) -> Callable[[str], Value]:
    low, high = bounds

    def read(form: str) -> Value:
        if not INTEGER.fullmatch(form):
            raise _UnreadableError("digits are expected")
        value = parse_number(form.removeprefix("+"))
        if (low is not None and value < low) or (high is not None and value > high):
            raise _UnreadableError("outside the range of its type")
        return value

    return read


def _boolean(form: str) -> Value:
    if form not in {"true", "false", "1", "0"}:
        raise _UnreadableError("true, false, 1 or 0 is expected")
    return form in {"true", "1"}


def _duration(form: str) -> Value:
    found = parse_duration(form)
    if not isinstance(found, Duration):
        raise _UnreadableError("days and time are expected, not years and months")
    return found


def _months(form: str) -> Value:
    found = parse_duration(form)
    if not isinstance(found, Months):
        raise _UnreadableError("years and months are expected, not days and time")
    return found


_TEXTS = ("string", "normalizedString", "token", "language", "anyURI")
# What each type of the language is read from. Nothing else is converted: `5` is no text, a date no date and time.
READERS: Mapping[Basic, Mapping[str, Callable[[str], Value]]] = {
    Basic.TEXT: {f"{RDF}langString": _text, **{XSD + name: _text for name in _TEXTS}},
    Basic.NUMBER: {
        f"{XSD}decimal": _decimal,
        **{XSD + name: _integer(bounds) for name, bounds in INTEGER_BOUNDS.items()},
    },
    Basic.BOOLEAN: {f"{XSD}boolean": _boolean},
    Basic.DATE: {f"{XSD}date": parse_date},
    Basic.TIME: {f"{XSD}time": parse_time},
    Basic.DATETIME: {f"{XSD}dateTime": parse_datetime, f"{XSD}dateTimeStamp": parse_datetime},
    Basic.DURATION: {f"{XSD}dayTimeDuration": _duration, f"{XSD}duration": _duration},
    Basic.MONTHS: {f"{XSD}yearMonthDuration": _months, f"{XSD}duration": _months},
}
