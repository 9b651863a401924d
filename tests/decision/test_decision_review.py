"""What persons answer: logged first, then decided again, linked to the decision that waited."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.decision.decision import Decision
from neurosym.decision.engine import Engine
from neurosym.decision.recorder import ATTEMPT
from neurosym.decision.replay import ReplayStatus
from neurosym.decision.review import answer_question
from neurosym.decision.ruleset import Ruleset
from neurosym.judgment.attempt import read_attempt
from neurosym.judgment.configuration import PersonTier
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.review import Item
from neurosym.text.codes import code_page
from neurosym.text.failure import Failure, InputError, LogError, ReplayError
from tests.audit.world import open_log, problems_of
from tests.decision.case import (
    OPENING,
    PAYMENT,
    REMARKS,
    Told,
    engine_of,
    failing,
    kinds,
    objects,
    person_judge,
    replayed,
    screening,
    supplied,
    told_judge,
    world,
)

QUOTED = [REMARKS]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(tmp_path / "decisions.db") as opened:
        yield opened


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[ReviewQueue]:
    with ReviewQueue.open(tmp_path / "reviews.db") as opened:
        yield opened


def waiting_engine(log: Log, tmp_path: Path, rules: Ruleset | None = None) -> Engine:
    """An engine that sends every question to persons."""
    return engine_of(rules or screening(), log, person_judge(tmp_path))


def wait(log: Log, tmp_path: Path, *entries: str, rules: Ruleset | None = None) -> Decision:
    """A decision that waits for persons to speak about these entries."""
    return waiting_engine(log, tmp_path, rules).decide("screen", PAYMENT, facts=world(*entries))


def item_about(queue: ReviewQueue, entry: str) -> Item:
    """The open item about an entry."""
    (found,) = [item for item in queue.open_items() if dict(item.args)["entry"] == entry]
    return found


def say(
    log: Log, queue: ReviewQueue, item: Item, value: str, quotes: Sequence[str] = (), by: str = "ada"
) -> tuple[Decision, ...]:
    return answer_question(log, queue, item.question, value, quotes, None, by)


def assert_all_replay(log: Log, path: Path) -> None:
    assert {each.status for each in replayed(log)} == {ReplayStatus.IDENTICAL}
    assert problems_of(path / "decisions.db") == []


# --- an answer


def test_an_answer_leads_to_a_linked_successor(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    first = wait(log, tmp_path, "E1")
    (second,) = say(log, queue, item_about(queue, "E1"), "same", QUOTED)
    assert (second.status.value, second.outcome, second.logged) == ("decided", "block", True)
    assert second.id != first.id
    entry = log.decision(second.id)
    assert entry.previous == log.decision(first.id).seq
    assert log.decision(first.id).outcome == "undecided"  # the first decision stays
    assert queue.open_items() == ()
    assert_all_replay(log, tmp_path)


def test_the_review_is_logged_before_anything_is_decided_by_it(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    first = wait(log, tmp_path, "E1")
    (second,) = say(log, queue, item_about(queue, "E1"), "different")
    assert kinds(log)[-2:] == [EntryKind.REVIEW, EntryKind.DECISION]
    entry = log.decision(second.id)
    (review,) = (log.entry(seq) for seq in entry.effects)
    assert (review.kind, review.seq, review.decision) == (EntryKind.REVIEW, entry.seq - 1, first.id)
    assert review.actor == "ada (as claimed)"
    attempt = read_attempt(log.content(review, ATTEMPT))
    assert (attempt.tier, attempt.response) == (
        "person",
        b'{"reviews":[{"answer":"different","by":"ada","quotes":[],"reason":null}]}',
    )


def test_the_successor_names_the_person(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1")
    (second,) = say(log, queue, item_about(queue, "E1"), "same", QUOTED)
    (answer,) = objects(second.answers)
    assert (answer["kind"], answer["by"], answer["uncalibrated"]) == ("person", ["ada"], False)


def test_what_the_tiers_said_before_is_used_again_and_not_asked_again(
    log: Log, queue: ReviewQueue, tmp_path: Path
) -> None:
    told = Told({"E1": "different"})
    judge = told_judge(told, PersonTier("person", "reviews.db"), folder=tmp_path)
    first = engine_of(screening(), log, judge).decide("screen", PAYMENT, facts=world("E1", "E2"))
    asked = list(told.asked)
    (second,) = say(log, queue, item_about(queue, "E2"), "same", QUOTED)
    assert told.asked == asked
    before, after = (log.decision(each.id).effects for each in (first, second))
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert_all_replay(log, tmp_path)


def test_supplied_answers_are_used_again(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    engine = waiting_engine(log, tmp_path)
    engine.decide("screen", PAYMENT, facts=world("E1", "E2"), answers=[supplied("different", "E1")])
    (second,) = say(log, queue, item_about(queue, "E2"), "different")
    assert second.outcome == "release"
    assert_all_replay(log, tmp_path)


def test_a_pinned_day_stays_pinned(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    engine = waiting_engine(log, tmp_path)
    engine.decide("screen", PAYMENT, facts=world("E1"), on=date(2019, 1, 1))
    (second,) = say(log, queue, item_about(queue, "E1"), "different")
    assert second.on == date(2019, 1, 1)
    assert_all_replay(log, tmp_path)


def test_two_decisions_that_wait_for_one_answer_are_both_made_again(
    log: Log, queue: ReviewQueue, tmp_path: Path
) -> None:
    engine = waiting_engine(log, tmp_path)
    first = engine.decide("screen", PAYMENT, facts=world("E1"))
    payment = {"payment": {**PAYMENT["payment"], "id": "PAY-2"}}
    other = engine.decide("screen", payment, facts=world("E1"))
    again = say(log, queue, item_about(queue, "E1"), "same", QUOTED)
    assert [each.outcome for each in again] == ["block", "block"]
    assert [log.decision(each.id).previous for each in again] == [log.decision(each.id).seq for each in (first, other)]
    assert [each.json["subject"] for each in again] == [{"payment": "PAY-1"}, {"payment": "PAY-2"}]
    assert_all_replay(log, tmp_path)


def test_a_decision_that_waits_for_two_answers_is_made_again_after_each(
    log: Log, queue: ReviewQueue, tmp_path: Path
) -> None:
    first = wait(log, tmp_path, "E1", "E2")
    (second,) = say(log, queue, item_about(queue, "E1"), "different")
    assert second.status.value == "undecided"
    assert [each["standing"] for each in objects(second.questions)] == ["waiting"]
    (third,) = say(log, queue, item_about(queue, "E2"), "different", by="bob")
    assert (third.status.value, third.outcome) == ("decided", "release")
    links = [log.decision(each.id).previous for each in (first, second, third)]
    assert links == [None, log.decision(first.id).seq, log.decision(second.id).seq]
    assert_all_replay(log, tmp_path)


def test_the_queue_may_have_moved(log: Log, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1", "E2")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "reviews.db").rename(tmp_path / "elsewhere" / "moved.db")
    with ReviewQueue.open(tmp_path / "elsewhere" / "moved.db") as queue:
        (second,) = say(log, queue, item_about(queue, "E1"), "different")
        assert second.id in item_about(queue, "E2").decisions
    assert not (tmp_path / "reviews.db").exists()
    assert_all_replay(log, tmp_path)


def test_an_answer_that_opens_a_question_asks_it(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    rules = screening(rules=OPENING.replace("local?, small?", "person?"))
    wait(log, tmp_path, "E1", "E2", rules=rules)
    (item,) = queue.open_items()
    (second,) = say(log, queue, item, "different")
    assert second.status.value == "undecided"
    (opened,) = queue.open_items()
    assert (opened.judgment, opened.args, opened.decisions) == ("severe", (("entry", "E2"),), (second.id,))
    (third,) = say(log, queue, opened, "true")
    assert third.outcome == "block"
    assert_all_replay(log, tmp_path)


# --- two persons


def test_two_persons_have_to_say_the_same(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1", rules=screening(clauses="two persons"))
    item = item_about(queue, "E1")
    assert say(log, queue, item, "same", QUOTED) == ()
    assert [entry.outcome for entry in log.entries() if entry.kind is EntryKind.REVIEW] == ["withheld"]
    (second,) = say(log, queue, item, "same", QUOTED, by="bob")
    assert second.outcome == "block"
    (answer,) = objects(second.answers)
    assert answer["by"] == ["ada", "bob"]
    assert_all_replay(log, tmp_path)


@pytest.mark.parametrize("name", ["ada", "ADA", " Ada "])
def test_one_person_is_not_two(log: Log, queue: ReviewQueue, tmp_path: Path, name: str) -> None:
    wait(log, tmp_path, "E1", rules=screening(clauses="two persons"))
    item = item_about(queue, "E1")
    assert say(log, queue, item, "same", QUOTED) == ()
    assert say(log, queue, item, "same", QUOTED, by=name) == ()
    assert kinds(log).count(EntryKind.DECISION) == 1


def test_two_persons_who_disagree_settle_nothing(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1", rules=screening(clauses="two persons"))
    item = item_about(queue, "E1")
    assert say(log, queue, item, "same", QUOTED) == ()
    assert say(log, queue, item, "different", by="bob") == ()
    assert kinds(log).count(EntryKind.DECISION) == 1
    (second,) = say(log, queue, item, "same", QUOTED, by="bob")  # who may think again
    assert second.outcome == "block"
    assert_all_replay(log, tmp_path)


# --- what is refused


def refused_code(log: Log, queue: ReviewQueue, item: Item, value: str, quotes: Sequence[str] = ()) -> str:
    before = log.size()
    with pytest.raises(InputError) as refused:
        say(log, queue, item, value, quotes)
    assert log.size() == before
    assert queue.reviews(item.question) == ()
    (found,) = refused.value.diagnostics
    page = code_page(found.code)
    assert page is not None
    return f"{found.code}: {found.message}" + (f" ({found.help})" if found.help else "")


def test_a_value_that_the_question_does_not_take(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1")
    item = item_about(queue, "E1")
    assert refused_code(log, queue, item, "smae") == "NS622: `smae` is not an answer of `same` (did you mean `same`?)"
    found = refused_code(log, queue, item, "42")
    assert found == "NS622: `42` is not an answer of `same` (one of: same, different, unclear)"


def test_yes_or_no_is_answered_as_it_is_written_everywhere(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    rules = """
    judgment bad(customer: Party) returns yes or no
      ask "Is there bad news?"  reads customer.name  route person
    rule bad_news
      cite "x"  for p: Payment  when bad(p.payer)  then screen(payment: p) is "block"
    """
    wait(log, tmp_path, rules=screening(rules=rules))
    (item,) = queue.open_items()
    assert refused_code(log, queue, item, "yes") == "NS622: `yes` is not an answer of `bad` (one of: true, false)"
    (second,) = say(log, queue, item, "true")
    assert second.outcome == "block"


def test_a_quote_that_stands_nowhere(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1")
    found = refused_code(log, queue, item_about(queue, "E1"), "same", ["passport a1234567"])
    assert found.startswith('NS623: "passport a1234567" does not stand in `entry.remarks` (copy it from what ')


def test_a_quote_too_short_to_mean_anything(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1")
    found = refused_code(log, queue, item_about(queue, "E1"), "same", ["A1"])
    assert found == "NS624: the answer cannot be accepted: quote 1 is shorter than 3 characters"


def test_an_answer_that_a_check_rejects(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1")
    found = refused_code(log, queue, item_about(queue, "E1"), "same")
    assert found == "NS624: the answer cannot be accepted: the check `same needs a quote` does not hold"


def test_a_question_that_the_queue_does_not_have(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1")
    with pytest.raises(InputError, match="NS620"):
        answer_question(log, queue, "sha256:" + "0" * 64, "same", [], None, "ada")


def test_an_answer_without_a_name(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1")
    before = log.size()
    with pytest.raises(InputError, match="NS622"):
        say(log, queue, item_about(queue, "E1"), "different", by="  ")
    assert log.size() == before
    assert kinds(log).count(EntryKind.DECISION) == 1


def test_a_question_that_somebody_else_has_claimed(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1")
    item = item_about(queue, "E1")
    queue.claim(item.question, "bob")
    before = log.size()
    with pytest.raises(InputError, match="NS621"):
        say(log, queue, item, "different")
    assert kinds(log).count(EntryKind.DECISION) == 1
    assert log.size() == before  # a refused answer is no review


def test_a_second_answer_to_a_superseded_decision(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1")
    item = item_about(queue, "E1")
    say(log, queue, item, "different")
    before = log.size()
    for by in ("ada", "bob"):
        with pytest.raises((ReplayError, InputError)):
            say(log, queue, item, "same", QUOTED, by=by)
    assert log.size() == before


def test_a_queue_that_is_not_the_logs(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1")
    item = item_about(queue, "E1")
    with open_log(tmp_path / "other.db") as other:
        with pytest.raises(ReplayError, match="no decision in the log waits"):
            say(other, queue, item, "different")
        assert kinds(other) == []
    assert queue.reviews(item.question) == ()


def test_a_question_that_the_log_does_not_have(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    """Somebody put another question into the queue under the name of a decision of the log."""
    waiting = wait(log, tmp_path, "E1")
    (tmp_path / "other").mkdir()
    with open_log(tmp_path / "other" / "decisions.db") as other:
        wait(other, tmp_path / "other", "E2")
    with ReviewQueue.open(tmp_path / "other" / "reviews.db") as foreign:
        (item,) = foreign.open_items()
    queue.enqueue(replace(item, decisions=(waiting.id,)))
    before = log.size()
    with pytest.raises(ReplayError, match="the queue is not the log's"):
        say(log, queue, item, "different")
    assert log.size() == before


def test_what_the_queue_says_of_the_question_is_not_believed(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    """The queue is a cache: answers, checks and evidence come from the log."""
    wait(log, tmp_path, "E1")
    item = item_about(queue, "E1")
    with closing(sqlite3.connect(tmp_path / "reviews.db")) as connection, connection:
        connection.execute(
            "UPDATE item SET document = replace(replace(document, 'Passport A1234567', 'anything at all'),"
            " '\"different\"', '\"irrelevant\"')"
        )
    assert refused_code(log, queue, item, "irrelevant").startswith("NS622")
    assert refused_code(log, queue, item, "same", ["anything at all"]).startswith("NS623")


# --- when the world breaks


def test_an_answer_that_the_log_does_not_take_is_not_in_the_queue(log: Log, queue: ReviewQueue, tmp_path: Path) -> None:
    wait(log, tmp_path, "E1")
    item = item_about(queue, "E1")
    failing(log, 1, 1)
    with pytest.raises(LogError, match="the disk is full"):
        say(log, queue, item, "same", QUOTED)
    assert queue.reviews(item.question) == ()
    (second,) = say(log, queue, item, "same", QUOTED)
    assert second.outcome == "block"
    assert_all_replay(log, tmp_path)


def test_an_answer_whose_decision_could_not_be_logged_can_be_given_again(
    log: Log, queue: ReviewQueue, tmp_path: Path
) -> None:
    wait(log, tmp_path, "E1")
    item = item_about(queue, "E1")
    failing(log, 2, 2)
    with pytest.raises(LogError, match="the disk is full"):
        say(log, queue, item, "same", QUOTED)
    assert kinds(log).count(EntryKind.DECISION) == 1
    (second,) = say(log, queue, item, "same", QUOTED)
    assert second.outcome == "block"
    assert_all_replay(log, tmp_path)


@pytest.mark.parametrize("breaks", ["unused answer", "log"])
def test_a_decision_that_was_never_made_does_not_stand_in_the_way(
    log: Log, queue: ReviewQueue, tmp_path: Path, breaks: str
) -> None:
    """The question stood in the queue before the decision failed; a later decision waits for the same one."""
    engine = waiting_engine(log, tmp_path)
    if breaks == "log":
        failing(log, 3, 3)
    answers = [supplied("same", "E9")] if breaks == "unused answer" else []
    with pytest.raises((InputError, Failure)):
        engine.decide("screen", PAYMENT, facts=world("E1"), answers=answers)
    waiting = engine.decide("screen", PAYMENT, facts=world("E1"))
    (second,) = say(log, queue, item_about(queue, "E1"), "different")
    assert second.outcome == "release"
    assert log.decision(second.id).previous == log.decision(waiting.id).seq


def test_one_decision_that_cannot_be_made_again_does_not_stop_the_others(
    log: Log, queue: ReviewQueue, tmp_path: Path
) -> None:
    engine = waiting_engine(log, tmp_path)
    engine.decide("screen", PAYMENT, facts=world("E1"))
    payment = {"payment": {**PAYMENT["payment"], "id": "PAY-2"}}
    second = engine.decide("screen", payment, facts=world("E1"))
    item = item_about(queue, "E1")
    failing(log, 2, 2)  # the review is logged, the first successor is not
    with pytest.raises(LogError):
        say(log, queue, item, "different")
    again = say(log, queue, item, "different")
    assert len(again) == 2
    assert log.decision(again[1].id).previous == log.decision(second.id).seq
    assert_all_replay(log, tmp_path)
