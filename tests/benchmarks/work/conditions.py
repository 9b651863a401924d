"""One request against many conjunctive rules: which of them it meets, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tests.generation.dice import Dice

SIZES = (10, 100, 1_000, 5_000)
REQUESTS = {10: 200, 100: 100, 1_000: 40, 5_000: 20}  # so many are answered in one run
REQUESTS_DEFAULT = 10

CHOICES = {
    "currency": ("USD", "EUR", "GBP", "CHF"),
    "channel": ("online", "branch", "mobile", "letter", "partner"),
    "product": ("account", "card", "loan", "transfer", "deposit", "custody", "trade", "lease"),
    "segment": ("private", "corporate", "public"),
    "kind": ("cash", "wire", "cheque", "card_in", "card_out", "internal"),
}
TEXTS = {"payer_country": 60, "payee_country": 60, "purpose": 40, "branch": 100}
NUMBERS = {"amount": 1_000_000, "score": 1_000, "age_days": 20_000, "transfers": 300, "balance": 5_000_000}
FIRST_DAY, DAYS = date(2016, 1, 1), 4_000
DATES = ("booked_on", "opened_on")
FIELDS = (*CHOICES, *TEXTS, *NUMBERS, *DATES)

Request = dict[str, str | int]
Hit = tuple[str, str]  # the rule and its reason


@dataclass(frozen=True, slots=True)
class Equal:
    """A field has a value."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Within:
    """A number or a day lies between two others, both included; None: no bound on that side."""

    field: str
    low: int | str | None
    high: int | str | None


Condition = Equal | Within


@dataclass(frozen=True, slots=True)
class Rule:
    """A conjunction of conditions, and what is said of a request that meets all of them."""

    id: str
    conditions: tuple[Condition, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Work:
    """Rules, and the requests they are asked about one by one."""

    rules: tuple[Rule, ...]
    requests: tuple[Request, ...]

    @property
    def count(self) -> int:
        """How many decisions one run makes."""
        return len(self.requests)


Answer = list[list[Hit]]  # of every request, in any order


def work(size: int, seed: int = 1) -> Work:
    """So many rules with requests of which each second one meets a rule by design."""
    dice = Dice(seed)
    rules = tuple(_rule(dice, number) for number in range(size))
    requests = [_request(dice) for _ in range(REQUESTS.get(size, REQUESTS_DEFAULT))]
    for request in requests[::2]:
        request.update({each.field: _meeting(each) for each in dice.one_of(rules).conditions})
    return Work(rules, tuple({"id": f"R{number}", **each} for number, each in enumerate(requests)))


def canonical(answer: Answer) -> list[list[Hit]]:
    """The same answer in one order."""
    return [sorted(hits) for hits in answer]


def day(value: int | str | None) -> int:
    """A day as a number for those who know no days, and a number as it is."""
    return date.fromisoformat(value).toordinal() if isinstance(value, str) else value or 0


def with_day_numbers(request: Request) -> Request:
    """The request with its days as numbers."""
    return request | {name: day(request[name]) for name in DATES}


def _rule(dice: Dice, number: int) -> Rule:
    fields = dice.chosen(FIELDS, 2 + dice.below(4))
    conditions = tuple(_condition(dice, field) for field in sorted(fields))
    return Rule(f"r{number:05}", conditions, f"provision {number} of the policy speaks of it")


def _condition(dice: Dice, field: str) -> Condition:
    if field in CHOICES or field in TEXTS:
        return Equal(field, str(_drawn(dice, field)))
    low, high = sorted((_drawn(dice, field), _drawn(dice, field)), key=lambda value: (str(type(value)), value))
    side = dice.below(3)
    return Within(field, None if side == 1 else low, None if side == 2 else high)


def _drawn(dice: Dice, field: str) -> str | int:
    if field in CHOICES:
        return dice.one_of(CHOICES[field])
    if field in TEXTS:
        return f"{field[:3]}{dice.below(TEXTS[field]):03}"
    if field in NUMBERS:
        return dice.below(NUMBERS[field])
    return (FIRST_DAY + timedelta(days=dice.below(DAYS))).isoformat()


def _request(dice: Dice) -> Request:
    return {field: _drawn(dice, field) for field in FIELDS}


def _meeting(condition: Condition) -> str | int:
    """A value that meets the condition."""
    match condition:
        case Equal(_, value):
            return value
        case Within(_, low, high):
            bound = low if low is not None else high
            assert bound is not None
            return bound
