"""Where the rows of a batch come from: Arrow, a file, or requests as Python has them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from neurosym.decision.batch.json_lines import json_rows
from neurosym.decision.batch.recorded_batch import row_name
from neurosym.decision.batch.row_form import is_arrow_file, need_arrow
from neurosym.decision.batch.run import Given
from neurosym.decision.intake import Document
from neurosym.decision.plain import plain_request
from neurosym.decision.problems import unreadable_rows
from neurosym.program.program import Decision, Program
from neurosym.text.failure import InputError
from neurosym.values.size import InputReport

if TYPE_CHECKING:
    from neurosym.decision.batch.arrow.record_rows import ArrowRows

# A record batch, a table, a reader of record batches; the path of a Parquet, Arrow IPC or JSON Lines file; requests.
Rows: TypeAlias = "ArrowRows | str | os.PathLike[str] | Iterable[object]"

NAME = "rows"  # of those that have none
BEGINNING = 8  # bytes, by which a file is told


@contextmanager
def opened_rows(rows: Rows, program: Program, decision: Decision) -> Iterator[Iterator[Given]]:
    """The requests in the rows as plain JSON, one at a time, with what is wrong with each. InputError when the rows
    cannot be read, or are of types that the language has no values for; Failure when pyarrow is needed and missing.
    """
    with ExitStack() as opened:
        yield _plain(program, decision, _given(opened, rows, program, decision))


def name_of_rows(rows: Rows) -> str:
    """What diagnostics and the log call them."""
    if not isinstance(rows, (str, os.PathLike)):
        return NAME
    return os.fsencode(rows).decode("utf-8", "backslashreplace")


def _given(opened: ExitStack, rows: Rows, program: Program, decision: Decision) -> Iterator[Given]:
    name = name_of_rows(rows)
    if not isinstance(rows, (str, os.PathLike)) and not _is_arrow(rows):
        return ((Document(row_name(name, at), request), ()) for at, request in enumerate(rows))
    if isinstance(rows, (str, os.PathLike)):
        file = _opened(opened, Path(rows), name)
        if not is_arrow_file(file.peek(BEGINNING)):
            return json_rows(file, name)
    need_arrow()
    from neurosym.decision.batch.arrow.record_rows import RecordRows, records_in  # noqa: PLC0415 - heavy, and an extra
    from neurosym.decision.batch.arrow.row_file import opened_records  # noqa: PLC0415

    if isinstance(rows, (str, os.PathLike)):
        return RecordRows(program, decision, name).given(*opened.enter_context(opened_records(Path(rows), name)))
    return RecordRows(program, decision, name).given(*records_in(rows))


def _opened(opened: ExitStack, path: Path, name: str) -> BufferedReader:
    try:
        return opened.enter_context(path.open("rb"))
    except OSError as error:
        raise InputError([unreadable_rows(name, error.strerror or str(error))]) from error


def _is_arrow(rows: object) -> bool:
    """True for what pyarrow made: then it is there."""
    return type(rows).__module__.partition(".")[0] == "pyarrow"


def _plain(program: Program, decision: Decision, given: Iterable[Given]) -> Iterator[Given]:
    for document, wrong in given:
        if wrong:
            yield document, wrong
            continue
        report = InputReport()
        plain = plain_request(program, decision, document, report)
        yield plain, tuple(each for each in report.diagnostics if each.is_error)
