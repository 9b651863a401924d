from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.judgment.answer import QuoteClaim
from neurosym.judgment.identity import question_id
from neurosym.judgment.review import Item, Review, Statement, is_settled, review_item
from neurosym.judgment.stores.sqlite_queue import ReviewQueue
from neurosym.judgment.tier import Request
from neurosym.text.codes import code_page
from neurosym.text.failure import InputError, ProviderError
from neurosym.values.unknown import ABSENT
from tests.judgment.case import JUDGMENT, question

REVIEW = Review("Ada", "same", (QuoteClaim("entry.remarks", "DOB 02 Mar 1971", None),), "the dates agree")


def item(remarks: str = "DOB 02 Mar 1971", decision: str = "D1", persons: int = 1) -> Item:
    judgment = replace(JUDGMENT, two_persons=persons == 2)
    asked = question(remarks=remarks, born=ABSENT)
    made = review_item("person", Request(judgment, asked, question_id(judgment, asked), decision))
    return replace(made, earlier=(Statement("small", "same", "no calibration"),))


def refused(error: pytest.ExceptionInfo[InputError], code: str) -> None:
    assert [found.code for found in error.value.diagnostics] == [code]
    assert code_page(code) is not None


def test_a_question_survives_the_process(tmp_path: Path) -> None:
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        queue.enqueue(item())
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        assert queue.open_items() == (item(),)
        assert queue.item(item().question) == item()
        assert dict(item().content)["entry.born"] == {"absent": True}


def test_an_answer_survives_the_process_and_closes_the_question(tmp_path: Path) -> None:
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        queue.enqueue(item())
        assert queue.answer(item().question, REVIEW) == (REVIEW,)
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        assert queue.open_items() == ()
        assert queue.reviews(item().question) == (REVIEW,)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[ReviewQueue]:
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        yield queue


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
    with pytest.raises(InputError) as error:
        queue.answer(item().question, Review("Grace", "different"))
    refused(error, "NS621")
    changed = replace(REVIEW, value="unclear")
    assert queue.answer(item().question, changed) == (REVIEW, changed)


@pytest.mark.parametrize("review", [Review("Ada", "Same"), Review("Ada", True), Review(" ", "same")])
def test_an_answer_is_allowed_and_named(queue: ReviewQueue, review: Review) -> None:
    queue.enqueue(item())
    with pytest.raises(InputError) as error:
        queue.answer(item().question, review)
    refused(error, "NS622")
    assert queue.reviews(item().question) == ()


def test_a_person_may_say_that_it_cannot_be_told(queue: ReviewQueue) -> None:
    queue.enqueue(item())
    queue.answer(item().question, Review("Ada", None))
    assert queue.open_items() == ()


def test_a_question_that_is_not_there_is_refused(queue: ReviewQueue) -> None:
    for attempt in (queue.item, queue.reviews, lambda asked: queue.answer(asked, REVIEW)):
        with pytest.raises(InputError) as error:
            attempt("sha256:00")
        refused(error, "NS620")


def test_a_claim_keeps_others_away_until_it_is_undone(queue: ReviewQueue) -> None:
    queue.enqueue(item())
    assert queue.claim(item().question, "Ada").claimed_by == "Ada"
    for attempt in (
        lambda: queue.claim(item().question, "Grace"),
        lambda: queue.answer(item().question, Review("Grace", "same")),
    ):
        with pytest.raises(InputError) as error:
            attempt()
        refused(error, "NS621")
    assert queue.claim(item().question, None).claimed_by is None
    queue.answer(item().question, Review("Grace", "same"))


def test_an_answer_ends_the_claim(queue: ReviewQueue) -> None:
    asked = item(persons=2)
    queue.enqueue(asked)
    queue.claim(asked.question, "Ada")
    queue.answer(asked.question, REVIEW)
    assert queue.item(asked.question).claimed_by is None


def test_the_queue_is_for_its_owner_alone(tmp_path: Path) -> None:
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        queue.enqueue(item())
        modes = [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()]
    assert modes
    assert set(modes) == {0o600}


def test_every_write_is_durable(tmp_path: Path) -> None:
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        connection = queue._connection
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.parametrize("content", [b"not a database, but long enough to be mistaken for one" * 20, b"x"])
def test_a_file_that_is_no_queue_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "reviews.db").write_bytes(content)
    with pytest.raises(ProviderError):
        ReviewQueue.open(tmp_path / "reviews.db")
    assert (tmp_path / "reviews.db").read_bytes() == content


def test_the_database_of_another_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entries (id INTEGER)")
    with pytest.raises(ProviderError, match="no review queue"):
        ReviewQueue.open(path)


def test_a_damaged_item_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    with ReviewQueue.open(path) as queue:
        queue.enqueue(item())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE item SET document = '{}'")
        connection.commit()
    with ReviewQueue.open(path) as queue, pytest.raises(ProviderError, match="damaged"):
        queue.open_items()


def enqueue_many(path: Path, decision: str, count: int) -> None:
    for number in range(count):
        with ReviewQueue.open(path) as queue:
            queue.enqueue(item(remarks=f"remarks {number}", decision=decision))


def test_several_processes_share_a_queue(tmp_path: Path) -> None:
    path, count = tmp_path / "reviews.db", 20
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=enqueue_many, args=(path, f"D{number}", count)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * len(workers)
    with ReviewQueue.open(path) as queue:
        items = queue.open_items()
    assert len(items) == count
    assert all(sorted(each.decisions) == ["D0", "D1", "D2"] for each in items)
    for worker in workers:
        worker.close()
