"""A batch as the log holds it: its row records, and the input and result of each row that was not erased."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.payload import PayloadLink, open_payload
from neurosym.audit.reader import LogReader
from neurosym.audit.row_tree import RowTree
from neurosym.decision.batch.decided_batch import DecidedBatch
from neurosym.decision.batch.recording import COUNT, FIRST, ROWS, ROWS_DIGEST, SEALED
from neurosym.decision.batch.row_record import RowRecord, read_row_record
from neurosym.decision.batch.sealed_rows import PER_ROW, unpacked
from neurosym.decision.case_record import CaseRecord, read_case_record
from neurosym.decision.intake import Document
from neurosym.decision.recorded import read_object, whole_at
from neurosym.decision.recorder import CASE
from neurosym.text.failure import LogCorruptError, ReplayError


@dataclass(frozen=True)
class RecordedBatch:
    """One batch of a log; its payloads are read once, when they are asked for. Every method raises LogError where the
    log cannot give what it recorded: ErasedError what was erased, LogCorruptError what is not what the entry says.
    """

    log: LogReader
    entry: Entry

    @cached_property
    def lines(self) -> tuple[bytes, ...]:
        """The row records as they are stored, once they are found to lead to the root in the entry."""
        found = tuple(self.log.content(self.entry, ROWS).split(b"\n"))
        if RowTree.over(found).digest != self.entry.digests.get(ROWS_DIGEST):
            raise LogCorruptError(f"entry {self.entry.seq}: its rows do not lead to their root")
        return found

    @cached_property
    def records(self) -> tuple[RowRecord, ...]:
        """The row records, in order."""
        return tuple(map(read_row_record, self.lines))

    @cached_property
    def case(self) -> CaseRecord:
        """What all rows share; its request is the extent of the batch."""
        return read_case_record(self.log.content(self.entry, CASE))

    @cached_property
    def first(self) -> int:
        """The number of the first row."""
        extent = self.case.request.json
        if not isinstance(extent, dict) or extent.keys() != {FIRST, COUNT}:
            raise ReplayError("the recorded case is not that of a batch")
        if whole_at(extent, COUNT) != len(self.lines):
            raise ReplayError(f"the recorded case has {extent[COUNT]} rows, and {len(self.lines)} are recorded")
        return whole_at(extent, FIRST)

    def index(self, row: int) -> int | None:
        """The place of a row among those of the batch; None when it is not of it."""
        return row - self.first if 0 <= row - self.first < len(self.lines) else None

    def case_of(self, record: RowRecord) -> CaseRecord:
        """The case of one row."""
        name = row_name(self.case.request.name, record.row)
        return replace(self.case, request=Document(name, read_object(self.input(record), "input")))

    def input(self, record: RowRecord) -> bytes:
        """The request of a row, in canonical JSON."""
        return self._opened(record, record.input, 0)

    def result(self, record: RowRecord) -> bytes:
        """The result of a row, as decisions record it."""
        return self._opened(record, record.result, 1)

    @property
    def decided(self) -> DecidedBatch:
        """The batch as it was given out then."""
        assert self.entry.decision is not None
        root = self.entry.digests[ROWS_DIGEST]
        return DecidedBatch(self.entry.decision, self.entry.seq, root, self.records, was_logged=True)

    @cached_property
    def _sealed(self) -> list[bytes]:
        found = unpacked(self.log.content(self.entry, SEALED))
        if len(found) != PER_ROW * len(self.lines):
            raise LogCorruptError(f"entry {self.entry.seq}: it has not as many sealed rows as rows")
        return found

    def _opened(self, record: RowRecord, link: PayloadLink, part: int) -> bytes:
        index = self.index(record.row)
        assert index is not None
        return open_payload(self._sealed[index * PER_ROW + part], link, self.log.payload_key(link))


def row_name(source: str, row: int) -> str:
    """What diagnostics call a row."""
    return f"{source} row {row}"


def batches_of(log: LogReader) -> Iterator[Entry]:
    """The entries of batches, in order."""
    return (entry for entry in log.entries() if entry.kind is EntryKind.BATCH)
