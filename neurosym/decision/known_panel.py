"""A panel that only knows what was answered to a decision before, for another ruleset that asks the same.

What was never asked stays open: it is counted, and never filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from neurosym.decision.logged_answers import asks_the_same
from neurosym.decision.panel import Recorder, beside
from neurosym.decision.recording import Recorded, RecordedAsker, RecordedSource, Recording, recorded_supply
from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import Configuration, PersonTier, Tier
from neurosym.judgment.hearing import Consultation, hear
from neurosym.judgment.identity import question_id
from neurosym.judgment.inquiry import Response
from neurosym.judgment.supplied import SUPPLIED
from neurosym.judgment.tier import Asker, RemoteAsker, Request, Waiting
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest
from neurosym.values.unknown import Question

NEVER_ASKED = "not asked when the decision was made"


@dataclass(frozen=True, slots=True)
class KnownPanel:
    """The attempts of a decision, and the judgments that they were made for, by name."""

    effects: Sequence[Recorded]
    judgments: Mapping[str, Judgment]
    configuration: Configuration

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """The first tier of the route that has answered the question; supplied answers first."""
        told = {attempt.tier for _, attempt in self._told(judgment, question)}
        if SUPPLIED in told - tried:
            return SUPPLIED
        for step in judgment.route:
            if self.configuration.tier(step.tier) is None or step.tier in tried:
                continue
            if any(voice.name in told for voice, _ in self.configuration.voices(step.tier)):
                return step.tier
        return None

    def ask(self, consultations: Sequence[Consultation], record: Recorder) -> list[Response]:
        """What was said then, parsed, validated and accepted as this ruleset does it."""
        told: list[Recorded] = []
        for each in consultations:
            told += self._told(each.inquiry.judgment, each.inquiry.question)
        recording = Recording(told)
        source = _KnownSource(recording, self.configuration)
        return beside(
            consultations,
            lambda each: recorded_supply(each, recording, record),
            lambda rest: hear(rest, self.configuration, source, record),
        )

    def _told(self, judgment: Judgment, question: Question) -> list[Recorded]:
        """The attempts at the question under the name that this ruleset has for it."""
        before = self.judgments.get(judgment.name)
        if before is None or not asks_the_same(before, judgment):
            return []
        then, now = question_id(before, question), question_id(judgment, question)
        return [(seq, replace(attempt, question=now)) for seq, attempt in self.effects if attempt.question == then]


class _KnownSource(RecordedSource):
    """Attempts out of a recording, and no more of them than there are."""

    def asker(self, tier: Tier, request: Request) -> Asker | RemoteAsker:
        """What is recorded for the tier, as often as it was asked."""
        count = self.recording.count(request.id, tier.name, request.sample)
        return RecordedAsker(self.recording, tier, count) if count else _NeverAsked(tier)


@dataclass(frozen=True, slots=True)
class _NeverAsked:
    """A voice that has said nothing."""

    tier: Tier
    attempts: int = 1

    def request_id(self, request: Request) -> Digest:
        """The question itself."""
        return request.id

    def ask(self, request: Request) -> Attempt | Waiting:
        """An attempt that was not made."""
        if isinstance(self.tier, PersonTier):
            return Waiting(request.id, self.tier.name)
        return Attempt(
            question=request.id,
            request_id=request.id,
            tier=self.tier.name,
            kind=Kind.MODEL,
            number=request.number,
            sample=request.sample,
            request=b"",
            response=None,
            failure=NEVER_ASKED,
            is_refusal=True,
        )
