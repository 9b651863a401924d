"""Dates, times, durations: ISO 8601 texts, exact arithmetic, nothing outside the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.values.temporal import (
    Duration,
    Months,
    TemporalError,
    date_minus,
    date_plus,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
    temporal_text,
)


@pytest.mark.parametrize("text", ["0001-01-01", "2024-02-29", "9999-12-31"])
def test_a_date_is_written_as_it_is_read(text: str) -> None:
    assert temporal_text(parse_date(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29",
        "2026-13-01",
        "2026-00-01",
        "0000-01-01",
        "2026-1-1",
        "20260101",
        "2026-W01-1",
        "26-01-01",
        "",
        "٢٠٢٦-01-01",
    ],
)
def test_what_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(TemporalError):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("10:00:00", "10:00:00"),
        ("10:00:00.5", "10:00:00.500000"),
        ("10:00:00Z", "10:00:00Z"),
        ("10:00:00+00:00", "10:00:00Z"),
        ("10:00:00-05:30", "15:30:00Z"),
        ("12:00:00+02:00", "10:00:00Z"),
        ("00:30:00+01:00", "00:00:00+00:30"),
        ("01:30:10.5+02:00", "00:00:10.500000+00:30"),
        ("23:30:00-01:00", "23:59:00-00:31"),
        ("00:00:00+14:00", "00:00:00+14:00"),
    ],
)
def test_a_time_with_an_offset_is_told_in_utc(text: str, written: str) -> None:
    assert temporal_text(parse_time(text)) == written
    assert parse_time(written) == parse_time(text) == time.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-01-01T10:00:00", "2026-01-01T10:00:00"),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"),
        ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"),
        ("2026-01-01T10:00:00-05:30", "2026-01-01T15:30:00Z"),
    ],
)
def test_an_instant_is_told_in_utc(text: str, written: str) -> None:
    assert temporal_text(parse_datetime(text)) == written
    assert parse_datetime(text) == datetime.fromisoformat(text)


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.times(timezones=OFFSETS), OFFSETS)
def test_equal_times_have_one_form(clock: time, other: timezone) -> None:
    told = parse_time(clock.isoformat())
    assert told == clock
    day, gap = date(2026, 1, 2), other.utcoffset(None) - (clock.utcoffset() or timedelta())
    alike = datetime.combine(day, clock.replace(tzinfo=other)) + gap
    if alike.date() == day:  # else no time of day with this offset is equal
        assert temporal_text(parse_time(alike.timetz().isoformat())) == temporal_text(told)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_an_instant_outside_the_years_of_utc_is_refused(text: str) -> None:
    with pytest.raises(TemporalError, match="in UTC"):
        parse_datetime(text)


@pytest.mark.parametrize(
    "text", ["25:00:00", "10:60:00", "10:00", "10:00:00.1234567", "10:00:00+25:00", "10:00:00 Z", "T10:00:00", ""]
)
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(TemporalError):
        parse_time(text)


@pytest.mark.parametrize(
    "text", ["2026-01-01", "2026-01-01 10:00:00", "2026-01-01T", "2026-02-30T10:00:00", "2026-01-01t10:00:00"]
)
def test_what_is_no_date_and_time_is_refused(text: str) -> None:
    with pytest.raises(TemporalError):
        parse_datetime(text)


@pytest.mark.parametrize(
    ("text", "seconds", "written"),
    [
        ("P10D", 864_000, "P10D"),
        ("PT1H", 3_600, "PT1H"),
        ("PT26H", 93_600, "P1DT2H"),
        ("PT90S", 90, "PT1M30S"),
        ("-P1DT1H", -90_000, "-P1DT1H"),
        ("PT0S", 0, "P0D"),
        ("P0D", 0, "P0D"),
        ("PT0.5S", Decimal("0.5"), "PT0.5S"),
        ("-PT0.000001S", Decimal("-0.000001"), "-PT0.000001S"),
        ("P1DT1.25S", Decimal("86401.25"), "P1DT1.25S"),
        ("P400D", 34_560_000, "P400D"),
    ],
)
def test_a_duration_is_its_seconds_in_one_text(text: str, seconds: int | Decimal, written: str) -> None:
    found = parse_duration(text)
    assert found == Duration(seconds)
    assert temporal_text(found) == written
    assert parse_duration(written) == found


@pytest.mark.parametrize(
    ("text", "count", "written"),
    [("P1Y", 12, "P1Y"), ("P18M", 18, "P1Y6M"), ("-P1Y1M", -13, "-P1Y1M"), ("P0M", 0, "P0M"), ("P0Y", 0, "P0M")],
)
def test_years_and_months_are_months_in_one_text(text: str, count: int, written: str) -> None:
    found = parse_duration(text)
    assert found == Months(count)
    assert temporal_text(found) == written
    assert parse_duration(written) == found


@pytest.mark.parametrize(
    "text",
    ["P", "PT", "-P", "P1", "P1Y1D", "P1M1DT1H", "P1.5D", "PT1.5H", "P1W", "P1DT", "1D", "P-1D", "p1d", "+P1D", ""],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(TemporalError):
        parse_duration(text)


@pytest.mark.parametrize(
    ("left", "right", "gap"),
    [
        (date(2026, 3, 1), date(2026, 2, 1), 28 * 86_400),
        (date(2026, 2, 1), date(2026, 3, 1), -28 * 86_400),
        (date(2024, 3, 1), date(2024, 2, 28), 2 * 86_400),
        (datetime(2026, 1, 1, 10, tzinfo=UTC), datetime(2026, 1, 1, 10, tzinfo=timezone(timedelta(hours=1))), 3_600),
        (datetime(2026, 1, 1, 0, 0, 0, 1), datetime(2026, 1, 1), Decimal("0.000001")),  # noqa: DTZ001 - no offset is meant
    ],
)
def test_a_difference_is_the_time_between(left: date, right: date, gap: int | Decimal) -> None:
    assert date_minus(left, right) == Duration(gap)
    assert date_plus(right, Duration(gap)) == left


def test_a_difference_needs_two_of_a_kind() -> None:
    with pytest.raises(TemporalError, match="no difference"):
        date_minus(date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(TemporalError, match="offset"):
        date_minus(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1))  # noqa: DTZ001 - no offset is meant


@pytest.mark.parametrize("seconds", [1, 86_399, Decimal("0.5"), -1])
def test_a_date_moves_by_whole_days(seconds: int | Decimal) -> None:
    with pytest.raises(TemporalError, match="whole days"):
        date_plus(date(2026, 1, 1), Duration(seconds))


def test_a_time_moves_by_microseconds_at_least() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert date_plus(start, Duration(Decimal("0.000001"))) == start.replace(microsecond=1)
    with pytest.raises(TemporalError, match="microsecond"):
        date_plus(start, Duration(Decimal("0.0000001")))


@pytest.mark.parametrize("days", [1, 10**6, 10**11])
def test_nothing_lies_outside_the_years_1_to_9999(days: int) -> None:
    with pytest.raises(TemporalError, match="years 1 to 9999"):
        date_plus(date(9999, 12, 31), Duration(86_400 * days))
    with pytest.raises(TemporalError, match="years 1 to 9999"):
        date_plus(date(1, 1, 1), Duration(-86_400 * days))
