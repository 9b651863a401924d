"""An accepted answer that persons look at once more: a label where they agree, a new decision where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.decision.decision import Decision
from neurosym.decision.engine import Engine
from neurosym.decision.recorder import ATTEMPT
from neurosym.decision.replay import ReplayStatus
from neurosym.decision.review import answer_question
from neurosym.judgment.attempt import read_attempt
from neurosym.judgment.configuration import PersonTier
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.review import Item, ItemKind
from neurosym.text.failure import InputError
from tests.audit.world import open_log, problems_of
from tests.decision.case import PAYMENT, REMARKS, engine_of, kinds, objects, person_judge, replayed, screening, world
from tests.decision.tiers import Book, raw_judge

SMALL = ("small", "E1")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(tmp_path / "decisions.db") as opened:
        yield opened


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[ReviewQueue]:
    with ReviewQueue.open(tmp_path / "reviews.db") as opened:
        yield opened


def decided(log: Log, clauses: str = "") -> Decision:
    """A decision that rests on what a model said."""
    judge = raw_judge(Book({SMALL: "different"}).respond, "small")
    return engine_of(screening(clauses=f"accept uncalibrated {clauses}"), log, judge).decide(
        "screen", PAYMENT, facts=world("E1")
    )


def audited(log: Log, queue: ReviewQueue, of: Decision, persons: int = 1) -> str:
    """The question that the decision's last answer was about, now before persons."""
    entry = log.decision(of.id)
    question = read_attempt(log.content(log.entry(entry.effects[-1]), ATTEMPT)).question
    answers = ("same", "different", "unclear")
    queue.enqueue(
        Item(question, "person", "same", "?", (), (), (), answers, persons, (), (of.id,), kind=ItemKind.AUDIT)
    )
    return question


def say(log: Log, queue: ReviewQueue, question: str, value: str, by: str = "ada") -> tuple[Decision, ...]:
    return answer_question(log, queue, question, value, [REMARKS], None, by)


def assert_all_replay(log: Log, path: Path) -> None:
    assert {each.status for each in replayed(log)} == {ReplayStatus.IDENTICAL}
    assert problems_of(path / "decisions.db") == []


def test_who_agrees_leaves_a_label_and_the_decision_stands(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    first = decided(log)
    question = audited(log, queue, first)
    assert say(log, queue, question, "different") == ()
    assert [entry.decision for entry in log.decisions()] == [first.id]
    (review,) = (entry for entry in log.entries() if entry.kind is EntryKind.REVIEW)
    assert (review.decision, review.actor, review.outcome) == (first.id, "ada (as claimed)", "accepted")
    ((item, said),) = queue.settled_items()
    assert (item.kind, item.question, [each.value for each in said]) == (ItemKind.AUDIT, question, ["different"])
    assert_all_replay(log, tmp_path)


def test_who_does_not_agree_has_it_decided_again(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    first = decided(log)
    assert first.outcome == "release"
    (second,) = say(log, queue, audited(log, queue, first), "same")
    assert second.outcome == "block"
    assert log.decision(second.id).previous == log.decision(first.id).seq
    (answer,) = objects(second.answers)
    assert (answer["answer"], answer["kind"], answer["by"]) == ("same", "person", ["ada"])
    assert_all_replay(log, tmp_path)


def test_only_an_answer_that_is_allowed_is_taken(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    question = audited(log, queue, decided(log))
    before = log.size()
    with pytest.raises(InputError, match="NS622"):
        say(log, queue, question, "perhaps")
    assert log.size() == before
    assert [item.question for item in queue.open_items()] == [question]
    assert_all_replay(log, tmp_path)


def test_two_persons_have_to_contradict_it(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    first = decided(log, clauses="two persons")
    question = audited(log, queue, first, persons=2)
    assert say(log, queue, question, "same") == ()
    assert kinds(log).count(EntryKind.DECISION) == 1
    (second,) = say(log, queue, question, "same", by="bob")
    assert second.outcome == "block"
    (answer,) = objects(second.answers)
    assert answer["by"] == ["ada", "bob"]
    assert_all_replay(log, tmp_path)


def test_who_thinks_again_is_heard(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    first = decided(log)
    question = audited(log, queue, first)
    assert say(log, queue, question, "different") == ()
    (second,) = say(log, queue, question, "same")
    assert (second.outcome, log.decision(second.id).previous) == ("block", log.decision(first.id).seq)
    assert_all_replay(log, tmp_path)


def test_one_question_may_be_open_for_one_decision_and_audited_for_another(
    log: Log, queue: ReviewQueue, tmp_path: Path
) -> None:
    """The same question, once answered by a model and once sent to persons."""
    first = decided(log)
    question = audited(log, queue, first)
    payment = {"payment": {**PAYMENT["payment"], "id": "PAY-2"}}
    engine = engine_of(screening(clauses="accept uncalibrated "), log, person_judge(tmp_path))
    waiting = engine.decide("screen", payment, facts=world("E1"))
    (item,) = queue.open_items()
    assert (item.question, item.kind, item.decisions) == (question, ItemKind.QUESTION, (first.id, waiting.id))
    again = say(log, queue, question, "same")
    assert [each.outcome for each in again] == ["block", "block"]
    assert [log.decision(each.id).previous for each in again] == [
        log.decision(each.id).seq for each in (first, waiting)
    ]
    assert_all_replay(log, tmp_path)


# --- which answers are looked at


def audited_by_itself(log: Log, folder: Path, percent: str, entries: int = 1) -> Decision:
    book = Book({("small", f"E{number}"): "different" for number in range(entries)})
    judge = raw_judge(book.respond, "small")
    tiers = (*judge.configuration.tiers, PersonTier("person", "reviews.db"))
    judge = replace(judge, configuration=replace(judge.configuration, tiers=tiers, folder=folder))
    rules = screening(clauses=f"accept uncalibrated audit {percent}%")
    names = [f"E{number}" for number in range(entries)]
    return engine_of(rules, log, judge).decide("screen", PAYMENT, facts=world(*names))


def test_every_accepted_answer_of_a_model_or_none_is_put_before_persons(
    log: Log, queue: ReviewQueue, tmp_path: Path
) -> None:
    assert audited_by_itself(log, tmp_path, "0").outcome == "release"
    assert queue.open_items() == ()
    made = audited_by_itself(log, tmp_path, "100")
    (item,) = queue.open_items()
    assert (item.kind, item.decisions, item.tier) == (ItemKind.AUDIT, (made.id,), "person")
    assert [(each.tier, each.said) for each in item.earlier] == [("small", "different")]
    assert say(log, queue, item.question, "different") == ()
    assert_all_replay(log, tmp_path)


def test_a_share_is_drawn_and_each_engine_draws_its_own(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    for _ in range(2):
        assert audited_by_itself(log, tmp_path, "25", entries=40).outcome == "release"
    drawn = [item.question for item in queue.open_items()]
    assert 4 <= len(drawn) <= 36


def test_a_queue_that_cannot_be_written_to_leaves_a_trace_and_the_decision(log: Log, tmp_path: Path) -> None:
    made = audited_by_itself(log, tmp_path / "nowhere", "100")
    assert made.outcome == "release"
    (failure,) = (entry for entry in log.entries() if entry.kind is EntryKind.FAILURE)
    assert failure.decision == made.id
    assert (failure.outcome or "").startswith("an answer could not be audited: ")


def test_an_audit_needs_persons() -> None:
    judge = raw_judge(Book({}).respond, "small")
    (found,) = Engine(screening(clauses="accept uncalibrated audit 2%"), log=None, judge=judge).warnings
    assert found.code == "NS693"
