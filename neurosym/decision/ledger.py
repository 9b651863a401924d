"""What models are paid, and how long they take: by question, by decision, and by all decisions of a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeAlias

from neurosym.judgment.attempt import Attempt
from neurosym.judgment.budget import NOTHING_SPENT, UNLIMITED, Budget, Spent
from neurosym.values.canonical import Digest
from neurosym.values.number import Number, add, negate

# One attempt that may be under way: the question, the tier, the sample and its number.
Place: TypeAlias = tuple[Digest, str, int, int]


def place_of(attempt: Attempt) -> Place:
    """Where the attempt stands among those that a decision makes."""
    return attempt.question, attempt.tier, attempt.sample, attempt.number


class Ledger:
    """What is spent on a day (of UTC) by all decisions of an engine, in however many threads.

    INVARIANT: an attempt is reserved with the most that it may cost before it is made, and settled with what it cost
    once that is logged; so what is spent and what is under way never exceed a limit together.
    """

    def __init__(self, budget: Budget, today: Callable[[], str], logged: Callable[[str], Spent] | None) -> None:
        """`today` tells the day; `logged` what the log says was spent on one: by anybody who writes to it. Without a
        log, what this ledger settled counts.
        """
        self.budget = budget
        self._today = today
        self._logged = logged
        self._lock = Lock()
        self._reserved: Number = 0
        self._settled: dict[str, Spent] = {}

    def account(self) -> Account:
        """An account for one decision."""
        return Account(self)

    def reserve(self, cost: Number) -> str | None:
        """Why the day has no room for a cost, or None once it is reserved."""
        with self._lock:
            spent = self._spent().plus(self._reserved)
            refusal = self.budget.day.refusal(spent, cost, self.budget.currency)
            if refusal is None:
                self._reserved = add(self._reserved, cost)
            return refusal

    def settle(self, reserved: Number, cost: Number, duration_ms: int) -> None:
        """Put what an attempt cost in the place of what was reserved for it."""
        with self._lock:
            self._reserved = add(self._reserved, negate(reserved))
            if self._logged is None:
                today = self._today()
                self._settled[today] = self._settled.get(today, NOTHING_SPENT).plus(cost, duration_ms)

    def _spent(self) -> Spent:
        today = self._today()
        return self._settled.get(today, NOTHING_SPENT) if self._logged is None else self._logged(today)


@dataclass(slots=True)
class Account:
    """What one decision has spent, by question and in all, with what is reserved."""

    ledger: Ledger
    spent: Spent = NOTHING_SPENT
    questions: dict[Digest, Spent] = field(default_factory=dict)
    reserved: dict[Place, Number] = field(default_factory=dict)

    def refusal(self, judgment: str, place: Place, cost: Number) -> str | None:
        """Why an attempt that may cost this much is not made, or None once that is reserved."""
        budget, question = self.ledger.budget, place[0]
        of_question = budget.question.get(judgment, UNLIMITED)
        if found := of_question.refusal(self.questions.get(question, NOTHING_SPENT), cost, budget.currency):
            return f"the budget of a question of `{judgment}` is spent: {found}"
        if found := budget.decision.refusal(self.spent, cost, budget.currency):
            return f"the budget of the decision is spent: {found}"
        if found := self.ledger.reserve(cost):
            return f"the budget of the day is spent: {found}"
        self._add(question, cost, 0)
        self.reserved[place] = cost
        return None

    def settle(self, attempt: Attempt) -> None:
        """Count what an attempt cost; one that nothing was reserved for, such as one that is used again, is free."""
        reserved = self.reserved.pop(place_of(attempt), None)
        if reserved is not None:
            cost, duration_ms = attempt.cost or 0, attempt.duration_ms or 0
            self._add(attempt.question, add(cost, negate(reserved)), duration_ms)
            self.ledger.settle(reserved, cost, duration_ms)

    def close(self) -> None:
        """Give back what is reserved for attempts that were never made: the decision ended before."""
        for reserved in self.reserved.values():
            self.ledger.settle(reserved, 0, 0)
        self.reserved.clear()

    def _add(self, question: Digest, cost: Number, duration_ms: int) -> None:
        self.spent = self.spent.plus(cost, duration_ms)
        self.questions[question] = self.questions.get(question, NOTHING_SPENT).plus(cost, duration_ms)
