"""What a model says of one decision: S, and what keeps it open (language §5.8, ordered outcomes)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from neurosym.engine.model import Model
from neurosym.engine.reached import DutyReached, OutcomeReached
from neurosym.feel.extent import equal
from neurosym.feel.kleene import both, conjunction
from neurosym.program.program import Decision
from neurosym.values.unknown import Reason, Unknown
from neurosym.values.value import Fact, Reference, Truth, Value


class Status(Enum):
    """Whether a decision has one outcome."""

    DECIDED = "decided"
    UNDECIDED = "undecided"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Reached:
    """An outcome of a decision for its subject, and whether it is certain for just this subject."""

    outcome: OutcomeReached
    truth: Truth


@dataclass(frozen=True, slots=True)
class Verdict:
    """`possible` is S, highest first; `reasons` are why S has more than one member, empty when it has one."""

    decision: Decision
    subject: tuple[Reference, ...]
    possible: tuple[str, ...]
    reached: tuple[Reached, ...]
    defeated: tuple[OutcomeReached, ...]  # what would be concluded but for an exception
    reasons: frozenset[Reason]
    has_conflict: bool = False

    @property
    def status(self) -> Status:
        """Whether it is decided."""
        if self.has_conflict:
            return Status.CONFLICT
        return Status.DECIDED if len(self.possible) == 1 else Status.UNDECIDED

    @property
    def outcome(self) -> str | None:
        """The outcome, or None unless decided."""
        return self.possible[0] if self.status is Status.DECIDED else None

    @property
    def certain(self) -> tuple[Reached, ...]:
        """The outcomes that are certain."""
        return tuple(each for each in self.reached if each.truth is True)

    @property
    def act_on(self) -> str:
        """The outcome; else the higher of `undecided` and the highest certain one, but not above the highest of S."""
        if self.status is Status.DECIDED:
            return self.possible[0]
        rank = self.decision.outcomes.index
        floor = min([rank(self.decision.undecided), *(rank(each.outcome.outcome) for each in self.certain)])
        return self.decision.outcomes[max(floor, rank(self.possible[0]))]


def verdict(model: Model, decision: Decision, subject: tuple[Reference, ...]) -> Verdict:
    """S of the decision for the subject: the highest certain outcome, else `otherwise`, and all possible ones above.

    `otherwise` stands in S when nothing is certain, whatever its rank, beside every possible outcome.
    """
    found = [(each, _about(each.subject, subject)) for each in model.outcomes_about(decision.name, subject)]
    reached = tuple(_reached(found))
    defeated = tuple(each for each, about in found if each.truth is False and about is not False)
    rank = decision.outcomes.index
    certain = {each.outcome.outcome for each in reached if each.truth is True}
    floor = min(certain, key=rank) if certain else decision.otherwise
    doubtful = [each for each in reached if isinstance(each.truth, Unknown)]
    if certain:
        doubtful = [each for each in doubtful if rank(each.outcome.outcome) < rank(floor)]
    possible = {floor, *(each.outcome.outcome for each in doubtful)}
    # Were `otherwise` itself certain, the outcomes below it would be out: then the doubt about it matters as well.
    is_lowest = all(rank(each) <= rank(floor) for each in possible)
    matter = [each for each in doubtful if not (is_lowest and each.outcome.outcome == floor)]
    reasons = frozenset().union(*(each.truth.reasons for each in matter if isinstance(each.truth, Unknown)))
    return Verdict(decision, subject, tuple(sorted(possible, key=rank)), reached, defeated, reasons)


def duties_of(model: Model, subject: tuple[Reference, ...]) -> tuple[DutyReached, ...]:
    """The duties that the model concludes, but for those that name another fact of the subject's types."""
    types = {of.type for of in subject}

    def is_about(duty: DutyReached) -> bool:
        named = [value for _, value in duty.fields if isinstance(value, (Reference, Fact)) and value.type in types]
        return all(any(equal(value, of) is not False for of in subject) for value in named)

    return tuple(duty for duty in model.duties_about(subject) if is_about(duty))


def _reached(found: Iterable[tuple[OutcomeReached, Truth]]) -> Iterator[Reached]:
    for outcome, about in found:
        truth = both(outcome.truth, about)
        if truth is not False:
            yield Reached(outcome, truth)


def _about(found: tuple[Value, ...], subject: tuple[Reference, ...]) -> Truth:
    return conjunction(equal(mine, theirs) for mine, theirs in zip(found, subject, strict=True))
