"""A decision made again: what was answered before is not asked again; anything new goes to the tiers."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from dataclasses import dataclass

from neurosym.decision.panel import Recorder, beside
from neurosym.decision.recording import RecordedAsker, RecordedSource, Recording, recorded_supply
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import Configuration, Tier
from neurosym.judgment.hearing import Consultation, Source, hear
from neurosym.judgment.identity import question_id
from neurosym.judgment.inquiry import Response
from neurosym.judgment.judge import Judge
from neurosym.judgment.supplied import SUPPLIED
from neurosym.judgment.tier import Asker, RemoteAsker, Request
from neurosym.program.judgment import Judgment
from neurosym.values.unknown import Question


@dataclass(frozen=True, slots=True)
class ResumedSource:
    """What was answered before is not asked again; anything new goes to the tiers."""

    recording: Recording
    others: Source
    configuration: Configuration

    def asker(self, tier: Tier, request: Request) -> Asker | RemoteAsker:
        """What is recorded for the tier, else the tier."""
        if self.recording.next(request.id, tier.name, request.sample) is None:
            return self.others.asker(tier, request)
        return RecordedAsker(self.recording, tier, self.configuration.attempts(tier.name))

    def recalled(self, tier: Tier, request: Request) -> Attempt | None:
        """What was used again then, else what may be now."""
        recorded = RecordedSource(self.recording, self.configuration).recalled(tier, request)
        return recorded or self.others.recalled(tier, request)

    def refused(self, tier: Tier, request: Request) -> Attempt | None:
        """Nothing of what is recorded; else what no budget has room for."""
        is_recorded = self.recording.next(request.id, tier.name, request.sample) is not None
        return None if is_recorded else self.others.refused(tier, request)

    def start(self, asker: RemoteAsker, tier: Tier, requests: Sequence[Request]) -> Future[Sequence[Attempt]]:
        """The future of attempts that are made now."""
        return self.others.start(asker, tier, requests)


@dataclass(frozen=True, slots=True)
class ResumedPanel:
    """The tiers, those that were asked before answering as they did."""

    recording: Recording
    judge: Judge
    others: Source

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """The next tier of the route, a supplied answer first."""
        if SUPPLIED not in tried and self.recording.next(question_id(judgment, question), SUPPLIED) is not None:
            return SUPPLIED
        return self.judge.next_tier(judgment, tried)

    def ask(self, consultations: Sequence[Consultation], record: Recorder) -> list[Response]:
        """What was answered before, and what the tiers say to the rest."""
        source = ResumedSource(self.recording, self.others, self.judge.configuration)
        return beside(
            consultations,
            lambda each: recorded_supply(each, self.recording, record),
            lambda rest: hear(rest, self.judge.configuration, source, record),
        )
