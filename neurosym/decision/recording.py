"""A panel that only repeats what the log holds: replay never asks anybody."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from neurosym.decision.panel import Recorder, Response
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import Configuration, PersonTier
from neurosym.judgment.identity import question_id
from neurosym.judgment.judge import Inquiry, asks_again, attempts_at
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
        if isinstance(configured, PersonTier) and not self._is_next(tier, asked, 1):
            return Waiting(asked, tier)
        is_corrected = False
        for number in range(1, attempts_at(configured) + 1):
            if not self._is_next(tier, asked, number):
                raise ReplayError(self._misfit(tier, number, inquiry.question))
            found = self._examined(inquiry, record)
            if not asks_again(found, is_corrected=is_corrected):
                break
            is_corrected = is_corrected or found.correction is not None
        return found

    def finish(self) -> None:
        """ReplayError when recorded attempts are left that nobody asked for."""
        if self.at < len(self.effects):
            seq, attempt = self.effects[self.at]
            raise ReplayError(f"effect left over: entry {seq} (tier `{attempt.tier}`) was not asked for")

    def _is_next(self, tier: str, asked: Digest, number: int) -> bool:
        if self.at == len(self.effects):
            return False
        _, attempt = self.effects[self.at]
        return (attempt.tier, attempt.question, attempt.number) == (tier, asked, number)

    def _examined(self, inquiry: Inquiry, record: Recorder) -> Examination:
        _, attempt = self.effects[self.at]
        self.at += 1
        record(attempt)
        return examine(inquiry.judgment, inquiry.question, attempt, inquiry.holds)

    def _misfit(self, tier: str, number: int, question: Question) -> str:
        wanted = f"tier `{tier}` is asked `{question.judgment}` (attempt {number})"
        if self.at == len(self.effects):
            return f"effect missing: {wanted}, and no recorded answer is left"
        seq, attempt = self.effects[self.at]
        there = f"entry {seq} holds attempt {attempt.number} at tier `{attempt.tier}`, perhaps of another question"
        return f"effect out of order: {wanted}, and {there}"
