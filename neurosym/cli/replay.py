"""`neurosym replay`: logged decisions executed again, and the bytes compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click

from neurosym.audit.address import Address, name_of
from neurosym.audit.reader import LogReader
from neurosym.audit.verdict import Verdict
from neurosym.cli.backtest import reported, show_backtest
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.help_text import examples
from neurosym.cli.log import examined, show_verdict
from neurosym.cli.log_options import DATA_KEYS, LOG
from neurosym.cli.named_entry import entry_beginning
from neurosym.cli.output import Output, format_option
from neurosym.cli.progress import Progress
from neurosym.cli.spool import Spool
from neurosym.decision.backtest import Compared
from neurosym.decision.log_run import backtested_log, processes_for, replayed_log
from neurosym.decision.replay import Replayed, ReplayStatus
from neurosym.decision.ruleset import load
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from neurosym.values.canonical import Json

LISTED_MAX = 100  # decisions of which each is listed, whatever became of it


@click.command(
    epilog=examples(
        "neurosym replay decisions.db --format json",
        "neurosym replay decisions.db --ruleset rulesets/sanctions --html changes.html",
    )
)
@LOG
@click.argument("decisions", metavar="[ID]...", nargs=-1)
@click.option(
    "--ruleset", metavar="PATH", type=click.Path(path_type=Path), help="Say what this one would have decided."
)
@click.option("--html", metavar="FILE", type=click.Path(path_type=Path), help="With `--ruleset`: write a page as well.")
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1),
    help="Processes that share the work; else as many as there are processors, and fewer for a short log.",
)
@DATA_KEYS
@format_option
@click.pass_context
def replay(
    context: click.Context,
    path: Address,
    decisions: tuple[str, ...],
    ruleset: Path | None,
    html: Path | None,
    workers: int | None,
    data_keys: Address | None,
    output: Output,
) -> None:
    """Execute logged decisions again and compare the bytes: all decisions of LOG, or those named.

    A decision, or a batch with all its rows, may be named by the beginning of its id. Of more than 100 decisions the
    text lists those alone that do not agree; the JSON document has them all.

    Nobody is asked anything: recorded responses are parsed, validated and accepted again. The log is verified first.
    Exits with 1 when a decision does not give the recorded bytes, with 5 when the log does not verify. What was
    erased, as the log says, is counted by itself.

    With `--ruleset`, say instead what another ruleset would have decided over the recorded input and answers. Questions
    that were never asked stay open, and are counted.
    """
    if html is not None and ruleset is None:
        raise click.UsageError("`--html` is for `--ruleset`")
    other = None if ruleset is None else load(ruleset)
    with LogReader.open(path, data_keys=data_keys) as log:
        verdict = examined(log)
        if not verdict.is_consistent:
            output.document({"log": verdict.document(), "counts": {}, "decisions": []})
            show_verdict(verdict, output)
            context.exit(ExitCode.NOT_VERIFIED)
        chosen = chosen_decisions(log, decisions) if decisions else range(verdict.entries)
        passed_over = frozenset[int]() if decisions or other is None else log.followed()
    processes = workers or processes_for(len(chosen))
    if other is None:
        with closing(replayed_log(path, chosen, data_keys=data_keys, processes=processes)) as replayed:
            context.exit(shown(replayed, chosen, verdict, output))
    with (
        Spool[Compared]() as spool,
        closing(backtested_log(path, other, chosen, passed_over, data_keys=data_keys, processes=processes)) as found,
    ):
        report = reported(found, chosen, spool, output)
        show_backtest(report, spool, other, name_of(path), verdict, output, html)


def chosen_decisions(log: LogReader, names: Sequence[str]) -> Sequence[int]:
    """The entries of the decisions and batches named, each once; InputError NS518 for every name that is not of one."""
    found: dict[int, None] = {}
    report = Report()
    for name in names:
        try:
            found[entry_beginning(log, name).seq] = None
        except InputError as error:
            report.extend(error.diagnostics)
    report.stop_on_errors(InputError)
    return list(found)


def shown(replayed: Iterable[Replayed], chosen: Sequence[int], verdict: Verdict, output: Output) -> ExitCode:
    """Say what became of the decisions among these entries; the exit code is that of a problem when bytes differ."""
    counts = Counter[ReplayStatus]()
    is_same = True
    with Spool[Replayed]() as spool:
        with Progress("replaying") as progress:
            for each in replayed:
                counts[each.status] += 1
                is_same = is_same and not each.differs
                if output.is_json or not each.agrees or counts.total() <= LISTED_MAX:
                    spool.add(each)
                progress.reached(each.seq, chosen)
        _show(counts, spool, verdict, output)
    return ExitCode.DONE if is_same else ExitCode.PROBLEMS


def _show(counts: Counter[ReplayStatus], spool: Spool[Replayed], verdict: Verdict, output: Output) -> None:
    by_status: dict[str, Json] = {status.value: counts[status] for status in ReplayStatus}
    members: dict[str, Json] = {"log": verdict.document(), "counts": by_status}
    output.long_document(members, "decisions", (each.json for each in spool))
    for each in spool:
        if counts.total() <= LISTED_MAX or not each.agrees:
            output.say(*_lines(each))
    told = [each for each in ReplayStatus if counts[each] or each is not ReplayStatus.ERASED]
    output.title(", ".join(f"{counts[each]} {each.value}" for each in told))
    output.say(*verdict.statements())


def _lines(each: Replayed) -> Iterator[str]:
    yield f"{each.status.value}: decision {each.decision}, entry {each.seq}"
    if each.differs:
        yield f"  first difference: {each.difference}"
    elif each.status is ReplayStatus.ENGINE_MISMATCH:
        yield "  it was made by another version of the engine, and the bytes agree"
    elif each.message is not None:
        yield f"  {each.message}"
