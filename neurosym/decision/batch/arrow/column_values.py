"""The values of Arrow columns as JSON has them, exactly: no float, no clock and no zone of this machine between.

An instant is told in UTC, which is the same value whatever zone the column shows it in; a timestamp without a zone
stays without. What Python has no value for, such as a nanosecond, becomes a text that intake refuses where a date or a
time is wanted: nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import islice
from typing import Any

import pyarrow as pa
from pyarrow import compute, types

from neurosym.decision.batch.arrow.column_type import LISTS, is_of

PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
DAY_SECONDS, DAY_MS = 86_400, 86_400_000
EPOCH_DAY, EPOCH = date(1970, 1, 1), datetime(1970, 1, 1)  # noqa: DTZ001 - without a zone, as Arrow counts


def values_of(array: pa.Array) -> list[object]:
    """The values of a column whose type `wrong_columns` has nothing against; None for null."""
    of = array.type
    if types.is_struct(of):
        return _records(array)
    if is_of(of, LISTS):
        return _lists(array)
    if types.is_dictionary(of):
        return _looked_up(array)
    if types.is_timestamp(of):
        zone = None if of.tz is None else UTC
        return [_moment(each, of.unit, zone) for each in _counts(array)]
    if types.is_time(of):
        return [_time(each, of.unit) for each in _counts(array)]
    if types.is_date(of):
        return [_day(each, is_ms=types.is_date64(of)) for each in _counts(array)]
    found: list[object] = array.to_pylist()
    return found


def _looked_up(array: pa.Array) -> list[object]:
    """The values of a dictionary column; of its dictionary, which may be far larger, only what is used is read."""
    places = array.indices.to_pylist()
    used = sorted({place for place in places if place is not None})
    known = dict(zip(used, values_of(array.dictionary.take(pa.array(used, pa.int64()))), strict=True))
    return [None if place is None else known[place] for place in places]


def _records(array: pa.Array) -> list[object]:
    names = [field.name for field in array.type]
    if not names:
        return [{} if valid else None for valid in array.is_valid().to_pylist()]
    columns = [values_of(each) for each in array.flatten()]
    return [
        dict(zip(names, row, strict=True)) if valid else None
        for valid, row in zip(array.is_valid().to_pylist(), zip(*columns, strict=True), strict=True)
    ]


def _lists(array: pa.Array) -> list[object]:
    items: Iterator[object] = iter(values_of(array.flatten()))
    lengths = compute.list_value_length(array).to_pylist()
    return [None if length is None else list(islice(items, length)) for length in lengths]


def _counts(array: pa.Array) -> list[int | None]:
    """The whole numbers that a temporal column stores."""
    found: Any = array.view(pa.int32() if array.type.bit_width == 32 else pa.int64())
    counts: list[int | None] = found.to_pylist()
    return counts


def _moment(count: int | None, unit: str, zone: timezone | None) -> object:
    if count is None:
        return None
    seconds, micros, is_exact = _split(count, unit)
    try:
        found = EPOCH + timedelta(seconds=seconds, microseconds=micros)
    except OverflowError:
        return f"{count} {unit} since 1970"
    return found.replace(tzinfo=zone) if is_exact else f"{found.isoformat()}, to the nanosecond"


def _time(count: int | None, unit: str) -> object:
    if count is None:
        return None
    seconds, micros, is_exact = _split(count, unit)
    if not is_exact or not 0 <= seconds < DAY_SECONDS:
        return f"{count} {unit} since midnight"
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, micros)


def _day(count: int | None, *, is_ms: bool) -> object:
    if count is None:
        return None
    days, rest = divmod(count, DAY_MS) if is_ms else (count, 0)
    try:
        return EPOCH_DAY + timedelta(days=days) if not rest else f"{count} ms since 1970"
    except OverflowError:
        return f"{count} {'ms' if is_ms else 'days'} since 1970"


def _split(count: int, unit: str) -> tuple[int, int, bool]:
    """Whole seconds and microseconds, and whether nothing is left."""
    seconds, rest = divmod(count, PER_SECOND[unit])
    micros, left = divmod(rest * 1_000_000, PER_SECOND[unit])
    return seconds, micros, not left
