"""The exit codes of the command line (contract: design, "Command line")."""

from __future__ import annotations

from enum import IntEnum

from neurosym.text.failure import DiagnosticsError, LogCorruptError, NeurosymError


class ExitCode(IntEnum):
    """What a command came to. When several apply: 5, then 4, 1, 3."""

    DONE = 0
    PROBLEMS = 1  # diagnostics, failed scenarios, a replay that differs
    USAGE = 2
    UNDECIDED = 3  # or in conflict
    FAILURE = 4  # no log, provider, limit
    NOT_VERIFIED = 5
    INTERRUPTED = 130  # what a shell says of a program that Ctrl-C ended
    BROKEN_PIPE = 141  # what a shell says of a program whose reader went away


def exit_code_of(error: NeurosymError) -> ExitCode:
    """The exit code of a command that this error ended."""
    match error:
        case DiagnosticsError():
            return ExitCode.PROBLEMS
        case LogCorruptError():
            return ExitCode.NOT_VERIFIED
        case _:
            return ExitCode.FAILURE
