"""Business days on the calendar of US federal holidays, and on others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from neurosym.feel.calendar import DAYS_MAX, CalendarError, business_days_after, days_off, known_calendars

# 5 U.S.C. 6103: a holiday on a Saturday is observed on the Friday before, one on a Sunday on the Monday after.
HOLIDAYS_2026 = (
    "2026-01-01",  # New Year's Day
    "2026-01-19",  # Martin Luther King Jr. Day
    "2026-02-16",  # Washington's Birthday
    "2026-05-25",  # Memorial Day
    "2026-06-19",  # Juneteenth
    "2026-07-03",  # Independence Day, observed
    "2026-09-07",  # Labor Day
    "2026-10-12",  # Columbus Day
    "2026-11-11",  # Veterans Day
    "2026-11-26",  # Thanksgiving
    "2026-12-25",  # Christmas
)


@pytest.mark.parametrize("day", HOLIDAYS_2026)
def test_no_federal_holiday_counts(day: str) -> None:
    holiday = date.fromisoformat(day)
    assert business_days_after(holiday - timedelta(days=1), 1, "US") > holiday


def test_every_other_weekday_of_the_year_counts() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    counted = [day for day in days if business_days_after(day - timedelta(days=1), 1, "US") == day]
    weekdays = [day for day in days if day.weekday() < 5]
    assert counted == [day for day in weekdays if day.isoformat() not in HOLIDAYS_2026]
    assert len(counted) == 250


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-07", 0, "2026-03-07"),  # a Saturday: nothing is counted
        ("2026-03-02", 1, "2026-03-03"),
        ("2026-03-06", 1, "2026-03-09"),
        ("2026-03-07", 1, "2026-03-09"),
        ("2026-03-08", 10, "2026-03-20"),
        ("2026-06-18", 1, "2026-06-22"),
        ("2026-07-02", 1, "2026-07-06"),
        ("2026-11-20", 10, "2026-12-07"),
        ("2026-12-21", 10, "2027-01-06"),
        ("2021-12-30", 1, "2022-01-03"),  # New Year's Day 2022 is observed in the year before
        ("2023-01-01", 1, "2023-01-03"),  # and that of 2023, a Sunday, on the Monday
        ("2020-06-18", 1, "2020-06-19"),  # before Juneteenth was a holiday
        ("2021-06-17", 1, "2021-06-21"),  # the first one: a Saturday
        ("2026-03-09", -1, "2026-03-06"),
        ("2026-07-06", -1, "2026-07-02"),
        ("2026-12-28", -10, "2026-12-11"),
    ],
)
def test_the_day_so_many_business_days_later_or_earlier(start: str, count: int, end: str) -> None:
    assert business_days_after(date.fromisoformat(start), count, "US").isoformat() == end


def test_calendars_differ() -> None:
    labour = date(2026, 4, 30)
    assert business_days_after(labour, 1, "US") == date(2026, 5, 1)
    assert business_days_after(labour, 1, "DE") == date(2026, 5, 4)
    assert business_days_after(labour, 1, "ECB") == date(2026, 5, 4)


def test_the_order_in_which_years_are_asked_for_changes_nothing() -> None:
    late = business_days_after(date(2031, 12, 30), 5, "CA")
    early = business_days_after(date(2019, 12, 30), 5, "CA")
    days_off.cache_clear()
    assert business_days_after(date(2019, 12, 30), 5, "CA") == early
    assert business_days_after(date(2031, 12, 30), 5, "CA") == late


@pytest.mark.parametrize("name", ["", "us", "Atlantis", "US-XX"])
def test_an_unknown_calendar_is_refused(name: str) -> None:
    assert name not in known_calendars()
    with pytest.raises(CalendarError, match="no calendar"):
        business_days_after(date(2026, 3, 2), 1, name)


@pytest.mark.parametrize("count", [DAYS_MAX + 1, -DAYS_MAX - 1])
def test_a_deadline_has_a_bound(count: int) -> None:
    with pytest.raises(CalendarError, match="business days"):
        business_days_after(date(2026, 3, 2), count, "US")


@pytest.mark.parametrize(("start", "count"), [(date(2100, 12, 31), 1), (date(1950, 1, 1), -1), (date(1900, 1, 1), 1)])
def test_a_calendar_is_kept_for_some_years_only(start: date, count: int) -> None:
    with pytest.raises(CalendarError, match="1950 to 2100"):
        business_days_after(start, count, "US")


@pytest.mark.parametrize(("start", "count"), [(date.max, 1), (date.min, -1)])
def test_the_ends_of_time_are_outside_those_years(start: date, count: int) -> None:
    with pytest.raises(CalendarError, match="1950 to 2100"):
        business_days_after(start, count, "US")
