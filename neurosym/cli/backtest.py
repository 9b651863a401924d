"""What another ruleset would have decided, for people: as text, and as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from neurosym.audit.verdict import Verdict
from neurosym.cli.log import show_verdict
from neurosym.cli.output import Output
from neurosym.cli.progress import Progress
from neurosym.cli.spool import Spool
from neurosym.cli.table import show_table
from neurosym.cli.whole_file import write_whole
from neurosym.decision.backtest import BacktestReport, BacktestStatus, Compared
from neurosym.decision.ruleset import Ruleset
from neurosym.text.page import heading, page, paragraph, table
from neurosym.values.canonical import Json

CHANGES = ("was", "is", "decisions", "example")
QUESTIONS = ("judgment", "answers missing")
OTHERS = ("decision", "entry", "why")
SHOWN_MAX = 20  # of the decisions that were not made; the JSON document has all


def reported(
    found: Iterable[Compared], chosen: Sequence[int], spool: Spool[Compared], output: Output
) -> BacktestReport:
    """The report over what is found of the entries chosen; what the JSON document will list goes to the spool."""
    report = BacktestReport()
    with Progress("deciding again") as progress:
        for each in found:
            report.add(each)
            if output.is_json and each.status is not BacktestStatus.SAME:
                spool.add(each)
            progress.reached(each.seq, chosen)
    return report


def show_backtest(
    found: BacktestReport,
    spool: Spool[Compared],
    ruleset: Ruleset,
    log: str,
    verdict: Verdict,
    output: Output,
    html: Path | None,
) -> None:
    """Say what was found, and write the page where one is wanted."""
    name = f"{ruleset.program.name} {ruleset.program.version}".strip()
    if html is not None:
        write_whole(html, _page(found, name, log).encode("utf-8"))
    document: Json = {"name": ruleset.program.name, "version": ruleset.program.version, "digest": ruleset.digest}
    members = {"log": verdict.document(), "ruleset": document, **found.json}
    output.long_document(members, "decisions", (each.json for each in spool))
    if output.is_json:
        return
    output.title(f"{_counted(found)} by {name}")
    for headings, rows in _tables(found):
        output.say("")
        show_table(headings, rows)
    if found.overridden:
        output.say("", _overridden(found))
    if html is not None:
        output.say(f"written: {html}")
    show_verdict(verdict, output)


def _counted(found: BacktestReport) -> str:
    shown = [status for status in BacktestStatus if found.counts[status] or status is BacktestStatus.SAME]
    return ", ".join(f"{found.counts[status]} {status.value}" for status in shown)


def _overridden(found: BacktestReport) -> str:
    """How the ruleset stands to persons who set decisions aside."""
    decisions = "decision was" if found.overridden == 1 else "decisions were"
    return f"{found.overridden} {decisions} set aside by persons; {found.agreeing} would have what they said"


def _tables(found: BacktestReport) -> Iterator[tuple[tuple[str, ...], list[list[str | int]]]]:
    """What changed, which answers are missing, and what was not decided; those that have rows."""
    changes: list[list[str | int]] = [
        [each.before, each.after, each.count, each.example.decision or ""] for each in found.changes
    ]
    questions: list[list[str | int]] = [[name, count] for name, count in sorted(found.questions.items())]
    others = [_other(each) for each in found.notable if each.message is not None][:SHOWN_MAX]
    unsaid = found.counts[BacktestStatus.REFUSED] + found.counts[BacktestStatus.UNREADABLE] - len(others)
    if unsaid:
        others.append(["", "", f"and {unsaid} more"])
    for headings, rows in ((CHANGES, changes), (QUESTIONS, questions), (OTHERS, others)):
        if rows:
            yield headings, rows


def _other(each: Compared) -> list[str | int]:
    return [each.decision or "", each.seq, f"{each.status.value}: {each.message}"]


def _page(found: BacktestReport, ruleset: str, log: str) -> str:
    title = f"{log} by {ruleset}"
    captions = {CHANGES: "What changed", QUESTIONS: "Answers that nobody was asked for", OTHERS: "Not decided"}
    tables = [table(captions[headings], headings, rows) for headings, rows in _tables(found)]
    said = [f"{_counted(found)}.", *([f"{_overridden(found)}."] if found.overridden else [])]
    return page(title, heading(1, title), *map(paragraph, said), *tables)
