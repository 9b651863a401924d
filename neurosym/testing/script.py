"""A scripted judge: the answers a scenario gives, examined like any others."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from neurosym.decision.panel import Recorder
from neurosym.judgment.answer import QuoteClaim
from neurosym.judgment.hearing import Consultation
from neurosym.judgment.inquiry import Inquiry, Response
from neurosym.judgment.supplied import SUPPLIED, scripted_attempt
from neurosym.judgment.validation import Examination, examine
from neurosym.program.judgment import Judgment
from neurosym.program.scenario import JudgedAnswer
from neurosym.testing.constant import written_key
from neurosym.values.encoding import wire
from neurosym.values.unknown import Question


@dataclass(slots=True)
class ScriptedPanel:
    """Answers by judgment and argument keys; `used` were asked for, `rejected` says why some did not count."""

    judged: Sequence[JudgedAnswer]
    used: list[JudgedAnswer] = field(default_factory=list)
    rejected: dict[str, str] = field(default_factory=dict)

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """The script, once."""
        del judgment
        return SUPPLIED if SUPPLIED not in tried and self.find(question) is not None else None

    def ask(self, consultations: Sequence[Consultation], record: Recorder) -> list[Response]:
        """The scripted answers."""
        return [self.answer(each.inquiry, record) for each in consultations]

    def answer(self, inquiry: Inquiry, record: Recorder) -> Examination:
        """The scripted answer to one question."""
        found = self.find(inquiry.question)
        assert found is not None
        if found not in self.used:
            self.used.append(found)
        quotes = tuple(_claim(inquiry, text) for text in found.quotes)
        attempt = scripted_attempt(inquiry.judgment, inquiry.question, wire(found.answer), quotes)
        record(attempt)
        examination = examine(inquiry.judgment, inquiry.question, attempt, inquiry.holds)
        if examination.answer is None:
            self.rejected[str(found.span)] = examination.reason
        return examination

    def find(self, question: Question) -> JudgedAnswer | None:
        """The scripted answer to the question."""
        args = {name: written_key(reference) for name, reference in question.args}
        for each in self.judged:
            if each.judgment == question.judgment and dict(each.args) == args:
                return each
        return None


def _claim(inquiry: Inquiry, text: str) -> QuoteClaim:
    """The quote in the first evidence field that holds it; in the first of all when none does, to be rejected there."""
    paths = [f"{argument}.{name}" for argument, name in inquiry.judgment.evidence]
    content = dict(inquiry.question.content)
    for path in paths:
        source = content.get(path)
        if isinstance(source, str) and text in source:
            return QuoteClaim(path, text)
    return QuoteClaim(paths[0] if paths else "", text)
