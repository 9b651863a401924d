"""A panel of one tier that answers some questions, now as a person and now as a model, and remembers what was known
when each was asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from neurosym.decision.panel import Recorder
from neurosym.judgment.answer import Kind
from neurosym.judgment.hearing import Consultation
from neurosym.judgment.inquiry import Inquiry, Response
from neurosym.judgment.supplied import SUPPLIED, scripted_attempt
from neurosym.judgment.tier import Skipped
from neurosym.judgment.validation import examine
from neurosym.program.judgment import Judgment
from neurosym.values.unknown import Question, Standing
from neurosym.values.value import Value
from tests.generation.case import Case

KINDS = (Kind.SUPPLIED, Kind.MODEL, Kind.COMPUTED, Kind.PERSON)


@dataclass(frozen=True)
class Known:
    """What was answered, and which questions nobody would answer."""

    answers: Mapping[Question, Value] = field(default_factory=dict)
    standings: Mapping[Question, Standing] = field(default_factory=dict)


@dataclass
class ForgetfulPanel:
    """Gives the answers of the case, else answers in turn, and says nothing to every third question."""

    case: Case
    asked: list[tuple[Question, Known]] = field(default_factory=list)
    known: Known = Known()
    round: Known = Known()  # what was known when the questions of the round were chosen

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """The one tier, once. Asked of questions that nobody tried, it begins a round."""
        del judgment, question
        if SUPPLIED in tried:
            return None
        self.round = self.known
        return SUPPLIED

    def ask(self, consultations: Sequence[Consultation], record: Recorder) -> list[Response]:
        """An answer to each, or nothing."""
        return [self._answer(each.inquiry, record) for each in consultations]

    def _answer(self, inquiry: Inquiry, record: Recorder) -> Response:
        question, allowed = inquiry.question, inquiry.judgment.answers
        self.asked.append((question, self.round))
        answer = self.case.answer_to(question)
        if answer is None and len(self.asked) % 3 == 0:
            self.known = Known(self.known.answers, {**self.known.standings, question: Standing.EXHAUSTED})
            return Skipped(SUPPLIED, "nothing to say")
        answer = allowed[len(self.asked) % len(allowed)] if answer is None else answer
        assert isinstance(answer, (str, bool))
        attempt = scripted_attempt(inquiry.judgment, question, answer)
        record(attempt)
        found = examine(inquiry.judgment, question, attempt, inquiry.holds)
        if found.answer is None:  # a check speaks against it
            self.known = Known(self.known.answers, {**self.known.standings, question: Standing.EXHAUSTED})
            return found
        self.known = Known({**self.known.answers, question: answer}, self.known.standings)
        return replace(found, answer=replace(found.answer, kind=KINDS[len(self.asked) % len(KINDS)]))
