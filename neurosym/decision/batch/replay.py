"""The rows of logged batches executed again, each as a decision is, and their records compared."""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.audit.entry import Entry
from neurosym.decision.batch.decided_batch import count_text
from neurosym.decision.batch.recorded_batch import RecordedBatch
from neurosym.decision.batch.recording import ROWS, SEALED, extent_document
from neurosym.decision.batch.row_decision import citations_of
from neurosym.decision.batch.row_record import RowRecord
from neurosym.decision.decision import Decision
from neurosym.decision.difference import first_difference
from neurosym.decision.recorder import RESULT, codes_of, fact_parts, facts_digest
from neurosym.decision.replay import Readied, Replayed, Replayer, ReplayStatus, execute
from neurosym.judgment.configuration import Configuration
from neurosym.text.failure import DiagnosticsError, ErasedError, ReplayError

EVERY = slice(None)


class RowReplayer:
    """Replays the rows of the batches of one log. For one thread."""

    def __init__(self, replayer: Replayer) -> None:
        self._replayer = replayer
        self._batch: RecordedBatch | None = None  # that was last spoken of

    def batch(self, entry: Entry) -> RecordedBatch:
        """What the log holds of a batch."""
        if self._batch is None or self._batch.entry != entry:
            self._batch = RecordedBatch(self._replayer.log, entry)
        return self._batch

    def replayed(self, entry: Entry, places: slice = EVERY) -> Iterator[Replayed]:
        """The rows at these places of a batch, executed again; one finding for all where their records were erased.
        LogError when the log cannot give what it recorded.
        """
        batch = self.batch(entry)
        try:
            records, wrong = batch.records, _batch_difference(batch)
        except ErasedError as error:
            yield Replayed(entry.decision, entry.seq, ReplayStatus.ERASED, message=str(error))
            return
        except (ReplayError, DiagnosticsError) as error:
            yield Replayed(entry.decision, entry.seq, ReplayStatus.DIFFERENT, str(error))
            return
        for record in records[places]:
            yield self._replayed(batch, record, wrong)

    def executed(self, batch: RecordedBatch, record: RowRecord) -> Decision:
        """The decision that the recorded input of a row gives now; errors as of `Replayer.executed`."""
        return execute(self.readied(batch, record))

    def readied(self, batch: RecordedBatch, record: RowRecord) -> Readied:
        """A row with all that it takes to execute it."""
        replayer, entry = self._replayer, batch.entry
        with replayer.log.store.reading():
            ruleset, _, limits = replayer.used(entry)
            if ruleset.digest != entry.digests.get("program"):
                raise ReplayError("the recorded sources are not the recorded program: their digests differ")
            plan = replayer.plan_of(entry, record.decision, batch.case_of(record), ruleset)
            return Readied(plan, ruleset, Configuration(), [], limits, replayer.evaluator(entry))

    def _replayed(self, batch: RecordedBatch, record: RowRecord, wrong: str | None) -> Replayed:
        entry, of = batch.entry, record.decision
        try:
            then = batch.result(record)
            decision = self.executed(batch, record)
        except ErasedError as error:
            return Replayed(of, entry.seq, ReplayStatus.ERASED, message=str(error), row=record.row)
        except (ReplayError, DiagnosticsError) as error:
            return Replayed(of, entry.seq, ReplayStatus.DIFFERENT, str(error), row=record.row)
        difference = _difference(then, record, decision) or wrong
        status = ReplayStatus.IDENTICAL if difference is None else ReplayStatus.DIFFERENT
        if decision.digests["engine"] != entry.digests.get("engine"):
            status = ReplayStatus.ENGINE_MISMATCH
        return Replayed(of, entry.seq, status, difference, row=record.row)


def _difference(then: bytes, record: RowRecord, decision: Decision) -> str | None:
    """Where the result, or what the record says of it, is another."""
    if then != decision.result_bytes:
        return f"{RESULT}: {first_difference(then, decision.result_bytes)}"
    pairs: tuple[tuple[str, object, object], ...] = (
        ("status", record.status, decision.status.value),
        ("outcome", record.outcome, decision.outcome),
        ("act_on", record.act_on, decision.act_on),
        ("codes", record.codes, codes_of(decision)),
        ("citations", record.citations, citations_of(decision)),
    )
    return _first_of("row", pairs)


def _batch_difference(batch: RecordedBatch) -> str | None:
    """Where the envelope says something else than the rows that it stands for."""
    entry, case = batch.entry, batch.case
    pairs: tuple[tuple[str, object, object], ...] = (
        ("on", entry.on, None if case.on is None else case.on.isoformat()),
        ("outcome", entry.outcome, count_text(batch.records)),
        ("result", entry.result, entry.payload_digest(ROWS)),
        ("digests.input", entry.digests.get("input"), entry.payload_digest(SEALED)),
        ("digests.facts", entry.digests.get("facts"), facts_digest([each.digest for each in fact_parts(entry)])),
        ("the rows", case.request.json, extent_document("", batch.first, len(batch.lines)).json),
    )
    return _first_of("envelope", pairs)


def _first_of(what: str, pairs: tuple[tuple[str, object, object], ...]) -> str | None:
    return next((f"{what}: {name} was {then} and is {now}" for name, then, now in pairs if then != now), None)
