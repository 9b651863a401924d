"""The rows of logged batches, decided by another ruleset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from neurosym.audit.entry import Entry
from neurosym.decision.backtest import Backtester, BacktestStatus, Compared, Shown
from neurosym.decision.batch.recorded_batch import RecordedBatch
from neurosym.decision.batch.replay import EVERY, RowReplayer
from neurosym.decision.batch.row_record import RowRecord
from neurosym.judgment.configuration import Configuration
from neurosym.text.failure import (
    DiagnosticsError,
    ErasedError,
    Failure,
    InternalError,
    LogCorruptError,
    LogError,
    ReplayError,
)


class RowBacktester:
    """Compares the rows of batches with what a ruleset decides of them. For one thread."""

    def __init__(self, backtester: Backtester) -> None:
        self._backtester = backtester
        self._rows = RowReplayer(backtester.replayer)

    def compared(self, entry: Entry, places: slice = EVERY) -> Iterator[Compared]:
        """The rows at these places of a batch, decided again; one finding for all where their records were erased.
        LogError when the log cannot give what it recorded.
        """
        batch = self._rows.batch(entry)
        try:
            records = batch.records
        except (ErasedError, ReplayError) as error:
            before = Shown(entry.outcome or "", ())
            yield Compared(entry.decision, entry.seq, BacktestStatus.UNREADABLE, before, message=str(error))
            return
        for record in records[places]:
            yield self._compared(batch, record)

    def _compared(self, batch: RecordedBatch, record: RowRecord) -> Compared:
        before = Shown(record.shown, record.codes)
        compared = Compared(record.decision, batch.entry.seq, BacktestStatus.SAME, before, row=record.row)
        replayer = self._backtester.replayer
        try:
            case = batch.case_of(record)
            size = len(batch.result(record))
            used, _, limits = replayer.used(batch.entry)
        except LogCorruptError:
            raise
        except (ErasedError, ReplayError, DiagnosticsError) as error:
            return replace(compared, status=BacktestStatus.UNREADABLE, message=str(error))
        try:
            plan = replayer.plan_of(batch.entry, record.decision, case, self._backtester.ruleset)
            return self._backtester.decided(plan, used, Configuration(), limits, [], replace(compared, size=size))
        except (InternalError, LogError):
            raise
        except (DiagnosticsError, Failure) as error:
            return replace(compared, status=BacktestStatus.REFUSED, message=str(error))
