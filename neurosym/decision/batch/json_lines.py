"""Rows as JSON Lines: one request a line, read as a file given with `--input` is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from neurosym.decision.batch.recorded_batch import row_name
from neurosym.decision.intake import Document
from neurosym.text.diagnostic import Diagnostic
from neurosym.values.json_text import read_json
from neurosym.values.size import BYTES_MAX, InputReport


def json_rows(file: BinaryIO, name: str) -> Iterator[tuple[Document, tuple[Diagnostic, ...]]]:
    """The requests, one at a time, each with what is wrong with its line. A line that is empty is no row."""
    number = 0
    while line := file.readline(BYTES_MAX + 1):
        if line.strip():
            report = InputReport()
            document = Document(row_name(name, number), read_json(line, row_name(name, number), report))
            yield document, tuple(report.diagnostics)
            number += 1
