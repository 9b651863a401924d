"""A panel that only repeats what the log holds: replay never asks anybody."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.decision.panel import Recorder, beside
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import Configuration, PersonTier, Tier
from neurosym.judgment.hearing import Consultation, hear
from neurosym.judgment.identity import question_id
from neurosym.judgment.inquiry import Response
from neurosym.judgment.route import next_tier
from neurosym.judgment.supplied import SUPPLIED
from neurosym.judgment.tier import Asker, RemoteAsker, Request, Waiting
from neurosym.judgment.validation import examine
from neurosym.program.judgment import Judgment
from neurosym.text.failure import ReplayError
from neurosym.values.canonical import Digest
from neurosym.values.unknown import Question

Recorded: TypeAlias = tuple[int, Attempt]  # with the entry that it stands in


class Recording:
    """Recorded attempts by who was asked what. Each is taken once, those at one question in their order; in which order
    different questions were answered depends on the network, and decides nothing.
    """

    def __init__(self, effects: Iterable[Recorded]) -> None:
        self._left = dict(enumerate(effects))
        self._lines: dict[tuple[Digest, str, int], deque[int]] = {}
        for place, (_, attempt) in self._left.items():
            self._lines.setdefault((attempt.question, attempt.tier, attempt.sample), deque()).append(place)

    def next(self, question: Digest, tier: str, sample: int = 0) -> Attempt | None:
        """The attempt that comes next there, or None."""
        line = self._lines.get((question, tier, sample))
        return self._left[line[0]][1] if line else None

    def count(self, question: Digest, tier: str, sample: int = 0) -> int:
        """How many attempts are left there."""
        return len(self._lines.get((question, tier, sample), ()))

    def take(self, question: Digest, tier: str, sample: int = 0) -> Attempt:
        """The attempt that comes next there; it is not there any more."""
        return self._left.pop(self._lines[question, tier, sample].popleft())[1]

    @property
    def first_left(self) -> Recorded | None:
        """The first attempt that nobody took."""
        return next(iter(self._left.values()), None)


@dataclass(frozen=True, slots=True)
class RecordedAsker:
    """One tier, as far as it is recorded for one question."""

    recording: Recording
    tier: Tier
    attempts: int

    def request_id(self, request: Request) -> Digest:
        """What the recorded attempt that comes next is known by; the question itself where there is none."""
        found = self.recording.next(request.id, self.tier.name, request.sample)
        return request.id if found is None else found.request_id

    def ask(self, request: Request) -> Attempt | Waiting:
        """The recorded attempt; ReplayError where another stands in its place, or none."""
        found = self.recording.next(request.id, self.tier.name, request.sample)
        if found is not None and found.number == request.number:
            return self.recording.take(request.id, self.tier.name, request.sample)
        if found is None and isinstance(self.tier, PersonTier):
            return Waiting(request.id, self.tier.name)
        raise ReplayError(self._misfit(request))

    def _misfit(self, request: Request) -> str:
        wanted = f"tier `{self.tier.name}` is asked `{request.judgment.name}` (attempt {request.number})"
        left = self.recording.first_left
        if left is None:
            return f"effect missing: {wanted}, and no recorded answer is left"
        seq, attempt = left
        there = f"entry {seq} holds attempt {attempt.number} at tier `{attempt.tier}`, perhaps of another question"
        return f"effect out of order: {wanted}, and {there}"


@dataclass(frozen=True, slots=True)
class RecordedSource:
    """Attempts out of a recording alone."""

    recording: Recording
    configuration: Configuration

    def asker(self, tier: Tier, request: Request) -> Asker | RemoteAsker:
        """What is recorded for the tier."""
        del request
        return RecordedAsker(self.recording, tier, self.configuration.attempts(tier.name))

    def recalled(self, tier: Tier, request: Request) -> Attempt | None:
        """The attempt that was used again then."""
        found = self.recording.next(request.id, tier.name, request.sample)
        if found is None or found.reused_from is None:
            return None
        return self.recording.take(request.id, tier.name, request.sample)

    def refused(self, tier: Tier, request: Request) -> Attempt | None:
        """None: what was refused then stands among the attempts."""
        del tier, request
        return None

    def start(self, asker: RemoteAsker, tier: Tier, requests: Sequence[Request]) -> Future[Sequence[Attempt]]:
        """Never called: nothing recorded is behind the network."""
        raise AssertionError(asker, tier, requests)


@dataclass(frozen=True, slots=True)
class RecordedPanel:
    """Recorded attempts, with the tiers that were configured then. ReplayError where they do not fit the road."""

    recording: Recording
    configuration: Configuration

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """The tier that the recorded configuration gives, supplied answers first."""
        if SUPPLIED not in tried and self.recording.next(question_id(judgment, question), SUPPLIED) is not None:
            return SUPPLIED
        return next_tier(judgment, self.configuration, tried)

    def ask(self, consultations: Sequence[Consultation], record: Recorder) -> list[Response]:
        """What the recorded attempts give when they are parsed, validated and accepted again."""
        source = RecordedSource(self.recording, self.configuration)
        return beside(
            consultations,
            lambda each: recorded_supply(each, self.recording, record),
            lambda rest: hear(rest, self.configuration, source, record),
        )

    def finish(self) -> None:
        """ReplayError when recorded attempts are left that nobody asked for."""
        left = self.recording.first_left
        if left is not None:
            raise ReplayError(f"effect left over: entry {left[0]} (tier `{left[1].tier}`) was not asked for")


def recorded_supply(consultation: Consultation, recording: Recording, record: Recorder) -> Response | None:
    """The examination of a recorded answer that came with the request; None at any other tier."""
    if consultation.tier != SUPPLIED:
        return None
    inquiry = consultation.inquiry
    attempt = recording.take(question_id(inquiry.judgment, inquiry.question), SUPPLIED)
    record(attempt)
    return examine(inquiry.judgment, inquiry.question, attempt, inquiry.holds)
