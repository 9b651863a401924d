"""Rows decided over what is known, from wherever they come to the log."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

from neurosym.decision.batch.decided_batch import DecidedBatch
from neurosym.decision.batch.logged_batches import LoggedBatches
from neurosym.decision.batch.recording import BatchRecorder, extent_document
from neurosym.decision.batch.row_decision import Common
from neurosym.decision.batch.rows import Rows, name_of_rows, opened_rows
from neurosym.decision.batch.run import BatchRun
from neurosym.decision.case_record import CaseRecord
from neurosym.decision.knowledge import Knowledge
from neurosym.decision.recorder import Recorder
from neurosym.decision.situation import decision_named
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError


@dataclass(frozen=True, slots=True)
class Batches:
    """Who decides and records rows, over the same knowledge."""

    recorder: Recorder
    common: Common
    knowledge: Knowledge
    new_id: Callable[[], str]

    def decided(self, rows: Rows, request_id: str | None, processes: int) -> Generator[DecidedBatch, None, None]:
        """The batches of these rows; `Engine.decide_batch` tells the rest."""
        common, program = self.common, self.common.ruleset.program
        wanted = decision_named(program, common.decision)
        report = Report()
        report.extend(self.knowledge.standing(program).problems)
        report.stop_on_errors(InputError)
        with opened_rows(rows, program, wanted) as given:
            known = LoggedBatches(self.recorder.log, common, self.knowledge, request_id)
            recorder = BatchRecorder(self.recorder, self.knowledge, self._case(name_of_rows(rows)))
            yield from BatchRun(recorder, common, known, self.new_id, processes).batches(given)

    def _case(self, name: str) -> CaseRecord:
        """The case that all rows share, without what is known only when a batch is recorded."""
        common = self.common
        return CaseRecord(
            common.decision,
            extent_document(name, 0, 0),
            common.on,
            self.knowledge.snapshot is not None,
            0,
            None,
            common.limits,
            common.asked_on,
        )
