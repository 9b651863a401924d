"""The questions that wait for persons, in whatever database: a cache of open questions; the truth is the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from neurosym.judgment.document import same_name
from neurosym.judgment.queue.event import Event, EventKind
from neurosym.judgment.queue.permission import (
    check_assignment,
    check_claim,
    check_release,
    check_review,
    refused,
)
from neurosym.judgment.queue.rows import ALL_OPEN, ItemRow, QueueRows, Selection
from neurosym.judgment.queue.store import QueueStore
from neurosym.judgment.queue.term import NEVER, minutes_after, time_after
from neurosym.judgment.review import Item, ItemKind, Review, is_settled, latest_reviews
from neurosym.judgment.review_document import item_text, read_item, value_text
from neurosym.judgment.stores.opening import open_store
from neurosym.values.clock import Clock, SystemClock
from neurosym.values.temporal import Duration, Months

SYSTEM_CLOCK = SystemClock()
PAGE = 100
START = ("", -1)  # before the first place


@dataclass(frozen=True, slots=True)
class _Standing:
    """A question at one moment of a transaction."""

    row: ItemRow
    item: Item
    said: tuple[Review, ...]  # in this round


class ReviewQueue:
    """The questions that wait for persons. Every method is one durable transaction.

    ProviderError when the database cannot be used. Names are as claimed: the queue does not know who somebody is.
    """

    def __init__(self, store: QueueStore, clock: Clock = SYSTEM_CLOCK) -> None:
        self._store = store
        self._clock = clock

    @classmethod
    def open(cls, address: str | Path, clock: Clock = SYSTEM_CLOCK, *, make: bool = True) -> Self:
        """The queue in a file or at a `postgresql://` address. Where there is none, it is made, or refused with
        `make=False`. InputError NS628 for an address with a password in it.
        """
        return cls(open_store(str(address), clock.stamp().time, make=make), clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def address(self) -> str:
        """Where the queue lies: an absolute path, or an address without a password."""
        return self._store.address

    def close(self) -> None:
        """Give the database back."""
        self._store.close()

    def time(self) -> str:
        """The present moment, as the times of the queue are written."""
        return self._clock.stamp().time

    # --- asking

    def enqueue(self, item: Item, deadline: Duration | Months | None = None) -> None:
        """Put a question before the persons. The same question for the same decision again changes nothing.

        The deadline begins now; a question that is open already keeps the earlier one.
        """
        now = self.time()
        due = NEVER if deadline is None else time_after(now, deadline)
        with self._store.writing() as rows:
            is_new = rows.add_item(item.question, item.kind, item.tier, item_text(item))
            standing = self._locked(rows, item.question, now)
            news = [each for each in item.decisions if not rows.is_waiting(item.question, each)]
            row = _asked_again(standing, item, due) if news or is_new else standing.row
            rows.put_item(row)
            for decision in news:
                rows.add_waiting(item.question, decision, row.round)
                rows.add_event(item.question, row.round, Event(now, EventKind.ASKED, None, decision))

    # --- reading

    def page(self, selection: Selection = ALL_OPEN, after: str | None = None, count: int = PAGE) -> tuple[Item, ...]:
        """At most so many open questions behind one of them: those with the earliest deadline first, then the oldest.

        InputError NS620 when there is no question `after`.
        """
        now = self.time()
        with self._store.reading() as rows:
            start = START if after is None else _place(_found(rows.item(after), after))
            return tuple(_item(rows, row, now) for row in rows.open_items(selection, now, start, count))

    def open_items(self, selection: Selection = ALL_OPEN) -> tuple[Item, ...]:
        """All open questions, in the order of `page`."""
        items: list[Item] = []
        while found := self.page(selection, items[-1].question if items else None):
            items += found
        return tuple(items)

    def count_open(self, selection: Selection = ALL_OPEN) -> int:
        """How many questions are open."""
        with self._store.reading() as rows:
            return rows.count_open(selection, self.time())

    def settled_items(self) -> Iterator[tuple[Item, tuple[Review, ...]]]:
        """The settled questions in the order of their asking, each with the reviews that settled it: what can be used
        as labels.
        """
        after = 0
        while True:
            with self._store.reading() as rows:
                page = rows.settled_items(after, PAGE)
                found = [(_item(rows, row, self.time()), rows.reviews(row.question, row.round)) for row in page]
            if not page:
                return
            after = page[-1].number
            yield from ((item, latest_reviews(said)) for item, said in found)

    def beginning(self, prefix: str, count: int) -> tuple[str, ...]:
        """At most so many ids of questions that begin like this; settled ones only when no open one does."""
        with self._store.reading() as rows:
            found = rows.beginning(prefix, count)
        still_open = tuple(question for question, settled in found if not settled)
        return still_open or tuple(question for question, _ in found)

    def item(self, question: str) -> Item:
        """One question; InputError NS620 when the queue has no such question."""
        with self._store.reading() as rows:
            return _item(rows, _found(rows.item(question), question), self.time())

    def is_settled(self, question: str) -> bool:
        """True when enough persons have said the same; InputError NS620 as above."""
        with self._store.reading() as rows:
            return bool(_found(rows.item(question), question).settled)

    def reviews(self, question: str) -> tuple[Review, ...]:
        """What persons have said about the question in its current round, in order; InputError NS620 as above."""
        with self._store.reading() as rows:
            return rows.reviews(question, _found(rows.item(question), question).round)

    def history(self, question: str) -> tuple[Event, ...]:
        """Everything that happened to the question, in order; InputError NS620 as above."""
        with self._store.reading() as rows:
            row = _found(rows.item(question), question)
            lapse = _lapse(row, self.time())
            return (*rows.events(question), *([] if lapse is None else [lapse]))

    # --- working

    def claim(self, question: str, name: str) -> Item:
        """The item, now claimed by the person for as long as it says; again by the same person, from now on.

        InputError: NS620, NS621 another has it or has answered it, NS625 it is assigned to another.
        """
        now = self.time()
        with self._store.writing() as rows:
            standing = self._locked(rows, question, now)
            check_claim(standing.item, standing.said, name)
            return _item(rows, self._claimed(rows, standing, name, now), now)

    def release(self, question: str, name: str) -> Item:
        """The item, which the person has given back; InputError NS620, NS621 another has it, NS626 nobody has."""
        now = self.time()
        with self._store.writing() as rows:
            standing = self._locked(rows, question, now)
            check_release(standing.item, name)
            row = _unclaimed(standing.row)
            return self._done(rows, row, Event(now, EventKind.RELEASED, name))

    def assign(self, question: str, to: str | None, by: str) -> Item:
        """The item, which only that person may answer now; None lets everybody again.

        InputError: NS620, NS621 another has claimed it or answered it, NS626 there is no assignment to take back, NS627
        a second person is wanted, and this is the first.
        """
        now = self.time()
        with self._store.writing() as rows:
            standing = self._locked(rows, question, now)
            check_assignment(standing.item, standing.said, to, by)
            if to is None:
                return self._done(rows, _unassigned(standing.row), Event(now, EventKind.UNASSIGNED, by))
            row = replace(standing.row, assigned_to=to, assigned_key=same_name(to), assigned_by=by)
            return self._done(rows, row, Event(now, EventKind.ASSIGNED, by, to))

    def hold(self, question: str, review: Review) -> tuple[Review, ...]:
        """What was said in the round so far. The question is claimed for who gives the review, which `answer` would
        take: until then nobody else can answer. InputError as there.
        """
        now = self.time()
        with self._store.writing() as rows:
            standing = self._locked(rows, question, now)
            check_review(standing.item, standing.said, review)
            if review not in latest_reviews(standing.said):
                self._claimed(rows, standing, review.by, now)
            return standing.said

    def answer(self, question: str, review: Review) -> tuple[Review, ...]:
        """All reviews of the round with this one, which replaces what the same person said before. The same review
        again changes nothing.

        InputError: NS620 no such question, NS621 another person has answered or claimed it, NS622 a value that is not
        allowed or a review without a name, NS625 it is assigned to another.
        """
        now = self.time()
        with self._store.writing() as rows:
            standing = self._locked(rows, question, now)
            check_review(standing.item, standing.said, review)
            if review in latest_reviews(standing.said):
                return standing.said
            rows.add_review(question, standing.row.round, review)
            said = rows.reviews(question, standing.row.round)
            settled = int(is_settled(said, standing.item.persons))
            row = replace(_unassigned(_unclaimed(standing.row)), settled=settled)
            self._done(rows, row, Event(now, EventKind.ANSWERED, review.by, value_text(review.value)))
            return said

    # --- inside of a transaction

    def _locked(self, rows: QueueRows, question: str, now: str) -> _Standing:
        """The question as it stands, locked; a claim that ran out is undone, and that is noted."""
        row = _found(rows.locked_item(question), question)
        lapse = _lapse(row, now)
        if lapse is not None:
            row = _unclaimed(row)
            self._done(rows, row, lapse)
        return _Standing(row, _item(rows, row, now), rows.reviews(question, row.round))

    def _claimed(self, rows: QueueRows, standing: _Standing, name: str, now: str) -> ItemRow:
        until = minutes_after(now, standing.item.claim_minutes)
        row = replace(standing.row, claimed_by=name, claimed_key=same_name(name), claimed_until=until)
        self._done(rows, row, Event(now, EventKind.CLAIMED, name, until))
        return row

    def _done(self, rows: QueueRows, row: ItemRow, event: Event) -> Item:
        rows.put_item(row)
        rows.add_event(row.question, row.round, event)
        return _item(rows, row, event.time)


def _asked_again(standing: _Standing, item: Item, due: str) -> ItemRow:
    """The row once more decisions ask: a new round where it was settled. A decision that waits goes before an audit."""
    row = standing.row
    if row.settled:
        row = replace(
            _unassigned(_unclaimed(row)),
            round=row.round + 1,
            kind=item.kind.value,
            tier=item.tier,
            document=item_text(item),
            settled=0,
            due=NEVER,
        )
    kind = ItemKind.QUESTION.value if item.kind is ItemKind.QUESTION else row.kind
    return replace(row, kind=kind, due=min(row.due, due))


def _found(row: ItemRow | None, question: str) -> ItemRow:
    if row is None:
        raise refused("NS620", f"no question `{question}` in the queue", "`neurosym review list` shows them")
    return row


def _item(rows: QueueRows, row: ItemRow, now: str) -> Item:
    """The item of a row; a claim that ran out is none."""
    kept = row if _lapse(row, now) is None else _unclaimed(row)
    return replace(
        read_item(kept.question, kept.tier, kept.document),
        kind=ItemKind(kept.kind),
        decisions=rows.waiting(kept.question, kept.round),
        due=None if kept.due == NEVER else kept.due,
        assigned_to=kept.assigned_to,
        assigned_by=kept.assigned_by,
        claimed_by=kept.claimed_by,
        claimed_until=kept.claimed_until,
    )


def _lapse(row: ItemRow, now: str) -> Event | None:
    """What happened when the claim ran out, if it did."""
    if row.claimed_until is None or row.claimed_until > now:
        return None
    return Event(row.claimed_until, EventKind.LAPSED, row.claimed_by)


def _place(row: ItemRow) -> tuple[str, int]:
    return row.due, row.number


def _unclaimed(row: ItemRow) -> ItemRow:
    return replace(row, claimed_by=None, claimed_key=None, claimed_until=None)


def _unassigned(row: ItemRow) -> ItemRow:
    return replace(row, assigned_to=None, assigned_key=None, assigned_by=None)
