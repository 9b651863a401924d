"""Dates, times and the two durations of FEEL (OMG DMN 1.5 §10.3.2.3)."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, timezone
from typing import TypeAlias

from neurosym.values.number import Number, NumberError, floor_divide, multiply, negate, number_text, parse_number, total

Date: TypeAlias = date
Time: TypeAlias = time
DateTime: TypeAlias = datetime

SECONDS_PER_DAY = 86_400
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MONTHS_MAX = 12 * 999_999_999 + 11
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TIME = re.compile(r"\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
DAY_TIME = re.compile(
    r"(?P<minus>-)?P(?:(?P<days>\d{1,12})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,12})H)?(?:(?P<minutes>\d{1,12})M)?(?:(?P<seconds>\d{1,12}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)
YEAR_MONTH = re.compile(r"(?P<minus>-)?P(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?", re.ASCII)


class TemporalError(ValueError):
    """The text is no date, time or duration, or the result lies outside the years 1 to 9999."""


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A days-and-time duration, in seconds."""

    seconds: Number

    def __str__(self) -> str:
        days, rest = floor_divide(negate(self.seconds) if self.seconds < 0 else self.seconds, SECONDS_PER_DAY)
        hours, rest = floor_divide(rest, 3600)
        minutes, seconds = floor_divide(rest, 60)
        clock = "".join(
            f"{number_text(count)}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if count
        )
        day = f"{number_text(days)}D" if days or not clock else ""
        return f"{'-' if self.seconds < 0 else ''}P{day}{'T' if clock else ''}{clock}"


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years-and-months duration, in months."""

    count: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.count), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.count < 0 else ''}P{text}"


def parse_date(text: str) -> Date:
    """The date that `YYYY-MM-DD` writes (ISO 8601 calendar date); TemporalError when it is none."""
    if not DATE.fullmatch(text):
        raise TemporalError("not a date of the form YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TemporalError("no such day in the calendar") from error


def parse_time(text: str) -> Time:
    """The time that `HH:MM:SS[.ffffff][Z|+HH:MM]` writes; TemporalError when it is none.

    Times are equal that are one in UTC, so that one with an offset is told in UTC, whatever offset it was written with.
    """
    found = _clock(text)
    offset = found.utcoffset()
    return found if offset is None else _told_alike(found, offset)


def parse_datetime(text: str) -> DateTime:
    """The date and time that `YYYY-MM-DDTHH:MM:SS` with an optional offset writes; TemporalError when it is none.

    With an offset it is an instant, and told in UTC: equal instants are one value, whatever offset they were written
    with.
    """
    day, divider, clock = text.partition("T")
    if not divider:
        raise TemporalError("not a date and time of the form YYYY-MM-DDTHH:MM:SS")
    found = datetime.combine(parse_date(day), _clock(clock))
    try:
        return found if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError as error:
        raise TemporalError("outside the years 1 to 9999 in UTC") from error


def _clock(text: str) -> Time:
    """The time as it is written."""
    if not TIME.fullmatch(text):
        raise TemporalError("not a time of the form HH:MM:SS")
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise TemporalError("no such time of day") from error


def _told_alike(clock: Time, offset: timedelta) -> Time:
    """Of equal times the same one: in UTC where that lies within a day, else with the least offset in whole minutes
    that makes it do so.
    """
    midnight = datetime.combine(date.min, time())
    written = datetime.combine(date.min, clock.replace(tzinfo=None)) - midnight
    in_utc, nearest = written - offset, timedelta()
    if in_utc < timedelta():
        nearest = -(in_utc // MINUTE) * MINUTE
    elif in_utc >= DAY:
        nearest = -((in_utc - DAY) // MINUTE + 1) * MINUTE
    return (midnight + (in_utc + nearest)).time().replace(tzinfo=timezone(nearest))


def parse_duration(text: str) -> Duration | Months:
    """The duration an ISO 8601 text writes: days and time, or years and months, never both; TemporalError otherwise."""
    if (found := YEAR_MONTH.fullmatch(text)) and (found["years"] or found["months"]):
        count = 12 * int(found["years"] or 0) + int(found["months"] or 0)
        return Months(-count if found["minus"] else count)
    if (found := DAY_TIME.fullmatch(text)) and any(found[part] for part in ("days", "hours", "minutes", "seconds")):
        try:
            seconds = total(
                [
                    SECONDS_PER_DAY * int(found["days"] or 0),
                    3600 * int(found["hours"] or 0),
                    60 * int(found["minutes"] or 0),
                    parse_number(found["seconds"] or "0"),
                ]
            )
        except NumberError as error:
            raise TemporalError(str(error)) from error
        return Duration(negate(seconds) if found["minus"] else seconds)
    raise TemporalError("not a duration such as P10D, PT1H or P1Y2M")


def temporal_text(value: Date | Time | DateTime | Duration | Months) -> str:
    """The FEEL text of a temporal value."""
    if isinstance(value, (Duration, Months)):
        return str(value)
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def date_minus(left: Date, right: Date) -> Duration:
    """The time from `right` to `left`; both with an offset, or both without, or both plain dates."""
    if isinstance(left, datetime) != isinstance(right, datetime):
        raise TemporalError("a date and a date and time have no difference")
    try:
        gap = left - right
    except TypeError as error:
        raise TemporalError("one has an offset from UTC and the other none") from error
    micros = (gap.days * SECONDS_PER_DAY + gap.seconds) * 1_000_000 + gap.microseconds
    return Duration(_micros_to_seconds(micros))


def date_plus(start: Date, gap: Duration) -> Date:
    """The date (or date and time) that lies `gap` after `start`; a plain date moves by whole days only."""
    if not isinstance(start, datetime) and floor_divide(gap.seconds, SECONDS_PER_DAY)[1]:
        raise TemporalError("a date moves by whole days")
    micros = multiply(gap.seconds, 1_000_000)
    if not isinstance(micros, int):
        raise TemporalError("finer than a microsecond")
    try:
        return start + timedelta(microseconds=micros)
    except OverflowError as error:
        raise TemporalError("outside the years 1 to 9999") from error


def months_plus(start: Date, gap: Months) -> Date:
    """The date (or date and time) so many months after `start`: on the same day of the month, or on the last of a month
    that has no such day (OMG DMN 1.5 Table 57).
    """
    year, month = divmod(start.year * 12 + start.month - 1 + gap.count, 12)
    if not 1 <= year <= MAXYEAR:
        raise TemporalError("outside the years 1 to 9999")
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))


def months_between(start: Date, end: Date) -> Months:
    """The whole months from `start` to `end`, negative when `end` lies before it (OMG DMN 1.5 Table 74)."""
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise TemporalError("a date and a date and time have no difference")
    count = (end.year - start.year) * 12 + end.month - start.month
    try:
        if count > 0 and months_plus(start, Months(count)) > end:
            count -= 1
        elif count < 0 and months_plus(start, Months(count)) < end:
            count += 1
    except TypeError as error:
        raise TemporalError("one has an offset from UTC and the other none") from error
    return Months(count)


def whole_months(count: Number) -> Months:
    """The duration of so many months; TemporalError when that is no whole number, or more than can be written."""
    if not isinstance(count, int):
        raise TemporalError("a part of a month has no length")
    if abs(count) > MONTHS_MAX:
        raise TemporalError("longer than a duration can be written")
    return Months(count)


def _micros_to_seconds(micros: int) -> Number:
    whole, rest = divmod(micros, 1_000_000)
    return total([whole, parse_number(f"0.{rest:06d}")])
