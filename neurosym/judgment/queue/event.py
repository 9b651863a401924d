"""What happened to a question in the queue: one row each, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from neurosym.values.canonical import Json


class EventKind(Enum):
    """What happened."""

    ASKED = "asked"  # about: the decision that waits
    CLAIMED = "claimed"  # about: until when
    RELEASED = "released"
    LAPSED = "lapsed"  # the claim of this person ran out
    ASSIGNED = "assigned"  # about: to whom
    UNASSIGNED = "unassigned"
    ANSWERED = "answered"  # about: the answer as JSON


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a question, when (as a stamp has it), and who did it; nobody where the house asked."""

    time: str
    kind: EventKind
    name: str | None = None
    about: str | None = None

    @property
    def json(self) -> Json:
        """The event as the command line writes it."""
        return {"time": self.time, "event": self.kind.value, "name": self.name, "about": self.about}
