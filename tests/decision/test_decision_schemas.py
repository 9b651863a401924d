"""The JSON schemas of what goes in and of what comes out, held against real input and real decisions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from neurosym.decision.decision import Decision
from neurosym.decision.engine import Engine
from neurosym.decision.ruleset import Ruleset, checked_ruleset, load
from neurosym.engine.second.box import Refusal
from neurosym.engine.second.opinion import Agrees, Incident, Opinion, Refused
from neurosym.engine.situation import Limits
from neurosym.text.failure import InputError
from neurosym.text.shipped import shipped_path
from neurosym.text.span import Source
from tests.decision.case import PAYMENT, Told, engine_of, person_judge, screening, supplied, told_judge, world
from tests.generation.facts import cases

DAY = "2026-03-01"
GIVEN = {"id": "P1", "payer": "C", "payee": "D", "amount": 10, "currency": "USD", "booked_on": DAY}


@pytest.fixture(scope="module")
def sanctions() -> Ruleset:
    return load(shipped_path("rulesets", "sanctions"))


def validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize(
    ("request_", "is_valid"),
    [
        ({"payment": GIVEN}, True),
        ({"payment": "P1"}, True),
        ({"payment": {**GIVEN, "amount": "10.50"}}, True),
        ({"payment": {**GIVEN, "amount": "10,50"}}, False),
        ({"payment": {**GIVEN, "amount": 10.5}}, False),
        ({"payment": {**GIVEN, "amount": -1}}, False),
        ({"payment": {**GIVEN, "currency": "CHF"}}, False),
        ({"payment": {**GIVEN, "booked_on": "tomorrow"}}, False),
        ({"payment": {**GIVEN, "more": 1}}, False),
        ({"payment": {name: value for name, value in GIVEN.items() if name != "payer"}}, False),
        ({"payment": GIVEN, "other": 1}, False),
        ({}, False),
        ([], False),
    ],
)
def test_the_schema_of_a_request_says_what_the_engine_says(
    sanctions: Ruleset, request_: Any, *, is_valid: bool
) -> None:
    assert validator(sanctions.input_schema("screen")).is_valid(request_) is is_valid
    known = {"Party": [], "Payment": [GIVEN] if request_ == {"payment": "P1"} else []}
    engine = engine_of(sanctions)
    if is_valid:
        assert engine.decide("screen", request_, facts=known).id
    else:
        with pytest.raises(InputError):
            engine.decide("screen", request_, facts=known)


@pytest.mark.parametrize(
    ("facts", "is_valid"),
    [
        ({}, True),
        ({"Party": [{"id": "A", "name": "A", "born": None}], "Licence": [], "incomplete": ["Revocation"]}, True),
        ({"Party": {"id": "A", "name": "A"}}, False),
        ({"Party": [{"id": "A"}]}, False),
        ({"Blocked": []}, False),
        ({"incomplete": ["Blocked"]}, False),
        ({"Paymet": []}, False),
    ],
)
def test_the_schema_of_facts_says_what_the_engine_says(sanctions: Ruleset, facts: Any, *, is_valid: bool) -> None:
    assert validator(sanctions.facts_schema()).is_valid(facts) is is_valid
    known = engine_of(sanctions).know(facts).standing(sanctions.program)
    assert any(each.is_error for each in known.problems) is not is_valid


def test_there_is_no_schema_of_an_unknown_decision(sanctions: Ruleset) -> None:
    with pytest.raises(InputError, match="NS513"):
        sanctions.input_schema("scren")


# --- decisions


def problems(decision: Decision) -> list[str]:
    document = json.loads(json.dumps(decision.json))
    return [f"{each.json_path}: {each.message}" for each in validator(Decision.json_schema()).iter_errors(document)]


def test_generated_decisions_are_valid() -> None:
    kinds = set()
    for seed, case in cases(24):
        ruleset = checked_ruleset([Source("generated.rules", case.rules)], ())
        engine = engine_of(ruleset, limits=Limits(combinations_max=64 if seed % 2 else 0))
        decision = engine.decide("screen", case.request, facts=case.facts)  # type: ignore[arg-type]
        assert problems(decision) == []
        kinds |= {decision.status.value, *(each["kind"] for each in json.loads(json.dumps(decision.json["missing"])))}
        kinds |= {
            name for name in ("reasons", "duties", "questions", "either_way", "not_proven") if decision.json[name]
        }
    assert kinds >= {"decided", "undecided", "missing value", "missing type", "reasons", "questions"}


def test_decisions_with_answers_are_valid(tmp_path: Path) -> None:
    told = engine_of(screening(), judge=told_judge(Told({"E1": "same"}))).decide("screen", PAYMENT, facts=world("E1"))
    by_hand = engine_of(screening()).decide(
        "screen", PAYMENT, facts=world("E1"), answers=[supplied("different", quotes=())]
    )
    asked = engine_of(screening(), judge=person_judge(tmp_path)).decide("screen", PAYMENT, facts=world("E1"))
    assert told.answers
    assert by_hand.answers
    assert asked.questions
    assert [problems(each) for each in (told, by_hand, asked)] == [[], [], []]


def test_decisions_with_duties_are_valid(sanctions: Ruleset) -> None:
    facts = {
        "Party": [{"id": "C", "name": "Holder"}, {"id": "D", "name": "Other"}],
        "Listing": [{"id": "L1", "name": "Nobody", "remarks": ""}],
        "Match": [{"party": "C", "entry": "L1"}],
        **{name: [] for name in ("Owns", "Licence", "Revocation")},
    }
    decision = engine_of(sanctions).decide("screen", {"payment": GIVEN}, facts=facts)
    assert decision.duties
    assert problems(decision) == []


@pytest.mark.parametrize(
    "change",
    [
        {"status": "maybe"},
        {"status": "undecided"},  # with an outcome
        {"outcome": None},
        {"proof": "sha256:1"},
        {"more": 1},
        {"on": "today"},
        {"missing": [{"kind": "missing type"}]},
        {"missing": [{"kind": "other"}]},
        {"digests": {}},
    ],
)
def test_what_is_no_decision_is_not_valid(sanctions: Ruleset, change: dict[str, Any]) -> None:
    decision = Engine(sanctions, log=None).decide(
        "screen",
        {"payment": GIVEN},
        facts={
            **{name: [] for name in ("Party", "Listing", "Match", "Owns", "Licence", "Revocation")},
            "Party": [{"id": "C", "name": "C", "country": "DE"}, {"id": "D", "name": "D", "country": "DE"}],
        },
    )
    assert problems(decision) == []
    assert decision.outcome is not None
    assert not validator(Decision.json_schema()).is_valid({**decision.json, **change})


@pytest.mark.parametrize("opinion", [Agrees(3), Refused((Refusal("too large"),)), Incident("the worker was killed")])
def test_decisions_with_a_second_opinion_are_valid(opinion: Opinion) -> None:
    decision = engine_of(screening()).decide("screen", PAYMENT, facts=world("E1"))
    assert problems(decision.with_opinion(opinion)) == []
    document = {**decision.json, "second_opinion": {"opinion": "perhaps"}}
    assert list(validator(Decision.json_schema()).iter_errors(document))
