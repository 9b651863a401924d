"""`neurosym judgments report`: what the judgments of a log came to."""

from __future__ import annotations

from pathlib import Path

import click

from neurosym.audit.address import Address, name_of
from neurosym.audit.reader import LogReader
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.help_text import examples
from neurosym.cli.judgments_page import alarm_texts, report_page
from neurosym.cli.judgments_table import DRIFTS, QUESTIONS, TIERS, drift_row, question_row, tier_rows
from neurosym.cli.log_options import DATA_KEYS, LOG
from neurosym.cli.output import Output, format_option
from neurosym.cli.progress import Progress
from neurosym.cli.table import show_table
from neurosym.cli.whole_file import write_whole
from neurosym.decision.judgment_report import judgment_report
from neurosym.decision.judgment_tally import JudgmentReport


@click.command(
    name="report",
    short_help="Say how rarely models were asked, who was believed, what it cost.",
    epilog=examples(
        "neurosym judgments report decisions.db",
        "neurosym judgments report decisions.db --html report.html",
        "neurosym judgments report decisions.db --format json",
    ),
)
@LOG
@click.option("--html", metavar="FILE", type=click.Path(path_type=Path), help="Write a page with plots as well.")
@DATA_KEYS
@format_option
@click.pass_context
def report_command(
    context: click.Context, path: Address, html: Path | None, data_keys: Address | None, output: Output
) -> None:
    """Say what the judgments of LOG came to: how many questions the facts raised, how many of them could change an
    outcome, how many were asked, whose answers were accepted, at what cost, how often a person said otherwise, and
    whether each tier still is what was calibrated.

    Every decision is executed again from the log, so that nothing is taken on trust; nobody is asked. Exits with 1
    when a tier raises an alarm.
    """
    with LogReader.open(path, data_keys=data_keys) as log, Progress("reading decisions") as progress:
        found = judgment_report(log, progress)
    if html is not None:
        write_whole(html, report_page(found, name_of(path)).encode("utf-8"))
    output.document(found.json)
    if not output.is_json:
        _show(found, output)
        if html is not None:
            output.say(f"written: {html}")
    context.exit(ExitCode.PROBLEMS if found.has_alarm else ExitCode.DONE)


def _show(found: JudgmentReport, output: Output) -> None:
    output.title(
        f"{found.decisions} {'decision' if found.decisions == 1 else 'decisions'}, {found.undecided} undecided"
    )
    if found.unreadable:
        output.say(f"{len(found.unreadable)} cannot be executed again and are not counted")
    if not found.judgments:
        output.say("no question came up")
    names = sorted(found.judgments)
    tables = (
        (QUESTIONS, [question_row(name, found.judgments[name]) for name in names]),
        (TIERS, [row for name in names for row in tier_rows(name, found.judgments[name])]),
        (DRIFTS, [drift_row(each) for each in found.drifts]),
    )
    for number, (headings, rows) in enumerate(each for each in tables if each[1]):
        if number:
            output.say("")
        show_table(headings, rows)
    for each in found.drifts:
        for text in alarm_texts(each):
            output.warn(f"alarm: {text}")
