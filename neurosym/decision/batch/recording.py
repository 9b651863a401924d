"""A batch in the log: one entry with the root over its rows, and payloads from which each row can be decided again.

```
kind "batch", decision = id of the batch, outcome = how many rows have each outcome
digests   program, facts, graph, engine as of single decisions, input = that of the payload `sealed rows`,
          rows = the root over the row records, extent = which rows they are
payloads  case (of the house)          the case record, with the first row and their number instead of a request
          facts, graph (shared)        as of single decisions
          rows (not encrypted)         the row records, one a line: the leaves
          sealed rows (of the house)   input and result of each row, each under the key of its own data subjects
```
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from neurosym.audit.draft import Draft
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.key_store import Subjects
from neurosym.audit.payload import Payload
from neurosym.audit.row_tree import EXTENT, RowTree, extent_digest
from neurosym.audit.row_tree import ROWS as ROOT
from neurosym.decision.batch.decided_batch import DecidedBatch, count_text
from neurosym.decision.batch.row_decision import RowDecided
from neurosym.decision.batch.row_record import INPUT, RESULT, RowRecord
from neurosym.decision.batch.sealed_rows import packed
from neurosym.decision.case_record import CaseRecord
from neurosym.decision.environment import engine_digest
from neurosym.decision.intake import Document
from neurosym.decision.knowledge import Knowledge
from neurosym.decision.recorder import CASE, GRAPH, Recorder, facts_digest
from neurosym.text.diagnostic import Diagnostic
from neurosym.values.canonical import canonical_bytes

ROWS, SEALED = "rows", "sealed rows"
FIRST, COUNT = "first", "rows"  # of what a batch's case record has for a request


@dataclass(frozen=True, slots=True)
class BatchRecorder:
    """Writes the entries of batches over the same knowledge. For the one thread that commits."""

    recorder: Recorder
    knowledge: Knowledge
    case: CaseRecord  # of a batch that has no rows yet, by a ruleset that may not be recorded yet

    def begin(self) -> None:
        """Record the ruleset, unless it is: before anything is decided by it."""
        self.recorder.installed()

    def record(
        self,
        batch: str,
        inputs: Sequence[bytes],
        decided: Sequence[RowDecided],
        name: str,
        warnings: tuple[Diagnostic, ...] = (),
    ) -> DecidedBatch:
        """The batch, durable when this returns. `inputs` are the requests in canonical JSON. DecisionLoggedError when
        one of this name is logged already, RetiredError when its ruleset is out of use.
        """
        sealed = self._sealed(inputs, decided)
        records = tuple(
            _record(batch, each, *payloads)
            for each, payloads in zip(decided, zip(sealed[::2], sealed[1::2], strict=True), strict=True)
        )
        extent = extent_document(self.case.request.name, decided[0].number, len(decided))
        case = replace(self.case, request=extent, ruleset=self.recorder.installed())
        draft = self._draft(batch, case, records, packed(each.stored for each in sealed))
        entry = self.recorder.log.record(replace(draft, request=name), self.recorder.stop_on_retired)
        return DecidedBatch(batch, entry.seq, entry.digests[ROOT], records, warnings=warnings)

    def _sealed(self, inputs: Sequence[bytes], decided: Sequence[RowDecided]) -> tuple[Payload, ...]:
        """Input and result of each row, one after the other."""
        contents: list[tuple[bytes, Subjects]] = []
        for given, found in zip(inputs, decided, strict=True):
            contents += [(given, found.subjects), (found.result, found.subjects)]
        return self.recorder.log.encrypted_apart(contents)

    def _draft(self, batch: str, case: CaseRecord, records: Sequence[RowRecord], sealed: bytes) -> Draft:
        log, known = self.recorder.log, self.recorder.known(self.knowledge)
        lines = [each.line for each in records]
        recorded = log.encrypted(sealed)
        digests = {
            "program": self.recorder.ruleset.digest,
            "input": recorded.digest,
            "facts": facts_digest([each.digest for kind, each in known if kind != GRAPH]),
            ROOT: RowTree.over(lines).digest,
            EXTENT: extent_digest(records[0].row, len(records)),
            "engine": engine_digest(self.case.limits),
        }
        digests |= {"graph": self.knowledge.graph_digest} if self.knowledge.graph_digest else {}
        told = log.salted(b"\n".join(lines))
        return Draft(
            kind=EntryKind.BATCH,
            decision=batch,
            actor=self.recorder.actor,
            digests=digests,
            on=None if self.case.on is None else self.case.on.isoformat(),
            result=told.digest,
            outcome=count_text(records),
            payloads=((CASE, canonical_bytes(case.json)), *known, (ROWS, told), (SEALED, recorded)),
        )


def _record(batch: str, found: RowDecided, asked: Payload, told: Payload) -> RowRecord:
    return RowRecord(
        found.number,
        row_id(batch, found.number),
        asked.link(INPUT),
        told.link(RESULT),
        found.status,
        found.outcome,
        found.act_on,
        found.codes,
        found.citations,
    )


def row_id(batch: str, row: int) -> str:
    """The id of the decision of a row."""
    return f"{batch}-{row}"


def extent_document(source: str, first: int, rows: int) -> Document:
    """What a batch's case record has for a request: where its rows came from, the first of them, and how many."""
    return Document(source, {FIRST: first, COUNT: rows})
