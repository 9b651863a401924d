"""Many rows decided in batches: cut by the number of the row alone, worked on by processes, logged by one.

Where a batch ends depends neither on how the rows arrive, nor on how many processes there are, nor on which of them is
done first; and so no byte of a batch does. A batch is given out once its entry is durable. One row that is refused
refuses its batch: then nothing of it is logged, and what was logged before stays.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeAlias

from neurosym.audit.committer import DecisionLoggedError
from neurosym.decision.batch.decided_batch import DecidedBatch
from neurosym.decision.batch.logged_batches import LoggedBatches
from neurosym.decision.batch.recording import BatchRecorder
from neurosym.decision.batch.row_decision import (
    Common,
    Passed,
    Row,
    RowDecided,
    RowDecider,
    RowFound,
    RowRefused,
    deciding,
)
from neurosym.decision.intake import Document
from neurosym.decision.partition import Begin, Part, shared_out
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.failure import Failure, InputError, LogError
from neurosym.values.canonical import canonical_bytes

ROWS_MAX = 4_096  # of one batch; its envelope does not grow with them
PART_ROWS = 256  # given to a process at once
REFUSED_MAX = 10  # rows of which is told what is wrong with them
WARNINGS_MAX = 10  # of one batch

# A request as plain JSON, and what is wrong with it: then it is no request.
Given: TypeAlias = tuple[Document, Sequence[Diagnostic]]


@dataclass(frozen=True, slots=True)
class _Awaited:
    """A batch whose rows are being decided; or one that was logged, or the error that ends the run there."""

    rows: Sequence[Row] = ()
    lines: Sequence[bytes] = ()
    name: str = ""
    logged: DecidedBatch | None = None
    error: InputError | None = None


@dataclass(frozen=True, slots=True)
class BatchRun:
    """How the rows of one run are decided and recorded."""

    recorder: BatchRecorder
    common: Common
    known: LoggedBatches
    new_id: Callable[[], str]
    processes: int = 1
    rows_max: int = ROWS_MAX
    part_rows: int = PART_ROWS

    def batches(self, given: Iterator[Given]) -> Generator[DecidedBatch, None, None]:
        """The batches, each durable in the log before it is given out. InputError when a row is refused, other Failures
        as of `Engine.decide`.
        """
        awaited: deque[_Awaited] = deque()
        with closing(shared_out(self._begin(), self._parts(given, awaited), self.processes)) as found:
            while several := self._taken(found, 1):
                batch = awaited.popleft()
                if batch.error is not None:
                    raise batch.error
                if batch.logged is not None:
                    yield batch.logged
                else:
                    yield self._logged(batch, [*several, *self._taken(found, len(batch.rows) - 1)])

    def _begin(self) -> Begin[RowFound]:
        known = self.recorder.knowledge
        if self.processes > 1:
            graph = None if known.snapshot is None else known.snapshot.nquads()
            return partial(deciding, self.common, known.documents, graph)
        decider = RowDecider(self.common, known)
        return lambda: nullcontext(decider.found)

    def _taken(self, found: Iterator[RowFound], count: int) -> list[RowFound]:
        """What is found next. A failure leaves a trace in the log, as that of a single decision does."""
        try:
            return list(islice(found, count))
        except LogError:
            raise
        except Failure as error:
            self._log_failure(error)
            raise

    def _log_failure(self, error: Failure) -> None:
        try:
            self.recorder.recorder.failure(self.new_id(), f"a batch could not be decided: {error}")
        except LogError as second:
            error.add_note(f"and the failure could not be logged: {second}")

    def _parts(self, given: Iterator[Given], awaited: deque[_Awaited]) -> Iterator[Part]:
        """The rows that have to be decided, as they are given out. What each batch waits for is put among the awaited;
        one that waits for nothing is a part of its own, which nobody works on.
        """
        first = 0
        while True:
            try:
                several = list(islice(given, self.rows_max))
                batch = self._awaited(several, first) if several else None
            except InputError as error:
                batch = _Awaited(error=error)
            if batch is None:
                return
            awaited.append(batch)
            if batch.error is not None:
                yield [Passed()]
                return
            if batch.logged is not None:
                yield [Passed()]
            else:
                yield from (batch.rows[at : at + self.part_rows] for at in range(0, len(batch.rows), self.part_rows))
            first += len(several)

    def _awaited(self, given: Sequence[Given], first: int) -> _Awaited:
        """The next batch; InputError when it cannot be decided."""
        refused = [RowRefused(first + place, tuple(wrong)) for place, (_, wrong) in enumerate(given) if wrong]
        if refused:
            raise refusal(refused)
        rows = [Row(first + place, document) for place, (document, _) in enumerate(given)]
        lines = [canonical_bytes(row.request.json) for row in rows]
        name = self.known.name(first, lines)
        logged = self.known.found(name, first, lines)
        if logged is None:
            self.recorder.begin()
        return _Awaited(rows, lines, name, logged)

    def _logged(self, batch: _Awaited, found: Sequence[RowFound]) -> DecidedBatch:
        """The batch once it is durable; InputError when a row was refused: then nothing of it is logged."""
        refused = [each for each in found if isinstance(each, RowRefused)]
        if refused:
            raise refusal(refused)
        decided = [each for each in found if isinstance(each, RowDecided)]
        warnings = tuple(dict.fromkeys(each for row in decided for each in row.warnings))[:WARNINGS_MAX]
        try:
            return self.recorder.record(self.new_id(), batch.lines, decided, batch.name, warnings)
        except DecisionLoggedError:  # another run over the same rows was faster
            known = self.known.found(batch.name, batch.rows[0].number, batch.lines)
            if known is None:
                raise
            return known


def refusal(refused: Sequence[RowRefused]) -> InputError:
    """What is wrong with the first few of the rows that were refused; each problem names its row."""
    error = InputError([problem for each in refused[:REFUSED_MAX] for problem in each.problems])
    if len(refused) > REFUSED_MAX:
        error.add_note(f"and {len(refused) - REFUSED_MAX} more rows of this batch are refused")
    error.add_note("nothing of this batch is logged")
    return error
