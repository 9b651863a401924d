"""The caller's own objects as facts and requests: dataclasses and pydantic models, by the names of their fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from neurosym.audit.log import Log
from neurosym.decision.decision import Decision
from neurosym.decision.engine import Engine
from neurosym.decision.intake import Document
from neurosym.decision.plain import DEPTH_MAX
from neurosym.decision.ruleset import Ruleset
from neurosym.text.failure import InputError
from neurosym.values.temporal import Duration, Months
from neurosym.values.unknown import Unknown
from neurosym.values.value import Fact, Reference
from tests.decision.case import engine_of, replayed, ruleset

RULES = """
ruleset trial

fact Party
  id:      text                              key
  born:    date or null                      optional
  score:   number [0..10]                    optional
  kind:    "person" | "firm"                 optional
  home:    record {city: text, since: date or null}  optional
  wait:    duration                          optional
  term:    months                            optional
  boss:    Party                             optional

fact Account
  bank:    text   key
  holder:  Party  key
  note:    text   optional

fact Payment
  id:         text     key
  payer:      Party
  from:       Account  optional
  amount:     number
  booked_on:  date

decision screen(payment: Payment)
  on         payment.booked_on
  outcomes   "hold" > "release"
  otherwise  "release"
  undecided  "hold"

rule low cite "x"
  for   p: Payment
  when  p.payer.score <= 2 and p.payer.kind = "firm"
  then  screen(payment: p) is "hold" because "{p.payer.kind} {p.id} of {p.amount}"
"""
DAY = date(2026, 3, 1)


class Kind(Enum):
    PERSON = "person"
    FIRM = "firm"


class TextKind(str, Enum):  # noqa: UP042 - as older code writes it: str() of its members is not their text
    FIRM = "firm"


class NewKind(StrEnum):
    FIRM = "firm"


@dataclass
class Home:
    city: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Party:
    id: str
    born: date | None = None
    score: int | Decimal | None = None
    kind: Kind | TextKind | NewKind | str | None = None
    home: Home | None = None
    wait: Duration | None = None
    term: Months | None = None
    boss: str | None = None


@dataclass
class AccountKey:
    bank: str
    holder: str


@dataclass
class Payment:
    id: str
    payer: object
    amount: object = 5
    booked_on: object = DAY


@dataclass
class Request:
    payment: object


class PartyModel(BaseModel):
    id: str
    born: date | None = None
    score: Decimal | None = None
    kind: str = "firm"


class Loose(BaseModel):
    model_config = ConfigDict(extra="allow")
    id: str


@pytest.fixture(scope="module")
def trial() -> Ruleset:
    return ruleset(RULES)


@pytest.fixture(scope="module")
def engine(trial: Ruleset) -> Engine:
    return engine_of(trial)


def held(engine: Engine, *parties: object) -> list[Fact]:
    """The parties as intake has them."""
    known = engine.know({"Party": list(parties)})
    assert not [each for each in known.standing(engine.ruleset.program).problems if each.is_error]
    return list(known.standing(engine.ruleset.program).facts)


def refused(engine: Engine, request: object, **facts: Sequence[object]) -> list[tuple[str, str]]:
    """The codes of what is wrong, and where."""
    with pytest.raises(InputError) as refusal:
        engine.decide("screen", request, facts={"Party": [], "Account": [], **facts})  # type: ignore[arg-type]
    return [
        (each.code, str(each.primary.place)) for each in refusal.value.diagnostics if each.is_error and each.primary
    ]


def decided(engine: Engine, request: Any, party: object) -> Decision:
    return engine.decide("screen", request, facts={"Party": [party], "Account": []})


@pytest.mark.parametrize(
    "party",
    [
        Party("A", score=2, kind=Kind.FIRM),
        Party("A", score=Decimal("2.0"), kind=TextKind.FIRM),
        Party("A", score=2, kind=NewKind.FIRM),
        PartyModel(id="A", score=Decimal(2)),
    ],
)
def test_an_object_decides_as_the_dict_that_says_the_same(engine: Engine, party: object) -> None:
    plain = {"id": "P", "payer": "A", "amount": "5.50", "booked_on": "2026-03-01"}
    as_dict = decided(engine, {"payment": plain}, {"id": "A", "score": 2, "kind": "firm"})
    payment = Payment("P", "A", Decimal("5.50"))
    for request in ({"payment": payment}, Request(payment), Request(plain), Document("request", Request(payment))):
        found = decided(engine, request, party)
        assert (found.outcome, found.reasons) == (as_dict.outcome, as_dict.reasons)
        assert found.reasons[0].text == "firm P of 5.5"


def test_models_of_the_ruleset_are_facts(engine: Engine, trial: Ruleset) -> None:
    party = trial.model("Party")(id="A", score=1, kind="firm")
    payment = trial.model("Payment")(id="P", payer="A", amount=5, booked_on=DAY)
    assert decided(engine, {"payment": payment}, party).outcome == "hold"


def test_the_facts_may_be_one_object(engine: Engine) -> None:
    @dataclass
    class World:
        Party: list[object]
        Account: list[object] = field(default_factory=list)

    found = engine.decide("screen", {"payment": Payment("P", "A")}, facts=World([Party("A", score=1, kind="firm")]))
    assert found.outcome == "hold"


def test_none_is_absent_where_the_type_knows_no_null(engine: Engine) -> None:
    (party,) = held(engine, Party("A"))
    assert isinstance(party.fields["score"], Unknown)
    assert isinstance(party.fields["home"], Unknown)


def test_none_is_null_where_the_type_knows_null(engine: Engine) -> None:
    (party,) = held(engine, Party("A"))
    assert party.fields["born"] is None


def test_none_is_no_value_of_a_required_field(engine: Engine) -> None:
    found = refused(engine, Request(Payment("P", "A", amount=None)))
    assert found == [("NS506", "request: $.payment.amount")]


def test_what_was_not_set_in_a_model_is_absent(engine: Engine) -> None:
    (unset,) = held(engine, PartyModel(id="A"))
    assert isinstance(unset.fields["born"], Unknown)
    assert unset.fields["kind"] == "firm"  # a default that says something
    (told,) = held(engine, PartyModel(id="A", born=None))
    assert told.fields["born"] is None


def test_parts_may_be_objects_too(engine: Engine, trial: Ruleset) -> None:
    (party,) = held(engine, Party("A", home=Home("X"), wait=Duration(90), term=Months(14)))
    same = {"id": "A", "born": None, "home": {"city": "X", "since": None}, "wait": "PT1M30S", "term": "P1Y2M"}
    assert held(engine, same) == [party]
    known = engine.know(
        {"Payment": [{"id": "P", "payer": "A", "from": AccountKey("B", "A"), "amount": 1, "booked_on": DAY}]}
    )
    (payment,) = known.standing(trial.program).facts
    assert payment.fields["from"] == Reference("Account", ("B", Reference("Party", ("A",))))


def test_what_is_logged_is_plain_json(trial: Ruleset, tmp_path: Path) -> None:
    with Log.open(tmp_path / "log.db") as log:
        found = decided(engine_of(trial, log), Request(Payment("P", "A")), Party("A", score=1, kind=TextKind.FIRM))
        assert found.logged
        assert [each.difference for each in replayed(log)] == [None]


# --- what is refused, and where


def test_problems_in_objects_carry_their_path(engine: Engine) -> None:
    parties = [Party("A"), Party("B", score=Decimal(11), boss="A"), Party("C", home=Home(5))]  # type: ignore[arg-type]
    found = refused(engine, Request(Payment("P", "A", amount=1.5)), Party=parties)
    assert found == [("NS503", "request: $.payment.amount")]
    found = refused(engine, Request(Payment("P", "A")), Party=parties)
    assert found == [("NS507", "facts: $.Party[1].score"), ("NS506", "facts: $.Party[2].home.city")]


def test_a_field_that_the_type_does_not_have_is_refused(engine: Engine) -> None:
    @dataclass(frozen=True)
    class More(Party):
        age: int = 5

    expected = [("NS504", "facts: $.Party[0].age")]
    assert refused(engine, Request(Payment("P", "A")), Party=[More("A")]) == expected
    assert refused(engine, Request(Payment("P", "A")), Party=[Loose(id="A", age=5)]) == expected  # type: ignore[call-arg]


def test_a_fact_in_the_place_of_a_key_is_refused(engine: Engine) -> None:
    assert refused(engine, Request(Payment("P", Party("A")))) == [("NS506", "request: $.payment.payer")]


def test_what_is_no_object_of_values_is_refused(engine: Engine) -> None:
    for wrong in (object(), Party, b"bytes", {1, 2}, 1j):
        assert refused(engine, Request(Payment("P", wrong))) == [("NS506", "request: $.payment.payer")]


def test_an_object_that_holds_itself_is_refused(engine: Engine) -> None:
    circle = Payment("P", "A")
    circle.payer = circle.amount = circle.booked_on = circle
    ((code, place),) = refused(engine, Request(circle))
    assert code == "NS512"
    assert place.startswith("request: $.payment.payer.payer.")
    assert place.count(".") == DEPTH_MAX + 1


def test_a_field_that_was_never_given_a_value_is_absent(engine: Engine) -> None:
    party = object.__new__(Party)
    object.__setattr__(party, "id", "A")
    (found,) = held(engine, party)
    assert isinstance(found.fields["born"], Unknown)
    assert refused(engine, Request(object.__new__(Payment)))[0] == ("NS505", "request: $.payment")


def test_half_a_character_in_an_object_is_refused(engine: Engine) -> None:
    assert refused(engine, Request(Payment("\ud800", "A"))) == [("NS501", "request: $.payment.id")]


@pytest.mark.parametrize("value", [Decimal(5), DAY, Duration(5), 2**60, Kind])
def test_a_value_of_another_type_is_never_taken_for_a_text(engine: Engine, value: object) -> None:
    assert refused(engine, {"payment": {"id": value, "payer": "A", "amount": 1, "booked_on": DAY}}) == [
        ("NS506", "request: $.payment.id")
    ]
