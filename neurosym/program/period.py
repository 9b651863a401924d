"""Days on which something is in force."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.values.temporal import Date


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both days included; None means without end on that side."""

    first: Date | None = None
    last: Date | None = None

    def includes(self, day: Date) -> bool:
        """True when the day lies in the period."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def overlaps(self, other: Period) -> bool:
        """True when the two have a day in common."""
        return (self.first is None or other.last is None or self.first <= other.last) and (
            other.first is None or self.last is None or other.first <= self.last
        )


ALWAYS = Period()
