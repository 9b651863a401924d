"""Templates: the reason shown to people, with the values of the case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from neurosym.feel.evaluation import Evaluator
from neurosym.feel.filling import filled, shown
from neurosym.feel.typed import TypedTemplate
from neurosym.feel.world import NO_WORLD
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.rule import ConcludeOutcome
from neurosym.text.span import Source
from neurosym.values.temporal import Duration, Months
from neurosym.values.unknown import MissingType, Unknown
from neurosym.values.value import Fact, Record, Reference, Value

RULES = """
ruleset trial
fact Payment
  id:      text                key
  amount:  number
  day:     date
  note:    text or null        optional
  urgent:  boolean             optional
decision screen(payment: Payment)
  on payment.day  outcomes "block" > "release"  otherwise "release"  undecided "block"
rule r cite "x"
  for   p: Payment
  then  screen(payment: p) is "block" because "TEXT"
"""
NOBODY_KNOWS = Unknown(frozenset({MissingType("Payment")}))


def template(text: str) -> TypedTemplate:
    [rule] = compile_ruleset([Source("x.rules", RULES.replace("TEXT", text))]).program.rules
    [conclusion] = rule.conclusions
    assert isinstance(conclusion, ConcludeOutcome)
    assert conclusion.because is not None
    return conclusion.because


def reason(text: str, **fields: Value) -> str:
    whole: dict[str, Value] = {
        "id": "P1",
        "amount": Decimal("49.99"),
        "day": date(2026, 3, 1),
        "note": None,
        "urgent": NOBODY_KNOWS,
    }
    fact = Fact("Payment", ("P1",), {**whole, **fields})
    return filled(template(text), {"p": fact}, Evaluator(NO_WORLD))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no values", "no values"),
        ("", ""),
        ("{p.id} of {p.day}", "P1 of 2026-03-01"),
        ("{p.amount} and {p.amount * 2}", "49.99 and 99.98"),
        ("{{p.id}} is {p.id}", "{p.id} is P1"),
        ("note: {p.note}", "note: (none)"),
        ("urgent: {p.urgent}", "urgent: (unknown)"),
        ("about {p}", "about P1"),
        ("known: {known(p.urgent)}, {known(p.note)}", "known: no, yes"),
        ("large: {p.amount > 10}", "large: yes"),
        (r"a \\ b \u00e9", "a \\ b é"),
    ],
)
def test_a_template_is_filled_with_the_values_of_the_case(text: str, expected: str) -> None:
    assert reason(text) == expected


def test_what_was_given_stands_there_as_it_is_and_is_not_read_again() -> None:
    assert reason("{p.note}", note="{p.id} {{}}") == "{p.id} {{}}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (10**20, "1" + "0" * 20),
        (Decimal("0.50"), "0.50"),
        (True, "yes"),
        (False, "no"),
        (None, "(none)"),
        ("x", "x"),
        (Duration(90), "PT1M30S"),
        (Months(14), "P1Y2M"),
        (Reference("Party", ("A",)), "A"),
        (Fact("Party", (), {}, unnamed=True), "(unknown)"),
        (NOBODY_KNOWS, "(unknown)"),
    ],
)
def test_a_value_reads_as_people_write_it(value: Value, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (("a", 1, None, True), "a, 1, (none), yes"),
        (Reference("Account", ("X", 1)), "X, 1"),
        (Record((("city", "Oslo"), ("zip", 1))), "city: Oslo, zip: 1"),
    ],
)
def test_a_value_of_several_parts_reads_in_our_words(value: Value, text: str) -> None:
    assert shown(value) == text
