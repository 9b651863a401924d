"""`neurosym judgments probe`: which dialect the endpoints of a configuration understand."""

from __future__ import annotations

import os
from pathlib import Path

import click

from neurosym.cli.help_text import examples
from neurosym.cli.output import Output, format_option
from neurosym.judgment.asking_loop import asking_loop
from neurosym.judgment.configuration import ModelTier
from neurosym.judgment.judge import Judge
from neurosym.judgment.providers.probe import ProbeReport, probe
from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.failure import InputError, ProviderError
from neurosym.text.span import JsonPath
from neurosym.text.suggestion import did_you_mean


@click.command(name="probe", epilog=examples("neurosym judgments probe --judges judges.toml --tier small"))
@click.option("--judges", "path", metavar="FILE", type=click.Path(path_type=Path), required=True, help="judges.toml.")
@click.option("--tier", "name", metavar="NAME", help="One tier only.")
@format_option
def probe_command(path: Path, name: str | None, output: Output) -> None:
    """Ask the endpoint of each model tier one harmless question, and say which dialect it understands.

    What holds an answer closest to its form is tried first. Exit code 4 when an endpoint understands none.
    """
    tiers = _tiers(path, name)
    reports = [asking_loop().start(probe(tier, os.environ)).result() for tier in tiers]
    output.document({"tiers": [report.json for report in reports]})
    for report in reports:
        _say(report, output)
    mute = [report.tier for report in reports if report.dialect is None]
    if mute:
        raise ProviderError(f"no dialect was found that the endpoint understands: {', '.join(mute)}")


def _tiers(path: Path, name: str | None) -> list[ModelTier]:
    """The model tiers of that name, or all; InputError when there is none (NS652)."""
    tiers = [tier for tier in Judge.from_config(path).configuration.tiers if isinstance(tier, ModelTier)]
    chosen = [tier for tier in tiers if name in (None, tier.name)]
    if not chosen:
        message = "there is no model tier" if name is None else f"there is no model tier `{name}`"
        advice = None if name is None else did_you_mean(name, [tier.name for tier in tiers])
        raise InputError([Diagnostic("NS652", Severity.ERROR, message, Label(JsonPath(str(path))), help=advice)])
    return chosen


def _say(report: ProbeReport, output: Output) -> None:
    output.title(f"{report.tier}: {'none' if report.dialect is None else report.dialect.value}")
    output.say(*(f"  {rung.dialect.value}: {rung.outcome}" for rung in report.tried))
    if report.dialect is not None:
        output.say(f'  write `dialect = "{report.dialect.value}"` to ask it so from the start')
