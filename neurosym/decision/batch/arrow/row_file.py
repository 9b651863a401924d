"""Record batches out of files, a few rows at a time, however large the file is.

What a file says of itself is not believed: columns that would take more room than one document may are refused before
they are read, few rows are read at once where one stored value stands for many, and each piece is checked before it is
used.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
from pyarrow.parquet import ParquetFile, RowGroupMetaData

from neurosym.decision.batch.arrow.record_rows import READ_ROWS
from neurosym.decision.batch.row_form import IPC_FILE, PARQUET
from neurosym.decision.problems import unreadable_rows
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.size import BYTES_MAX, too_much

BYTES_AT_ONCE = 1 << 29  # of one column, at the worst
STRING_BYTES_MAX = 10_000_000  # of the description of a file

Records: TypeAlias = tuple[pa.Schema, Iterator[pa.RecordBatch]]


@contextmanager
def opened_records(path: Path, name: str) -> Iterator[Records]:
    """The schema of a Parquet or Arrow IPC file and its record batches; InputError NS517 when it cannot be read, NS520
    when a column takes more room than a document may.
    """
    with ExitStack() as opened:
        try:
            file = opened.enter_context(path.open("rb"))
            beginning = file.read(len(IPC_FILE))
            file.seek(0)
            if beginning.startswith(PARQUET):
                found = _parquet(opened, path, name)
            elif beginning.startswith(IPC_FILE):
                reader = opened.enter_context(pa.ipc.open_file(file))
                found = reader.schema, (reader.get_batch(at) for at in range(reader.num_record_batches))
            else:
                stream = opened.enter_context(pa.ipc.open_stream(file))
                found = stream.schema, iter(stream)
        except (pa.ArrowException, OSError) as error:
            raise InputError([unreadable_rows(name, str(error))]) from error
        yield found


def _parquet(opened: ExitStack, path: Path, name: str) -> Records:
    limits = {
        "thrift_string_size_limit": STRING_BYTES_MAX,
        "thrift_container_size_limit": STRING_BYTES_MAX,
        "pre_buffer": False,
        "buffer_size": 1 << 16,
        "page_checksum_verification": True,
    }
    file = opened.enter_context(ParquetFile(path, **limits))
    _check_sizes(file, name)
    return file.schema_arrow, _row_groups(file)


def _row_groups(file: ParquetFile) -> Iterator[pa.RecordBatch]:
    for group in range(file.metadata.num_row_groups):
        rows = _rows_at_once(file.metadata.row_group(group))
        yield from file.iter_batches(batch_size=rows, row_groups=[group], use_threads=False)


def _rows_at_once(group: RowGroupMetaData) -> int:
    """How many rows are read at once. Where a value is stored once for many rows, each of them may be as large as all
    that is stored.
    """
    columns = [group.column(at) for at in range(group.num_columns)]
    largest = max((each.total_uncompressed_size for each in columns if each.has_dictionary_page), default=0)
    return max(1, min(READ_ROWS, BYTES_AT_ONCE // max(1, largest)))


def _check_sizes(file: ParquetFile, name: str) -> None:
    """InputError NS520 when the file says that a piece of a column takes more room than a document may."""
    metadata = file.metadata
    for group in range(metadata.num_row_groups):
        for at in range(metadata.num_columns):
            column = metadata.row_group(group).column(at)
            if max(column.total_uncompressed_size, column.total_compressed_size) > BYTES_MAX:
                place = JsonPath(name) / column.path_in_schema
                raise InputError([too_much(f"{BYTES_MAX} bytes of one column in one row group", place)])
