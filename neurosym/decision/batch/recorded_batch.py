"""A batch as the log holds it: its row records, and the input and result of each row that was not erased."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.entry_row import read_row
from neurosym.audit.inclusion import proof_of
from neurosym.audit.payload import PayloadLink, open_payload
from neurosym.audit.reader import LogReader
from neurosym.audit.row_proof import RowProof
from neurosym.audit.row_tree import EXTENT, RowTree, extent_digest
from neurosym.audit.row_tree import ROWS as ROOT
from neurosym.audit.store import EntryRow
from neurosym.decision import problems
from neurosym.decision.batch.decided_batch import DecidedBatch
from neurosym.decision.batch.recording import ROWS, SEALED
from neurosym.decision.batch.row_record import RowRecord, read_row_record
from neurosym.decision.batch.sealed_rows import PER_ROW, unpacked
from neurosym.decision.case_record import CaseRecord, read_case_record
from neurosym.decision.intake import Document
from neurosym.decision.recorded import read_object
from neurosym.decision.recorder import CASE
from neurosym.text.failure import ErasedError, InputError, LogCorruptError

MARK = f'"kind":"{EntryKind.BATCH.value}"'.encode()


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
        if RowTree.over(found).digest != self.entry.digests.get(ROOT):
            raise LogCorruptError(f"entry {self.entry.seq}: its rows do not lead to their root")
        return found

    @cached_property
    def records(self) -> tuple[RowRecord, ...]:
        """The row records, in order, once they are found to be the rows that the entry says."""
        found = tuple(map(read_row_record, self.lines))
        first, numbers = found[0].row, [each.row for each in found]
        if self.entry.digests.get(EXTENT) != extent_digest(first, len(found)):
            raise LogCorruptError(f"entry {self.entry.seq}: it is of other rows than those recorded")
        if numbers != [*range(first, first + len(found))]:
            raise LogCorruptError(f"entry {self.entry.seq}: its rows are not in order")
        return found

    @cached_property
    def case(self) -> CaseRecord:
        """What all rows share; its request is the extent of the batch."""
        return read_case_record(self.log.content(self.entry, CASE))

    @property
    def first(self) -> int:
        """The number of the first row."""
        return self.records[0].row

    def proof(self, record: RowRecord) -> RowProof:
        """The proof that a row is in the log, as of its newest checkpoint."""
        place = record.row - self.first
        with self.log.store.reading() as reading:
            row = reading.entry(self.entry.seq)
            inclusion = proof_of(self.log, self.entry.seq)
        assert row is not None
        path = RowTree.over(self.lines).path(place)
        return RowProof(self.first, len(self.lines), self.lines[place], path, row.envelope, inclusion)

    def index(self, row: int) -> int | None:
        """The place of a row among those of the batch; None when it is not of it."""
        return row - self.first if 0 <= row - self.first < len(self.lines) else None

    def record(self, row: int) -> RowRecord:
        """The record of a row; InputError NS518 when the batch has none of that number."""
        index = self.index(row)
        if index is None:
            raise InputError([problems.no_such_row(row, self.first, self.first + len(self.lines) - 1)])
        return self.records[index]

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
        root = self.entry.digests[ROOT]
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


def batch_extents(log: LogReader, seqs: Sequence[int]) -> Iterator[tuple[int, int | None]]:
    """These entries, each with the number of its rows if it is a batch: 1 where they cannot be told any more."""
    with log.store.reading() as reading:
        rows = [reading.entry(seq) for seq in seqs]
    for seq, row in zip(seqs, rows, strict=True):
        # Quotes within a text are escaped, so that the mark stands nowhere else.
        yield seq, None if row is None or MARK not in row.envelope else _extent(log, row)


def _extent(log: LogReader, row: EntryRow) -> int:
    try:
        return log.content(read_row(row), ROWS).count(b"\n") + 1
    except ErasedError:
        return 1
