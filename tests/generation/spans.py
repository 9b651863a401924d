"""Dates, times and the two kinds of durations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.generation.numbers import EXTREMES_OF_LISTS
from tests.generation.production import Production, built_in, minus, operation
from tests.generation.schema import DAYS
from tests.generation.scope import Scope, Want
from tests.generation.totals import bounded_total

if TYPE_CHECKING:
    from tests.generation.expression import Writer


def _read_date(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    """A date from a text that may be none."""
    options = (f'"{writer.one_of(DAYS)}"', f"string({writer.expression(Want('date'), scope, depth)})")
    return f"date({writer.one_of((*options, writer.expression(Want('word'), scope, depth)))})"


def _read_duration(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    if writer.below(2):
        return f"duration(string({writer.expression(Want('duration'), scope, depth)}))"
    return f"duration({writer.expression(Want('word'), scope, depth)})"


EXTREMES = (
    *(Production(name, bounded_total(name), is_solid=False) for name in ("min", "max")),
    *EXTREMES_OF_LISTS,
)
DATES = (
    *(Production(f"date {op} {gap}", operation(op, "date", gap)) for op in "+-" for gap in ("duration", "months")),
    Production("duration + date", operation("+", "duration", "date")),
    Production("months + date", operation("+", "months", "date")),
    Production("business days", built_in("business_days_after", "date", "number", last=('"US"',))),
    Production("date of text", _read_date),
    *EXTREMES,
)
TIMES = EXTREMES
DATETIMES = (
    *(
        Production(f"datetime {op} {gap}", operation(op, "datetime", gap))
        for op in "+-"
        for gap in ("duration", "months")
    ),
    Production("duration + datetime", operation("+", "duration", "datetime")),
    Production("months + datetime", operation("+", "months", "datetime")),
    *EXTREMES,
)
DURATIONS = (
    Production("date - date", operation("-", "date", "date"), weight=2),
    Production("datetime - datetime", operation("-", "datetime", "datetime")),
    *(Production(f"duration {op}", operation(op, "duration", "duration")) for op in "+-"),
    Production("duration * number", operation("*", "duration", "number")),
    Production("number * duration", operation("*", "number", "duration")),
    Production("duration / number", operation("/", "duration", "number")),
    Production("minus", minus),
    Production("abs", built_in("abs", "duration")),
    Production("duration of text", _read_duration),
    *EXTREMES,
)
MONTHS = (
    Production("months between", built_in("years and months duration", "date", "date"), weight=2),
    Production("months between datetimes", built_in("years and months duration", "datetime", "datetime")),
    *(Production(f"months {op}", operation(op, "months", "months")) for op in "+-"),
    Production("months * number", operation("*", "months", "number")),
    Production("number * months", operation("*", "number", "months")),
    Production("months / number", operation("/", "months", "number")),
    Production("minus", minus),
    Production("abs", built_in("abs", "months")),
    *EXTREMES,
)
