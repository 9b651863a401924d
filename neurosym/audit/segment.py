"""Segments: the entries between two seals, such as those of a month. What is kept for a time is let go by segments.

A seal is an entry of its own. It names the period that ends with it, and the seal before it as the earlier entry that
it follows; the entries in between are its segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.text.failure import LogError


@dataclass(frozen=True, slots=True)
class Segment:
    """The entries from `first` on, `count` of them, sealed at a time (UTC) as those of a period."""

    period: str
    first: int
    count: int
    sealed_at: str


def seal_segment(log: Log, period: str, actor: str) -> Entry:
    """The entry that ends a period. LogError when that period was sealed before, or nothing was logged since."""
    sealed = segments(log)
    if period in {each.period for each in sealed}:
        raise LogError(f"the period `{period}` was sealed before")
    newest = max((entry.seq for entry in log.events(EntryKind.SEGMENT_SEALED)), default=None)
    if newest is not None and newest + 1 == log.size():
        raise LogError("nothing was logged since the last seal")
    return log.record(Draft(kind=EntryKind.SEGMENT_SEALED, actor=actor, outcome=period, previous=newest))


def segments(log: LogReader) -> Sequence[Segment]:
    """The segments that are sealed, in order."""
    found: list[Segment] = []
    first = 0
    for entry in log.events(EntryKind.SEGMENT_SEALED):
        found.append(Segment(entry.outcome or "", first, entry.seq - first, entry.stamp.time))
        first = entry.seq + 1
    return found
