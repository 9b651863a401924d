"""Values as JSON: plain where the type is known, tagged where it is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from neurosym.text.span import NOWHERE
from neurosym.values.canonical import Json
from neurosym.values.encoding import fact_json, reason_json, sorted_reasons, tagged, wire
from neurosym.values.temporal import Duration, Months
from neurosym.values.unknown import (
    ANYTHING,
    Asked,
    Between,
    Failed,
    MissingFact,
    MissingType,
    MissingValue,
    NoneOf,
    OneOf,
    Question,
    Reason,
    RestsOn,
    Standing,
    Unknown,
    is_askable,
    is_suppliable,
)
from neurosym.values.value import Fact, Range, Record, Reference, Value

A = Reference("Party", ("A",))
QUESTION = Question("same", (("customer", A),), (("customer.name", "Ann"),))


@pytest.mark.parametrize(
    ("value", "plain", "with_tag"),
    [
        (None, None, None),
        (True, True, True),
        (5, 5, 5),
        (2**53, "9007199254740992", {"number": "9007199254740992"}),
        (-(2**53), "-9007199254740992", {"number": "-9007199254740992"}),
        (Decimal("49.99"), "49.99", {"number": "49.99"}),
        ("x", "x", "x"),
        (date(2026, 3, 1), "2026-03-01", {"date": "2026-03-01"}),
        (datetime(2026, 3, 1, 10, tzinfo=UTC), "2026-03-01T10:00:00Z", {"datetime": "2026-03-01T10:00:00Z"}),
        (time(10), "10:00:00", {"time": "10:00:00"}),
        (Duration(90), "PT1M30S", {"duration": "PT1M30S"}),
        (Months(14), "P1Y2M", {"months": "P1Y2M"}),
        ((1, "a"), [1, "a"], [1, "a"]),
        (Range(1, 2, low_open=True), {"low": 1, "high": 2, "open": [True, False]}, {"range": [1, 2, True, False]}),
        (Record((("b", 1), ("a", 2))), {"b": 1, "a": 2}, {"record": [["b", 1], ["a", 2]]}),
        (A, "A", {"reference": ["Party", "A"]}),
    ],
)
def test_a_value_on_the_wire_and_with_its_type(value: Value, plain: Json, with_tag: Json) -> None:
    assert wire(value) == plain
    assert tagged(value) == with_tag


def test_a_fact_is_its_key_on_the_wire_and_all_its_fields_with_its_type() -> None:
    fact = Fact("Party", ("A",), {"id": "A", "score": Decimal("0.5")})
    assert wire(fact) == "A"
    assert tagged(fact) == fact_json(fact) == {"fact": "Party", "fields": {"id": "A", "score": {"number": "0.5"}}}


def test_an_unnamed_fact_says_so() -> None:
    fact = Fact("Party", (), {}, unnamed=True)
    assert wire(fact) == {"unnamed": "Party"}
    assert tagged(fact) == {"fact": "Party", "unnamed": True}


@pytest.mark.parametrize(
    ("reason", "shown", "kind"),
    [
        (
            Asked(QUESTION),
            {
                "kind": "question",
                "judgment": "same",
                "args": {"customer": {"reference": ["Party", "A"]}},
                "standing": "open",
            },
            "askable",
        ),
        (
            Asked(QUESTION, Standing.WAITING),
            {
                "kind": "question",
                "judgment": "same",
                "args": {"customer": {"reference": ["Party", "A"]}},
                "standing": "waiting",
            },
            "askable",
        ),
        (
            Asked(QUESTION, Standing.EXHAUSTED),
            {
                "kind": "question",
                "judgment": "same",
                "args": {"customer": {"reference": ["Party", "A"]}},
                "standing": "exhausted",
            },
            "final",
        ),
        (
            MissingValue(A, "born"),
            {"kind": "missing value", "of": {"reference": ["Party", "A"]}, "field": "born"},
            "suppliable",
        ),
        (MissingFact(A), {"kind": "missing fact", "of": {"reference": ["Party", "A"]}}, "suppliable"),
        (MissingType("Party"), {"kind": "missing type", "type": "Party"}, "suppliable"),
        (Failed("division by zero", NOWHERE), {"kind": "failed", "message": "division by zero"}, "final"),
        (RestsOn("Party"), {"kind": "rests on", "of": "Party"}, "final"),
        (RestsOn(A), {"kind": "rests on", "of": {"reference": ["Party", "A"]}}, "final"),
    ],
)
def test_a_reason_is_askable_suppliable_or_final(reason: Reason, shown: dict[str, Json], kind: str) -> None:
    assert reason_json(reason) == shown
    assert is_askable(reason) is (kind == "askable")
    assert is_suppliable(reason) is (kind == "suppliable")


def test_unknown_shows_its_reasons_in_an_order_of_their_own_and_what_it_may_be() -> None:
    reasons: frozenset[Reason] = frozenset({MissingType("B"), MissingType("A"), MissingFact(A)})
    assert sorted_reasons(reasons) == sorted_reasons(sorted(reasons, key=repr, reverse=True))
    assert wire(Unknown(reasons)) == {"unknown": [reason_json(reason) for reason in sorted_reasons(reasons)]}
    for domain, shown in (
        (ANYTHING, {"none of": []}),
        (Between(0, None), {"between": [0, None]}),
        (OneOf(frozenset({"b", "a"})), {"one of": ["a", "b"]}),
        (NoneOf(frozenset({2, 1})), {"none of": [1, 2]}),
    ):
        assert tagged(Unknown(frozenset(), domain)) == {"unknown": [], "domain": shown}


def test_a_fact_equals_one_of_the_same_content() -> None:
    fact = Fact("Party", ("A",), {"id": "A", "name": "Ann"})
    assert fact == Fact("Party", ("A",), {"id": "A", "name": "Ann"})
    assert fact != Fact("Party", ("A",), {"id": "A", "name": "Bob"})
    assert fact != Fact("Person", ("A",), {"id": "A", "name": "Ann"})
    assert fact != fact.reference
    assert hash(fact) == hash(Fact("Party", ("A",), {"id": "A", "name": "Bob"}))
    assert dict(fact) == fact.fields


def test_a_record_gives_its_members_by_name() -> None:
    record = Record((("a", 1), ("b", None)))
    assert record.get("b") is None
    with pytest.raises(KeyError):
        record.get("c")
