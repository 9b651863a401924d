"""A clock that a test sets by hand."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.judgment.queue.term import minutes_after
from neurosym.values.clock import Stamp


@dataclass(slots=True)
class HandClock:
    """Stands still until it is moved."""

    time: str = "2026-03-02T09:00:00.000000Z"

    def stamp(self) -> Stamp:
        return Stamp(self.time, "hand")

    def forward(self, minutes: int) -> None:
        self.time = minutes_after(self.time, minutes)
