"""`neurosym check`: the problems of rulesets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from neurosym.cli.exit_code import ExitCode
from neurosym.cli.help_text import examples
from neurosym.cli.output import Output, format_option
from neurosym.cli.progress import Progress
from neurosym.decision.ruleset import Ruleset, load, ruleset_folders
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.failure import RulesetError
from neurosym.text.render import render_json
from neurosym.values.canonical import Json


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking one path came to; `ruleset` is None when there are errors."""

    path: Path
    ruleset: Ruleset | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def json(self) -> Json:
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
    def summary(self) -> str:
        """One line for people."""
        errors = sum(found.is_error for found in self.diagnostics)
        warnings = len(self.diagnostics) - errors
        counts = [_count(errors, "error")] * bool(errors) + [_count(warnings, "warning")] * bool(warnings)
        return f"{self.path}: {', '.join(counts) or 'clean'}"


def check_path(path: Path) -> tuple[Checked, ...]:
    """What is found at each ruleset at or below the path."""
    return tuple(_checked(folder) for folder in ruleset_folders(path) or (path,))


@click.command(epilog=examples("neurosym check rulesets", "neurosym check rulesets/sanctions --format json"))
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@format_option
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], output: Output) -> None:
    """Find the problems of rulesets: syntax, names, types, safety, strata.

    A PATH is the folder of a ruleset, a folder that holds several, or one file of rules.
    """
    with Progress("checking"):
        found = [checked for path in paths for checked in check_path(path)]
    for checked in found:
        output.diagnostics(checked.diagnostics)
        output.title(checked.summary)
    has_errors = any(checked.ruleset is None for checked in found)
    output.document({"clean": not has_errors, "rulesets": [checked.json for checked in found]})
    context.exit(ExitCode.PROBLEMS if has_errors else ExitCode.DONE)


def _checked(path: Path) -> Checked:
    try:
        ruleset = load(path, afresh=True)
    except RulesetError as error:
        return Checked(path, None, error.diagnostics)
    return Checked(path, ruleset, ruleset.warnings)


def _count(number: int, of: str) -> str:
    return f"{number} {of}" + ("s" if number > 1 else "")
