"""Generated programs and all scenario worlds of the tests and the shipped rulesets, through both implementations."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from neurosym.decision.ruleset import load, ruleset_folders
from neurosym.engine.reference import evaluate
from neurosym.engine.second.opinion import Agrees, Disagrees, Opinion, SecondOpinion
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.program.scenario import Scenario
from neurosym.testing.counter_example import counter_example
from neurosym.testing.second_opinion import second_opinions
from neurosym.text.failure import RulesetError
from neurosym.text.span import Source
from tests.generation.case import Case
from tests.generation.facts import cases

TESTS = Path(__file__).parents[2]
LONG_RUN, LONG_RUN_FIRST = 2_000, 100_000


def opinions(case: Case) -> list[Opinion]:
    """On the model of the case, and on that with burdens."""
    burdened = evaluate(case.program, case.situation, prior=case.model)
    with SecondOpinion(case.program) as second:
        return [second.on(model) for model in (case.model, burdened)]


def agreed(count: int, first: int) -> Counter[str]:
    """How many generated programs were agreed with, by the kind of opinion; AssertionError for a difference."""
    tally = Counter[str]()
    for seed, case in cases(count, first):
        found = opinions(case)
        for each in found:
            if isinstance(each, Disagrees):
                pytest.fail(
                    f"seed {seed}\n{case.rules}\n{counter_example(case.program, case.situation, each.differences)}"
                )
        kinds = {type(each).__name__ for each in found}
        tally[kinds.pop() if len(kinds) == 1 else "mixed"] += 1
    return tally


def test_generated_programs_lie_inside_the_box_and_are_agreed_with() -> None:
    assert agreed(30, 0) == {"Agrees": 30}


@pytest.mark.slow
def test_many_generated_programs_are_agreed_with() -> None:
    assert agreed(LONG_RUN, LONG_RUN_FIRST)["Agrees"] >= LONG_RUN * 99 // 100


def scenarios_agreed(program: Program, scenarios: tuple[Scenario, ...]) -> int:
    with SecondOpinion(program) as second:
        found = [each for scenario in scenarios for each in second_opinions(program, scenario, second)]
    assert [each.counter_example or each.opinion for each in found if not isinstance(each.opinion, Agrees)] == []
    return len(found)


@pytest.mark.parametrize("folder", sorted(path.name for path in (TESTS / "rules").iterdir()))
def test_every_scenario_world_of_the_tests_is_agreed_with(folder: str) -> None:
    count = 0
    for path in sorted((TESTS / "rules" / folder).glob("*.rules")):
        try:
            checked = compile_ruleset([Source(path.name, path.read_text(encoding="utf-8"))])
        except RulesetError:  # what `tests/test_rules.py` expects of it
            continue
        count += scenarios_agreed(checked.program, checked.scenarios)
    assert count or folder in ("refused", "findings")


@pytest.mark.parametrize("folder", ruleset_folders(TESTS.parent / "rulesets"), ids=lambda folder: folder.name)
def test_every_scenario_of_the_shipped_rulesets_is_agreed_with(folder: Path) -> None:
    ruleset = load(folder)
    assert scenarios_agreed(ruleset.program, ruleset.scenarios) >= len(ruleset.scenarios)
