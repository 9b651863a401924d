"""Scenarios: text and tree."""

from __future__ import annotations

from datetime import date

import pytest

from neurosym.check.scenario_tree import (
    Asks,
    Expectation,
    ExpectDecision,
    ExpectDuty,
    ExpectError,
    ExpectFact,
    ExpectOpen,
    Given,
    IsMissing,
    IsOutcome,
    IsPossible,
    IsStanding,
    Judged,
    ScenarioDeclaration,
)
from neurosym.feel.tree import Argument
from neurosym.text.span import NOWHERE
from tests.lang.reading import arguments, declared, expr, word, words

PAYMENT = arguments(payment='"P1"')
PARTY = arguments(party='"C"')
QUESTION = arguments(customer='"A"', entry='"L1"')
BY_POSITION = (Argument(None, expr('"A"')),)

EXPECTATIONS: list[tuple[str, Expectation]] = [
    ('Blocked(party: "C")', ExpectFact(word("Blocked"), PARTY, "certain", None, NOWHERE)),
    ('Blocked(party: "C") by r', ExpectFact(word("Blocked"), PARTY, "certain", word("r"), NOWHERE)),
    ('no Blocked(party: "C")', ExpectFact(word("Blocked"), PARTY, "no", None, NOWHERE)),
    ('possible Blocked(party: "C") by r', ExpectFact(word("Blocked"), PARTY, "possible", word("r"), NOWHERE)),
    ('no(party: "C")', ExpectFact(word("no"), PARTY, "certain", None, NOWHERE)),
    ('possible(party: "C")', ExpectFact(word("possible"), PARTY, "certain", None, NOWHERE)),
    (
        'screen(payment: "P1") is "block" by r',
        ExpectDecision(word("screen"), PAYMENT, (IsOutcome(word("block"), word("r")),), NOWHERE),
    ),
    (
        'screen(payment: "P1") is conflict',
        ExpectDecision(word("screen"), PAYMENT, (IsStanding("conflict"),), NOWHERE),
    ),
    (
        'screen(payment: "P1") possible "hold" possible "release"',
        ExpectDecision(word("screen"), PAYMENT, (IsPossible(word("hold")), IsPossible(word("release"))), NOWHERE),
    ),
    (
        'screen(payment: "P1") is undecided missing Party("A").born asks same_person(customer: "A", entry: "L1")',
        ExpectDecision(
            word("screen"),
            PAYMENT,
            (
                IsStanding("undecided"),
                IsMissing(word("Party"), BY_POSITION, word("born"), NOWHERE),
                Asks(word("same_person"), QUESTION, NOWHERE),
            ),
            NOWHERE,
        ),
    ),
    (
        'screen(payment: "P1") asks nothing',
        ExpectDecision(word("screen"), PAYMENT, (Asks(None, (), NOWHERE),), NOWHERE),
    ),
    ("missing Licence", ExpectOpen(IsMissing(word("Licence"), None, None, NOWHERE), NOWHERE)),
    ('missing Party("A")', ExpectOpen(IsMissing(word("Party"), BY_POSITION, None, NOWHERE), NOWHERE)),
    ("asks nothing", ExpectOpen(Asks(None, (), NOWHERE), NOWHERE)),
    ("error NS312", ExpectError(word("NS312"), NOWHERE)),
    ('duty d(payment: "P1")', ExpectDuty(word("d"), PAYMENT, False, None, None, NOWHERE)),
    ('no duty d(payment: "P1")', ExpectDuty(word("d"), PAYMENT, True, None, None, NOWHERE)),
    (
        'duty d(payment: "P1") by r due 2026-03-13',
        ExpectDuty(word("d"), PAYMENT, False, expr("2026-03-13"), word("r"), NOWHERE),
    ),
]


@pytest.mark.parametrize(("text", "tree"), EXPECTATIONS, ids=[text for text, _ in EXPECTATIONS])
def test_expectation(text: str, tree: Expectation) -> None:
    scenario = declared(f'scenario "x" expect {text}')
    assert isinstance(scenario, ScenarioDeclaration)
    assert scenario.expected == (tree,)
    assert scenario.expected[0].span.text == text


def test_scenario() -> None:
    text = """scenario "FAQ 401"
      given Party(id: "A"), Party(id: "B") given Owns(share: 50)
      judged same_person(customer: "A", entry: "L1") is "different" quoting "born 1971", "a \\"b\\""
      on 2026-03-01 not known Licence, Revocation not known Match
      judged late(a: "A") is true
      expect asks nothing expect missing Licence"""
    assert declared(text) == ScenarioDeclaration(
        word("FAQ 401"),
        date(2026, 3, 1),
        (
            Given(word("Party"), arguments(id='"A"'), NOWHERE),
            Given(word("Party"), arguments(id='"B"'), NOWHERE),
            Given(word("Owns"), arguments(share="50"), NOWHERE),
        ),
        words("Licence", "Revocation", "Match"),
        (
            Judged(word("same_person"), QUESTION, expr('"different"'), ("born 1971", 'a "b"'), NOWHERE),
            Judged(word("late"), arguments(a='"A"'), expr("true"), (), NOWHERE),
        ),
        (
            ExpectOpen(Asks(None, (), NOWHERE), NOWHERE),
            ExpectOpen(IsMissing(word("Licence"), None, None, NOWHERE), NOWHERE),
        ),
        NOWHERE,
    )


def test_scenario_without_clauses() -> None:
    assert declared('scenario "x"') == ScenarioDeclaration(word("x"), None, (), (), (), (), NOWHERE)
