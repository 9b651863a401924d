"""A panel that only repeats what the log holds: replay never asks anybody."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from neurosym.decision.panel import Recorder, Response
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import Configuration, PersonTier
from neurosym.judgment.identity import question_id
from neurosym.judgment.judge import Inquiry
from neurosym.judgment.route import next_tier, unseen_fields
from neurosym.judgment.supplied import SUPPLIED
from neurosym.judgment.tier import Skipped, Waiting
from neurosym.judgment.validation import Examination, examine
from neurosym.program.judgment import Judgment
from neurosym.text.failure import ReplayError
from neurosym.values.canonical import Digest
from neurosym.values.unknown import Question


@dataclass(slots=True)
class RecordedPanel:
    """Recorded attempts in their order, with the entries they stand in. ReplayError where they do not fit the road."""

    effects: Sequence[tuple[int, Attempt]]
    configuration: Configuration
    at: int = 0
    examined: list[tuple[int, Examination]] = field(default_factory=list)

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """The tier that the recorded configuration gives, supplied answers first."""
        asked = question_id(judgment, question)
        if SUPPLIED not in tried and any(each.tier == SUPPLIED and each.question == asked for _, each in self.effects):
            return SUPPLIED
        return next_tier(judgment, self.configuration, tried)

    def ask(self, tier: str, inquiry: Inquiry, record: Recorder) -> Response:
        """What the recorded attempts at this tier give when they are parsed, validated and accepted again."""
        configured = self.configuration.tier(tier)
        if configured is not None and (unseen := unseen_fields(inquiry.judgment, configured, inquiry.classes)):
            return Skipped(tier, f"it may not see {', '.join(unseen)}")
        asked = question_id(inquiry.judgment, inquiry.question)
        found = None
        while (attempt := self._next(tier, asked)) is not None:
            record(attempt)
            found = examine(inquiry.judgment, inquiry.question, attempt, inquiry.holds)
            self.examined.append((self.effects[self.at - 1][0], found))
        if found is not None:
            return found
        if isinstance(configured, PersonTier):
            return Waiting(asked, tier)
        raise ReplayError(self._misfit(tier, inquiry.question))

    def finish(self) -> None:
        """ReplayError when recorded attempts are left that nobody asked for."""
        if self.at < len(self.effects):
            seq, attempt = self.effects[self.at]
            raise ReplayError(f"effect left over: entry {seq} (tier `{attempt.tier}`) was not asked for")

    def _next(self, tier: str, asked: Digest) -> Attempt | None:
        if self.at == len(self.effects):
            return None
        _, attempt = self.effects[self.at]
        if attempt.tier != tier or attempt.question != asked:
            return None
        self.at += 1
        return attempt

    def _misfit(self, tier: str, question: Question) -> str:
        wanted = f"tier `{tier}` is asked `{question.judgment}`"
        if self.at == len(self.effects):
            return f"effect missing: {wanted}, and no recorded answer is left"
        seq, attempt = self.effects[self.at]
        return f"effect out of order: {wanted}, and entry {seq} holds tier `{attempt.tier}` for another question"
