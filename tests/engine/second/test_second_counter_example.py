"""A situation written as a scenario is the same situation when the ruleset is read with it."""

from __future__ import annotations

from dataclasses import replace

from neurosym.decision.intake import NO_REQUEST, take_in, take_in_standing
from neurosym.engine.evaluator import compiled_evaluator
from neurosym.engine.second.difference import ABSENT, CERTAIN, POSSIBLE, Difference
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.scenario import FactExpected, JudgedAnswer
from neurosym.testing.counter_example import counter_example
from neurosym.testing.scenario import facts_document, run_scenario
from neurosym.text.span import Source
from neurosym.values.canonical import Json
from tests.engine.second.worlds import Facts, program_of, situation_of

RULES = r"""
ruleset r
fact Many
  t: text key  n: number key  b: boolean or null  d: date  c: "x" | "y"  l: list of number  absent: text optional
fact Points  id: text key  to: Many
fact Unspoken  id: text key
derived D  p: Points key  m: Many key  d: date
rule r  for p: Points, m: Many  when p.to = m  then D(p: p, m: m, d: m.d)
judgment j(p: Points) returns "yes" | "no"  ask "?"  evidence p.id  route local
"""
FACTS: Facts = {
    "Many": [
        {"t": 'a "quoted" \\ text', "n": "-1.50", "b": None, "d": "2026-01-31", "c": "x", "l": [1, "2.5"]},
        {"t": "", "n": 10**20, "b": True, "d": "2026-02-01", "c": "y", "l": [], "absent": "here"},
    ],
    "Points": [{"id": "P", "to": {"t": "", "n": 10**20}}, {"id": "Q", "to": {"t": "nobody", "n": 0}}],
}
SHOWN: Json = {
    "fact": "D",
    "fields": {
        "p": {"reference": ["Points", "P"]},
        "m": {"reference": ["Many", "", {"number": "100000000000000000000"}]},
        "d": {"date": "2026-02-01"},
    },
}


def differing(first: str, second: str) -> Difference:
    return Difference(SHOWN, first, second, {}, {})


def test_the_scenario_is_the_situation_again() -> None:
    situation = situation_of(program_of(RULES), FACTS)
    judged = JudgedAnswer("j", (("p", "P"),), "yes", ("one", "two"))
    several = [differing(CERTAIN, ABSENT), differing(POSSIBLE, CERTAIN), differing(ABSENT, CERTAIN)]
    text = counter_example(program_of(RULES), situation, several, [judged])
    checked = compile_ruleset([Source("r.rules", f"{RULES}\n{text}")])
    (scenario,) = checked.scenarios
    intake = take_in(
        checked.program,
        None,
        NO_REQUEST,
        take_in_standing(checked.program, [facts_document(checked.program, scenario)]),
    )
    assert set(intake.facts) == set(situation.facts)
    assert (intake.incomplete, scenario.on) == (situation.incomplete, situation.on)
    assert scenario.judged == (judged,)
    standings = [each.standing for each in scenario.expected if isinstance(each, FactExpected)]
    assert standings == ["certain", "possible", "no"]
    unjudged = replace(scenario, judged=(), expected=scenario.expected[:1])
    assert not run_scenario(checked.program, unjudged, compiled_evaluator(checked.program)).failures


def test_what_no_expectation_can_say_is_a_comment() -> None:
    outcome: Json = {"by": "r", "of": "screen", "outcome": "hold", "subject": [{"reference": ["Points", "P"]}]}
    unnamed: Json = {"fact": "D", "unnamed": True}
    several = [Difference(shown, CERTAIN, ABSENT, {}, {}) for shown in (outcome, unnamed)]
    lines = counter_example(program_of(RULES), situation_of(program_of(RULES), {}), several).splitlines()
    assert lines[-2:] == [
        '  // screen("P") is "hold": certain here, not concluded by durable-rules',
        "  // some D that nobody named: certain here, not concluded by durable-rules",
    ]
