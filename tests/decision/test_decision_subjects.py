"""Whose keys what a decision leaves behind is encrypted under, and what erasing one of them takes away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erasure import erase_subject
from neurosym.audit.key_store import NOBODY
from neurosym.audit.log import Log
from neurosym.decision.data_subjects import DataSubjects
from neurosym.decision.intake import Document
from neurosym.decision.replay import Replayer, ReplayStatus
from neurosym.decision.review import answer_question
from neurosym.decision.ruleset import Ruleset
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.text.failure import ErasedError
from tests.audit.world import open_log, problems_of
from tests.decision.case import (
    HEAD,
    PAYMENT,
    REMARKS,
    RULES,
    SAME,
    SCREEN,
    Told,
    engine_of,
    person_judge,
    ruleset,
    told_judge,
    world,
)

ANN = "CUST-7"
OTHER = {"Party": [{"id": "CUST-8", "name": "Bo Lund", "country": "XB"}]}
OTHERS_PAYMENT = {"payment": {"id": "PAY-2", "payer": "CUST-8", "booked_on": "2026-03-02"}}


def personal(modified: str = "id:       text  key") -> Ruleset:
    """The screening ruleset in which customers are data subjects, by the first field or by another."""
    head = HEAD.replace(f"fact Party\n  {modified}", f"fact Party\n  {modified}  subject")
    assert "subject" in head
    return ruleset(head + SCREEN.format(clauses="") + SAME.format(clauses="") + RULES)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    with open_log(path) as found:
        yield found


def keys_of(entry: Entry) -> Mapping[str, str | None]:
    return {link.name: link.key for link in entry.payloads}


def key_of(log: Log, *names: str) -> str:
    return log.data_keys.key_of(frozenset(names)).id


def test_all_that_a_decision_leaves_behind_is_under_the_key_of_its_subject(log: Log) -> None:
    judge = told_judge(Told({"E1": "same"}))
    engine_of(personal(), log, judge).decide("screen", PAYMENT, facts=world("E1"))
    ruleset_entry, configuration, answer, decision = list(log.entries())[1:]
    assert answer.kind is EntryKind.ANSWER
    assert set(keys_of(answer).values()) == {key_of(log, ANN)}
    assert keys_of(decision) == dict.fromkeys(("case", "facts", "result", "proof"), key_of(log, ANN))
    assert set(keys_of(ruleset_entry).values()) == set(keys_of(configuration).values()) == {key_of(log)}


def test_what_is_known_of_nobody_is_under_the_key_of_the_house(log: Log) -> None:
    engine = engine_of(personal(), log)
    knowledge = engine.know([Document("entries.json", {"Entry": [], "Payment": []}), Document("c.json", OTHER)])
    entries = engine.know([Document("entries.json", {"Entry": [], "Payment": [], "Party": []})])
    engine.decide("screen", OTHERS_PAYMENT, facts=knowledge)
    engine.decide("screen", {"payment": {"id": "P", "payer": "CUST-9", "booked_on": "2026-03-02"}}, facts=entries)
    first, second = log.decisions()
    assert keys_of(first)["facts"] == key_of(log, "CUST-8")
    assert keys_of(second)["facts"] == key_of(log)
    assert keys_of(second)["case"] == key_of(log, "CUST-9")


def test_without_data_subjects_everything_is_under_the_key_of_the_house(log: Log) -> None:
    rules = ruleset(HEAD + SCREEN.format(clauses="") + SAME.format(clauses="") + RULES)
    engine_of(rules, log).decide("screen", PAYMENT, facts=world())
    assert {key for entry in log.entries() for key in keys_of(entry).values()} == {key_of(log)}


def test_a_subject_that_a_fact_names_by_another_field_than_its_key_is_found(log: Log) -> None:
    rules = personal("id:       text  key\n  name:     text  public")
    engine_of(rules, log).decide("screen", PAYMENT, facts=world())
    (decision,) = log.decisions()
    assert set(keys_of(decision).values()) == {key_of(log, "Ali Karimi")}


def test_a_decision_that_shows_the_data_of_two_is_under_the_key_of_both(log: Log) -> None:
    head = HEAD.replace('fact Entry "An entry of a list"\n  id:       text  key', "fact Entry\n  id: text key subject")
    rules = ruleset(
        head.replace("id:       text  key\n", "id: text key subject\n")
        + SCREEN.format(clauses="")
        + SAME.format(clauses="")
        + RULES
    )
    engine_of(rules, log, told_judge(Told({"E1": "same"}))).decide("screen", PAYMENT, facts=world("E1", "E2"))
    answers = [entry for entry in log.entries() if entry.kind is EntryKind.ANSWER]
    assert [set(keys_of(each).values()) for each in answers] == [{key_of(log, ANN, "E1")}, {key_of(log, ANN, "E2")}]
    (decision,) = log.decisions()
    assert keys_of(decision)["facts"] == key_of(log, ANN, "E1", "E2")
    assert keys_of(decision)["case"] == keys_of(decision)["proof"] == key_of(log, ANN, "E1", "E2")


def test_erasing_a_subject_leaves_the_decisions_about_others_as_they_are(path: Path, log: Log) -> None:
    engine = engine_of(personal(), log)
    engine.decide("screen", PAYMENT, facts=world())
    engine.decide("screen", OTHERS_PAYMENT, facts={**world(), **OTHER})
    erase_subject(log, ANN, "asked", "Kim")
    first, second = log.decisions()
    with pytest.raises(ErasedError, match="`case` was erased"):
        log.content(first, "case")
    assert Replayer(log).replay(second).status is ReplayStatus.IDENTICAL
    assert (first.outcome, first.kind) == ("release", EntryKind.DECISION)  # that it was made stays
    assert problems_of(path) == []


def test_facts_that_are_used_again_after_an_erasure_are_encrypted_anew(log: Log) -> None:
    engine = engine_of(personal(), log)
    knowledge = engine.know([Document("facts.json", world())])
    engine.decide("screen", PAYMENT, facts=knowledge)
    erase_subject(log, ANN, "asked", "Kim")
    engine.decide("screen", PAYMENT, facts=knowledge)
    first, second = log.decisions()
    assert first.payload_digest("facts") != second.payload_digest("facts")
    assert Replayer(log).replay(second).status is ReplayStatus.IDENTICAL


def test_what_a_person_answers_is_under_the_key_of_the_subject(log: Log, tmp_path: Path) -> None:
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        engine_of(personal(), log, person_judge(tmp_path)).decide("screen", PAYMENT, facts=world("E1"))
        (item,) = queue.open_items()
        answer_question(log, queue, item.question, "same", [REMARKS], None, "ada")
    (review,) = (entry for entry in log.entries() if entry.kind is EntryKind.REVIEW)
    assert set(keys_of(review).values()) == {key_of(log, ANN)}


def test_subjects_are_named_by_every_shape_that_a_field_may_have() -> None:
    rules = ruleset("""
ruleset shapes "Shapes"

fact Person
  first: text key subject
  year: number key

fact Household
  id: number key
  members: list of Person
  emails: list of text subject
""")
    found = DataSubjects(rules.program)
    people = [{"first": "Ann", "year": 1971}, {"first": "Bo", "year": 1980}]
    household = {"id": 1, "members": people, "emails": ["a@x", "b@x"]}
    assert found.of_documents([Document("facts", {"Household": [household]})]) == {"Ann", "Bo", "a@x", "b@x"}
    assert found.of_documents([Document("facts", {"Person": people, "incomplete": ["Household"]})]) == {"Ann", "Bo"}
    assert found.of_documents([Document("facts", {})]) == NOBODY
