"""The rows of Arrow record batches as requests: a column is a member, a struct an object, null a member that is absent
where its type has no null.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa

from neurosym.decision.batch.arrow.column_type import wrong_columns
from neurosym.decision.batch.arrow.column_values import values_of
from neurosym.decision.batch.recorded_batch import row_name
from neurosym.decision.intake import Document
from neurosym.decision.problems import unreadable_rows
from neurosym.feel.types import FactOf, ListOf, Nullable, Type
from neurosym.program.program import Decision, Program
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.failure import InputError

READ_ROWS = 1_024  # turned into requests at once, wherever one record batch ends and the next begins

ArrowRows: TypeAlias = pa.RecordBatch | pa.Table | pa.RecordBatchReader
Given: TypeAlias = tuple[Document, tuple[Diagnostic, ...]]


@dataclass(frozen=True, slots=True)
class RecordRows:
    """Reads the rows of one source for a decision."""

    program: Program
    decision: Decision
    name: str

    def given(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[Given]:
        """The requests, one at a time. InputError when a column has a type that the language has no values for, or
        what is stored is damaged.
        """
        wrong = wrong_columns(schema, self.name)
        if wrong:
            raise InputError(wrong)
        return self._given(batches)

    def _given(self, batches: Iterable[pa.RecordBatch]) -> Iterator[Given]:
        number = 0
        for batch in readable(batches, self.name):
            columns = [values_of(column) for column in batch.columns]
            for at in range(batch.num_rows):
                row = {name: column[at] for name, column in zip(batch.schema.names, columns, strict=True)}
                yield Document(row_name(self.name, number), self._request(row)), ()
                number += 1

    def _request(self, row: Mapping[str, object]) -> dict[str, object]:
        """The members that are there, each as its parameter's type has it."""
        types = dict(self.decision.parameters)
        return {
            name: value if name not in types else self._present(FactOf(types[name]), value)
            for name, value in row.items()
            if value is not None
        }

    def _present(self, of: Type, value: object) -> object:
        """The value without members that are null and cannot be: a column has a value for every row."""
        match of, value:
            case Nullable(of=inner), _ if value is not None:
                return self._present(inner, value)
            case ListOf(item=item), list():
                return [self._present(item, each) for each in value]
            case FactOf(name=name), dict():
                types = {field.name: field.type for field in self.program.fact_types[name].fields}
                return {
                    member: self._present(types[member], each) if member in types else each
                    for member, each in value.items()
                    if each is not None or isinstance(types.get(member), Nullable)
                }
            case _:
                return value


def records_in(rows: object) -> tuple[pa.Schema, Iterable[pa.RecordBatch]]:
    """The schema and the record batches of a record batch, a table or a reader; TypeError for what is none of them."""
    match rows:
        case pa.RecordBatch():
            return rows.schema, [rows]
        case pa.Table():
            return rows.schema, rows.to_batches()
        case pa.RecordBatchReader():
            return rows.schema, rows
        case _:
            raise TypeError(f"a {type(rows).__name__} has no rows: give a record batch, a table or a reader")


def readable(batches: Iterable[pa.RecordBatch], name: str) -> Iterator[pa.RecordBatch]:
    """The record batches, each checked whole; InputError NS517 where what is stored cannot be read as Arrow says."""
    coming = iter(batches)
    while True:
        try:
            batch = next(coming, None)
            if batch is None:
                return
            batch.validate(full=True)
        except (pa.ArrowException, OSError, EOFError) as error:
            raise InputError([unreadable_rows(name, str(error))]) from error
        yield from (batch.slice(at, READ_ROWS) for at in range(0, batch.num_rows, READ_ROWS))
