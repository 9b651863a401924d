"""Who answers questions: a judge with its tiers, answers that came with the request, or a recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from neurosym.judgment.attempt import Attempt
from neurosym.judgment.judge import Inquiry, Judge
from neurosym.judgment.supplied import SUPPLIED, SuppliedAnswer, answers, supplied_attempt
from neurosym.judgment.tier import Skipped, Waiting
from neurosym.judgment.validation import Examination, examine
from neurosym.program.judgment import Judgment
from neurosym.values.unknown import Question

Response: TypeAlias = Examination | Waiting | Skipped
Recorder: TypeAlias = Callable[[Attempt], None]


class Panel(Protocol):
    """A source of answers in tiers."""

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """The cheapest tier that was not tried, or None when none is left."""
        ...

    def ask(self, tier: str, inquiry: Inquiry, record: Recorder) -> Response:
        """What became of the question there. Each attempt is recorded before its answer is looked at."""
        ...


@dataclass(frozen=True, slots=True)
class NoPanel:
    """Nobody to ask: questions stay open."""

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """None."""
        del judgment, question, tried
        return None

    def ask(self, tier: str, inquiry: Inquiry, record: Recorder) -> Response:
        """Never called."""
        raise AssertionError(tier, inquiry, record)


@dataclass(frozen=True, slots=True)
class JudgePanel:
    """The configured tiers."""

    judge: Judge

    def next_tier(self, judgment: Judgment, question: Question, tried: AbstractSet[str]) -> str | None:
        """The next configured tier of the route."""
        del question
        return self.judge.next_tier(judgment, tried)

    def ask(self, tier: str, inquiry: Inquiry, record: Recorder) -> Response:
        """Ask the tier."""
        return self.judge.ask(tier, inquiry, record)


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

    def ask(self, tier: str, inquiry: Inquiry, record: Recorder) -> Response:
        """The supplied answer, examined like any other, or what the others say."""
        found = self._find(inquiry.question) if tier == SUPPLIED else None
        if found is None:
            return self.others.ask(tier, inquiry, record)
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
