"""The pydantic models of fact types: what they look like to those who use them."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import MISSING, BaseModel, TypeAdapter, ValidationError

from neurosym.decision.ruleset import Ruleset
from neurosym.text.failure import InputError
from neurosym.values.temporal import Duration, Months
from tests.decision.case import ruleset

RULES = """
ruleset trial

fact Party "A person or organisation"
  id:      text                              key
  born:    date or null                      optional
  score:   number [0..10]                    optional
  json:    text                              optional
  class:   text                              optional
  home:    record {city: text, zip: number}  optional
  wait:    duration                          optional
  term:    months                            optional
  tags:    list of text                      optional

fact Account
  bank:    text   key
  holder:  Party  key

fact Payment
  id:        text     key
  from:      Account
  amount:    number   > 0
  currency:  "USD" | "EUR"

derived Blocked
  party:  Party  key

rule blocked cite "x"
  for   p: Party
  then  Blocked(party: p)
"""


@pytest.fixture(scope="module")
def trial() -> Ruleset:
    return ruleset(RULES)


@pytest.fixture
def payment() -> dict[str, Any]:
    return {"id": "P", "from": {"bank": "B", "holder": "A"}, "amount": "5.50", "currency": "USD"}


def complaints(trial: Ruleset, name: str, members: dict[str, Any]) -> list[tuple[str, tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as refusal:
        trial.model(name).model_validate(members)
    return [(each["type"], each["loc"], each["msg"]) for each in refusal.value.errors()]


def test_values_are_exact(trial: Ruleset, payment: dict[str, Any]) -> None:
    found = trial.model("Payment").model_validate(payment)
    assert (found.amount, type(found.amount)) == (Decimal("5.5"), Decimal)
    assert found.from_.bank == "B"
    assert found.from_.holder == "A"
    home = {"city": "C", "zip": 1}
    party = trial.model("Party")(id="A", born="1971-03-02", wait="PT1H", term="P1Y", tags=["x"], home=home)
    assert party.born == date(1971, 3, 2)
    assert (party.wait, party.term, party.tags) == (Duration(3600), Months(12), ("x",))
    assert (party.home.city, party.home.zip) == ("C", 1)


def test_a_field_says_what_type_it_has(trial: Ruleset) -> None:
    fields: dict[str, Any] = {name: field.annotation for name, field in trial.model("Payment").model_fields.items()}
    assert fields["amount"] == int | Decimal
    assert fields["currency"] == Literal["USD", "EUR"]
    key = fields["from_"]
    assert isinstance(key, type)
    assert issubclass(key, BaseModel)
    assert set(key.model_fields) == {"bank", "holder"}


def test_absent_is_not_null(trial: Ruleset) -> None:
    party = trial.model("Party")
    absent, null = party(id="A"), party(id="A", born=None)
    assert (absent.born, null.born) == (MISSING, None)
    assert absent != null
    assert (absent.model_dump(), null.model_dump()) == ({"id": "A"}, {"id": "A", "born": None})
    assert complaints(trial, "Party", {"id": "A", "score": None})[0][:2] == ("NS506", ("score",))


def test_names_that_python_needs_stay_those_of_the_ruleset_outside(trial: Ruleset) -> None:
    party = trial.model("Party").model_validate({"id": "A", "json": "j", "class": "c"})
    assert (party.json_, party.class_) == ("j", "c")
    assert party.model_dump() == {"id": "A", "json": "j", "class": "c"}
    assert complaints(trial, "Party", {"id": "A", "json_": "j"})[0][1] == ("json_",)


def test_what_is_wrong_is_said_in_the_words_of_intake_with_its_place(trial: Ruleset, payment: dict[str, Any]) -> None:
    wrong = {**payment, "amount": 0, "currency": "USX", "from": {"bank": "B", "holder": 5}, "more": 1}
    assert complaints(trial, "Payment", wrong) == [
        ("NS506", ("from", "holder"), "a text is wanted here, this is 5"),
        ("NS507", ("amount",), "0 lies outside what `amount` allows"),
        ("NS507", ("currency",), '"USX" is not one of the choices; did you mean `USD`?'),
        ("extra_forbidden", ("more",), "Extra inputs are not permitted"),
    ]
    home = {"city": "C", "zip": 1.5}
    assert complaints(trial, "Party", {"id": "A", "home": home}) == [
        ("NS503", ("home", "zip"), 'binary float 1.5; write "1.5"')
    ]


def test_braces_in_what_was_given_are_only_text(trial: Ruleset, payment: dict[str, Any]) -> None:
    ((_, _, message),) = complaints(trial, "Payment", {**payment, "currency": "{said} {0}"})
    assert message.startswith('"{said} {0}" is not one')


def test_a_fact_does_not_change(trial: Ruleset, payment: dict[str, Any]) -> None:
    found = trial.model("Payment").model_validate(payment)
    with pytest.raises(ValidationError):
        found.amount = 6  # type: ignore[attr-defined]
    assert {found, trial.model("Payment").model_validate(payment)} == {found}


def test_the_same_model_comes_back(trial: Ruleset) -> None:
    assert trial.model("Party") is trial.model("Party")
    assert ruleset(RULES).model("Party") is trial.model("Party")  # the test's own cache of rulesets
    assert ruleset(RULES + "// another").model("Party") is not trial.model("Party")


def test_a_model_says_what_it_is(trial: Ruleset) -> None:
    model = trial.model("Party")
    assert (model.__name__, model.__doc__) == ("Party", "A person or organisation")
    schema = model.model_json_schema()
    assert (schema["title"], schema["description"]) == ("Party", "A person or organisation")
    assert (schema["required"], schema["additionalProperties"]) == (["id"], False)
    assert schema["properties"]["score"]["anyOf"][0] == {"type": "integer", "minimum": 0, "maximum": 10}
    assert schema["properties"]["home"]["required"] == ["city", "zip"]


def test_models_stand_in_models_of_the_caller(trial: Ruleset) -> None:
    party = trial.model("Party")
    several = TypeAdapter(list[party])  # type: ignore[valid-type]
    assert several.validate_json('[{"id": "A"}]') == [party(id="A")]
    assert several.json_schema()["$defs"]["Party"]["required"] == ["id"]


@pytest.mark.parametrize(("name", "code"), [("Blocked", "NS510"), ("Paymet", "NS509"), ("", "NS509")])
def test_there_are_models_of_what_callers_give_only(trial: Ruleset, name: str, code: str) -> None:
    with pytest.raises(InputError, match=code):
        trial.model(name)


def test_a_ruleset_whose_models_were_used_can_be_sent(trial: Ruleset) -> None:
    assert trial.model("Party")
    sent = pickle.loads(pickle.dumps(trial))  # noqa: S301 - written by this test
    assert (sent, sent.digest) == (trial, trial.digest)
    assert sent.model("Party")(id="A").id == "A"
