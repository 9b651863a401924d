"""The batches that a log has already, found by their names, so that no row is decided twice without notice.

Without a request id the name is made of all that the outcomes rest on: program, decision, day, facts, graph, the rows
and their numbers. The log keeps an HMAC of it. Who has mended a later row, or runs the same file again after the power
failed, is given what was logged; other facts make other batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision import problems
from neurosym.decision.batch.decided_batch import DecidedBatch
from neurosym.decision.batch.recorded_batch import RecordedBatch
from neurosym.decision.batch.row_decision import Common
from neurosym.decision.knowledge import Knowledge
from neurosym.text.failure import ErasedError, InputError
from neurosym.values.canonical import Digest, Json, digest, digest_list


@dataclass(frozen=True)
class LoggedBatches:
    """Finds the batches of one run. Every method raises LogError when the log cannot be read."""

    log: LogReader
    common: Common
    knowledge: Knowledge
    request_id: str | None

    def name(self, first: int, lines: Sequence[bytes]) -> str:
        """What the batch with these rows is known by."""
        if self.request_id is not None:
            return f"{self.request_id} rows from {first}"
        return f"batch {digest([self._basis, first, digest_list(lines)])}"

    def found(self, name: str, first: int, lines: Sequence[bytes]) -> DecidedBatch | None:
        """The batch that was logged under a name; InputError NS530 when it is of other rows."""
        entry = self.log.request(name)
        if entry is None:
            return None
        if entry.kind is EntryKind.BATCH:
            recorded = RecordedBatch(self.log, entry)
            if self._is_same(recorded, first, lines):
                return recorded.decided
        raise InputError([problems.other_request(name)])

    @cached_property
    def _basis(self) -> Digest:
        """The digest of all that decides the outcomes beside the rows."""
        common, knowledge = self.common, self.knowledge
        basis: dict[str, Json] = {
            "program": common.ruleset.digest,
            "decision": common.decision,
            "on": None if common.on is None else common.on.isoformat(),
            "facts": [each.json for each in knowledge.documents],
            "graph": knowledge.graph_digest,
        }
        return digest(basis)

    def _is_same(self, recorded: RecordedBatch, first: int, lines: Sequence[bytes]) -> bool:
        """True when the recorded batch is of this decision, this day and these rows, as far as they can be read."""
        case = recorded.case
        if (case.decision, case.on) != (self.common.decision, self.common.on):
            return False
        if (recorded.first, len(recorded.lines)) != (first, len(lines)):
            return False
        for record, line in zip(recorded.records, lines, strict=True):
            try:
                if recorded.input(record) != line:
                    return False
            except ErasedError:
                continue
        return True
