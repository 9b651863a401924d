"""Who works on a question: claims that lapse, assignments, deadlines, and what is remembered of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from neurosym.judgment.queue.event import Event, EventKind
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.queue.rows import Selection
from neurosym.judgment.review import Review
from neurosym.values.temporal import Duration, Months
from tests.clock import HandClock
from tests.judgment.review_case import REVIEW, item, refusal

ASKED = item().question
HOUR = Duration(3600)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def queue(queue_address: str, clock: HandClock) -> Iterator[ReviewQueue]:
    with ReviewQueue.open(queue_address, clock) as queue:
        yield queue


def happened(queue: ReviewQueue) -> list[tuple[str, str, str | None, str | None]]:
    """The history, with times as hours and minutes."""
    return [(each.time[11:16], each.kind.value, each.name, each.about) for each in queue.history(ASKED)]


# --- claims


def test_a_claim_keeps_others_away_until_it_is_undone(queue: ReviewQueue) -> None:
    queue.enqueue(item())
    claimed = queue.claim(ASKED, "Ada")
    assert (claimed.claimed_by, claimed.claimed_until) == ("Ada", "2026-03-02T09:30:00.000000Z")
    assert queue.item(ASKED) == claimed
    for refused in (
        lambda: queue.claim(ASKED, "Grace"),
        lambda: queue.release(ASKED, "Grace"),
        lambda: queue.answer(ASKED, Review("Grace", "same")),
        lambda: queue.hold(ASKED, Review("Grace", "same")),
        lambda: queue.assign(ASKED, "Grace", "Kim"),
    ):
        with refusal("NS621"):
            refused()
    assert queue.release(ASKED, " ADA").claimed_by is None
    assert queue.answer(ASKED, Review("Grace", "same"))


def test_a_claim_lapses(queue: ReviewQueue, clock: HandClock) -> None:
    queue.enqueue(replace(item(), claim_minutes=10))
    queue.claim(ASKED, "Ada")
    clock.forward(9)
    with refusal("NS621"):
        queue.claim(ASKED, "Grace")
    clock.forward(1)
    assert queue.item(ASKED).claimed_by is None
    assert happened(queue)[-1] == ("09:10", "lapsed", "Ada", None)
    clock.forward(5)
    assert queue.claim(ASKED, "Grace").claimed_by == "Grace"
    assert happened(queue) == [
        ("09:00", "asked", None, "D1"),
        ("09:00", "claimed", "Ada", "2026-03-02T09:10:00.000000Z"),
        ("09:10", "lapsed", "Ada", None),
        ("09:15", "claimed", "Grace", "2026-03-02T09:25:00.000000Z"),
    ]
    with refusal("NS621"):
        queue.answer(ASKED, REVIEW)


def test_who_claims_again_has_more_time(queue: ReviewQueue, clock: HandClock) -> None:
    queue.enqueue(item())
    queue.claim(ASKED, "Ada")
    clock.forward(29)
    assert queue.claim(ASKED, "ada").claimed_until == "2026-03-02T09:59:00.000000Z"


def test_an_answer_ends_claim_and_assignment(queue: ReviewQueue) -> None:
    queue.enqueue(item(persons=2))
    asked = item(persons=2).question
    queue.assign(asked, "Ada", "Kim")
    queue.claim(asked, "Ada")
    queue.answer(asked, REVIEW)
    found = queue.item(asked)
    assert (found.claimed_by, found.assigned_to, found.assigned_by) == (None, None, None)


def test_what_is_held_is_answered_by_nobody_else(queue: ReviewQueue) -> None:
    queue.enqueue(item(persons=2))
    asked = item(persons=2).question
    assert queue.hold(asked, REVIEW) == ()
    with refusal("NS621"):
        queue.hold(asked, Review("Grace", "same"))
    assert queue.answer(asked, REVIEW) == (REVIEW,)
    assert queue.hold(asked, Review("Grace", "same")) == (REVIEW,)


def test_nothing_is_given_back_that_nobody_has(queue: ReviewQueue) -> None:
    queue.enqueue(item())
    with refusal("NS626"):
        queue.release(ASKED, "Ada")
    with refusal("NS626"):
        queue.assign(ASKED, None, "Ada")


def test_a_settled_question_is_not_claimed(queue: ReviewQueue) -> None:
    queue.enqueue(item())
    queue.answer(ASKED, REVIEW)
    for name in ("Ada", "Grace"):
        with refusal("NS621"):
            queue.claim(ASKED, name)


def test_one_person_does_not_claim_twice_what_two_are_wanted_for(queue: ReviewQueue) -> None:
    queue.enqueue(item(persons=2))
    asked = item(persons=2).question
    queue.answer(asked, REVIEW)
    with refusal("NS621"):
        queue.claim(asked, "ADA")
    assert queue.claim(asked, "Grace").claimed_by == "Grace"


# --- assignments


def test_only_the_assignee_may_answer(queue: ReviewQueue) -> None:
    queue.enqueue(item())
    given = queue.assign(ASKED, "Ada", "Kim")
    assert (given.assigned_to, given.assigned_by) == ("Ada", "Kim")
    for refused in (
        lambda: queue.claim(ASKED, "Grace"),
        lambda: queue.answer(ASKED, Review("Grace", "same")),
        lambda: queue.answer(ASKED, Review("Kim", "same")),
    ):
        with refusal("NS625"):
            refused()
    queue.assign(ASKED, "Grace", "Kim")
    queue.assign(ASKED, None, "Olga")
    queue.assign(ASKED, "ada", "Olga")
    queue.answer(ASKED, REVIEW)
    assert [event for event in happened(queue) if "assigned" in event[1]] == [
        ("09:00", "assigned", "Kim", "Ada"),
        ("09:00", "assigned", "Kim", "Grace"),
        ("09:00", "unassigned", "Olga", None),
        ("09:00", "assigned", "Olga", "ada"),
    ]


def test_the_second_look_is_not_assigned_to_the_first_person(queue: ReviewQueue) -> None:
    queue.enqueue(item(persons=2))
    asked = item(persons=2).question
    queue.answer(asked, REVIEW)
    with refusal("NS627"):
        queue.assign(asked, "ada", "Kim")
    assert queue.assign(asked, "Grace", "Kim").assigned_to == "Grace"


def test_a_new_round_is_for_everybody(queue: ReviewQueue) -> None:
    queue.enqueue(item(), HOUR)
    queue.answer(ASKED, REVIEW)
    queue.assign(ASKED, "Ada", "Kim")  # who answered may be asked to think again
    queue.enqueue(item(decision="D2"))
    found = queue.item(ASKED)
    assert (found.assigned_to, found.claimed_by, found.due) == (None, None, None)


# --- deadlines


def test_what_is_due_first_comes_first(queue: ReviewQueue, clock: HandClock) -> None:
    late, soon, whenever = (item(remarks=text) for text in ("late", "soon", "whenever"))
    queue.enqueue(whenever)
    queue.enqueue(late, Months(1))
    queue.enqueue(soon, HOUR)
    assert [each.question for each in queue.open_items()] == [each.question for each in (soon, late, whenever)]
    assert [each.due for each in queue.open_items()] == [
        "2026-03-02T10:00:00.000000Z",
        "2026-04-02T09:00:00.000000Z",
        None,
    ]
    assert queue.open_items(Selection(overdue=True)) == ()
    clock.forward(61)
    assert [each.question for each in queue.open_items(Selection(overdue=True))] == [soon.question]
    assert [each.is_overdue(clock.time) for each in queue.open_items()] == [True, False, False]


def test_an_overdue_question_can_be_answered(queue: ReviewQueue, clock: HandClock) -> None:
    queue.enqueue(item(), HOUR)
    clock.forward(600)
    assert queue.item(ASKED).is_overdue(clock.time)
    queue.answer(ASKED, REVIEW)
    assert queue.count_open(Selection(overdue=True)) == 0


def test_another_decision_does_not_put_off_a_deadline(queue: ReviewQueue, clock: HandClock) -> None:
    queue.enqueue(item(), HOUR)
    clock.forward(30)
    queue.enqueue(item(decision="D2"), HOUR)
    assert queue.item(ASKED).due == "2026-03-02T10:00:00.000000Z"
    queue.enqueue(item(decision="D3"), Duration(60))
    assert queue.item(ASKED).due == "2026-03-02T09:31:00.000000Z"


# --- lists


def test_everybody_finds_their_own(queue: ReviewQueue, clock: HandClock) -> None:
    claimed, assigned, free = (item(remarks=text) for text in ("claimed", "assigned", "free"))
    for each in (claimed, assigned, free):
        queue.enqueue(each)
    queue.claim(claimed.question, "Ada  Byron")
    queue.assign(assigned.question, "ada byron", "Kim")

    def listed(selection: Selection) -> list[str]:
        found = queue.open_items(selection)
        assert len(found) == queue.count_open(selection)
        return [dict(each.content)["entry.remarks"] for each in found]  # type: ignore[misc]

    assert listed(Selection(mine="ada byron")) == ["claimed", "assigned"]
    assert listed(Selection(mine="kim")) == []
    assert listed(Selection(unclaimed=True)) == ["assigned", "free"]
    assert listed(Selection(mine="ada byron", unclaimed=True)) == ["assigned"]
    clock.forward(30)
    assert listed(Selection(mine="ada byron")) == ["assigned"]
    assert listed(Selection(unclaimed=True)) == ["claimed", "assigned", "free"]


# --- history


def test_the_history_tells_everything_in_order(queue: ReviewQueue, clock: HandClock) -> None:
    queue.enqueue(item(persons=2))
    asked = item(persons=2).question
    queue.enqueue(item(persons=2, decision="D2"))
    clock.forward(1)
    queue.assign(asked, "Ada", "Kim")
    clock.forward(1)
    queue.claim(asked, "Ada")
    clock.forward(1)
    queue.release(asked, "Ada")
    clock.forward(1)
    queue.answer(asked, REVIEW)
    clock.forward(1)
    queue.answer(asked, Review("Grace", None))
    assert queue.history(asked) == (
        Event("2026-03-02T09:00:00.000000Z", EventKind.ASKED, None, "D1"),
        Event("2026-03-02T09:00:00.000000Z", EventKind.ASKED, None, "D2"),
        Event("2026-03-02T09:01:00.000000Z", EventKind.ASSIGNED, "Kim", "Ada"),
        Event("2026-03-02T09:02:00.000000Z", EventKind.CLAIMED, "Ada", "2026-03-02T09:32:00.000000Z"),
        Event("2026-03-02T09:03:00.000000Z", EventKind.RELEASED, "Ada"),
        Event("2026-03-02T09:04:00.000000Z", EventKind.ANSWERED, "Ada", '"same"'),
        Event("2026-03-02T09:05:00.000000Z", EventKind.ANSWERED, "Grace", "null"),
    )
    with refusal("NS620"):
        queue.history("sha256:00")
