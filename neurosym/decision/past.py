"""What the log tells of earlier attempts: what they cost by day, and which answers may be used again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from threading import Lock

from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision.recorder import ATTEMPT
from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt, read_attempt
from neurosym.judgment.budget import NOTHING_SPENT, Spent
from neurosym.values.canonical import Digest
from neurosym.values.temporal import Duration, Months, months_plus

DAY_LENGTH = len("2026-03-02")
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Remembered:
    """An attempt with the entry that holds it and the time at which it was logged."""

    seq: int
    time: str
    attempt: Attempt


class Past:
    """The attempts of a log from one time on. Each entry is read once; `refresh` reads what came since, from whatever
    process, so that budgets of a day hold for all who write to one log.
    """

    def __init__(self, log: LogReader, since: str, currency: str = "") -> None:
        """`since` is a time as `Stamp` has it; what was paid in another currency is not counted."""
        self._log = log
        self._currency = currency
        self._next = log.first_since(since)
        self._lock = Lock()
        self._spent: dict[str, Spent] = {}
        self._newest: dict[Digest, Remembered] = {}
        self._reviewed: dict[Digest, int] = {}  # the newest entry of a person's answer, by question

    def spent(self, day: str) -> Spent:
        """What was spent on a day, written 2026-03-02."""
        self.refresh()
        return self._spent.get(day, NOTHING_SPENT)

    def newest(self, request: Digest) -> Remembered | None:
        """The newest response to a request. None where there is none, or it was a failure, and of a model where a
        person has answered the question since: an audit that went against it must not be forgotten.
        """
        self.refresh()
        held = self._newest.get(request)
        if held is None or (
            held.attempt.kind is Kind.MODEL and self._reviewed.get(held.attempt.question, -1) > held.seq
        ):
            return None
        return held

    def refresh(self) -> None:
        """Read what was logged since."""
        with self._lock:
            for entry in self._log.entries(self._next):
                self._next = entry.seq + 1
                if entry.kind in (EntryKind.ANSWER, EntryKind.REVIEW):
                    self._note(entry, read_attempt(self._log.content(entry, ATTEMPT)))

    def _note(self, entry: Entry, attempt: Attempt) -> None:
        day = entry.stamp.time[:DAY_LENGTH]
        if attempt.reused_from is None:
            cost = attempt.cost or 0 if attempt.currency == self._currency else 0
            self._spent[day] = self._spent.get(day, NOTHING_SPENT).plus(cost, attempt.duration_ms or 0)
        if entry.kind is EntryKind.REVIEW:
            self._reviewed[attempt.question] = entry.seq
        if attempt.failure is None and attempt.reused_from is None:
            self._newest[attempt.request_id] = Remembered(entry.seq, entry.stamp.time, attempt)


def moment(time: str) -> datetime:
    """The moment that a stamp tells."""
    return datetime.fromisoformat(time).astimezone(UTC)


def beginning(now: str, periods: Iterable[Duration | Months]) -> str:
    """The time from which on attempts matter: today's, and those that may be used again."""
    present = moment(now)
    days = [1, *(_days(period) for period in periods)]
    first = present - timedelta(days=min(max(days), (present - EARLIEST).days))
    return first.strftime("%Y-%m-%dT00:00:00Z")


def _days(period: Duration | Months) -> int:
    """No fewer days than the period has."""
    return period.count * 31 + 1 if isinstance(period, Months) else int(period.seconds) // 86_400 + 2


def is_fresh(remembered: Remembered, now: str, period: Duration | Months) -> bool:
    """True while no more than the period has gone by since. An answer of the future is not used."""
    then, present = moment(remembered.time), moment(now)
    if isinstance(period, Months):
        last = months_plus(then.date(), period)
        return then <= present and present.date() <= last
    seconds = Fraction(period.seconds)
    gone = present - then
    return then <= present and Fraction(gone // timedelta(microseconds=1), 1_000_000) <= seconds
