"""What a tier is: asked once, it hands back an attempt, or says that a person has the question now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from neurosym.judgment.attempt import Attempt
from neurosym.judgment.poll import Heard
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest
from neurosym.values.number import Number
from neurosym.values.unknown import Question


@dataclass(frozen=True, slots=True)
class Request:
    """A question for a tier: the how-manieth attempt, and our checker's complaint about the answer before."""

    judgment: Judgment
    question: Question
    id: Digest
    decision: str  # the one that waits for the answer
    number: int = 1
    sample: int = 0  # of several that the same model is asked for, from 0
    correction: str | None = None
    earlier: tuple[Heard, ...] = ()  # what became of the tiers before


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
    """A tier of this process, ready to be asked."""

    @property
    def attempts(self) -> int:
        """How often it may be asked one question."""
        ...

    def request_id(self, request: Request) -> Digest:
        """What the request is known by: the same for the same question, asked in the same way."""
        ...

    def ask(self, request: Request) -> Response:
        """The attempt; what goes wrong on the way is a failed attempt, never an exception."""
        ...


@runtime_checkable
class RemoteAsker(Protocol):
    """A tier behind the network, ready to be asked."""

    @property
    def attempts(self) -> int:
        """How often it may be asked one question."""
        ...

    def request_id(self, request: Request) -> Digest:
        """What the request is known by: the same for the same question, asked in the same way."""
        ...

    def shared_places(self, requests: Sequence[Request]) -> Iterable[Sequence[int]]:
        """The places of those requests that go out together."""
        ...

    def cost_bound(self, request: Request) -> Number:
        """The most that an attempt may cost, in the currency of its price; 0 where it has none."""
        ...

    async def ask_together(self, requests: Sequence[Request], timeout_ms: int | None) -> Sequence[Attempt]:
        """The attempts at requests that go out together, one for each, in their order; what goes wrong on the way is a
        failed attempt, never an exception. `timeout_ms` is what is left of the decision's time, beside the tier's own.
        """
        ...
