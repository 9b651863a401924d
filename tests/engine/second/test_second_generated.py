"""Generated programs and all scenario worlds of the tests and the shipped rulesets, through both implementations."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.decision.ruleset import load, ruleset_folders
from neurosym.engine.evaluator import compiled_evaluator
from neurosym.engine.second.opinion import Agrees, SecondOpinion
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.program.scenario import Scenario
from neurosym.testing.second_opinion import second_opinions
from neurosym.text.failure import RulesetError
from neurosym.text.span import Source
from tests.engine.second.differential import compared

TESTS = Path(__file__).parents[2]
LONG_RUN, LONG_RUN_FIRST = 200, 1_000


def test_generated_programs_lie_inside_the_box_and_are_agreed_with() -> None:
    tally = compared(30)
    assert tally.differences == []
    assert tally.programs == {"Agrees": 30}


@pytest.mark.slow
def test_many_generated_programs_are_agreed_with() -> None:
    tally = compared(LONG_RUN, LONG_RUN_FIRST)
    assert tally.differences == []
    assert tally.programs["Agrees"] >= LONG_RUN * 99 // 100


def scenarios_agreed(program: Program, scenarios: tuple[Scenario, ...]) -> int:
    evaluate = compiled_evaluator(program)
    with SecondOpinion(program) as second:
        found = [each for scenario in scenarios for each in second_opinions(program, scenario, evaluate, second)]
    assert [each.counter_example or each.opinion for each in found if not isinstance(each.opinion, Agrees)] == []
    return len(found)


@pytest.mark.parametrize("folder", sorted(path.name for path in (TESTS / "rules").iterdir() if path.is_dir()))
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
