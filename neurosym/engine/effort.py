"""What a rule costs while it is applied: how much it looks at, and how much it keeps."""

from __future__ import annotations

from collections.abc import Callable, Sized

from neurosym.engine.situation import Limits
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeDuty, ConcludeFact, ConcludeOutcome, Conclusion
from neurosym.text.failure import LimitError

PAUSE = 500_000  # facts and items between two looks at the limits: what is kept meanwhile fits into any memory


class Effort:
    """Counts what a provision looks at for one of its conclusions, and stops it at the limits."""

    def __init__(self, limits: Limits, place: Callable[[], str] = str) -> None:
        """`place` tells which provision it is, and the stratum or the decision."""
        self.limits = limits
        self.place = place
        self.count = 0

    @property
    def pause(self) -> int:
        """After how many facts and items the limits are looked at first."""
        return min(PAUSE, self.limits.looked_max)

    def look(self, more: int) -> None:
        """Count so many facts or items; LimitError when they are too many."""
        self.count += more
        if self.count > self.limits.looked_max:
            self.watch(self.count)

    def affords(self, looked: int, kept: int) -> bool:
        """True, and it is counted, when looking at so many facts and keeping so many is within all limits."""
        is_within = self.count + looked <= self.limits.looked_max and kept <= self.limits.facts_max
        if is_within:
            self.count += looked
        return is_within

    def keep(self, count: int) -> None:
        """LimitError when so many applications are too many to be held at once."""
        if count > self.limits.facts_max:
            raise LimitError(f"more than {self.limits.facts_max} applications (facts_max) {self.place()}".rstrip())

    def watch(self, count: int, *kept: Sized) -> int:
        """The count after which to look again; LimitError when the provision has looked at, or keeps, too much."""
        if count > self.limits.looked_max:
            most = self.limits.looked_max
            raise LimitError(f"more than {most} facts and items looked at (looked_max) {self.place()}".rstrip())
        self.keep(max(map(len, kept), default=0))
        return min(count + PAUSE, self.limits.looked_max)


def place_of(program: Program, provision: str, conclusion: Conclusion) -> str:
    """The provision and what it concludes, for people."""
    match conclusion:
        case ConcludeFact():
            types = next(each.types for each in program.strata if conclusion.type in each.types)
            return f"by `{provision}` in the stratum of {', '.join(f'`{name}`' for name in types)}"
        case ConcludeOutcome():
            return f"by `{provision}` for the decision `{conclusion.decision}`"
        case ConcludeDuty():
            return f"by `{provision}` for the duty `{conclusion.duty}`"
