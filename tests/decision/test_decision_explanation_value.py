from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from neurosym.decision.explanation.value import written, written_call, written_fact
from neurosym.text.span import NOWHERE
from neurosym.values.unknown import ABSENT, ANYTHING, Absent, Between, Failed, MissingValue, NoneOf, OneOf, Unknown
from neurosym.values.value import Fact, Range, Record, Reference, Value

DOUBT = frozenset({Failed("a doubt", NOWHERE)})
UNNAMED = Fact("Licence", (), {"id": Unknown(DOUBT)}, unnamed=True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("C", '"C"'),
        ('A"; forged', '"A\\"; forged"'),
        ("back\\slash", '"back\\\\slash"'),
        (50, "50"),
        (2**60, "1152921504606846976"),
        (Decimal("49.99"), "49.99"),
        (True, "true"),
        (None, "null"),
        (date(2026, 3, 2), "2026-03-02"),
        (("IR", "KP"), '["IR", "KP"]'),
        ((), "[]"),
        (Range(1, 2), "[1..2]"),
        (Range(1, 2, low_open=True, high_open=True), "(1..2)"),
        (Record((("a", 1), ("b", "x"))), '{a: 1, b: "x"}'),
        (Reference("Party", ("A",)), '"A"'),
        (Reference("Match", ("A", 1)), '["A", 1]'),
        (UNNAMED, "some Licence that nobody named"),
        (ABSENT, "not supplied"),
        (Unknown(DOUBT), "unknown"),
        (Unknown(DOUBT, Between(0, None)), "unknown, at least 0"),
        (Unknown(DOUBT, Between(None, 100)), "unknown, at most 100"),
        (Unknown(DOUBT, Between(0, 1)), "unknown, at least 0, at most 1"),
        (Unknown(DOUBT, OneOf(frozenset({"b", "a"}))), 'unknown, one of "a", "b"'),
        (Unknown(DOUBT, OneOf(frozenset(range(100)))), "unknown"),
        (Unknown(DOUBT, NoneOf(frozenset({"a"}))), "unknown"),
        (Unknown(DOUBT, ANYTHING), "unknown"),
    ],
)
def test_a_value_is_written_as_a_rule_would_write_it(value: Value | Absent, expected: str) -> None:
    assert written(value) == expected


def test_a_fact_is_written_with_its_members() -> None:
    missing = Unknown(frozenset({MissingValue(Reference("Party", ("A",)), "born")}))
    fact = Fact("Party", ("A",), {"id": "A", "born": missing, "country": Unknown(DOUBT)})
    assert written_fact(fact) == 'Party(id: "A", born: not supplied, country: unknown)'
    assert written_fact(UNNAMED) == "some Licence that nobody named"


def test_a_call_is_written_with_its_labels() -> None:
    assert written_call("f", (("a", 1), ("b", Reference("P", ("x",))))) == 'f(a: 1, b: "x")'
