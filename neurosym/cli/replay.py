"""`neurosym replay`: logged decisions executed again, and the bytes compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.audit.verdict import Verdict
from neurosym.cli.backtest import backtested, show_backtest
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.explain import decision_beginning
from neurosym.cli.help_text import examples
from neurosym.cli.log import examined, show_verdict
from neurosym.cli.output import Output, format_option
from neurosym.cli.progress import Progress
from neurosym.decision.replay import Replayed, Replayer, ReplayStatus
from neurosym.decision.ruleset import load
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from neurosym.values.canonical import Json


@click.command(
    epilog=examples(
        "neurosym replay decisions.db --format json",
        "neurosym replay decisions.db --ruleset rulesets/sanctions --html changes.html",
    )
)
@click.argument("path", metavar="LOG", type=click.Path(path_type=Path))
@click.argument("decisions", metavar="[ID]...", nargs=-1)
@click.option(
    "--ruleset", metavar="PATH", type=click.Path(path_type=Path), help="Say what this one would have decided."
)
@click.option("--html", metavar="FILE", type=click.Path(path_type=Path), help="With `--ruleset`: write a page as well.")
@format_option
@click.pass_context
def replay(
    context: click.Context,
    path: Path,
    decisions: tuple[str, ...],
    ruleset: Path | None,
    html: Path | None,
    output: Output,
) -> None:
    """Execute logged decisions again and compare the bytes: all decisions of LOG, or those named.

    A decision may be named by the beginning of its id.

    Nobody is asked anything: recorded responses are parsed, validated and accepted again. The log is verified first.
    Exits with 1 when a decision does not give the recorded bytes, with 5 when the log does not verify.

    With `--ruleset`, say instead what another ruleset would have decided over the recorded input and answers. Questions
    that were never asked stay open, and are counted.
    """
    if html is not None and ruleset is None:
        raise click.UsageError("`--html` is for `--ruleset`")
    other = None if ruleset is None else load(ruleset)
    with LogReader.open(path) as log:
        verdict = examined(log)
        if not verdict.is_consistent:
            output.document({"log": verdict.document(), "counts": {}, "decisions": []})
            show_verdict(verdict, output)
            context.exit(ExitCode.NOT_VERIFIED)
        if other is not None:
            with Progress("deciding again") as progress:
                found = backtested(log, other, chosen_decisions(log, decisions) if decisions else None, progress)
            show_backtest(found, other, path.name, verdict, output, html)
            return
        replayed = _replayed(log, chosen_decisions(log, decisions))
    _show(replayed, verdict, output)
    context.exit(ExitCode.DONE if all(each.agrees for each in replayed) else ExitCode.PROBLEMS)


def chosen_decisions(log: LogReader, names: Sequence[str]) -> list[Entry]:
    """The entries of the decisions named, or of all; InputError NS518 for every name that is not of one decision."""
    if not names:
        return list(log.decisions())
    found: dict[int, Entry] = {}
    report = Report()
    for name in names:
        try:
            entry = decision_beginning(log, name)
        except InputError as error:
            report.extend(error.diagnostics)
        else:
            found[entry.seq] = entry
    report.stop_on_errors(InputError)
    return list(found.values())


def _replayed(log: LogReader, entries: Sequence[Entry]) -> list[Replayed]:
    replayer = Replayer(log)
    replayed = []
    with Progress("replaying") as progress:
        for number, entry in enumerate(entries, start=1):
            replayed.append(replayer.replay(entry))
            progress(number, len(entries))
    return replayed


def _show(replayed: Sequence[Replayed], verdict: Verdict, output: Output) -> None:
    found = Counter(each.status for each in replayed)
    counts: dict[str, Json] = {status.value: found[status] for status in ReplayStatus}
    output.document({"log": verdict.document(), "counts": counts, "decisions": [each.json for each in replayed]})
    for each in replayed:
        output.say(f"{each.status.value}: decision {each.entry.decision}, entry {each.entry.seq}")
        if each.difference is not None:
            output.say(f"  first difference: {each.difference}")
        elif each.status is ReplayStatus.ENGINE_MISMATCH:
            output.say("  it was made by another version of the engine, and the bytes agree")
    output.title(", ".join(f"{number} {name}" for name, number in counts.items()))
    output.say(*verdict.statements())
