"""What was decided of rows, as Arrow."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from neurosym.decision.batch.row_record import RowRecord

ResultBatch: TypeAlias = pa.RecordBatch

COLUMNS = ("row", "decision", "status", "outcome", "act_on", "reasons", "citations")


def results_schema() -> pa.Schema:
    """The columns: `reasons` are the rules that the outcome rests on; `outcome` is null unless decided."""
    texts = pa.list_(pa.field("item", pa.string(), nullable=False))
    types = (pa.int64(), pa.string(), pa.string(), pa.string(), pa.string(), texts, texts)
    fields = zip(COLUMNS, types, strict=True)
    return pa.schema([pa.field(name, of, nullable=name == "outcome") for name, of in fields])


def results_batch(records: Iterable[RowRecord]) -> pa.RecordBatch:
    """The rows of a batch, in order."""
    return pa.RecordBatch.from_pylist([each.result_json for each in records], schema=results_schema())


def parquet_writer(path: Path) -> ParquetWriter:
    """A writer of Parquet files with these columns; a context."""
    return ParquetWriter(path, results_schema())
