"""A three-way join: payments of accounts into watched countries, with the three facts each alert rests on."""

from __future__ import annotations

from dataclasses import dataclass

from tests.generation.dice import Dice

SIZES = (6_500, 13_000, 26_000)  # facts altogether; ten alerts for 26 facts
COUNTRIES = 200
WATCHES = 200  # two for each country of odd number
TRANSACTIONS_IN_TEN = 77

Row = dict[str, str | int]
Alert = tuple[str, str, str]  # the transaction, the account and the watch that it rests on


@dataclass(frozen=True, slots=True)
class Work:
    """Facts by type, as dicts."""

    facts: dict[str, list[Row]]


Answer = list[Alert]


def work(size: int, seed: int = 2) -> Work:
    """So many facts: 200 watches, 23 accounts for 77 transactions."""
    dice = Dice(seed)
    transactions = (size - WATCHES) * TRANSACTIONS_IN_TEN // 100
    accounts = size - WATCHES - transactions
    return Work(
        {
            "Account": [{"id": f"A{n}", "customer": f"C{dice.below(accounts)}"} for n in range(accounts)],
            "Transaction": [_transaction(dice, number, accounts) for number in range(transactions)],
            "Watch": [_watch(dice, number) for number in range(WATCHES)],
        }
    )


def canonical(answer: Answer) -> Answer:
    """The same answer in one order."""
    return sorted(answer)


def _transaction(dice: Dice, number: int, accounts: int) -> Row:
    return {
        "id": f"T{number}",
        "account": f"A{dice.below(accounts)}",
        "amount": dice.below(20_000),
        "country": f"K{dice.below(COUNTRIES)}",
    }


def _watch(dice: Dice, number: int) -> Row:
    return {"id": f"W{number}", "country": f"K{number // 2 * 2 + 1}", "threshold": 5_000 + dice.below(10_000)}
