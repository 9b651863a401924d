"""What verification finds, and what it may say in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.audit.checkpoint import Checkpoint
from neurosym.text.escape import printable
from neurosym.values.canonical import Json

PROBLEMS_MAX = 1000  # a wrecked log has as many problems as entries; nobody reads them all


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was logged, and where."""

    place: str
    message: str

    def __str__(self) -> str:
        return printable(f"{self.place}: {self.message}")


class Findings:
    """Collects the problems of one verification, and counts those beyond the bound."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.count = 0

    def add(self, place: str, message: str) -> None:
        """Keep one problem."""
        self.count += 1
        if self.count <= PROBLEMS_MAX:
            self.problems.append(Problem(place, message))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a verification. `vkey` is the key the log names as its own, whoever that may be. `went_back` are
    entries whose time is before that of the entry before them, as far as they are told: no entry proves its time. `end`
    is the entry that ended the log.
    """

    entries: int
    payloads: int
    vkey: str | None
    checkpoint: Checkpoint | None
    problems: tuple[Problem, ...]
    problem_count: int
    key_verified: bool
    earlier_sizes: tuple[int, ...]
    testimony: tuple[str, ...] = ()
    went_back: tuple[int, ...] = ()
    went_back_count: int = 0
    end: int | None = None

    @property
    def is_anchored(self) -> bool:
        """True when a checkpoint that was kept outside is contained in the log."""
        return self.is_consistent and any(self.earlier_sizes)

    @property
    def is_consistent(self) -> bool:
        """True when nothing was found that contradicts anything else; the basis of exit code 0 or 5."""
        return not self.problems

    def statements(self) -> Sequence[str]:
        """What may be said of the log and what may not, one sentence each."""
        if not self.is_consistent:
            return (f"the log does not verify: {self.problem_count} problem{'s' if self.problem_count > 1 else ''}",)
        key = "key verified" if self.key_verified else "key not verified"
        earlier = [f"contains the earlier checkpoint of {size} entries unchanged" for size in self.earlier_sizes]
        return (
            f"consistent with itself; {key}",
            *earlier,
            *self.testimony,
            *self._clock(),
            *self._end(),
            self._outside(),
        )

    def _clock(self) -> Sequence[str]:
        if not self.went_back:
            return ()
        times = "once" if self.went_back_count == 1 else f"{self.went_back_count} times"
        return (f"the clock went back {times}, first at entry {self.went_back[0]}: what came first is told by numbers",)

    def _end(self) -> Sequence[str]:
        return () if self.end is None else (f"the log was ended by entry {self.end}",)

    def _outside(self) -> str:
        if not self.is_anchored:
            return "unanchored: nothing outside shows that whoever holds the key did not write it anew"
        since = self.entries - max(self.earlier_sizes)
        if not since:
            return "anchored"
        return f"anchored, but for {since} entr{'y that was' if since == 1 else 'ies that were'} logged since"

    def document(self) -> Json:
        """The verdict as JSON."""
        return {
            "consistent": self.is_consistent,
            "key_verified": self.key_verified,
            "anchored": self.is_anchored,
            "entries": self.entries,
            "payloads": self.payloads,
            "vkey": self.vkey,
            "checkpoint": None if self.checkpoint is None else str(self.checkpoint),
            "earlier_sizes": list(self.earlier_sizes),
            "testimony": list(self.testimony),
            "clock_went_back": {"count": self.went_back_count, "entries": list(self.went_back)},
            "end": self.end,
            "statements": list(self.statements()),
            "problem_count": self.problem_count,
            "problems": [{"place": problem.place, "message": problem.message} for problem in self.problems],
        }
