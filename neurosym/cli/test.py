"""`neurosym test`: the scenarios of rulesets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from neurosym.cli.check import Checked, check_path
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.help_text import examples
from neurosym.cli.output import Output, format_option
from neurosym.cli.progress import Progress
from neurosym.engine.evaluator import compiled_evaluator
from neurosym.testing.scenario import Outcome, run_scenario
from neurosym.text.render import render_json
from neurosym.values.canonical import Json


@click.command(epilog=examples("neurosym test rulesets", "neurosym test rulesets/sanctions --format json"))
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@format_option
@click.pass_context
def test(context: click.Context, paths: tuple[Path, ...], output: Output) -> None:
    """Run the scenarios of rulesets. No model, no network: questions are answered by the scenarios alone.

    A PATH is the folder of a ruleset, a folder that holds several, or one file of rules.
    """
    with Progress("checking"):
        checked = [each for path in paths for each in check_path(path)]
    outcomes = _outcomes(checked)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for each in checked:
        output.diagnostics(found for found in each.diagnostics if found.is_error)
    for outcome in outcomes:
        _say(outcome, output)
    output.title(_summary(len(outcomes) - len(failed), len(failed)))
    output.document(
        {
            "passed": len(outcomes) - len(failed),
            "failed": len(failed),
            "results": [_json(outcome) for outcome in outcomes],
            "diagnostics": [render_json(found) for each in checked for found in each.diagnostics if found.is_error],
        }
    )
    has_problems = bool(failed) or any(each.ruleset is None for each in checked)
    context.exit(ExitCode.PROBLEMS if has_problems else ExitCode.DONE)


def _outcomes(checked: Sequence[Checked]) -> list[Outcome]:
    rulesets = [each.ruleset for each in checked if each.ruleset is not None]
    scenarios = [
        (ruleset.program, scenario, evaluate)
        for ruleset in rulesets
        for evaluate in [compiled_evaluator(ruleset.program)]
        for scenario in ruleset.scenarios
    ]
    outcomes = []
    with Progress("running scenarios") as progress:
        for number, (program, scenario, evaluate) in enumerate(scenarios, start=1):
            outcomes.append(run_scenario(program, scenario, evaluate))
            progress(number, len(scenarios))
    return outcomes


def _say(outcome: Outcome, output: Output) -> None:
    if not outcome.passed:
        output.title(f"{outcome.scenario.span}: failed: {outcome.scenario.label}")
        output.say(*(f"  {message}" for message in outcome.failures))
    output.say(*(f"note: {note}" for note in outcome.notes))


def _summary(passed: int, failed: int) -> str:
    return f"{passed} passed, {failed} failed" if passed or failed else "no scenarios"


def _json(outcome: Outcome) -> Json:
    return {
        "scenario": outcome.scenario.label,
        "place": str(outcome.scenario.span),
        "passed": outcome.passed,
        "failures": list(outcome.failures),
        "notes": list(outcome.notes),
    }
