"""What came of the rows of one batch, once the entry that says so is durable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from neurosym.decision.batch.row_form import need_arrow
from neurosym.decision.batch.row_record import RowRecord
from neurosym.engine.verdict import Status
from neurosym.text.diagnostic import Diagnostic
from neurosym.values.canonical import Digest, Json

if TYPE_CHECKING:
    from neurosym.decision.batch.arrow.results import ResultBatch


@dataclass(frozen=True, slots=True)
class DecidedBatch:
    """One batch: its id, its entry, the root over its rows, and their records. `was_logged`: an earlier run decided it,
    and nothing was decided again.
    """

    id: str
    seq: int
    root: Digest
    records: tuple[RowRecord, ...] = field(repr=False)
    was_logged: bool = False
    warnings: tuple[Diagnostic, ...] = field(default=(), compare=False, repr=False)

    @property
    def first(self) -> int:
        """The number of the first row."""
        return self.records[0].row

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows have each outcome; those without one are counted by their status."""
        return counted(self.records)

    @property
    def undecided(self) -> int:
        """How many rows have no outcome: undecided, or in conflict."""
        return sum(each.status != Status.DECIDED.value for each in self.records)

    @property
    def rows(self) -> ResultBatch:
        """The rows as Arrow: row, decision, status, outcome, act_on, reasons, citations. Failure without pyarrow."""
        need_arrow()
        from neurosym.decision.batch.arrow.results import results_batch  # noqa: PLC0415 - heavy, and an extra

        return results_batch(self.records)

    @property
    def json(self) -> dict[str, Json]:
        """The batch as `decide --batch --format json` writes it."""
        return {
            "batch": self.id,
            "entry": self.seq,
            "root": self.root,
            "first": self.first,
            "rows": len(self.records),
            "counts": dict(self.counts),
            "was_logged": self.was_logged,
        }


def counted(records: Iterable[RowRecord]) -> Mapping[str, int]:
    """How many rows have each outcome, by its name."""
    found = Counter(each.shown for each in records)
    return {name: found[name] for name in sorted(found)}


def count_text(records: Iterable[RowRecord]) -> str:
    """The same in words, as envelopes have it."""
    return ", ".join(f"{count} {name}" for name, count in counted(records).items())
