"""What a tier is: asked once, it hands back an attempt, or says that a person has the question now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from neurosym.judgment.attempt import Attempt
from neurosym.judgment.validation import Examination
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest
from neurosym.values.unknown import Question


@dataclass(frozen=True, slots=True)
class Request:
    """A question for a tier: the how-manieth attempt, and our checker's complaint about the answer before."""

    judgment: Judgment
    question: Question
    id: Digest
    decision: str  # the one that waits for the answer
    number: int = 1
    correction: str | None = None
    earlier: tuple[Examination, ...] = ()  # what became of the tiers before


@dataclass(frozen=True, slots=True)
class Waiting:
    """A person has the question; the answer comes later and needs a new decision."""

    question: Digest
    tier: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """The tier was not asked, and why."""

    tier: str
    reason: str


Response: TypeAlias = Attempt | Waiting


class Asker(Protocol):
    """One tier, ready to be asked."""

    @property
    def attempts(self) -> int:
        """How often it may be asked one question."""
        ...

    def ask(self, request: Request) -> Response:
        """The attempt; what goes wrong on the way is a failed attempt, never an exception."""
        ...
