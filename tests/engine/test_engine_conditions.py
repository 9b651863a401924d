"""Very many rules over one fact: the index of their conditions finds what the reference evaluator finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest

from neurosym.decision.intake import Document, Intake, take_in, take_in_standing
from neurosym.engine.compiled.conditions import Demand, Interval, demand_of, set_bits
from neurosym.engine.evaluator import compiled_evaluator, reference_evaluator
from neurosym.engine.layout import layouts_of
from neurosym.engine.model import Model
from neurosym.engine.situation import Situation
from neurosym.engine.verdict import told, verdict
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.text.span import Source
from neurosym.values.canonical import Json

HEAD = """
ruleset crowd
fact Case
  id: text key
  kind: "a" | "b" | "c"
  amount: number
  score: number or null optional
  day: date optional
  country: text optional
  urgent: boolean
  booked_on: date
decision screen(case: Case)
  on case.booked_on
  outcomes "block" > "hold" > "pass"
  otherwise "pass"
  undecided "hold"
"""
DAY = date(2026, 1, 10)
RULES, REQUESTS = 200, 40
BECAUSE = ("", ' because "it is so"', ' because "{c.kind} and {c.score}"')


def condition(dice: Random) -> str:
    low = dice.randint(0, 9)
    parts = [
        f'c.kind = "{dice.choice("abc")}"',
        f'c.kind in ("{dice.choice("abc")}", "{dice.choice("abc")}")',
        f"c.amount {dice.choice(['<', '<=', '>', '>=', '='])} {low}",
        f"{low} {dice.choice(['<', '<=', '>', '>='])} c.amount",
        f"c.amount in {dice.choice('[(')}{low}..{low + dice.randint(1, 3)}{dice.choice('])')}",
        f"c.amount in (< {low}, {low + 1}, >= {low + 2})",
        f"c.score >= {low}",
        f"c.day {dice.choice(['<', '>=', '='])} {DAY + timedelta(dice.randint(-2, 2))}",
        f'c.country != "{dice.choice("xy")}"',
        f'c.country = "{dice.choice("xy")}"',
        "c.urgent",
        "not(c.urgent)",
        "c.amount * 2 > c.score",
    ]
    return " and ".join(dice.sample(parts, dice.randint(1, 4)))


def crowd(dice: Random) -> Program:
    rules = [
        f'rule r{number}\n  for c: Case\n  when {condition(dice)}\n  then screen(case: c) is "{outcome}"{because}'
        for number, (outcome, because) in enumerate(
            zip(dice.choices(["block", "hold", "pass"], k=RULES), dice.choices(BECAUSE, k=RULES), strict=True)
        )
    ]
    return compile_ruleset([Source("crowd.rules", "\n".join([HEAD, *rules]))]).program


def requests(dice: Random) -> Iterator[dict[str, Json]]:
    for number in range(REQUESTS):
        row: dict[str, Json] = {
            "id": f"C{number}",
            "kind": dice.choice("abc"),
            "amount": dice.randint(0, 10),
            "urgent": dice.choice([True, False]),
            "booked_on": str(DAY),
        }
        optional: dict[str, Json] = {
            "score": dice.choice([None, dice.randint(0, 9)]),
            "day": str(DAY + timedelta(dice.randint(-3, 3))),
            "country": dice.choice("xyz"),
        }
        yield row | {name: value for name, value in optional.items() if dice.random() < 0.8}


def found(model: Model, program: Program, situation: Situation) -> list[tuple[str, str, object]]:
    (fact,) = situation.facts
    subject = (fact.reference,)
    assert program.decisions["screen"]
    return sorted(
        ((each.application.provision.id, each.outcome, each.truth) for each in model.outcomes_about("screen", subject)),
        key=str,
    )


def reasons_told(model: Model, program: Program, intake: Intake) -> list[tuple[str, str]]:
    decision, subject = program.decisions["screen"], intake.subject
    certain = [each.outcome for each in verdict(model, decision, subject).certain]
    found = sorted(told(model, decision, subject))
    assert found == sorted((each.application.provision.id, model.text(each)) for each in certain)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_very_many_rules_over_one_fact_conclude_what_they_mean(seed: int) -> None:
    dice = Random(seed)  # noqa: S311 - no secret
    program = crowd(dice)
    compiled, reference = compiled_evaluator(program), reference_evaluator(program)
    kinds = set()
    for row in requests(dice):
        standing = take_in_standing(program, [])
        intake = take_in(program, program.decisions["screen"], Document("request", {"case": row}), standing)
        situation = Situation(intake.facts, DAY, intake.incomplete, named=intake.subject)
        mine, wanted = found(compiled(situation), program, situation), found(reference(situation), program, situation)
        assert mine == wanted
        assert reasons_told(compiled(situation), program, intake) == reasons_told(reference(situation), program, intake)
        kinds |= {truth if truth is True else "unknown" for _, _, truth in mine}
    assert kinds == {True, "unknown"}


@pytest.mark.parametrize(
    ("condition", "demand"),
    [
        ('c.kind = "a"', Demand(1, frozenset({"a"}))),
        ('"a" = c.kind', Demand(1, frozenset({"a"}))),
        ('c.kind in ("a", "b")', Demand(1, frozenset({"a", "b"}))),
        ("c.amount >= 3", Demand(2, frozenset(), (Interval(3, None),))),
        ("3 > c.amount", Demand(2, frozenset(), (Interval(None, 3, high_open=True),))),
        ("c.amount = 3", Demand(2, frozenset(), (Interval(3, 3),))),
        ("c.amount in (1..3]", Demand(2, frozenset(), (Interval(1, 3, low_open=True),))),
        ("c.urgent", Demand(6, frozenset({True}))),
        ("not(c.urgent)", Demand(6, frozenset({False}))),
        ('c.kind != "a"', None),
        ("c.amount > c.score", None),
        ("c.score = null", None),
    ],
)
def test_a_conjunct_is_a_demand_on_a_field_or_none(condition: str, demand: Demand | None) -> None:
    rule = f'rule r\n  for c: Case\n  when {condition}\n  then screen(case: c) is "block"'
    program = compile_ruleset([Source("one.rules", f"{HEAD}{rule}")]).program
    part = program.rules[0].join.condition
    assert part is not None
    assert demand_of(part, "c", layouts_of(program.fact_types)["Case"]) == demand


@pytest.mark.parametrize("bits", [0, 1, 0b1010, 1 << 63, (1 << 200) | (1 << 7) | 1])
def test_set_bits_are_the_places_of_the_ones(bits: int) -> None:
    assert set_bits(bits) == [at for at in range(bits.bit_length()) if bits >> at & 1]
