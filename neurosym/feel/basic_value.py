"""Values of the basic types, out of what JSON and Python have for them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from neurosym.feel.types import Basic
from neurosym.values import number, temporal
from neurosym.values.canonical import is_unicode
from neurosym.values.value import Value


def basic_value(of: Basic, given: object) -> Value:
    """The value of a basic type that JSON or Python gave; None when it is of another type.

    NumberError or TemporalError when it is written like one and is none.
    """
    match of, given:
        case Basic.TEXT, str() if is_unicode(given):
            return given
        case Basic.BOOLEAN, bool():
            return given
        case Basic.NUMBER, int() if not isinstance(given, bool):
            return number.parse_number(number.number_text(given))
        case Basic.NUMBER, str():
            return number.parse_number(given)
        case Basic.NUMBER, Decimal() if given.is_finite():
            return number.parse_number(format(given, "f"))
        case Basic.DATE, str():
            return temporal.parse_date(given)
        case Basic.DATE, date() if not isinstance(given, datetime):
            return given
        case Basic.DATETIME, str():
            return temporal.parse_datetime(given)
        case Basic.DATETIME, datetime():
            return given
        case Basic.TIME, str():
            return temporal.parse_time(given)
        case ((Basic.DURATION | Basic.MONTHS), str()):
            found = temporal.parse_duration(given)
            wanted = temporal.Duration if of is Basic.DURATION else temporal.Months
            return found if isinstance(found, wanted) else None
        case _:
            return None
