"""Who answers questions: a judge with its tiers, answers that came with the request, or a recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from neurosym.judgment.attempt import Attempt
from neurosym.judgment.hearing import Consultation, Source, hear
from neurosym.judgment.identity import question_id
from neurosym.judgment.inquiry import Response
from neurosym.judgment.judge import Judge
from neurosym.judgment.supplied import SUPPLIED, SuppliedAnswer, answers, supplied_attempt
from neurosym.judgment.validation import examine
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest
from neurosym.values.unknown import Question

Recorder: TypeAlias = Callable[[Attempt], None]


class Panel(Protocol):
    """A source of answers in tiers."""

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """The cheapest tier that was not tried, or None when none is left."""
        ...

    def ask(self, consultations: Sequence[Consultation], record: Recorder) -> list[Response]:
        """What became of each question at its tier. Each attempt is recorded before its answer is looked at."""
        ...


@dataclass(frozen=True, slots=True)
class NoPanel:
    """Nobody to ask: questions stay open."""

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """None."""
        del judgment, question, tried
        return None

    def ask(self, consultations: Sequence[Consultation], record: Recorder) -> list[Response]:
        """Never called with any."""
        assert not consultations, record
        return []


@dataclass(frozen=True, slots=True)
class JudgePanel:
    """The configured tiers, asked through `source`: the judge itself, or what keeps its budget and remembers."""

    judge: Judge
    source: Source

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """The next configured tier of the route."""
        del question
        return self.judge.next_tier(judgment, tried)

    def ask(self, consultations: Sequence[Consultation], record: Recorder) -> list[Response]:
        """Ask the tiers."""
        return hear(consultations, self.judge.configuration, self.source, record)


@dataclass(frozen=True, slots=True)
class AttentivePanel:
    """Remembers which question each attempt is at, so that it is known whose data are in it."""

    panel: Panel
    questions: dict[Digest, Question] = field(default_factory=dict)

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """The next tier of the panel."""
        return self.panel.next_tier(judgment, question, tried)

    def ask(self, consultations: Sequence[Consultation], record: Recorder) -> list[Response]:
        """What the panel gives."""
        for each in consultations:
            inquiry = each.inquiry
            self.questions[question_id(inquiry.judgment, inquiry.question)] = inquiry.question
        return self.panel.ask(consultations, record)


@dataclass(slots=True)
class SuppliedPanel:
    """Answers that came with the request, before everybody else; `used` remembers which were asked for."""

    supplied: Sequence[SuppliedAnswer]
    key_fields: Mapping[str, tuple[str, ...]]
    others: Panel
    used: list[SuppliedAnswer] = field(default_factory=list)

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """The supplied answer if there is one and it was not looked at, else what the others say."""
        if SUPPLIED not in tried and self._find(question) is not None:
            return SUPPLIED
        return self.others.next_tier(judgment, question, tried)

    def ask(self, consultations: Sequence[Consultation], record: Recorder) -> list[Response]:
        """The supplied answers, examined like any other, and what the others say."""
        return beside(
            consultations, lambda each: self._supplied(each, record), lambda rest: self.others.ask(rest, record)
        )

    def _supplied(self, consultation: Consultation, record: Recorder) -> Response | None:
        inquiry = consultation.inquiry
        found = self._find(inquiry.question) if consultation.tier == SUPPLIED else None
        if found is None:
            return None
        self.used.append(found)
        attempt = supplied_attempt(found, inquiry.judgment, inquiry.question)
        record(attempt)
        return examine(inquiry.judgment, inquiry.question, attempt, inquiry.holds)

    @property
    def unused(self) -> tuple[SuppliedAnswer, ...]:
        """The answers that no question asked for."""
        return tuple(each for each in self.supplied if each not in self.used)

    def _find(self, question: Question) -> SuppliedAnswer | None:
        return next((each for each in self.supplied if answers(each, question, self.key_fields)), None)


def beside(
    consultations: Sequence[Consultation],
    one: Callable[[Consultation], Response | None],
    rest: Callable[[list[Consultation]], list[Response]],
) -> list[Response]:
    """The responses in order: those that `one` gives, and for the others those that `rest` gives to all of them."""
    found = [one(each) for each in consultations]
    others = iter(rest([each for each, response in zip(consultations, found, strict=True) if response is None]))
    return [next(others) if response is None else response for response in found]
