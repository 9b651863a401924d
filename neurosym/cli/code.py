"""`neurosym code`: the page of a diagnostic code."""

from __future__ import annotations

import click

from neurosym.cli.help_text import examples
from neurosym.cli.output import current_output
from neurosym.text.codes import code_page, known_codes
from neurosym.text.escape import printable
from neurosym.text.suggestion import did_you_mean


@click.command(epilog=examples("neurosym code NS203"))
@click.argument("name", metavar="CODE")
def code(name: str) -> None:
    """Explain a diagnostic code: what it means, what to avoid, what to write instead, and why."""
    page = code_page(name.upper())
    if page is None:
        advice = did_you_mean(name, known_codes())
        raise click.UsageError(printable(f"no code `{name}`") + (f"; {advice}" if advice else ""))
    current_output().say(*page.splitlines())
