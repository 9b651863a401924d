"""The command line."""

from __future__ import annotations

import sys
from io import TextIOWrapper

from neurosym.cli.program import program

__all__ = ["main"]


def main() -> None:
    """Run the program with the arguments of the process, and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that lacks a letter is no reason to lose a decision.
            stream.reconfigure(errors="backslashreplace")
    program(prog_name="neurosym")
