"""`neurosym log extract`: the decisions of a log in the forms of other tools, one JSON document a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.newfile import create_file, stands
from neurosym.audit.reader import LogReader
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import DATA_KEYS, LOG
from neurosym.cli.output import current_output, is_terminal
from neurosym.cli.progress import Progress
from neurosym.cli.replay import chosen_decisions
from neurosym.decision.export.genai import answer_entries, model_calls
from neurosym.decision.export.opa import opa_events
from neurosym.decision.export.prov import prov_documents
from neurosym.text.failure import Failure
from neurosym.values.canonical import Json

OPA, PROV, OTEL = "opa", "prov", "otel"


@click.command(
    short_help="Write decisions in the forms of other tools.",
    epilog=examples(
        "neurosym log extract decisions.db --as opa --redacted",
        "neurosym log extract decisions.db 4be1c0 --as prov",
        "neurosym log extract decisions.db --as otel --output calls.jsonl",
    ),
)
@LOG
@click.argument("decisions", metavar="[ID]...", nargs=-1)
@click.option(
    "--as",
    "form",
    type=click.Choice([OPA, PROV, OTEL]),
    required=True,
    help="Events of Open Policy Agent, PROV-JSON, or spans of OpenTelemetry.",
)
@click.option("--content", is_flag=True, help="With `opa`: the facts as well. With `otel`: prompts and responses.")
@click.option("--redacted", is_flag=True, help="With `opa`: nothing of what was asked and decided, only that it was.")
@click.option("--output", "file", metavar="FILE", type=click.Path(path_type=Path), help="Write here; FILE is new.")
@DATA_KEYS
def extract(
    *,
    path: Address,
    decisions: tuple[str, ...],
    form: str,
    content: bool,
    redacted: bool,
    file: Path | None,
    data_keys: Address | None,
) -> None:
    """Write the decisions of LOG, or those named, for tools that read decision logs, provenance or traces: one JSON
    document a line. A decision may be named by the beginning of its id.

    `opa` has an event for each decision and for each row of a batch, `prov` a document for each decision and none for
    rows, `otel` a span for each call of a model, of which rows have none.
    Each document is made from the log alone; what was asked of models and what they said is left out of `prov`, and of
    `otel` without `--content`. The log is not verified: `neurosym log verify` does that.
    """
    _check_options(form, content=content, redacted=redacted)
    with LogReader.open(path, data_keys=data_keys) as log:
        chosen = [log.entry(seq) for seq in chosen_decisions(log, decisions)] if decisions else None
        with _progress(file) as progress:
            entries = _told(_entries(log, form, chosen), log.size(), progress)
            lines = _lines(_documents(log, form, entries, content=content, redacted=redacted))
            if file is None:
                _write(lines)
                return
            count = _write_new(lines, file)
    current_output().say(f"{count} {'document' if count == 1 else 'documents'} written: {file}")


def _check_options(form: str, *, content: bool, redacted: bool) -> None:
    if redacted and form != OPA:
        raise click.UsageError(f"`--redacted` is for `--as {OPA}`")
    if content and form == PROV:
        raise click.UsageError(f"`--content` is for `--as {OPA}` and `--as {OTEL}`")
    if content and redacted:
        raise click.UsageError("`--content` and `--redacted` contradict each other")


def _documents(
    log: LogReader, form: str, entries: Iterable[Entry], *, content: bool, redacted: bool
) -> Iterator[dict[str, Json]]:
    match form:
        case "opa":
            return opa_events(log, entries, facts=content, redacted=redacted)
        case "prov":
            return prov_documents(log, entries)
        case _:
            return model_calls(log, entries, content=content)


def _entries(log: LogReader, form: str, chosen: Sequence[Entry] | None) -> Iterable[Entry]:
    """The entries that the form is about."""
    if form == OTEL:
        return answer_entries(log, chosen)
    if form == OPA:
        every = (entry for entry in log.entries() if entry.kind in (EntryKind.DECISION, EntryKind.BATCH))
        return every if chosen is None else chosen
    return _single(log.entries() if chosen is None else chosen)


def _single(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The decisions; how many batches are left out is said at the end."""
    count = 0
    for entry in entries:
        count += entry.kind is EntryKind.BATCH
        if entry.kind is EntryKind.DECISION:
            yield entry
    if count:
        current_output().warn(f"batches left out: {count}; `--as {OPA}` has their rows")


def _told(entries: Iterable[Entry], size: int, progress: Progress | None) -> Iterator[Entry]:
    """The entries; when each is dealt with, how far that is."""
    for entry in entries:
        yield entry
        if progress is not None:
            progress(entry.seq + 1, size)


def _progress(file: Path | None) -> AbstractContextManager[Progress | None]:
    """Progress, unless the documents themselves are on the terminal."""
    return nullcontext() if file is None and is_terminal(sys.stdout) else Progress("extracting")


def _lines(documents: Iterable[dict[str, Json]]) -> Iterator[bytes]:
    """Each document as a line of ASCII: nothing in it moves a cursor or reorders what a reader sees."""
    for document in documents:
        yield json.dumps(document, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def _write(lines: Iterable[bytes]) -> None:
    output = current_output()
    for line in lines:
        output.verbatim(line)


def _write_new(lines: Iterable[bytes], file: Path) -> int:
    """How many lines were written into a file that appears whole or not at all; a Failure when something is there."""
    counted = 0

    def write(draft: Path) -> None:
        nonlocal counted
        with draft.open("wb") as opened:
            for line in lines:
                opened.write(line)
                counted += 1

    if stands(file) or not create_file(file, write):
        raise Failure(f"`{file}` is there already: name a file that is not, or move it away")
    return counted
