"""Deposits that arrive one by one beside those already held: which of them complete a structuring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.generation.dice import Dice

SIZES = (1_500, 6_000, 24_000)  # deposits held before
ARRIVING = 20  # in one run
DEPOSITS_OF_AN_ACCOUNT = 8
FIRST, MINUTES_OF_ALL = datetime(2026, 10, 1), 30 * 24 * 60  # noqa: DTZ001 - event times of one place, without a zone

Row = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Work:
    """Deposits as dicts: those held before anything is timed, and those that arrive."""

    loaded: list[Row]
    arriving: list[Row]

    @property
    def count(self) -> int:
        """How many deposits one run takes in."""
        return len(self.arriving)


Answer = list[list[str]]  # for each arriving deposit, the deposits that are now the last of a structuring


def work(size: int, seed: int = 5) -> Work:
    """So many deposits of a month in the order of their time, and the next few; each second of those is suspicious."""
    dice = Dice(seed)
    accounts = size // DEPOSITS_OF_AN_ACCOUNT
    loaded = [_deposit(dice, n, accounts, n * MINUTES_OF_ALL // size) for n in range(size)]
    arriving = [_deposit(dice, size + n, accounts, MINUTES_OF_ALL + n) for n in range(ARRIVING)]
    for each in arriving[1::2]:
        each.update({"account": arriving[0]["account"], "kind": "cash", "amount": 9_000})
    return Work(loaded, arriving)


def canonical(answer: Answer) -> Answer:
    """The same answer in one order."""
    return [sorted(each) for each in answer]


def _deposit(dice: Dice, number: int, accounts: int, minute: int) -> Row:
    return {
        "id": f"D{number}",
        "account": f"A{dice.below(accounts)}",
        "kind": "wire" if dice.is_one_in(4) else "cash",
        "amount": dice.below(14_000),
        "at": (FIRST + timedelta(minutes=minute)).isoformat(),
    }
