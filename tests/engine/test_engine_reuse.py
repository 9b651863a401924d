"""What is not computed again: exact functions after an answer, totals that no new fact touches, strata of a session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from neurosym.engine.compiled import runtime
from neurosym.engine.compiled.evaluation import CompiledEvaluator
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.stratum import StratumRun
from neurosym.engine.situation import Situation
from neurosym.engine.working_memory import WorkingMemory
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.text.span import Source
from neurosym.values.unknown import Asked
from neurosym.values.value import Fact

DAY = date(2026, 1, 1)
COUNT = 40
ALIKE = """
ruleset names
fact Party
  id:    text  key
  name:  text
derived Hit
  one:    Party  key
  other:  Party  key
rule alike
  for a: Party, b: Party
  when similar(a.name, b.name) = 1
  then Hit(one: a, other: b)
"""
JUDGED = """
judgment same(one: Party) returns "yes" | "no"
  ask "Is it so?"
  reads one.name
  route local
rule judged
  for a: Party, b: Party
  when a.id = "0" and b.id = "1" and same(a) = "yes"
  then Hit(one: a, other: b)
"""
CHAIN = """
ruleset chain
fact Link
  id:      text  key
  from:    text
  to:      text
  weight:  number  >= 0
derived Reached
  name:  text  key
rule first
  for l: Link
  when l.from = "0"
  then Reached(name: l.from)
rule further
  for l: Link
  when sum(k.weight for k: Link, r: Reached where k.to = l.to and k.from = r.name) >= 1
  then Reached(name: l.to)
"""


def program(rules: str) -> Program:
    return compile_ruleset([Source("reuse.rules", rules)]).program


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[int]]:
    """Makes a function that generated code calls count its calls."""

    def counted(name: str) -> list[int]:
        count, function = [0], runtime.NAMESPACE[name]

        def counting(*arguments: object) -> object:
            count[0] += 1
            return function(*arguments)

        monkeypatch.setitem(runtime.NAMESPACE, name, counting)
        return count

    return counted


def test_an_answer_runs_no_exact_function_again_that_does_not_rest_on_it(calls: Callable[[str], list[int]]) -> None:
    compared = calls("built_in_similar")
    evaluate = CompiledEvaluator(CompiledProgram(program(ALIKE + JUDGED)))
    facts = tuple(Fact("Party", (f"{n}",), {"id": f"{n}", "name": f"name {n}"}) for n in range(COUNT))
    situation = Situation(facts, DAY)
    model = evaluate(situation)
    assert compared[0] >= COUNT * COUNT
    (question,) = {each.question for of in model.entries("Hit") for each in of.reasons if isinstance(each, Asked)}
    before = compared[0]
    answered = evaluate(replace(situation, answers={question: "yes"}))
    assert compared[0] == before
    assert all(each.is_certain for each in answered.entries("Hit"))


def test_a_growing_total_is_taken_again_only_where_a_new_fact_counts(calls: Callable[[str], list[int]]) -> None:
    taken = calls("total")
    links = tuple(
        Fact("Link", (f"{n}",), {"id": f"{n}", "from": f"{n}", "to": f"{n + 1}", "weight": 1}) for n in range(COUNT)
    )
    model = CompiledEvaluator(CompiledProgram(program(CHAIN)))(Situation(links, DAY))
    assert len(model.extensions["Reached"]) == COUNT + 1
    assert taken[0] < 4 * COUNT


def test_a_session_evaluates_no_stratum_anew_that_it_can_keep_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = WorkingMemory(CompiledProgram(program(ALIKE)))
    rows = [(f"{n}", f"name {n}") for n in range(COUNT)]
    memory.change({}, {"Party": rows}, frozenset())
    state = memory.state(DAY)
    monkeypatch.setattr(StratumRun, "finish", lambda _: pytest.fail("evaluated anew"))
    memory.change({"Party": rows[:1]}, {"Party": [("new", "name 7")]}, frozenset())
    keys = {key for key, _, _ in state.model.extensions["Hit"].steps()}
    assert ("new", "7") in keys
    assert not any("0" in key for key in keys)
