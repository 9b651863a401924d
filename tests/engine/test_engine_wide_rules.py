"""Rules with as many variables as are allowed, and more blocks than Python nests, mean what the reference says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from neurosym.check.extent import VARIABLES_MAX
from neurosym.engine.compiled.evaluation import CompiledEvaluator
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.source import BLOCKS_MAX
from neurosym.engine.reference import evaluate
from neurosym.engine.situation import Limits, Situation
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.text.span import NOWHERE, Source
from neurosym.values.temporal import Date
from neurosym.values.unknown import ANYTHING, Failed, Unknown
from neurosym.values.value import Fact, Value
from tests.generation.normal import facts_of_model

HEAD = """ruleset wide
fact Case
  id:    text    key
  n:     number  optional
derived Large
  c:     Case    key
"""
FIRST = 'rule first cite "x"\n  for c: Case\n  when c.n > 2\n  then Large(c: c)\n'
UNKNOWN = Unknown(frozenset({Failed("nobody knows", NOWHERE)}), ANYTHING)
VALUES: dict[str, tuple[Value, ...]] = {
    "alike": (1, 1),
    "different": (1, 2, 3),
    "in doubt": (3, UNKNOWN),
}


def names(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{at}" for at in range(count)]


def bound(variables: list[str]) -> str:
    return ", ".join(f"{name}: Case" for name in variables)


def rule(variables: list[str], parts: Iterator[str] | list[str]) -> str:
    return (
        f'rule wide cite "x"\n  for {bound(variables)}\n  when {" and ".join(parts)}\n  then Large(c: {variables[0]})\n'
    )


def equations(count: int) -> str:
    """Each variable is found by an index, from the one before."""
    several = names("c", count)
    return rule(several, (f"{one}.n = {other}.n" for one, other in pairwise(several)))


def choices(count: int) -> str:
    """Each variable is found by an index, from a choice of keys: two blocks for each."""
    several = names("c", count)
    return rule(several, (f"{other}.n in ({one}.n, 3)" for one, other in pairwise(several)))


def touched(count: int) -> str:
    """A rule that counts what it concludes, over joins with choices inside and outside."""
    outer, inner = names("c", count), names("d", count)
    parts = [f"{other}.n in ({one}.n, 3)" for one, other in pairwise(outer)]
    inside = [f"{name}.n in ({outer[-1]}.n, 3)" for name in inner]
    total = f"count(l.c.n for l: Large, {bound(inner)} where {' and '.join([*inside, f'l.c = {outer[0]}'])}) >= 0"
    return FIRST + rule(outer, [*parts, total])


def summed(count: int) -> str:
    """A total over many variables with choices, for a type that grows meanwhile."""
    inner = names("d", count)
    inside = [f"{other}.n in ({one}.n, 3)" for one, other in pairwise(inner)]
    total = (
        f"count({inner[0]} for l: Large, {bound(inner)} where {' and '.join([*inside, f'l.c.n = {inner[-1]}.n'])}) >= 2"
    )
    return FIRST + rule(["c0"], ["c0.n > 0", total])


def excepted(count: int) -> str:
    """An exception that binds as many variables as the rule."""
    mine, theirs = names("c", count), names("e", count)
    parts = [f"{other}.n in ({one}.n, 3)" for one, other in pairwise([mine[-1], *theirs])]
    exception = f'exception but to wide cite "x"\n  for {bound(theirs)}\n  when {" and ".join([*parts, "e0.n > 2"])}\n'
    return rule(mine, (f"{one}.n = {other}.n" for one, other in pairwise(mine))) + exception


PROGRAMS = {
    **{f"{count} equations": equations(count) for count in (3, 7, 12, BLOCKS_MAX, BLOCKS_MAX + 1, VARIABLES_MAX)},
    **{f"{count} choices": choices(count) for count in (3, 7, 9, 10, 12)},
    **{f"{count} touched": touched(count) for count in (2, 4, 5, 6)},
    **{f"{count} summed": summed(count) for count in (2, 5, 6, 9, 12)},
    **{f"{count} excepted": excepted(count) for count in (2, 5, 9)},
}
FEW_MAX = 7  # variables, over several facts; the bindings of more are ever so many, and one fact is enough


def program(text: str) -> Program:
    return compile_ruleset([Source("wide.rules", HEAD + text)]).program


def situation(values: tuple[Value, ...]) -> Situation:
    facts = (Fact("Case", (f"{at}",), {"id": f"{at}", "n": value}) for at, value in enumerate(values))
    return Situation(tuple(facts), Date(2026, 1, 1))


def expect_reference(of: Program, given: Situation, limits: Limits) -> None:
    compiled = CompiledEvaluator(CompiledProgram(of))(given, limits)
    reference = evaluate(of, given)
    assert facts_of_model(compiled) == facts_of_model(reference)
    steps = [sorted(map(str, each.extensions["Large"].steps())) for each in (compiled, reference)]
    assert steps[0] == steps[1]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in PROGRAMS.items()])
@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_a_wide_rule_means_what_the_reference_says(text: str, values: tuple[Value, ...]) -> None:
    found = values if text.count(": Case") <= FEW_MAX else values[-1:]
    expect_reference(program(text), situation(found), Limits())


# By the widths of the loops each looks at 60 facts to the third power; in truth at a few, which only counting can tell.
SKEWED = {
    "variables": rule(["c0", "c1", "c2"], ['c0.id = "0"', "c1.n = c0.n", "c2.n = c1.n"]),
    "choices": rule(["c0", "c1", "c2"], ['c0.id = "0"', "c1.n in (c0.n, 3)", "c2.n in (c1.n, 3)"]),
    "some": rule(["c0"], ['c0.id = "0"', f"some {bound(['c1', 'c2'])} satisfies c1.n = c0.n and c2.n = c1.n"]),
    "total": rule(
        ["c0"], ['c0.id = "0"', f"count(c1 for {bound(['c1', 'c2'])} where c1.n = c0.n and c2.n = c1.n) = 1"]
    ),
}


@pytest.mark.parametrize("text", SKEWED.values(), ids=SKEWED)
def test_a_rule_that_only_seems_wide_is_counted_and_means_the_same(text: str) -> None:
    expect_reference(program(text), situation((1, *(7 for _ in range(59)))), Limits(looked_max=1_000))
