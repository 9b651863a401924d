"""Cases that generated programs found: S and its reasons are the oracle's."""

from __future__ import annotations

from collections.abc import Mapping

from neurosym.engine.reference import evaluate
from neurosym.engine.verdict import verdict
from neurosym.values.canonical import Json
from neurosym.values.unknown import Asked, MissingFact, MissingValue, Reason
from tests.generation.case import Case

A: Mapping[str, Json] = {"id": "a1", "day": "2026-01-01"}
TWO_NUMBERS = """
fact A
  id: text key
  day: date
  n: number [0..3] optional
  m: number [0..3] optional
"""


def found(
    rules: str,
    facts: Mapping[str, Json],
    *,
    parameters: str = "s0: A",
    otherwise: str = "pass",
    request: Mapping[str, Json] | None = None,
) -> tuple[tuple[str, ...], frozenset[Reason]]:
    decision = (
        f'ruleset generated\ndecision screen({parameters})\n  on s0.day\n  outcomes "block" > "hold" > "pass"\n'
        f'  otherwise "{otherwise}"\n  undecided "hold"\n'
    )
    case = Case(decision + rules, facts, request or {"s0": "a1"})
    reached = verdict(evaluate(case.program, case.unanswered), case.decision, case.subject)
    return reached.possible, reached.reasons


def missing(reasons: frozenset[Reason]) -> set[str]:
    return {each.field for each in reasons if isinstance(each, MissingValue)}


def test_two_subjects_of_one_type_are_kept_apart() -> None:
    rules = """
fact A
  id: text key
  day: date
rule r
  for x: A, y: A
  when x.id = "a1" and y.id = "a2"
  then screen(s0: x, s1: y) is "block"
"""
    facts: Mapping[str, Json] = {"A": [{**A}, {**A, "id": "a2"}]}
    assert found(rules, facts, parameters="s0: A, s1: A", request={"s0": "a1", "s1": "a2"})[0] == ("block",)
    assert found(rules, facts, parameters="s0: A, s1: A", request={"s0": "a2", "s1": "a1"})[0] == ("pass",)


def test_doubt_about_otherwise_matters_when_a_lower_outcome_is_possible() -> None:
    rules = f"""{TWO_NUMBERS}
rule r1
  for x: A
  when x.n >= 2
  then screen(s0: x) is "pass"
rule r2
  for x: A
  when x.m >= 2
  then screen(s0: x) is "hold"
"""
    possible, reasons = found(rules, {"A": [{**A}]}, otherwise="hold")
    assert possible == ("hold", "pass")
    assert missing(reasons) == {"n", "m"}
    assert found(rules, {"A": [{**A, "m": 3}]}, otherwise="hold")[0] == ("hold",)


def test_unknown_contents_of_one_key_keep_their_own_reasons() -> None:
    rules = f"""{TWO_NUMBERS}
derived D
  k: A key
  v: number [0..3]
rule r1
  for x: A
  then D(k: x, v: x.n)
rule r2
  for x: A
  then D(k: x, v: x.m)
rule r3
  for d: D
  when d.v >= 2
  then screen(s0: d.k) is "block"
"""
    possible, reasons = found(rules, {"A": [{**A}]})
    assert possible == ("block", "pass")
    assert missing(reasons) == {"n", "m"}


def test_a_possible_summand_that_is_null_leaves_its_question_open() -> None:
    rules = """
fact A
  id: text key
  day: date
fact B
  id: text key
  n: number or null
judgment asked(b: B) returns "yes" | "no"
  ask "Does it count?"
  reads b.id
  route local
rule r1
  for x: A
  when sum(b.n for b: B where asked(b) = "yes") >= 2
  then screen(s0: x) is "block"
"""
    possible, reasons = found(rules, {"A": [{**A}], "B": [{"id": "b1", "n": None}]})
    assert possible == ("block", "pass")
    assert {each.question.judgment for each in reasons if isinstance(each, Asked)} == {"asked"}


def test_an_unnamed_fact_concluded_twice_rests_on_both() -> None:
    rules = """
fact A
  id: text key
  day: date
fact B
  id: text key
  n: number [0..3]
fact C
  id: text key
  to: B
derived D
  k: number [0..3] key
rule r1
  for b: B
  then D(k: b.n)
rule r2
  for x: A, d: D
  when d.k >= 2
  then screen(s0: x) is "block"
"""
    links: list[Json] = [{"id": "c1", "to": "b1"}, {"id": "c2", "to": "b2"}]
    possible, reasons = found(rules, {"A": [{**A}], "B": [], "C": links})
    assert possible == ("block", "pass")
    assert {each.of.key for each in reasons if isinstance(each, MissingFact)} == {("b1",), ("b2",)}
