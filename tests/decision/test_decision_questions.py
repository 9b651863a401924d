"""Which questions are asked, of whom, in which order, and what becomes of a decision when they stay open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from neurosym.audit.reader import LogReader
from neurosym.decision.decision import Decision
from neurosym.decision.replay import ReplayStatus
from neurosym.judgment.answer import AnswerValue, QuoteClaim
from neurosym.judgment.configuration import Configuration, PersonTier
from neurosym.judgment.judge import Judge
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.supplied import SuppliedAnswer
from neurosym.judgment.tier import Request
from neurosym.text.failure import InputError
from tests.audit.world import open_log
from tests.decision.case import (
    DAY,
    EMBARGO,
    HEAD,
    OPENING,
    PAYMENT,
    QUOTE,
    RULES,
    SAME,
    SCREEN,
    Told,
    engine_of,
    objects,
    person_judge,
    replayed,
    ruleset,
    screening,
    supplied,
    told_judge,
    world,
)
from tests.decision.tiers import Book, abstained, computed_says, raw_judge


def decided(told: Told, *entries: str, rules: str = RULES, **more: Sequence[Mapping[str, object]]) -> Decision:
    return engine_of(screening(rules=rules), None, told_judge(told)).decide(
        "screen", PAYMENT, facts=world(*entries, **more)
    )


def questions_of(decision: Decision) -> list[tuple[object, object]]:
    """The entry and the standing of each question shown."""
    return sorted(((each["args"].get("entry"), each["standing"]) for each in objects(decision.questions)), key=str)


# --- only what can change the outcome


def test_nobody_is_asked_when_the_outcome_is_certain() -> None:
    told = Told({"E1": "same"})
    party = {"id": "CUST-7", "name": "Ali Karimi", "country": "XE"}
    decision = decided(told, "E1", rules=RULES + EMBARGO, Party=[party])
    assert decision.outcome == "block"
    assert told.asked == []
    assert decision.questions == decision.answers == ()


def test_the_same_question_is_asked_where_it_can_change_the_outcome() -> None:
    told = Told({"E1": "same"})
    assert decided(told, "E1", rules=RULES + EMBARGO).outcome == "block"
    assert told.asked == ["E1"]


def test_a_question_about_somebody_else_is_not_asked() -> None:
    told = Told({})
    others = [{"id": "CUST-7", "name": "Ali Karimi"}, {"id": "CUST-8", "name": "Another"}]
    payments = [{"id": "PAY-9", "payer": "CUST-8", "booked_on": DAY}]
    decided(told, "E1", Party=others, Payment=payments)
    assert told.asked == ["E1"]  # of CUST-7 alone, whose payment this is


def test_a_question_for_a_lower_outcome_is_not_asked_once_a_higher_one_is_certain() -> None:
    rules = """
    judgment doubtful(customer: Party) returns yes or no
      ask    "Is there a doubt?"
      reads  customer.name
      route  local?

    rule hold_doubtful
      cite "x"
      for  p: Payment
      when doubtful(p.payer)
      then screen(payment: p) is "hold"
    """
    told = Told({})
    party = {"id": "CUST-7", "name": "Ali Karimi", "country": "XE"}
    engine = engine_of(screening(rules=rules + EMBARGO + RULES), None, told_judge(told))
    assert engine.decide("screen", PAYMENT, facts=world("E1", Party=[party])).outcome == "block"
    assert told.asked == []


def test_a_question_under_both_outcomes_is_asked_once() -> None:
    told = Told({"E1": "unclear"})
    assert decided(told, "E1", "E2").status.value == "undecided"  # both rules ask of both entries
    assert told.asked == ["E1", "E2"]


def test_a_question_that_a_certain_fact_makes_moot_is_not_asked() -> None:
    rules = RULES.replace(
        'when  same(p.payer, e) = "same"', 'when  e.id != "E1" and same(p.payer, e) = "same"'
    ).replace('when  same(p.payer, e) = "unclear"', 'when  e.id != "E1" and same(p.payer, e) = "unclear"')
    told = Told({"E2": "different"})
    assert decided(told, "E1", "E2", rules=rules).outcome == "release"
    assert told.asked == ["E2"]


# --- tiers and rounds


def routed(book: Book, *models: str, entries: Sequence[str] = ("E1", "E2"), rules: str = RULES) -> Decision:
    engine = engine_of(screening(clauses="accept uncalibrated", rules=rules), None, raw_judge(book.respond, *models))
    return engine.decide("screen", PAYMENT, facts=world(*entries))


def test_whoever_abstains_is_followed_by_the_next_tier() -> None:
    book = Book({("local", "E1"): "different", ("small", "E2"): "same"})
    decision = routed(book, "small")
    assert decision.outcome == "block"
    assert book.asked == [("local", "E1"), ("local", "E2"), ("small", "E2")]


def test_the_cheapest_tier_is_asked_everything_before_the_next_is_asked_anything() -> None:
    book = Book({("small", each): "different" for each in ("E1", "E2", "E3")})
    assert routed(book, "small", entries=("E1", "E2", "E3")).outcome == "release"
    assert book.asked == [(tier, each) for tier in ("local", "small") for each in ("E1", "E2", "E3")]


def test_questions_are_asked_in_the_order_of_their_keys() -> None:
    names = [f"E{number}" for number in range(1, 10)]
    for entries in (names, names[::-1]):
        book = Book({})
        routed(book, entries=entries)
        assert book.asked == [("local", name) for name in names]


def test_no_dearer_tier_is_asked_once_a_cheap_answer_has_settled_it() -> None:
    book = Book({("local", "E2"): "same"})
    assert routed(book, "small").outcome == "block"
    assert book.asked == [("local", "E1"), ("local", "E2")]


def test_a_route_is_followed_in_the_order_of_the_ruleset() -> None:
    book = Book({})
    routed(book, "small", "second", entries=["E1"])
    assert [tier for tier, _ in book.asked] == ["local", "second", "small"]


def test_an_answer_opens_new_questions() -> None:
    said: dict[tuple[str, str], AnswerValue] = {("small", "E1"): "different"}
    book = Book(said)

    def respond(tier: str, request: Request) -> bytes:
        if request.judgment.name == "severe":
            book.asked.append((tier, f"severe {request.question.args[0][1].key[0]}"))
            return computed_says(value=True)
        return book.respond(tier, request)

    rules = screening(clauses="accept uncalibrated", rules=OPENING)
    decision = engine_of(rules, None, raw_judge(respond, "small")).decide("screen", PAYMENT, facts=world("E1", "E2"))
    assert decision.outcome == "block"
    # The new question goes to the cheap tier first; nobody asks how severe E1 is, or whether the customer is E2.
    assert book.asked == [("local", "E1"), ("small", "E1"), ("local", "severe E2")]


def test_a_new_question_is_asked_cheaply_before_an_old_one_is_asked_dearly() -> None:
    asked: list[tuple[str, str]] = []

    def respond(tier: str, request: Request) -> bytes:
        name = f"{request.judgment.name} {request.question.args[-1][1].key[0]}"
        asked.append((tier, name))
        return computed_says("different", QUOTE) if (tier, name) == ("local", "same E1") else abstained()

    rules = screening(clauses="accept uncalibrated", rules=OPENING + RULES)
    engine_of(rules, None, raw_judge(respond, "small")).decide("screen", PAYMENT, facts=world("E1", "E2"))
    assert asked[:3] == [("local", "same E1"), ("local", "same E2"), ("local", "severe E2")]
    assert sorted(asked[3:]) == [("small", "same E2"), ("small", "severe E2")]


def test_a_tier_that_may_not_see_a_field_is_passed_over_and_the_decision_says_so(tmp_path: Path) -> None:
    book = Book({})
    with open_log(tmp_path / "decisions.db") as log:
        engine = engine_of(screening(), log, raw_judge(book.respond, "small", may_see=("internal",)))
        assert [found.code for found in engine.warnings] == ["NS607"]
        decision = engine.decide("screen", PAYMENT, facts=world("E1"))
        assert [tier for tier, _ in book.asked] == ["local"]
        assert tried(decision)[-1] == {
            "tier": "small",
            "reason": "it may not see customer.name (public), entry.name (public), entry.remarks (public)",
        }
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]


def tried(decision: Decision) -> list[object]:
    (question,) = objects(decision.questions)
    assert isinstance(question["tried"], list)
    return list(question["tried"])


def test_a_route_that_names_no_tier_is_refused_at_the_start() -> None:
    rules = ruleset(HEAD + SCREEN.format(clauses="") + SAME.format(clauses="").replace("local?", "lcoal") + RULES)
    with pytest.raises(InputError) as refused:
        engine_of(rules, None, told_judge(Told({})))
    assert [found.code for found in refused.value.diagnostics] == ["NS606"]


# --- what stays open


def test_an_exhausted_question_leaves_it_undecided_with_what_is_missing() -> None:
    book = Book({})
    decision = routed(book, "small", entries=["E1"])
    assert (decision.status.value, decision.outcome, decision.act_on) == ("undecided", None, "hold")
    assert decision.possible == ("block", "hold", "release")
    assert questions_of(decision) == [("E1", "exhausted")]
    assert tried(decision) == [
        {"tier": "local", "reason": "cannot tell"},
        {"tier": "small", "reason": "says that it cannot tell"},
    ]


def test_without_anybody_to_ask_a_question_stays_open() -> None:
    for judge in (None, Judge(Configuration())):
        decision = engine_of(screening(), None, judge).decide("screen", PAYMENT, facts=world("E1"))
        assert decision.status.value == "undecided"
        assert questions_of(decision) == [("E1", "open")]
        assert tried(decision) == []


def test_a_question_that_waits_for_a_person_says_so(tmp_path: Path) -> None:
    decision = engine_of(screening(), None, person_judge(tmp_path)).decide("screen", PAYMENT, facts=world("E1"))
    assert (decision.status.value, decision.act_on) == ("undecided", "hold")
    assert questions_of(decision) == [("E1", "waiting")]
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        (item,) = queue.open_items()
    assert item.decisions == (decision.id,)
    assert [each["id"] for each in objects(decision.questions)] == [item.question]


def test_the_person_sees_what_the_tiers_before_said(tmp_path: Path) -> None:
    judge = told_judge(Told({}), PersonTier("person", "reviews.db"), folder=tmp_path)
    engine_of(screening(), None, judge).decide("screen", PAYMENT, facts=world("E1"))
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        (item,) = queue.open_items()
    assert [(each.tier, each.said, each.reason) for each in item.earlier] == [("local", None, "cannot tell")]


def test_an_open_question_beside_a_certain_outcome_keeps_that_as_the_floor() -> None:
    rules = RULES + EMBARGO.replace('is "block"', 'is "hold"')
    party = {"id": "CUST-7", "name": "Ali Karimi", "country": "XE"}
    decision = decided(Told({}), "E1", rules=rules, Party=[party])
    assert decision.possible == ("block", "hold")
    assert decision.act_on == "hold"


def test_a_missing_value_is_listed_and_not_asked() -> None:
    told = Told({"E1": "different"})
    decision = decided(told, "E1", rules=RULES + EMBARGO, Party=[{"id": "CUST-7", "name": "Ali Karimi"}])
    assert decision.status.value == "undecided"
    assert decision.json["missing"] == [
        {"kind": "missing value", "of": {"reference": ["Party", "CUST-7"]}, "field": "country"}
    ]
    assert decision.questions == ()


def test_a_type_that_nobody_supplied_is_missing() -> None:
    facts = {name: rows for name, rows in world().items() if name != "Entry"}
    decision = engine_of(screening(), None, told_judge(Told({}))).decide("screen", PAYMENT, facts=facts)
    assert decision.status.value == "undecided"
    assert decision.json["missing"] == [{"kind": "missing type", "type": "Entry"}]


def test_a_missing_value_that_cannot_change_the_outcome_is_not_listed() -> None:
    decision = decided(Told({"E1": "same"}), "E1", rules=RULES + EMBARGO, Party=[{"id": "CUST-7", "name": "Ali"}])
    assert decision.outcome == "block"
    assert decision.missing == ()


# --- answers that come with the request


def with_answers(*given: SuppliedAnswer, told: Told | None = None, entries: Sequence[str] = ("E1",)) -> Decision:
    engine = engine_of(screening(), None, told_judge(told) if told else None)
    return engine.decide("screen", PAYMENT, facts=world(*entries), answers=given)


def test_a_supplied_answer_is_taken_before_any_tier() -> None:
    told = Told({"E1": "different"})
    decision = with_answers(supplied("same", quotes=[QUOTE]), told=told)
    assert decision.outcome == "block"
    assert told.asked == []
    (answer,) = objects(decision.json["answers"])
    assert answer == {
        "judgment": "same",
        "args": {"customer": "CUST-7", "entry": "E1"},
        "answer": "same",
        "quotes": [{"field": "entry.remarks", "start": 0, "text": "Passport A1234567", "form": "as written"}],
        "tier": "supplied",
        "kind": "supplied",
        "by": ["ada"],
        "calibrated": False,
        "artefact": None,
        "reused_from": None,
        "uncalibrated": False,
    }


@pytest.mark.parametrize(
    ("quotes", "reason"),
    [
        ([], "the check `same needs a quote` does not hold"),
        ([QuoteClaim("entry.remarks", "no such words")], "quote 1 does not stand in `entry.remarks`"),
        ([QuoteClaim("entry.name", "LISTED")], "quote 1 names a field that is no evidence of this question"),
    ],
)
def test_a_supplied_answer_is_examined_like_any_other(quotes: list[QuoteClaim], reason: str) -> None:
    told = Told({})
    decision = with_answers(supplied("same", quotes=quotes), told=told)
    assert decision.status.value == "undecided"
    assert told.asked == ["E1"]  # the next tier is asked all the same
    assert tried(decision)[0] == {"tier": "supplied", "reason": reason}


def test_a_supplied_answer_needs_no_judge() -> None:
    assert with_answers(supplied("different")).outcome == "release"


@pytest.mark.parametrize("entry", ["E2", "E9"])
def test_a_supplied_answer_that_no_question_asks_for_is_refused(tmp_path: Path, entry: str) -> None:
    with open_log(tmp_path / "decisions.db") as log:
        engine = engine_of(screening(), log, told_judge(Told({"E1": "different"})))
        with pytest.raises(InputError) as refused:
            engine.decide("screen", PAYMENT, facts=world("E1"), answers=[supplied("same", entry)])
        assert [each.code for each in refused.value.diagnostics] == ["NS611"]
        assert refused.value.diagnostics[0].primary is not None
        assert str(refused.value.diagnostics[0].primary.place) == "answers: $[0]"
        assert list(log.decisions()) == []


def test_a_supplied_answer_where_nothing_is_open_is_refused() -> None:
    with pytest.raises(InputError, match="NS611"):
        with_answers(supplied("same"), entries=())


def test_every_unused_answer_is_named() -> None:
    with pytest.raises(InputError) as refused:
        with_answers(supplied("same", "E8"), supplied("different", place=1), supplied("same", "E9", place=2))
    places = [str(each.primary.place) for each in refused.value.diagnostics if each.primary]
    assert places == ["answers: $[0]", "answers: $[2]"]


# --- a question that is asked at two decisions


def test_each_decision_asks_for_itself(tmp_path: Path) -> None:
    told = Told({"E1": "different"})
    with open_log(tmp_path / "decisions.db") as log:
        engine = engine_of(screening(), log, told_judge(told))
        knowledge = engine.know(world("E1"))
        for _ in range(2):
            engine.decide("screen", PAYMENT, facts=knowledge)
        with LogReader.open(tmp_path / "decisions.db") as reader:
            effects = [entry.effects for entry in reader.decisions()]
    assert told.asked == ["E1", "E1"]
    assert len(set(effects)) == 2
