"""What an outcome demands of the answers it rests on, and how far a model is believed (judgments: Attack)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from neurosym.decision.decision import Decision
from neurosym.decision.replay import ReplayStatus
from neurosym.decision.review import answer_question
from neurosym.judgment.answer import AnswerValue
from neurosym.judgment.configuration import PersonTier
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.supplied import SuppliedAnswer
from tests.audit.world import open_log
from tests.decision.case import (
    EMBARGO,
    PAYMENT,
    QUOTE,
    RULES,
    Told,
    engine_of,
    objects,
    replayed,
    screening,
    supplied,
    told_judge,
    world,
)
from tests.decision.tiers import Book, raw_judge


def decided(
    needs: str,
    says: Mapping[tuple[str, str], AnswerValue],
    *entries: str,
    clauses: str = "accept uncalibrated",
    answers: tuple[SuppliedAnswer, ...] = (),
    country: str = "XA",
) -> Decision:
    rules = screening(needs, clauses, RULES + EMBARGO)
    party = [{"id": "CUST-7", "name": "Ali Karimi", "country": country}]
    judge = raw_judge(Book(says).respond, "small")
    return engine_of(rules, None, judge).decide("screen", PAYMENT, facts=world(*entries, Party=party), answers=answers)


def state(decision: Decision) -> tuple[str, str | None, str, tuple[str, ...]]:
    return decision.status.value, decision.outcome, decision.act_on, decision.possible


RELEASED = ("decided", "release", "release", ("release",))
BLOCKED = ("decided", "block", "block", ("block",))
OPEN = ("undecided", None, "hold", ("block", "hold", "release"))
LOCAL, SMALL = ("local", "E1"), ("small", "E1")


@pytest.mark.parametrize(
    ("needs", "tier", "answer", "expected"),
    [
        ("", LOCAL, "different", RELEASED),
        ('needs person for "release"', LOCAL, "different", OPEN),
        ('needs person for "release"', SMALL, "different", OPEN),
        ('needs person for "block"', LOCAL, "different", RELEASED),  # a need is that of one outcome
        ('needs person for "block"', LOCAL, "same", OPEN),
        ('needs calibrated for "release"', LOCAL, "different", RELEASED),  # our own rule can be read
        ('needs calibrated for "release"', SMALL, "different", OPEN),
        ('needs calibrated for "release"', SMALL, "same", BLOCKED),
        ('needs no judgment for "block"', LOCAL, "same", OPEN),
        ('needs no judgment for "block"', SMALL, "same", OPEN),
        ('needs no judgment for "block"', LOCAL, "different", RELEASED),
        ('needs calibrated for "release" needs no judgment for "block"', SMALL, "different", OPEN),
        ('needs calibrated for "release" needs no judgment for "block"', LOCAL, "same", OPEN),
        ('needs calibrated for "release" needs no judgment for "block"', LOCAL, "different", RELEASED),
    ],
)
def test_an_outcome_stands_only_on_answers_that_are_strong_enough(
    needs: str, tier: tuple[str, str], answer: str, expected: tuple[str, str | None, str, tuple[str, ...]]
) -> None:
    assert state(decided(needs, {tier: answer}, "E1")) == expected


@pytest.mark.parametrize(
    ("needs", "expected"),
    [('needs person for "release"', RELEASED), ('needs no judgment for "release"', OPEN)],
)
def test_a_supplied_answer_is_that_of_a_person(
    needs: str, expected: tuple[str, str | None, str, tuple[str, ...]]
) -> None:
    assert state(decided(needs, {}, "E1", answers=(supplied("different"),))) == expected


def test_every_answer_that_the_outcome_rests_on_counts() -> None:
    found = decided(
        'needs person for "release"', {("local", "E2"): "different"}, "E1", "E2", answers=(supplied("different"),)
    )
    assert state(found) == OPEN
    assert [each["args"] for each in objects(found.questions)] == [{"customer": "CUST-7", "entry": "E2"}]


def test_an_outcome_that_stands_without_the_weak_answer_stands() -> None:
    """One person says that the customer is listed; what a model says of another entry no longer matters."""
    says = {("small", "E2"): "unclear"}
    found = decided('needs person for "block"', says, "E1", "E2", answers=(supplied("same", quotes=[QUOTE]),))
    assert state(found) == BLOCKED


def test_an_outcome_that_rests_on_facts_alone_needs_no_judgment() -> None:
    assert state(decided('needs no judgment for "block"', {}, "E1", country="XE")) == BLOCKED


def test_what_was_taken_away_is_shown_as_question_and_as_answer() -> None:
    found = decided('needs person for "release"', {LOCAL: "different"}, "E1")
    (question,) = objects(found.questions)
    (answer,) = objects(found.answers)
    assert question["standing"] == "open"
    assert (answer["answer"], answer["kind"]) == ("different", "computed")
    assert found.reasons == ()


def test_reasons_and_codes_of_an_outcome_that_did_not_stand_are_gone(tmp_path: Path) -> None:
    rules = screening('needs no judgment for "block"', "accept uncalibrated")
    with open_log(tmp_path / "decisions.db") as log:
        judge = raw_judge(Book({LOCAL: "same"}).respond)
        found = engine_of(rules, log, judge).decide("screen", PAYMENT, facts=world("E1"))
        assert state(found) == OPEN
        assert found.reasons == ()
        assert log.decision(found.id).codes == ()
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]


def test_where_an_answer_is_too_weak_the_next_tier_is_asked(tmp_path: Path) -> None:
    judge = told_judge(Told({"E1": "different"}), PersonTier("person", "reviews.db"), folder=tmp_path)
    rules = screening('needs person for "release"')
    with open_log(tmp_path / "decisions.db") as log, ReviewQueue.open(tmp_path / "reviews.db") as queue:
        first = engine_of(rules, log, judge).decide("screen", PAYMENT, facts=world("E1"))
        assert [each["standing"] for each in objects(first.questions)] == ["waiting"]
        (item,) = queue.open_items()
        (second,) = answer_question(log, queue, item.question, "different", [], None, "ada")
        assert second.outcome == "release"
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL] * 2


# --- how far a model is believed


def test_a_model_is_recorded_and_not_believed_without_calibration() -> None:
    for value in ("same", "unclear", "different"):
        found = decided("", {SMALL: value}, "E1", clauses="")
        assert state(found) == OPEN
        assert found.answers == ()
        (question,) = found.questions
        assert isinstance(question, dict)
        assert question["standing"] == "exhausted"
        assert question["tried"] == [
            {"tier": "local", "reason": "cannot tell"},
            {"tier": "small", "reason": "no calibration for this judgment, prompt, model and tier"},
        ]


def test_a_decision_that_rests_on_an_uncalibrated_answer_says_so() -> None:
    found = decided("", {SMALL: "different"}, "E1")
    assert state(found) == RELEASED
    (answer,) = objects(found.json["answers"])
    assert answer["uncalibrated"] is True
    assert (answer["tier"], answer["kind"], answer["calibrated"]) == ("small", "model", False)


def test_an_answer_by_a_readable_rule_is_not_called_uncalibrated() -> None:
    (answer,) = decided("", {LOCAL: "different"}, "E1").answers
    assert isinstance(answer, dict)
    assert answer["uncalibrated"] is False
