"""`neurosym check`: the problems of rulesets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import click

from neurosym.cli.exit_code import ExitCode
from neurosym.cli.help_text import examples
from neurosym.cli.output import Output, format_option
from neurosym.cli.progress import Progress
from neurosym.cli.second_opinion import Comparison, comparison_lines
from neurosym.decision.ruleset import Ruleset, load, read_sources, ruleset_folders
from neurosym.engine.compiled.emission import emitted
from neurosym.engine.evaluator import compiled_evaluator
from neurosym.engine.second.opinion import SecondOpinion
from neurosym.grammar.lint import check_grammar
from neurosym.grammar.source import SUFFIX, is_grammar
from neurosym.testing.second_opinion import ScenarioOpinion, second_opinions
from neurosym.text.diagnostic import Diagnostic, Report, Severity
from neurosym.text.failure import RulesetError
from neurosym.text.render import render_json
from neurosym.values.canonical import Json


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking one path came to; `ruleset` is None when there are errors, and for a file of a grammar."""

    path: Path
    ruleset: Ruleset | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def json(self) -> dict[str, Json]:
        """The path with what was found at it."""
        ruleset = self.ruleset
        return {
            "path": str(self.path),
            "ruleset": ruleset.program.name if ruleset else None,
            "version": ruleset.program.version if ruleset else None,
            "digest": ruleset.digest if ruleset else None,
            "diagnostics": [render_json(found) for found in self.diagnostics],
        }

    @property
    def has_errors(self) -> bool:
        """True when something has to be mended."""
        return any(found.is_error for found in self.diagnostics)

    @property
    def summary(self) -> str:
        """One line for people."""
        found = Counter(each.severity for each in self.diagnostics)
        counts = {severity: _count(found[severity], severity.value) for severity in Severity if found[severity]}
        is_clean = counts.keys() <= {Severity.NOTE}
        return f"{self.path}: {', '.join((*(['clean'] if is_clean else []), *counts.values()))}"


def check_path(path: Path) -> tuple[Checked, ...]:
    """What is found at each ruleset at or below the path."""
    if path.suffix == SUFFIX:
        return (_checked_grammar(path),)
    return tuple(_checked(folder) for folder in ruleset_folders(path) or (path,))


@click.command(epilog=examples("neurosym check rulesets", "neurosym check rulesets/sanctions --format json"))
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--emit", is_flag=True, help="Show the Python that the rules compile to.")
@click.option("--second-opinion", "is_compared", is_flag=True, help="Run the scenarios through durable-rules as well.")
@format_option
@click.pass_context
def check(context: click.Context, *, paths: tuple[Path, ...], emit: bool, is_compared: bool, output: Output) -> None:
    """Find the problems of rulesets: syntax, names, types, safety, strata.

    A PATH is the folder of a ruleset, a folder that holds several, or one file of rules or of a grammar. With
    `--second-opinion`, every difference between the two engines is shown as a scenario; exits with 4 when the other one
    failed.
    """
    with Progress("checking"):
        found = [checked for path in paths for checked in check_path(path)]
    compared = [_compared(each) for each in found] if is_compared else []
    for checked in found:
        output.diagnostics(checked.diagnostics)
        output.title(checked.summary)
        if emit and checked.ruleset is not None:
            output.say(*emitted(checked.ruleset.program).splitlines())
    for comparison in compared:
        output.say(*comparison_lines(comparison))
    has_errors = any(checked.has_errors for checked in found)
    is_clean = not has_errors and not any(each.disagreements for each in compared)
    document: dict[str, Json] = {"clean": is_clean, "rulesets": [_shown(checked, emit=emit) for checked in found]}
    if is_compared:
        document["second_opinions"] = [each.json for each in compared]
    output.document(document)
    if any(each.incidents for each in compared):
        context.exit(ExitCode.FAILURE)
    context.exit(ExitCode.DONE if is_clean else ExitCode.PROBLEMS)


def _compared(checked: Checked) -> Comparison:
    """The scenarios of a ruleset through both engines; of one with errors, none."""
    if checked.ruleset is None:
        return Comparison(str(checked.path), ())
    program, scenarios = checked.ruleset.program, checked.ruleset.scenarios
    opinions: list[ScenarioOpinion] = []
    evaluate = compiled_evaluator(program)
    with SecondOpinion(program) as second, Progress("asking for a second opinion") as progress:
        for number, scenario in enumerate(scenarios, start=1):
            opinions += second_opinions(program, scenario, evaluate, second)
            progress(number, len(scenarios))
    return Comparison(str(checked.path), tuple(opinions))


def _shown(checked: Checked, *, emit: bool) -> Json:
    if not emit or checked.ruleset is None:
        return checked.json
    return {**checked.json, "python": emitted(checked.ruleset.program)}


def _checked(path: Path) -> Checked:
    try:
        ruleset = load(path, afresh=True)
    except RulesetError as error:
        return Checked(path, None, error.diagnostics)
    report = Report()
    report.extend(ruleset.warnings)
    for source in ruleset.sources:
        if is_grammar(source):
            check_grammar(source, report)
    return Checked(path, None if report.has_errors else ruleset, tuple(report.diagnostics))


def _checked_grammar(path: Path) -> Checked:
    report = Report()
    for source in read_sources([path], report):
        check_grammar(source, report)
    return Checked(path, None, tuple(report.diagnostics))


def _count(number: int, of: str) -> str:
    return f"{number} {of}" + ("s" if number > 1 else "")
