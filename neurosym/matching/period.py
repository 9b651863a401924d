"""Days, months and years as English text states them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?P<month{0}>january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\b\.?"
)
_DAY = "(?P<day{0}>[0-3]?[0-9])(?:st|nd|rd|th)?"
_YEAR = "(?P<year{0}>(?:1[5-9]|20)[0-9]{{2}})"
_GAP = r"[ \t]{{1,3}}"
_FORMS = (
    f"{_DAY}{_GAP}(?:of{_GAP})?{_MONTH},?{_GAP}{_YEAR}",  # 2 March 1971
    f"{_MONTH}{_GAP}{_DAY},?{_GAP}{_YEAR}",  # March 2nd, 1971
    f"{_YEAR}-(?P<month{{0}}>[0-9]{{{{2}}}})-{_DAY}",  # 1971-03-02
    f"{_MONTH},?{_GAP}{_YEAR}",  # Mar 1971
    _YEAR,
)
# Figures with a stroke, a stop or a hyphen beside them are of an order that the text does not tell (02/03/1971).
_DATE = re.compile(
    rf"(?<![\w/.-])(?:{'|'.join(form.format(number) for number, form in enumerate(_FORMS))})(?![\w/]|[.-][0-9])",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`: a day, or a month, a year or more of which no day is known."""

    first: date
    last: date

    @property
    def is_day(self) -> bool:
        """True of a single day."""
        return self.first == self.last

    def __str__(self) -> str:
        return self.first.isoformat() if self.is_day else f"{self.first.isoformat()} to {self.last.isoformat()}"


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a text: its place, and the days it can mean; None when the calendar has no such day."""

    start: int
    end: int
    period: Period | None


def dates_in(text: str, start: int, end: int) -> Iterator[DateMention]:
    """The dates that stand in a part of a text, in their order; figures whose order is not clear are no date."""
    for found in _DATE.finditer(text, start, end):
        parts = {name.rstrip("01234"): figure for name, figure in found.groupdict().items() if figure}
        yield DateMention(found.start(), found.end(), _period(parts))


def days_apart(left: Period, right: Period) -> int:
    """The least number of days that can lie between a day of one period and a day of the other."""
    return max((right.first - left.last).days, (left.first - right.last).days, 0)


def covering(periods: list[Period]) -> Period:
    """The period from the first to the last day of some."""
    return Period(min(period.first for period in periods), max(period.last for period in periods))


def _period(parts: dict[str, str]) -> Period | None:
    year = int(parts["year"])
    if "month" not in parts:
        return Period(date(year, 1, 1), date(year, 12, 31))
    month = _month(parts["month"])
    if not 1 <= month <= 12:
        return None
    last_day = monthrange(year, month)[1]
    if "day" not in parts:
        return Period(date(year, month, 1), date(year, month, last_day))
    day = int(parts["day"])
    return Period(date(year, month, day), date(year, month, day)) if 1 <= day <= last_day else None


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.index(text[:3].lower()) + 1
