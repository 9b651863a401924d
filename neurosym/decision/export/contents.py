"""What the payloads of a log hold, kind by kind: no export reads a payload elsewhere.

A payload that is withheld, or erased, is None, and an export leaves out what it would have told.
"""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.audit.entry import Entry
from neurosym.audit.payload import PayloadLink
from neurosym.audit.reader import LogReader
from neurosym.decision.batch.recorded_batch import RecordedBatch
from neurosym.decision.batch.row_record import RowRecord
from neurosym.decision.case_record import CaseRecord, read_case_record
from neurosym.decision.recorded import read_object, read_objects
from neurosym.decision.recorder import ATTEMPT, CASE, FACTS, RESULT, fact_parts
from neurosym.judgment.attempt import Attempt, read_attempt
from neurosym.text.failure import ErasedError
from neurosym.values.canonical import Json

NOTHING: frozenset[str] = frozenset()
EVERYTHING = frozenset({ATTEMPT, CASE, FACTS, RESULT})


@dataclass(frozen=True, slots=True)
class Contents:
    """The payloads of a log, those of the kinds in `withheld` aside. LogError where the log cannot give one, and
    ReplayError where one is not what this program records.
    """

    log: LogReader
    withheld: frozenset[str] = NOTHING

    def case(self, entry: Entry) -> CaseRecord | None:
        """What a decision was asked."""
        content = self._content(entry, CASE)
        return None if content is None else read_case_record(content)

    def facts(self, entry: Entry) -> list[Json] | None:
        """The documents of facts that a decision was made from, each with its name; None when any is missing."""
        documents: list[Json] = []
        for part in fact_parts(entry):
            content = self._payload(FACTS, part)
            if content is None:
                return None
            documents += read_objects(content, FACTS)
        return documents

    def decided(self, entry: Entry) -> dict[str, Json] | None:
        """The decision's document as it was recorded."""
        content = self._content(entry, RESULT)
        return None if content is None else read_object(content, RESULT)

    def attempt(self, entry: Entry) -> Attempt | None:
        """What a tier, or a person, was asked and said."""
        content = self._content(entry, ATTEMPT)
        return None if content is None else read_attempt(content)

    def batch(self, entry: Entry) -> RecordedBatch | None:
        """The rows of a batch, whose records hold nothing personal; None where they were erased."""
        found = RecordedBatch(self.log, entry)
        try:
            _ = found.records
        except ErasedError:
            return None
        return found

    def row(self, batch: RecordedBatch, record: RowRecord) -> tuple[CaseRecord | None, dict[str, Json] | None]:
        """What was asked in a row, and the decision's document."""
        try:
            case = None if CASE in self.withheld else batch.case_of(record)
            decided = None if RESULT in self.withheld else read_object(batch.result(record), RESULT)
        except ErasedError:
            return None, None
        return case, decided

    def _content(self, entry: Entry, kind: str) -> bytes | None:
        return self._payload(kind, entry.link(kind))

    def _payload(self, kind: str, link: PayloadLink) -> bytes | None:
        """The one place where a payload is read; None of one that was erased, too."""
        try:
            return None if kind in self.withheld else self.log.payload(link)
        except ErasedError:
            return None
