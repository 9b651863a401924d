"""Theorems about the models and schemas of fact types: they say of a fact what intake says of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from neurosym.decision.embedding.fact_model import FactModel, FactModels
from neurosym.decision.embedding.json_schema import facts_schema
from neurosym.decision.intake import Document
from neurosym.decision.knowledge import gather_knowledge
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.text.failure import InputError
from neurosym.text.span import Source
from neurosym.values.temporal import Duration, Months
from neurosym.values.value import Fact, Reference
from tests.generation.dice import Dice
from tests.generation.facts import generated

RULES = """
ruleset trial

fact Party "Somebody"
  id:       text                             key
  n:        number [0..10]                   optional
  half:     number (0.5..2.5]                optional
  few:      number 1, 2, >= 100              optional
  any:      number or null
  low:      number or null < 5               optional
  kind:     "a" | "b" or null                optional
  flag:     boolean                          optional
  day:      date >= 2026-01-01               optional
  at:       datetime                         optional
  clock:    time                             optional
  wait:     duration                         optional
  term:     months                           optional
  tags:     list of text                     optional
  home:     record {city: text, zip: number or null, json: list of date}  optional
  boss:     Party                            optional
  account:  Account                          optional
  accounts: list of Account                  optional
  json:     text                             optional
  class:    text                             optional
  model_config: number                       optional

fact Account
  bank:     text           key
  holder:   Party          key
  number:   number [1..9]  key
  note:     text           optional
"""
UNHURRIED = settings(deadline=None)
JUNK = st.sampled_from(
    [
        *(None, True, 0, 1, 3, -1, 11, 100, 2**53, 10**40, 10**400, 1.0, float("nan"), "", "a", "b", "x", "A"),
        *("1", "0.5", "2.50", "5", "-0", "1e3", "01", "1.", "NaN", "1" * 35, "0." + "1" * 35, "2026-03-01"),
        *("2026-02-30", "2025-12-31", "2026-03-01T00:00:00", "2026-03-01T10:00:00Z", "10:00:00", "10:00", "P1D"),
        *("P1Y", "P", "-PT0.5S", "PT", "P1Y2M", "P1M1D", "\ud800", "P1D\n", "1\n"),
        *(Decimal("1.5"), Decimal("NaN"), Decimal("1E+2"), Decimal(3), date(2026, 3, 1), datetime(2026, 3, 1), time(9)),  # noqa: DTZ001
        *(
            Duration(1),
            Months(1),
            b"x",
            (),
            [],
            {},
            ["x"],
            [1],
            ("x", "y"),
            {"city": "c"},
            object(),
            Reference("A", ()),
        ),
        {"city": "c", "zip": None, "json": ["2026-01-01"]},
        {"city": "c", "zip": 1.5, "json": ["2026-01-01"]},
        {"city": "c", "zip": "7", "json": [], "more": 1},
        {"bank": "B", "holder": "A", "number": 1},
        {"bank": "B", "holder": "A", "number": 12},
        {"bank": "B", "holder": "A"},
        [{"bank": "B", "holder": "A", "number": "2"}],
        [{"bank": "B", "holder": "A", "number": 0}],
    ]
)
GOOD: Mapping[str, list[Any]] = {
    "id": ["A", "B", ""],
    "n": [0, 10, "9.99", Decimal("0.1")],
    "half": [1, 2, "2.5"],
    "few": [1, 2, 100, "100.5"],
    "any": [None, 0, "1.10", -(10**20), Decimal("1E+2")],
    "low": [None, 4, "-3"],
    "kind": [None, "a", "b"],
    "flag": [True, False],
    "day": ["2026-03-01", date(2027, 1, 1)],
    "at": ["2026-03-01T10:00:00", "2026-03-01T10:00:00.5Z", datetime(2026, 3, 1, 9)],  # noqa: DTZ001
    "clock": ["10:00:00", "10:00:00+01:00", time(9)],
    "wait": ["P1D", "-PT1.5S", Duration(90)],
    "term": ["P1Y2M", "P0M", Months(3)],
    "tags": [[], ["x", "y"], ("z",)],
    "home": [{"city": "c", "zip": None, "json": ["2026-01-01"]}, {"city": "c", "zip": "7.5", "json": []}],
    "boss": ["A", "C"],
    "account": [{"bank": "B", "holder": "A", "number": 1}],
    "accounts": [[], [{"bank": "B", "holder": "A", "number": "2"}]],
    "json": ["j"],
    "class": ["c"],
    "model_config": [1],
}
ROWS = st.fixed_dictionaries(
    {"id": st.sampled_from(GOOD["id"]), "any": st.sampled_from(GOOD["any"])},
    optional={
        name: st.one_of(st.sampled_from(GOOD[name]), st.sampled_from(GOOD[name]), JUNK)
        for name in GOOD
        if name not in ("id", "any")
    },
)


@cache
def program() -> Program:
    return compile_ruleset([Source("trial.rules", RULES)]).program


@cache
def models() -> FactModels:
    return FactModels(program().fact_types)


@cache
def schema() -> Draft202012Validator:
    document = facts_schema(program())
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


def taken_in(of: Program, name: str, row: object) -> Mapping[Reference, Fact] | None:
    """The facts that intake makes of one row; None when it refuses it."""
    try:
        known = gather_knowledge(of, [Document("facts", {name: [row]})])
    except InputError:
        return None
    standing = known.standing(of)
    if any(each.is_error for each in standing.problems):
        return None
    return {fact.reference: fact for fact in standing.facts}


def modelled(of: type[FactModel], row: object) -> FactModel | None:
    try:
        return of.model_validate(row)
    except ValidationError:
        return None


def assert_agreed(of: Program, all_models: FactModels, name: str, row: object) -> bool:
    """Model and intake take the row for the same fact, or both refuse it; True when they take it."""
    model = all_models.fact(of.fact_types[name])
    expected, found = taken_in(of, name, row), modelled(model, row)
    assert (found is None) == (expected is None), row
    if found is None:
        return False
    assert taken_in(of, name, found) == expected
    assert model.model_validate_json(found.model_dump_json()) == found
    assert taken_in(of, name, found.model_dump()) == expected
    return True


@UNHURRIED
@given(ROWS)
@example({"id": "A", "any": None, **{name: good[0] for name, good in GOOD.items() if name not in ("id", "any")}})
def test_a_model_accepts_a_fact_exactly_when_intake_does(row: dict[str, Any]) -> None:
    assert_agreed(program(), models(), "Party", row)


@UNHURRIED
@given(st.dictionaries(st.sampled_from([*GOOD, "json_", "class_", "bank", "holder", "number", "", "x"]), JUNK))
def test_a_model_accepts_whatever_members_exactly_when_intake_does(row: dict[str, Any]) -> None:
    assert_agreed(program(), models(), "Party", row)
    assert_agreed(program(), models(), "Account", row)


@UNHURRIED
@given(ROWS)
def test_the_schema_accepts_what_intake_accepts(row: dict[str, Any]) -> None:
    found = modelled(models().fact(program().fact_types["Party"]), row)
    if found is not None:
        written = found.model_dump(mode="json")
        assert not list(schema().iter_errors({"Party": [written], "incomplete": ["Account"]}))
        assert not list(Draft202012Validator(type(found).model_json_schema()).iter_errors(written))


def test_of_generated_facts_models_accept_what_intake_accepts() -> None:
    taken = refused = 0
    for seed in range(60):
        case = generated(seed)
        if case is None:
            continue
        dice, all_models = Dice(seed), FactModels(case.program.fact_types)
        for name, rows in case.facts.items():
            for row in rows if name != "incomplete" and isinstance(rows, list) else ():
                assert isinstance(row, dict)
                changed = {**row, dice.one_of([*row, "x"]): dice.one_of([None, 1, 7, 1.5, "x", "a1", [0], {}])}
                dropped = {key: value for key, value in row.items() if key != dice.one_of([*row])}
                for each in (row, changed, dropped):
                    accepted = assert_agreed(case.program, all_models, name, each)
                    taken, refused = taken + accepted, refused + (not accepted)
    assert taken > 200
    assert refused > 100
