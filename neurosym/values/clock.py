"""Moments, and who tells them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment in UTC, written `2026-03-02T09:15:00.000000Z`, and the clock that told it."""

    time: str
    clock: str


class Clock(Protocol):
    """Anything that tells the time; tests and replays bring their own."""

    def stamp(self) -> Stamp:
        """The present moment."""


class SystemClock:
    """The clock of the machine, which nobody vouches for."""

    def stamp(self) -> Stamp:
        """The present moment to the microsecond."""
        return Stamp(datetime.now(UTC).strftime(TIME_FORMAT), "system")
