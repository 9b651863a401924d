"""Business days, on the calendars of the `holidays` library."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

YEAR_MIN, YEAR_MAX = 1950, 2100  # the library's tables are kept for these years
DAYS_MAX = 2_600  # ten years of business days: a deadline beyond is a slip


class CalendarError(ValueError):
    """No such calendar, or a day outside the years it is kept for."""


@cache
def known_calendars() -> frozenset[str]:
    """The names of the calendars: ISO 3166 country codes, and markets such as `ECB`."""
    import holidays  # noqa: PLC0415 - heavy: hundreds of calendars

    return frozenset(holidays.list_supported_countries()) | frozenset(holidays.list_supported_financial())


@cache
def days_off(name: str, year: int) -> frozenset[date]:
    """The public holidays of a country or market in a year, on the days they are observed; CalendarError if unknown.

    The library's own calendars fill up while they are asked: a thread that came second would miss holidays.
    """
    import holidays  # noqa: PLC0415 - heavy: hundreds of calendars

    if name not in known_calendars():
        raise CalendarError(f"no calendar `{name}`")
    is_country = name in holidays.list_supported_countries()
    own = holidays.country_holidays(name) if is_country else holidays.financial_holidays(name)
    own.get(date(year, 1, 1))  # it fills up with the years that it is asked about
    return frozenset(own)


def business_days_after(start: date, count: int, name: str) -> date:
    """The day `count` business days after `start`, which itself is not counted; before it when `count` is negative.

    A business day is Monday to Friday and no public holiday of the calendar. CalendarError outside its years.
    """
    if name not in known_calendars():
        raise CalendarError(f"no calendar `{name}`")
    if abs(count) > DAYS_MAX:
        raise CalendarError(f"more than {DAYS_MAX} business days")
    step = timedelta(days=1 if count >= 0 else -1)
    day = start
    remaining = abs(count)
    while remaining:
        if not YEAR_MIN <= day.year <= YEAR_MAX:
            raise CalendarError(f"calendars are kept for the years {YEAR_MIN} to {YEAR_MAX}")
        day += step
        if day.weekday() < 5 and day not in days_off(name, day.year):
            remaining -= 1
    return day
