"""Facts read by generated code are the facts that are read one by one, and so is all that is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from random import Random

import pytest

from neurosym.decision import shelf
from neurosym.decision.desk import Standing
from neurosym.decision.intake import Document, take_in_standing
from neurosym.engine.compiled.reading import reader_of
from neurosym.engine.layout import layouts_of
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.text.span import JsonPath, Source
from neurosym.values.canonical import Json
from neurosym.values.value import Reference
from tests.generation.facts import cases

ODD: tuple[object, ...] = (
    *(None, True, 0, -1, 3, 10**40, "", "x", "Zoë", "\ud800", "3", "2.50", "1e3", "2026-02-30", "2026-01-02", [], {}),
    *(1.5, math.nan, Decimal(2), Decimal("NaN"), ["x"], {"id": "a1"}),
)
RULES = """
ruleset shelves
fact Party
  id:       text  key
  country:  "A" | "B" or null  optional
fact Owns
  owner:   Party   key
  owned:   Party   key
  share:   number  [0..100]
  since:   date    optional
  listed:  boolean
fact Listing
  owns:  Owns  key
fact Note
  id:    text  key
  tags:  list of text
fact Tight
  id:      number  > 0  key
  amount:  number  >= 10
"""


@pytest.fixture
def by_function(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(shelf, "MANY", 1)
    return monkeypatch


def both(program: Program, facts: object, patch: pytest.MonkeyPatch) -> tuple[Standing, Standing]:
    patch.setattr(shelf, "MANY", 1)
    fast = take_in_standing(program, [Document("facts", facts)])
    patch.setattr(shelf, "MANY", 10**9)
    return fast, take_in_standing(program, [Document("facts", facts)])


def assert_same(fast: Standing, slow: Standing) -> None:
    mine, theirs = ({fact for fact in each.facts if fact.reference not in slow.contested} for each in (fast, slow))
    assert mine == theirs
    assert references(fast) == references(slow)
    assert sorted(map(str, fast.problems)) == sorted(map(str, slow.problems))
    assert (fast.closed, fast.open, fast.contested) == (slow.closed, slow.open, slow.contested)
    assert fast.broken == slow.broken
    assert origins(fast) == origins(slow)


def references(of: Standing) -> set[Reference]:
    return {fact.reference for fact in of.facts}


def origins(of: Standing) -> Mapping[Reference, JsonPath]:
    found = shelf.Origins((of.shelves,))
    return {reference: found[reference].place for reference in references(of)}


def spoilt(facts: Mapping[str, Json], dice: Random) -> dict[str, object]:
    """The facts with some members replaced, left out or added, and some facts given twice."""
    found: dict[str, object] = {}
    for name, rows in facts.items():
        if name == "incomplete" or not isinstance(rows, list):
            found[name] = rows
            continue
        several: list[object] = []
        for row in rows:
            assert isinstance(row, dict)
            changed: dict[str, object] = dict(row)
            for member in list(changed):
                if dice.random() < 0.2:
                    changed[member] = dice.choice(ODD)
                elif dice.random() < 0.1:
                    del changed[member]
            if dice.random() < 0.05:
                changed["more"] = 1
            several += [changed] * dice.choice([1, 1, 1, 2])
        found[name] = [*several, dice.choice(ODD)] if dice.random() < 0.1 else several
    return found


def test_generated_facts_are_read_the_same_by_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    dice, refused = Random(1), 0  # noqa: S311 - no secret
    for _, case in cases(25):
        assert_same(*both(case.program, dict(case.facts), monkeypatch))
        for _ in range(10):
            fast, slow = both(case.program, spoilt(case.facts, dice), monkeypatch)
            assert_same(fast, slow)
            refused += bool(fast.problems)
    assert refused > 50


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_every_odd_value_is_read_the_same_in_every_field(value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    program = compile_ruleset([Source("shelves.rules", RULES)]).program
    right: dict[str, dict[str, object]] = {
        "Party": {"id": "P", "country": "A"},
        "Owns": {"owner": "P", "owned": "Q", "share": 5, "since": "2026-01-02", "listed": True},
        "Listing": {"owns": {"owner": "P", "owned": "Q"}},
        "Note": {"id": "N", "tags": ["x"]},
        "Tight": {"id": 1, "amount": "2.5"},
    }
    for name, row in right.items():
        for member in row:
            assert_same(*both(program, {name: [{**row, member: value}, row]}, monkeypatch))


def test_types_whose_values_have_parts_are_read_one_by_one() -> None:
    layouts = layouts_of(compile_ruleset([Source("shelves.rules", RULES)]).program.fact_types)
    assert {name for name, layout in layouts.items() if reader_of(layout) is None} == {"Listing", "Note"}


def test_a_fact_is_found_where_it_was_supplied_whatever_came_before(by_function: pytest.MonkeyPatch) -> None:
    del by_function
    program = compile_ruleset([Source("shelves.rules", RULES)]).program
    first = {"Party": [{"id": "A"}, {"id": "A"}, {"id": "B"}]}
    second = {"Party": [], "Note": [{"id": "N", "tags": []}]}
    third = {"Party": [{"id": "B"}, {"id": "C", "country": None}]}
    documents = [Document(name, content) for name, content in (("1", first), ("2", second), ("3", third))]
    found = origins(take_in_standing(program, documents))
    assert {of.key[0]: str(at) for of, at in found.items()} == {
        "A": "1: $.Party[0]",
        "B": "1: $.Party[2]",
        "C": "3: $.Party[1]",
        "N": "2: $.Note[0]",
    }
