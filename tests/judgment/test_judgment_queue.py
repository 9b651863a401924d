"""What the review queue holds, and what it takes, in either database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.review import ItemKind, Review, is_settled, latest_reviews
from neurosym.values.canonical import Digest
from tests.judgment.review_case import REVIEW, item, refusal


@pytest.fixture
def queue(queue_address: str) -> Iterator[ReviewQueue]:
    with ReviewQueue.open(queue_address) as queue:
        yield queue


def test_a_question_survives_the_process(queue_address: str) -> None:
    with ReviewQueue.open(queue_address) as queue:
        queue.enqueue(item())
    with ReviewQueue.open(queue_address) as queue:
        assert queue.open_items() == (item(),)
        assert queue.item(item().question) == item()
        assert dict(item().content)["entry.born"] == {"absent": True}


def test_an_answer_survives_the_process_and_closes_the_question(queue_address: str) -> None:
    with ReviewQueue.open(queue_address) as queue:
        queue.enqueue(item())
        assert queue.answer(item().question, REVIEW) == (REVIEW,)
    with ReviewQueue.open(queue_address) as queue:
        assert queue.open_items() == ()
        assert queue.reviews(item().question) == (REVIEW,)


def test_the_same_question_twice_is_one_item(queue: ReviewQueue) -> None:
    queue.enqueue(item())
    queue.enqueue(item())
    queue.enqueue(item(decision="D2"))
    (found,) = queue.open_items()
    assert found.decisions == ("D1", "D2")


def test_questions_come_in_the_order_of_their_asking(queue: ReviewQueue) -> None:
    items = [item(remarks=f"remarks {number}") for number in range(5)]
    for each in items:
        queue.enqueue(each)
    assert queue.open_items() == tuple(items)


def test_a_settled_question_that_is_asked_again_is_open_again(queue: ReviewQueue) -> None:
    queue.enqueue(item())
    queue.answer(item().question, REVIEW)
    queue.enqueue(item())
    assert queue.open_items() == ()
    queue.enqueue(item(decision="D2"))
    (found,) = queue.open_items()
    assert found.decisions == ("D2",)
    assert queue.reviews(found.question) == ()


def test_two_persons_have_to_agree(queue: ReviewQueue) -> None:
    asked = item(persons=2)
    queue.enqueue(asked)
    queue.answer(asked.question, REVIEW)
    assert len(queue.open_items()) == 1
    queue.answer(asked.question, replace(REVIEW, by="ADA "))
    assert len(queue.open_items()) == 1
    queue.answer(asked.question, Review("Grace", "different"))
    assert len(queue.open_items()) == 1
    queue.answer(asked.question, Review("Grace", "same"))
    assert queue.open_items() == ()
    assert is_settled(queue.reviews(asked.question), asked.persons)


def test_nobody_answers_over_another(queue: ReviewQueue) -> None:
    queue.enqueue(item())
    queue.answer(item().question, REVIEW)
    with refusal("NS621"):
        queue.answer(item().question, Review("Grace", "different"))
    changed = replace(REVIEW, value="unclear")
    assert queue.answer(item().question, changed) == (REVIEW, changed)


@pytest.mark.parametrize("review", [Review("Ada", "Same"), Review("Ada", True), Review(" ", "same")])
def test_an_answer_is_allowed_and_named(queue: ReviewQueue, review: Review) -> None:
    queue.enqueue(item())
    with refusal("NS622"):
        queue.answer(item().question, review)
    assert queue.reviews(item().question) == ()


def test_a_person_may_say_that_it_cannot_be_told(queue: ReviewQueue) -> None:
    queue.enqueue(item())
    queue.answer(item().question, Review("Ada", None))
    assert queue.open_items() == ()


def test_a_question_that_is_not_there_is_refused(queue: ReviewQueue) -> None:
    for attempt in (queue.item, queue.reviews, lambda asked: queue.answer(asked, REVIEW)):
        with refusal("NS620"):
            attempt("sha256:00")


def test_the_same_answer_again_changes_nothing(queue: ReviewQueue) -> None:
    queue.enqueue(item())
    assert queue.answer(item().question, REVIEW) == queue.answer(item().question, REVIEW) == (REVIEW,)
    assert [event.kind.value for event in queue.history(item().question)] == ["asked", "answered"]


def test_answers_that_are_not_few_are_taken_as_json(queue: ReviewQueue) -> None:
    """Records and texts by grammar: the judgment, and not the queue, knows which are allowed."""
    queue.enqueue(replace(item(), answers=()))
    review = Review("Ada", {"offence": "fraud", "count": 2})
    assert queue.answer(item().question, review) == (review,)
    assert queue.open_items() == ()


def test_a_score_is_no_boolean_and_no_text(queue: ReviewQueue) -> None:
    queue.enqueue(replace(item(), answers=(0, 1, 2)))
    for value in (True, "1", 3):
        with refusal("NS622"):
            queue.answer(item().question, Review("Ada", value))
    assert queue.answer(item().question, Review("Ada", 1))[-1].value == 1


def test_settled_questions_can_be_had_as_labels(queue: ReviewQueue) -> None:
    for number in range(5):
        queue.enqueue(item(remarks=f"remarks {number}"))
    queue.enqueue(item(persons=2))
    for number in (0, 3):
        queue.answer(item(remarks=f"remarks {number}").question, REVIEW)
    for review in (replace(REVIEW, value="unclear"), REVIEW, replace(REVIEW, by="Grace")):
        queue.answer(item(persons=2).question, review)
    found = list(queue.settled_items())
    assert [each.question for each, _ in found] == [
        *(item(remarks=f"remarks {number}").question for number in (0, 3)),
        item(persons=2).question,
    ]
    assert [len(said) for _, said in found] == [1, 1, 2]
    assert {review.value for _, said in found for review in said} == {"same"}
    assert all(said == latest_reviews(said) for _, said in found)


def test_an_audit_is_a_question_until_a_decision_waits_for_it(queue: ReviewQueue) -> None:
    queue.enqueue(replace(item(), kind=ItemKind.AUDIT))
    assert queue.item(item().question).kind is ItemKind.AUDIT
    queue.enqueue(item(decision="D2"))
    assert queue.item(item().question).kind is ItemKind.QUESTION
    queue.enqueue(replace(item(decision="D3"), kind=ItemKind.AUDIT))
    assert queue.item(item().question).kind is ItemKind.QUESTION
    queue.answer(item().question, REVIEW)
    queue.enqueue(replace(item(decision="D4"), kind=ItemKind.AUDIT))
    assert queue.item(item().question).kind is ItemKind.AUDIT


def test_a_list_is_read_page_by_page(queue: ReviewQueue) -> None:
    items = [item(remarks=f"remarks {number}") for number in range(7)]
    for each in items:
        queue.enqueue(each)
    first = queue.page(count=3)
    second = queue.page(after=first[-1].question, count=3)
    third = queue.page(after=second[-1].question, count=3)
    assert [*first, *second, *third] == items
    assert queue.page(after=third[-1].question, count=3) == ()
    assert queue.count_open() == 7
    with refusal("NS620"):
        queue.page(after="sha256:00")


def test_questions_are_found_by_the_beginning_of_their_ids(queue: ReviewQueue) -> None:
    asked = [replace(item(), question=Digest(f"sha256:{start.ljust(64, '0')}")) for start in ("aaaa", "aabb", "ffff")]
    for each in asked:
        queue.enqueue(each)
    first, second, third = (each.question for each in asked)
    assert queue.beginning("sha256:aa", 4) == (first, second)
    assert queue.beginning("sha256:aa", 1) == (first,)
    assert queue.beginning("sha256:f", 4) == (third,)
    assert queue.beginning("sha256:b", 4) == ()
    queue.answer(first, REVIEW)
    assert queue.beginning("sha256:aa", 4) == (second,)
    assert queue.beginning("sha256:aaa", 4) == (first,)


@pytest.mark.parametrize("name", ["", "  ", "Ada\n", "Ada\u202e", "Ada\0", "\ud800"])
def test_a_name_is_one_that_people_can_read(queue: ReviewQueue, name: str) -> None:
    queue.enqueue(item())
    for refused in (
        lambda: queue.claim(item().question, name),
        lambda: queue.release(item().question, name),
        lambda: queue.assign(item().question, "Kim", name),
        lambda: queue.assign(item().question, name, "Kim"),
        lambda: queue.answer(item().question, replace(REVIEW, by=name)),
    ):
        with refusal("NS622"):
            refused()
