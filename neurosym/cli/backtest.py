"""What another ruleset would have decided, for people: as text, and as a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.audit.verdict import Verdict
from neurosym.cli.log import show_verdict
from neurosym.cli.output import Output
from neurosym.cli.table import show_table
from neurosym.cli.whole_file import write_whole
from neurosym.decision.backtest import Backtester, BacktestReport, BacktestStatus, Compared
from neurosym.decision.ruleset import Ruleset
from neurosym.text.page import heading, page, paragraph, table

CHANGES = ("was", "is", "decisions", "example")
QUESTIONS = ("judgment", "answers missing")
OTHERS = ("decision", "entry", "why")
SHOWN_MAX = 20  # of the decisions that were not made; the JSON document has all


def backtested(
    log: LogReader, ruleset: Ruleset, entries: Sequence[Entry] | None, progress: Callable[[int, int], None]
) -> BacktestReport:
    """The report over these decisions, or over the newest of all."""
    backtester, report = Backtester(log, ruleset), BacktestReport()
    chosen = log.newest_decisions() if entries is None else entries
    for number, entry in enumerate(chosen, start=1):
        report.add(backtester.compared(entry))
        progress(number, len(chosen))
    return report


def show_backtest(
    found: BacktestReport, ruleset: Ruleset, log: str, verdict: Verdict, output: Output, html: Path | None
) -> None:
    """Say what was found, and write the page where one is wanted."""
    name = f"{ruleset.program.name} {ruleset.program.version}".strip()
    if html is not None:
        write_whole(html, _page(found, name, log).encode("utf-8"))
    document = {"name": ruleset.program.name, "version": ruleset.program.version, "digest": ruleset.digest}
    output.document({"log": verdict.document(), "ruleset": {**document}, **found.json})
    if output.is_json:
        return
    output.title(f"{_counted(found)} by {name}")
    for headings, rows in _tables(found):
        output.say("")
        show_table(headings, rows)
    if html is not None:
        output.say(f"written: {html}")
    show_verdict(verdict, output)


def _counted(found: BacktestReport) -> str:
    shown = [status for status in BacktestStatus if found.counts[status] or status is BacktestStatus.SAME]
    return ", ".join(f"{found.counts[status]} {status.value}" for status in shown)


def _tables(found: BacktestReport) -> Iterator[tuple[tuple[str, ...], list[list[str | int]]]]:
    """What changed, which answers are missing, and what was not decided; those that have rows."""
    changes: list[list[str | int]] = [
        [each.before, each.after, each.count, each.example.entry.decision or ""] for each in found.changes
    ]
    questions: list[list[str | int]] = [[name, count] for name, count in sorted(found.questions.items())]
    others = [_other(each) for each in found.notable if each.message is not None]
    if len(others) > SHOWN_MAX:
        others = [*others[:SHOWN_MAX], ["", "", f"and {len(others) - SHOWN_MAX} more"]]
    for headings, rows in ((CHANGES, changes), (QUESTIONS, questions), (OTHERS, others)):
        if rows:
            yield headings, rows


def _other(each: Compared) -> list[str | int]:
    return [each.entry.decision or "", each.entry.seq, f"{each.status.value}: {each.message}"]


def _page(found: BacktestReport, ruleset: str, log: str) -> str:
    title = f"{log} by {ruleset}"
    captions = {CHANGES: "What changed", QUESTIONS: "Answers that nobody was asked for", OTHERS: "Not decided"}
    tables = [table(captions[headings], headings, rows) for headings, rows in _tables(found)]
    return page(title, heading(1, title), paragraph(f"{_counted(found)}."), *tables)
