"""When a deadline or a claim is over. Times are texts in UTC, as a stamp has them, and sort as they are."""

from __future__ import annotations

from datetime import datetime

from neurosym.values.clock import TIME_FORMAT
from neurosym.values.number import multiply
from neurosym.values.temporal import Duration, Months, date_plus, months_plus

NEVER = "9999-12-31T23:59:59.999999Z"  # the due time of what has no deadline: it sorts behind all others
CLAIM_MINUTES, CLAIM_MINUTES_MAX = 30, 7 * 24 * 60


def time_after(time: str, gap: Duration | Months) -> str:
    """The time that lies so much later; TemporalError beyond the year 9999."""
    start = datetime.fromisoformat(time)
    later = months_plus(start, gap) if isinstance(gap, Months) else date_plus(start, gap)
    assert isinstance(later, datetime)
    return later.strftime(TIME_FORMAT)


def minutes_after(time: str, minutes: int) -> str:
    """The time so many minutes later."""
    return time_after(time, Duration(multiply(minutes, 60)))
