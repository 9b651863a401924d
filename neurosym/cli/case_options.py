"""The arguments and options that name a case: a ruleset, a decision, and the files it is made from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click

from neurosym.cli.argument import text_argument
from neurosym.cli.case_input import BatchFiles, CaseFiles
from neurosym.cli.named_file import NamedFile
from neurosym.text.escape import printable
from neurosym.values.temporal import Date, TemporalError, parse_date

R = TypeVar("R")


def _day(text: str) -> Date:
    """The day that the argument names; a usage error when it names none."""
    try:
        return parse_date(text)
    except TemporalError as error:
        raise click.BadParameter(printable(f"`{text}`: {error}")) from error


OPTIONS = (
    click.argument("path", type=click.Path(path_type=Path)),
    click.argument("decision", metavar="DECISION", type=text_argument),
    click.option(
        "--input",
        "request",
        type=NamedFile,
        metavar="FILE",
        help="JSON: one member per parameter of the decision.",
    ),
    click.option(
        "--facts",
        type=NamedFile,
        metavar="FILE",
        multiple=True,
        help="JSON: a list for each fact type. May be repeated.",
    ),
    click.option(
        "--graph",
        "graphs",
        type=NamedFile,
        metavar="FILE",
        multiple=True,
        help="Turtle. Several files state one graph.",
    ),
    click.option(
        "--on",
        type=_day,
        metavar="DATE",
        help="Decide as of this day, YYYY-MM-DD, instead of the day the subject carries.",
    ),
    click.option("--answers", type=NamedFile, metavar="FILE", help="JSON: answers that are known already."),
)


def case_options(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command the arguments and options of a case, as `path` and `files`. It is a usage error when two of the
    files are standard input. For a command that has an option `rows`, `files` are those of a batch where that is given.
    """

    @wraps(command)
    def with_files(
        *args: object,
        decision: str,
        request: NamedFile | None,
        facts: tuple[NamedFile, ...],
        graphs: tuple[NamedFile, ...],
        on: Date | None,
        answers: NamedFile | None,
        **others: object,
    ) -> R:
        judges = others.pop("judges", None)
        assert judges is None or isinstance(judges, Path)
        rows = others.pop("rows", None)
        files: CaseFiles | BatchFiles
        if isinstance(rows, Path):
            _stop_on_others(("--input", request), ("--answers", answers), ("--judges", judges))
            files = BatchFiles(decision, rows, facts, graphs, on)
        elif request is None:
            raise click.MissingParameter(param_hint="'--input'", param_type="option")
        else:
            files = CaseFiles(decision, request, facts, graphs, answers, judges, on)
        if files.from_standard_input > 1:
            raise click.UsageError("only one file can be standard input")
        return command(*args, files=files, **others)

    found: Callable[..., R] = with_files
    for option in reversed(OPTIONS):
        found = option(found)
    return found


def _stop_on_others(*others: tuple[str, object]) -> None:
    for option, given in others:
        if given is not None:
            raise click.UsageError(
                f"`{option}` is of a single decision: rows bring their own input, and nobody is asked"
            )
