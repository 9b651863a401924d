"""`neurosym explain`: why a logged decision is what it is."""

from __future__ import annotations

from collections import deque

import click

from neurosym.audit.address import Address
from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.cli.batch_named import batch_beginning
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import DATA_KEYS, LOG
from neurosym.cli.output import Output, page_format_option
from neurosym.cli.progress import Progress
from neurosym.decision.batch.row_account import account_of_row
from neurosym.decision.explanation.account import Account, account_of
from neurosym.decision.explanation.document import missing_json, why_json
from neurosym.decision.explanation.missing import wanted
from neurosym.decision.explanation.page import explanation_page, missing_page
from neurosym.decision.explanation.target import Miss, TheOutcome, target_of
from neurosym.decision.explanation.why import Why, headline, why_outcome, why_proven
from neurosym.decision.explanation.why_text import missing_report, why_lines
from neurosym.decision.replay import Replayer
from neurosym.text.diagnostic import Diagnostic, Severity
from neurosym.text.escape import printable
from neurosym.text.failure import InputError, ReplayError
from neurosym.text.suggestion import did_you_mean

SUGGESTED_MAX = 1_000  # newest decisions among which one that was misspelt is looked for
CANDIDATES_MAX = 5  # ids shown to somebody whose beginning of an id fits several


@click.command(
    epilog=examples(
        "neurosym explain decisions.db 4be1c0",
        "neurosym explain decisions.db 4be1c0 --why 'Blocked(party: \"C\")'",
        "neurosym explain decisions.db 4be1c0 --missing --format json",
        "neurosym explain decisions.db 4be1c0 --format html > why.html",
    )
)
@LOG
@click.argument("name", metavar="ID")
@click.option("--why", "fact", metavar="FACT", help="Explain this fact or duty instead of the outcome.")
@click.option("--row", type=click.IntRange(0), metavar="N", help="ID is of a batch: explain its row N, counted from 0.")
@click.option("--missing", is_flag=True, help="Say what keeps the outcome open, the most useful first.")
@DATA_KEYS
@page_format_option
@click.pass_context
def explain(
    context: click.Context,
    *,
    path: Address,
    name: str,
    fact: str | None,
    missing: bool,
    row: int | None,
    data_keys: Address | None,
    output: Output,
) -> None:
    """Explain the decision ID of LOG, which may be named by the beginning of its id.

    The decision is executed again from what the log holds. Exits with 1 when that does not give the logged bytes: then
    nothing is explained.
    """
    if fact is not None and missing:
        raise click.UsageError("`--why` and `--missing` are two questions: ask one at a time")
    with LogReader.open(path, data_keys=data_keys) as log, Progress("executing again"):
        entry = decision_beginning(log, name) if row is None else batch_beginning(log, name)
        try:
            account = account_of(Replayer(log), entry) if row is None else account_of_row(log, entry, row)
        except ReplayError as error:
            _refuse(entry, error, output)
            context.exit(ExitCode.PROBLEMS)
    if missing:
        _show_missing(account, output)
    else:
        _show(why_outcome(account) if fact is None else _why(account, fact), output)


def decision_beginning(log: LogReader, name: str) -> Entry:
    """The entry of the one decision whose id begins like this; InputError NS518 when there is none, or several."""
    found, first = 0, list[Entry]()
    newest = deque[str](maxlen=SUGGESTED_MAX)
    for entry in log.decisions():
        known = str(entry.decision)
        if known == name:
            return entry
        newest.append(known)
        if name and known.startswith(name):
            found += 1
            first += [entry] if found <= CANDIDATES_MAX else []
    if found == 1:
        return first[0]
    message, advice = f"no decision `{name}` in the log", did_you_mean(name, newest)
    if found:
        shown = ", ".join(str(each.decision) for each in first)
        message = f"{found} decisions of the log begin with `{name}`"
        advice = f"write more of the id: {shown}" + (", ..." if found > CANDIDATES_MAX else "")
    raise InputError([Diagnostic("NS518", Severity.ERROR, message, help=advice)])


def _why(account: Account, fact: str) -> Why:
    found = target_of(fact, account.deliberation)
    match found:
        case TheOutcome():
            return why_outcome(account)
        case Miss():
            close = f"; perhaps: {', '.join(found.close)}" if found.close else ""
            raise click.UsageError(printable(found.message + close))
        case _:
            return why_proven(account, found)


def _show(why: Why, output: Output) -> None:
    if output.is_json:
        output.document(why_json(why))
        return
    if output.is_page:
        output.page(explanation_page(why))
        return
    title, *lines = why_lines(why)
    output.title(title)
    output.say(*lines)


def _show_missing(account: Account, output: Output) -> None:
    missing = wanted(account)
    if output.is_json:
        output.document(missing_json(account, headline(account), missing))
        return
    if output.is_page:
        output.page(missing_page(account, headline(account), missing))
        return
    title, *lines = missing_report(account, headline(account), missing)
    output.title(title)
    output.say(*lines)


def _refuse(entry: Entry, error: ReplayError, output: Output) -> None:
    output.document({"log": {"entry": entry.seq, "agrees": False}, "difference": str(error)})
    output.warn(
        f"decision {entry.decision} is not explained: executed again, it does not give the bytes of entry {entry.seq}",
        f"first difference: {error}",
    )
