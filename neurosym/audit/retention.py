"""Retention: how long payloads are kept, by what they are. The entries themselves are kept for ever.

What is let go is what the entries of a sealed segment were the first to name, once the time is over for all of the
segment, if no later entry names it and nobody holds it. What rulesets and tiers were is kept as long as the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.entry_row import read_row
from neurosym.audit.erasure import Erasure, erase_payloads, named_after
from neurosym.audit.hold import active_holds
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.audit.segment import Segment, segments
from neurosym.audit.store import Reading
from neurosym.text.failure import LogError
from neurosym.values.canonical import Digest
from neurosym.values.temporal import Months, months_plus

# Regulation (EU) 2024/1689 Art. 19(1) and Art. 26(6): logs are kept for at least six months.
FLOOR = Months(6)
CLASSES: Mapping[str, frozenset[EntryKind]] = {
    "answers": frozenset({EntryKind.ANSWER, EntryKind.REVIEW}),
    "decisions": frozenset({EntryKind.DECISION, EntryKind.BATCH, EntryKind.OVERRIDE}),
    "failures": frozenset({EntryKind.FAILURE}),
}
PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Overdue:
    """What of one class a segment has that need not be kept any more; `held` payloads stay all the same."""

    segment: Segment
    name: str
    payloads: tuple[Digest, ...]
    held: int

    @property
    def reason(self) -> str:
        """What the entry of its erasure says."""
        return f"the time for which {self.name} of the period {self.segment.period} are kept is over"


def check_keep(keep: Mapping[str, Months]) -> None:
    """LogError when a class is none, or is to be kept for less time than any may be."""
    for name, period in keep.items():
        if name not in CLASSES:
            raise LogError(f"`{name}` is none of the classes {', '.join(CLASSES)}")
        if period.count < FLOOR.count:
            raise LogError(f"`{name}` may not be let go after {period.count} months: at least {FLOOR.count} are kept")


def overdue(
    log: LogReader, keep: Mapping[str, Months], today: date, progress: Callable[[int, int], None]
) -> Iterator[Overdue]:
    """What is to be let go on a day, by segment and class, given for how many months each class is kept."""
    check_keep(keep)
    found = segments(log)
    with log.store.reading() as reading:
        held = {digest for hold in active_holds(reading) for digest in hold.payloads}
        for number, segment in enumerate(found, start=1):
            for name in sorted(keep):
                if _is_over(segment.sealed_at, keep[name], today):
                    payloads, newest = _payloads(reading, segment, CLASSES[name])
                    if payloads and _is_over(newest, keep[name], today):
                        yield Overdue(segment, name, tuple(sorted(payloads - held)), len(payloads & held))
            progress(number, len(found))


def let_go(log: Log, of: Overdue, actor: str) -> Erasure:
    """The erasure of what is overdue."""
    return erase_payloads(log, of.payloads, of.reason, actor)


def _is_over(time: str, keep: Months, today: date) -> bool:
    return months_plus(datetime.fromisoformat(time).date(), keep) <= today


def _payloads(reading: Reading, segment: Segment, kinds: frozenset[EntryKind]) -> tuple[set[Digest], str]:
    """The payloads that entries of these kinds in a segment were the first to name, and that none after it names; with
    the latest time of the segment, which is not that of its seal where the clock went back before it.
    """
    seqs: set[int] = set()
    newest = segment.sealed_at
    end = segment.first + segment.count
    for first in range(segment.first, end, PAGE):
        entries = [read_row(row) for row in reading.entries(first, min(PAGE, end - first))]
        newest = max([newest, *(entry.time for entry in entries)], key=datetime.fromisoformat)
        seqs.update(entry.seq for entry in entries if entry.kind in kinds)
    rows = reading.payloads(segment.first, segment.count)
    found = {row.digest for row in rows if row.seq in seqs}
    return (found - named_after(reading, end - 1, found) if found else found), newest
