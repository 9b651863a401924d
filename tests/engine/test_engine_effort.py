"""A rule that looks at too much, or keeps too much, is stopped by name, by either evaluator, and not by the machine."""

from __future__ import annotations

from itertools import pairwise

import pytest

from neurosym.engine.evaluator import compiled_evaluator, reference_evaluator
from neurosym.engine.model import Model
from neurosym.engine.situation import Limits, Situation
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.text.failure import LimitError
from neurosym.text.span import Source
from neurosym.values.temporal import Date
from neurosym.values.value import Fact, Reference

COUNT = 20  # facts of each type; all have the same values
HEAD = "ruleset trial\n" + "".join(
    f"fact {name}\n  id:    text  key\n  x:     number\n  list:  list of number\n" for name in "ABC"
)
HEAD += """
fact Next
  of:  A  key
  to:  A
derived D
  a:  A  key
derived Pair
  a:  A  key
  b:  B  key
"""
EVALUATORS = {"reference": reference_evaluator, "compiled": compiled_evaluator}
CUBE = COUNT**3  # combinations of three facts


def program(text: str) -> Program:
    return compile_ruleset([Source("trial.rules", HEAD + text)]).program


def evaluated(of: Program, evaluator: str, limits: Limits) -> Model:
    facts = tuple(
        Fact(name, (f"{at}",), {"id": f"{at}", "x": 1, "list": tuple(range(COUNT))})
        for name in "ABC"
        for at in range(COUNT)
    )
    names = [Reference("A", (f"{at}",)) for at in range(COUNT)]
    facts += tuple(Fact("Next", (one,), {"of": one, "to": other}) for one, other in pairwise(names))
    return EVALUATORS[evaluator](of)(Situation(facts, Date(2026, 1, 1)), limits)


def rule(variables: str, condition: str, conclusion: str = "D(a: a)") -> str:
    return f'rule runs cite "x"\n  for {variables}\n  when {condition}\n  then {conclusion}\n'


RUNAWAYS = {
    "every row of three types": rule("a: A, b: B, c: C", "a.x + b.x + c.x = 7"),
    "buckets that hold everything": rule("a: A, b: B, c: C", "b.x = a.x and c.x = b.x and a.x + b.x + c.x = 7"),
    "a choice of buckets": rule("a: A, b: B, c: C", "b.x in (a.x, 2) and c.x in (b.x, 3) and a.x + b.x + c.x = 7"),
    "a `some`": rule("a: A", "some b: B, c: C satisfies a.x + b.x + c.x = 7"),
    "a total": rule("a: A", "count(b.x for b: B, c: C where a.x + b.x + c.x = 7) > 3"),
    "a total of a definition": "define many(a: A) = count(b.x for b: B, c: C where a.x + b.x + c.x = 7) > 3\n"
    + rule("a: A", "many(a)"),
    "lists": rule("a: A", "some i in a.list satisfies (some j in a.list, k in a.list satisfies i + j + k = 700)"),
    "a filter": rule("a: A, b: B", "count(a.list[item in b.list and item > 100]) > 0"),
    "an exception": rule("a: A", "a.x = 1")
    + 'exception but to runs cite "x"\n  for b: B, c: C\n  when a.x + b.x + c.x = 7\n',
}


@pytest.mark.parametrize("evaluator", EVALUATORS)
@pytest.mark.parametrize("text", RUNAWAYS.values(), ids=RUNAWAYS)
def test_what_one_rule_looks_at_is_bounded_whatever_makes_it_run(evaluator: str, text: str) -> None:
    of = program(text)
    with pytest.raises(LimitError) as reached:
        evaluated(of, evaluator, Limits(looked_max=CUBE // 2))
    said = "more than 4000 facts and items looked at (looked_max) by `runs` in the stratum of `D`"
    assert str(reached.value) == said
    assert {name: len(of) for name, of in evaluated(of, evaluator, Limits()).extensions.items()}["A"] == COUNT


@pytest.mark.parametrize("evaluator", EVALUATORS)
def test_what_every_rule_looks_at_is_counted_for_itself(evaluator: str) -> None:
    several = "".join(rule("a: A, b: B", f"a.x + b.x = {at + 7}").replace("runs", f"r{at}") for at in range(20))
    found = evaluated(program(several), evaluator, Limits(looked_max=2 * COUNT**2))
    assert len(found.extensions["D"]) == 0


@pytest.mark.parametrize("evaluator", EVALUATORS)
def test_the_rounds_of_a_rule_are_counted_together(evaluator: str) -> None:
    growing = (
        rule("a: A, b: B", "a.x = b.x", "Pair(a: a, b: b)")
        + rule("a: A", 'a.id = "0"').replace("runs", "first")
        + 'rule further cite "x"\n  for d: D, n: Next, p: Pair, q: Pair\n'
        "  when n.of = d.a and p.a = d.a and q.a = p.a\n"
        "  then D(a: n.to)\n"
    )
    of = program(growing)
    assert len(evaluated(of, evaluator, Limits()).extensions["D"]) == COUNT
    with pytest.raises(LimitError, match=r"\(looked_max\) by `further` in the stratum of `D`"):
        evaluated(of, evaluator, Limits(looked_max=COUNT**2 + 2 * COUNT))


@pytest.mark.parametrize("evaluator", EVALUATORS)
def test_what_a_rule_concludes_is_bounded_before_all_of_it_is_held(evaluator: str) -> None:
    of = program(rule("a: A, b: B", "a.x = b.x", "Pair(a: a, b: b)"))
    with pytest.raises(LimitError, match=r"more than 100 .* \(facts_max\).* `runs` in the stratum of `Pair`"):
        evaluated(of, evaluator, Limits(facts_max=100))
    assert len(evaluated(of, evaluator, Limits(facts_max=COUNT**2)).extensions["Pair"]) == COUNT**2
