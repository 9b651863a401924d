"""Outcomes and duties that a model concludes."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.engine.firing import Application
from neurosym.values.value import Truth, Value


@dataclass(frozen=True, slots=True)
class OutcomeReached:
    """An outcome concluded for a subject, certain or possible. `subject` follows the decision's parameters."""

    decision: str
    subject: tuple[Value, ...]
    outcome: str
    application: Application

    @property
    def truth(self) -> Truth:
        """Whether it is concluded."""
        return self.application.truth


@dataclass(frozen=True, slots=True)
class DutyReached:
    """A duty concluded, certain or possible."""

    duty: str
    fields: tuple[tuple[str, Value], ...]
    owed_by: Value
    due: Value
    application: Application

    @property
    def truth(self) -> Truth:
        """Whether it is concluded."""
        return self.application.truth
