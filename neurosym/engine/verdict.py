"""What a model says of one decision: S, and what keeps it open (language §5.8, ordered outcomes)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from neurosym.engine.conclusion import concluded_outcome
from neurosym.engine.firing import Told
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


@dataclass(frozen=True)
class Verdict:
    """`possible` is S in the order of declaration, the highest first; `reasons` are why S has several members, empty
    when it has one.
    """

    decision: Decision
    subject: tuple[Reference, ...]
    possible: tuple[str, ...]
    reached: tuple[Reached, ...]
    defeated: tuple[OutcomeReached, ...]  # what would be concluded but for an exception
    reasons: frozenset[Reason]
    has_conflict: bool = False

    @property
    def status(self) -> Status:
        """Whether it is decided. Where outcomes have no order, two that are certain are a conflict."""
        if self.has_conflict or (not self.decision.is_ordered and len(self.concluded) > 1):
            return Status.CONFLICT
        return Status.DECIDED if len(self.possible) == 1 else Status.UNDECIDED

    @property
    def outcome(self) -> str | None:
        """The outcome, or None unless decided."""
        return self.possible[0] if self.status is Status.DECIDED else None

    @cached_property
    def certain(self) -> tuple[Reached, ...]:
        """The outcomes that are certain."""
        return tuple(each for each in self.reached if each.truth is True)

    @cached_property
    def concluded(self) -> frozenset[str]:
        """The outcomes that some conclusion makes certain."""
        return frozenset(each.outcome.outcome for each in self.certain)

    @cached_property
    def floor(self) -> str | None:
        """What the decision would be if nothing that is only possible came true; None in a conflict."""
        if not self.concluded:
            return self.decision.otherwise
        if self.decision.is_ordered:
            return min(self.concluded, key=self.decision.outcomes.index)
        return next(iter(self.concluded)) if len(self.concluded) == 1 else None

    @property
    def act_on(self) -> str:
        """The outcome. Without one, `undecided`; of ordered outcomes the higher of it and the highest certain one, but
        not above the highest of S.
        """
        if self.status is Status.DECIDED:
            return self.possible[0]
        if not self.decision.is_ordered:
            return self.decision.undecided
        rank = self.decision.outcomes.index
        floor = min([rank(self.decision.undecided), *map(rank, self.concluded)])
        return self.decision.outcomes[max(floor, rank(self.possible[0]))]

    def is_open(self, reached: Reached) -> bool:
        """True for a conclusion that is only possible, and because of which S has more members than one."""
        outcome = reached.outcome.outcome
        if reached.truth is True or outcome not in self.possible:
            return False
        if not self.decision.is_ordered:
            return outcome not in self.concluded and outcome != self.floor
        # Were the floor itself certain, the outcomes below it would be out: then the doubt about it matters as well.
        return not outcome == self.floor == self.possible[-1]


def verdict(model: Model, decision: Decision, subject: tuple[Reference, ...]) -> Verdict:
    """S of the decision for the subject. Of ordered outcomes: the highest certain one, else `otherwise`, with all
    possible ones above the certain one. Of others: all that are certain or possible, and `otherwise` when none is
    certain.

    `otherwise` stands in S when nothing is certain, whatever its rank, beside every possible outcome.
    """
    found = [(each, _about(each.subject, subject)) for each in model.outcomes_about(decision.name, subject)]
    reached = tuple(_reached(found))
    defeated = tuple(each for each, about in found if each.truth is False and about is not False)
    possible = _possible(decision, reached)
    told = Verdict(decision, subject, possible, reached, defeated, frozenset())
    matter = [each.truth for each in reached if told.is_open(each)]
    return replace(told, reasons=frozenset().union(*(truth.reasons for truth in matter if isinstance(truth, Unknown))))


def told(model: Model, decision: Decision, subject: tuple[Reference, ...]) -> list[Told]:
    """The provisions that certainly conclude an outcome of the decision for the subject, each with the reason shown to
    people: those of the verdict's `certain`, without the work for the rest of it.
    """
    found, others = model.firing.told(decision.name, subject)
    for application in others:
        outcome = concluded_outcome(application, model.world)
        if both(outcome.truth, _about(outcome.subject, subject)) is True:
            found.append((application.provision.id, model.text(outcome)))
    return found


def _possible(decision: Decision, reached: tuple[Reached, ...]) -> tuple[str, ...]:
    rank = decision.outcomes.index
    certain = {each.outcome.outcome for each in reached if each.truth is True}
    doubtful = {each.outcome.outcome for each in reached if each.truth is not True}
    if decision.is_ordered and certain:
        floor = min(map(rank, certain))
        return tuple(sorted({each for each in doubtful if rank(each) < floor} | {decision.outcomes[floor]}, key=rank))
    return tuple(sorted((certain or {decision.otherwise}) | doubtful, key=rank))


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
