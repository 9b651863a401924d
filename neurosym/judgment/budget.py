"""Budgets: what may be spent on a question, on a decision and in a day, in money and in seconds.

Money is an exact decimal in one currency. Seconds of a question and of a day are those that models took to answer;
seconds of a decision are those that it took in all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from neurosym.values.canonical import Json
from neurosym.values.number import Number, add, number_text

MS = 1000


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent: money, and milliseconds that models took."""

    cost: Number = 0
    duration_ms: int = 0

    def plus(self, cost: Number, duration_ms: int = 0) -> Spent:
        """With this on top."""
        return Spent(add(self.cost, cost), self.duration_ms + duration_ms)


NOTHING_SPENT = Spent()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be spent on one thing; None: as much as it takes."""

    cost: Number | None = None
    seconds: int | None = None

    def refusal(self, spent: Spent, cost: Number, currency: str) -> str | None:
        """Why nothing that may cost this much is asked any more, or None. `spent` includes what is under way."""
        if self.seconds is not None and spent.duration_ms >= self.seconds * MS:
            return f"its {self.seconds} seconds are spent"
        if self.cost is not None and add(spent.cost, cost) > self.cost:
            return f"{number_text(self.cost)} {currency}, of which {number_text(spent.cost)} are spent"
        return None

    @property
    def json(self) -> dict[str, Json]:
        """The allowance with the members that judges.toml gives it."""
        return {"cost": None if self.cost is None else number_text(self.cost), "seconds": self.seconds}


UNLIMITED = Allowance()


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent; `question` is by judgment. Without any limit in money there may be no currency."""

    currency: str = ""
    decision: Allowance = UNLIMITED
    day: Allowance = UNLIMITED
    question: Mapping[str, Allowance] = field(default_factory=dict)

    @property
    def limits_money(self) -> bool:
        """True when anything is limited in money, so that every model needs a price."""
        return any(each.cost is not None for each in (self.decision, self.day, *self.question.values()))

    @property
    def json(self) -> dict[str, Json]:
        """The budget with the members that judges.toml gives it."""
        return {
            "currency": self.currency or None,
            "decision": self.decision.json,
            "day": self.day.json,
            "question": {name: self.question[name].json for name in sorted(self.question)},
        }


NO_BUDGET = Budget()
