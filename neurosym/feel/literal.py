"""The values that literals write. A literal that writes none is reported, and null stands in its place."""

from __future__ import annotations

import re
from datetime import date
from typing import TypeAlias

from neurosym.feel.lexeme import Lexeme
from neurosym.feel.syntax import not_a_date, not_a_number, not_a_temporal, unknown_escape
from neurosym.text.span import Span
from neurosym.values.number import Number, NumberError, parse_number
from neurosym.values.temporal import (
    Date,
    DateTime,
    Duration,
    Months,
    TemporalError,
    Time,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
)

Temporal: TypeAlias = Date | Time | DateTime | Duration | Months

# OMG DMN 1.5 §10.3.1.2 (rules 62 to 64) and RFC 8259 §7. A pair of surrogates writes one character.
ESCAPE = re.compile(
    r"""\\(?:
      u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})
    | u(?P<four>[0-9a-fA-F]{4})
    | U(?P<six>[0-9a-fA-F]{6})
    | (?P<one>["'\\/bfnrt])
    | (?P<other>.?)
    )""",
    re.VERBOSE | re.DOTALL,
)
PLAIN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def text_of(lexeme: Lexeme) -> str:
    """What a quoted text says, its escapes replaced; NS108 is reported for an escape that is none."""
    return unescaped(lexeme, 1, len(lexeme.text) - 1)


def unescaped(lexeme: Lexeme, start: int, end: int) -> str:
    """Part of a quoted text with its escapes replaced; NS108 is reported for an escape that is none."""
    inside = lexeme.text[start:end]
    if "\\" not in inside:
        return inside

    def character(match: re.Match[str]) -> str:
        found = _character(match)
        if found is None:
            at = lexeme.start + start + match.start()
            place = Span(lexeme.reading.source, at, at + len(match.group()))
            lexeme.reading.add(unknown_escape(match.group(), place))
            return ""
        return found

    return ESCAPE.sub(character, inside)


def _character(match: re.Match[str]) -> str | None:
    if match["high"]:
        return chr(0x10000 + ((int(match["high"], 16) - 0xD800) << 10) + int(match["low"], 16) - 0xDC00)
    if match["one"]:
        return PLAIN.get(match["one"], match["one"])
    code = int(match["four"] or match["six"] or "d800", 16)
    return None if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)


def number_of(lexeme: Lexeme) -> Number:
    """The number; NS109 is reported, and 0 returned, when it has too many digits."""
    try:
        return parse_number("0" + lexeme.text if lexeme.text.startswith(".") else lexeme.text)
    except NumberError as error:
        lexeme.reading.add(not_a_number(lexeme.text, str(error), lexeme.span))
        return 0


def date_of(lexeme: Lexeme) -> Date:
    """The date; NS110 is reported, and a date returned all the same, when no calendar has it."""
    try:
        return parse_date(lexeme.text)
    except TemporalError as error:
        lexeme.reading.add(not_a_date(lexeme.text, str(error), lexeme.span))
        return date.min


def temporal_of(lexeme: Lexeme) -> Temporal | None:
    """The date, time or duration between the quotes of an at-literal; NS111 is reported when it is none of them."""
    found = parse_temporal(lexeme.text[2:-1])
    if found is None:
        lexeme.reading.add(not_a_temporal(lexeme.text, lexeme.span))
    return found


def parse_temporal(text: str) -> Temporal | None:
    """The date, time, date and time or duration that a text writes (OMG DMN 1.5 §10.3.2.3.4), or None."""
    parse = (
        parse_duration if "P" in text else parse_datetime if "T" in text else parse_time if ":" in text else parse_date
    )
    try:
        return parse(text)
    except TemporalError:
        return None
