"""`neurosym decide --batch`: the rows of a file, decided and logged in batches."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.log import Log
from neurosym.audit.newfile import create_file, stands
from neurosym.cli.case_input import BatchFiles, read_known
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.output import Output
from neurosym.cli.progress import Progress
from neurosym.decision.batch.decided_batch import DecidedBatch
from neurosym.decision.batch.row_form import need_arrow
from neurosym.decision.engine import Engine
from neurosym.decision.partition import usable_processors
from neurosym.decision.ruleset import load
from neurosym.text.failure import Failure
from neurosym.values.canonical import Json

BYTES_EACH = 1 << 18  # of a file, for which it pays to start one more process: that alone takes a second or two
PARQUET, JSON_LINES = ".parquet", ".jsonl"


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What the command line says of a batch."""

    path: Path
    files: BatchFiles
    workers: int | None
    results: Path | None
    is_reference: bool
    is_checked: bool

    def check(self) -> None:
        """A usage error when something does not go with a batch."""
        if self.is_checked:
            raise click.UsageError("`--second-opinion` looks at single decisions: leave it out, or `--batch`")
        if self.results is not None and self.results.suffix not in (PARQUET, JSON_LINES):
            raise click.UsageError(f"`--output`: name a file that ends with `{PARQUET}` or `{JSON_LINES}`")

    @property
    def processes(self) -> int:
        """How many processes decide: as many as wanted, else as it pays to start."""
        rows = self.files.rows
        size = rows.stat().st_size if rows.is_file() else 0
        return self.workers or min(usable_processors(), 1 + size // BYTES_EACH)


@dataclass(slots=True)
class BatchTally:
    """What came of all rows; the rows themselves are not kept."""

    counts: Counter[str] = field(default_factory=Counter)
    undecided: int = 0
    batches: list[Json] = field(default_factory=list)
    known: int = 0  # batches that were logged before

    def add(self, batch: DecidedBatch) -> None:
        """Count a batch."""
        self.counts.update(batch.counts)
        self.undecided += batch.undecided
        self.known += batch.was_logged
        self.batches.append(batch.json)

    @property
    def rows(self) -> int:
        """How many rows were decided, now or before."""
        return self.counts.total()

    @property
    def json(self) -> dict[str, Json]:
        """The summary; the log has the rows."""
        return {
            "rows": self.rows,
            "counts": {name: self.counts[name] for name in sorted(self.counts)},
            "undecided": self.undecided,
            "asked": False,
            "logged": True,
            "batches": self.batches,
        }

    def lines(self) -> Iterator[str]:
        """The summary for people."""
        now = len(self.batches) - self.known
        yield f"{now} {'batch' if now == 1 else 'batches'} logged"
        if self.known:
            yield f"{self.known} were logged before, and nothing of them was decided again"
        if self.undecided:
            yield f"{self.undecided} rows are not decided: in a batch nobody is asked"


def decided_rows(
    options: BatchOptions, log_path: Address | None, log_key: Path | None, data_keys: Address | None, output: Output
) -> ExitCode:
    """The exit code for the rows of a file, once all of them are logged and shown."""
    options.check()
    if log_path is None:
        raise click.UsageError("`--batch` needs `--log`: a batch is its entry in a log")
    if options.results is not None and stands(options.results):
        raise Failure(f"`{options.results}` is there already: name a file that is not, or move it away")
    tally = BatchTally()
    with Log.open(log_path, key=log_key, data_keys=data_keys) as log, Progress("deciding") as progress:
        batches = _told(_batches(options, log), tally, progress, output)
        if options.results is None:
            for _ in batches:
                pass
        else:
            _write(batches, options.results)
    _show(tally, options, output)
    return ExitCode.UNDECIDED if tally.undecided else ExitCode.DONE


def _batches(options: BatchOptions, log: Log) -> Iterator[DecidedBatch]:
    files = options.files
    ruleset = load(options.path)
    engine = Engine(ruleset, log=log, reference=options.is_reference)
    known = read_known(files, ruleset.program)
    decided = engine.decide_batch(files.decision, files.rows, facts=known, on=files.on, processes=options.processes)
    with closing(decided):
        yield from decided


def _told(
    batches: Iterable[DecidedBatch], tally: BatchTally, progress: Progress, output: Output
) -> Iterator[DecidedBatch]:
    """The batches, counted as they come."""
    for batch in batches:
        tally.add(batch)
        if len(tally.batches) == 1:  # what is said of the rows of one batch will be true of others
            output.warnings(batch.warnings)
        progress.so_far(tally.rows, "rows")
        yield batch


def _write(batches: Iterable[DecidedBatch], file: Path) -> None:
    """Write the results into a file that appears whole or not at all. The log has the rows in either case."""
    write = _write_parquet if file.suffix == PARQUET else _write_lines
    if not create_file(file, lambda draft: write(batches, draft)):
        raise Failure(f"`{file}` is there already: name a file that is not, or move it away")


def _write_parquet(batches: Iterable[DecidedBatch], draft: Path) -> None:
    need_arrow()
    from neurosym.decision.batch.arrow.results import parquet_writer  # noqa: PLC0415 - heavy, and an extra

    with parquet_writer(draft) as writer:
        for batch in batches:
            writer.write_batch(batch.rows)


def _write_lines(batches: Iterable[DecidedBatch], draft: Path) -> None:
    with draft.open("w", encoding="utf-8") as opened:
        for batch in batches:
            opened.writelines(json.dumps(each.result_json, ensure_ascii=True) + "\n" for each in batch.records)


def _show(tally: BatchTally, options: BatchOptions, output: Output) -> None:
    document = tally.json
    if options.results is not None:
        document["output"] = str(options.results)
    output.document(document)
    shown = ", ".join(f"{tally.counts[name]} {name}" for name in sorted(tally.counts))
    output.title(f"{tally.rows} rows: {shown}" if tally.rows else "no rows")
    output.say(*tally.lines())
    if options.results is not None:
        output.say(f"written: {options.results}")
