"""The program `neurosym`: its commands, and the one place where what ended them becomes an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import click

from neurosym.cli.exit_code import ExitCode, exit_code_of
from neurosym.cli.output import Output, OutputError, current_output
from neurosym.text.escape import printable
from neurosym.text.failure import DiagnosticsError, NeurosymError
from neurosym.text.render import render_json
from neurosym.text.suggestion import did_you_mean
from neurosym.values.canonical import Json


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is defined, and what the overview says of it. `--help` must not load what commands need."""

    module: str
    summary: str


COMMANDS: Mapping[str, Place] = {
    "demo": Place("demo", "Screen the payments of an invented world."),
    "check": Place("check", "Find the problems of rulesets."),
    "test": Place("test", "Run the scenarios of rulesets."),
    "code": Place("code", "Explain a diagnostic code."),
    "decide": Place("decide", "Make a decision."),
    "bench": Place("bench", "Time a decision."),
    "explain": Place("explain", "Explain a logged decision."),
    "replay": Place("replay", "Execute logged decisions again and compare the bytes."),
    "log": Place("log", "Verify a log, take care of it, or export it."),
    "witness": Place("witness", "Serve a witness, which signs checkpoints of logs."),
    "review": Place("review", "Answer the questions that wait for a person."),
    "judgments": Place("judgments", "Report on models and people who were asked."),
}


class Program(click.Group):
    """The top-level group. A command is loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the overview."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        found = getattr(import_module(f"neurosym.cli.{COMMANDS[cmd_name].module}"), cmd_name)
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with a suggestion for a name that is misspelt."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            advice = did_you_mean(name, COMMANDS)
            ctx.fail(printable(f"no command `{name}`") + (f"; {advice}" if advice else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, without loading any command."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.summary) for name, place in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. What ends it becomes a message and an exit code here and nowhere else."""
        try:
            return self._ended(ctx)
        except OutputError:  # the message could not be written either
            _discard_output()
            ctx.exit(ExitCode.FAILURE)
        except BrokenPipeError:
            _discard_output()
            ctx.exit(ExitCode.BROKEN_PIPE)

    def _ended(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except NeurosymError as error:
            _explain(error, current_output())
            ctx.exit(exit_code_of(error))
        except KeyboardInterrupt:
            current_output().warn("interrupted")
            ctx.exit(ExitCode.INTERRUPTED)


def _explain(error: NeurosymError, output: Output) -> None:
    """Say what was wrong: for people on standard error and, in JSON mode, as the document if none is out yet."""
    notes = getattr(error, "__notes__", [])
    if isinstance(error, DiagnosticsError):
        output.warnings(error.diagnostics)
        output.warn(*notes)
        document: Json = {"diagnostics": [render_json(found) for found in error.diagnostics]}
    else:
        output.warn(f"failure: {error}", *notes)
        document = {"failure": "; ".join([str(error), *notes])}
    if not output.has_document and not isinstance(error, OutputError):
        output.document(document)


def _discard_output() -> None:
    # Python flushes standard output once more at its end, and would complain again.
    if sys.stdout is None:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


EPILOG = """\b
Examples:
  neurosym demo
  neurosym check rulesets
  neurosym test rulesets/sanctions
  neurosym decide rulesets/sanctions screen --input payment.json --facts parties.json --log decisions.db
  neurosym log verify decisions.db
  neurosym replay decisions.db

\b
Exit codes:
  0 done   1 problems found   2 wrong usage   3 undecided or in conflict
  4 failure (log, provider, limit)   5 the log does not verify
"""


@click.group(name="neurosym", cls=Program, epilog=EPILOG)
@click.version_option(package_name="neurosym", prog_name="neurosym", message="%(prog)s %(version)s")
def program() -> None:
    """Decide by rules; ask models and people only what can change the outcome; log it, prove it, replay it."""
