"""Whether a customer is the person of a list entry, as far as names, birth dates and the remarks can show it.

`same` and `different` are said only where words or dates can be pointed at; whatever is doubtful stays unanswered, for
a model or a person to judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from neurosym.matching.identifier import Identifier, Kind, find_identifiers
from neurosym.matching.name import normal_name
from neurosym.matching.period import Period, days_apart
from neurosym.matching.similarity import similar
from neurosym.values.number import Number, number_text

SAME_NAME_MIN = Decimal("0.92")
# Birth dates further apart than two years are not an error of record.
BORN_APART_DAYS_MAX = 731


class Answer(Enum):
    """What can be shown of a customer and a list entry."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Customer:
    """What is known of a customer; None where it is not."""

    name: str
    born: date | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says of a person; None where it says nothing."""

    name: str
    born: date | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing compared; `agrees` is None when that shows neither."""

    name: str
    customer: str | None
    entry: str | None
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the remarks and the place where they start."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, or None, with what was compared, the words it rests on and the reason."""

    answer: Answer | None
    features: tuple[Feature, ...]
    quotes: tuple[Quote, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class _Birth:
    """A birth that an entry states, in its own field or in the words of its remarks."""

    period: Period | None
    said: Identifier | None = None

    @property
    def is_own(self) -> bool:
        return self.said is None or not self.said.of_other


def compare_parties(customer: Customer, entry: Entry) -> Verdict:
    """What names, birth dates and remarks show of a customer and a list entry, with the features and quotes.

    *different*: the entry states a birth, and every birth it states lies more than 731 days from the customer's.
    *same*: the remarks state the customer's birth date to the day, no other birth of the entry disagrees, and the
    names are alike to 0.92 or more. Otherwise no answer. A birth that is hedged or unclear prevents *different*; one
    told beside a word of relation (`brother of ...`) shows nothing of the entry, but prevents *different* too.
    """
    said = find_identifiers(entry.remarks)
    births = [_Birth(Period(entry.born, entry.born))] if entry.born else []
    births += [_Birth(_period(found), found) for found in said if found.kind is Kind.BIRTH_DATE]
    alike = similar(customer.name, entry.name)
    answer, shown, reason = _answer(customer.born, births, alike)
    features = (
        Feature("name", customer.name, entry.name, True if alike >= SAME_NAME_MIN else None),
        *(_born_feature(customer.born, birth) for birth in births),
        *(_country_feature(customer.country, found) for found in said if found.kind is Kind.NATIONALITY),
    )
    return Verdict(answer, features, tuple(Quote(found.text, found.start) for found in shown), reason)


def _answer(born: date | None, births: list[_Birth], alike: Number) -> tuple[Answer | None, list[Identifier], str]:
    if born is None:
        return None, [], "the customer's birth date is not known"
    day = Period(born, born)
    own = [birth for birth in births if birth.is_own]
    if not own:
        return None, [], "the entry states no birth date"
    if all(birth.period and days_apart(day, birth.period) > BORN_APART_DAYS_MAX for birth in births):
        said = [birth.said for birth in own if birth.said]
        return Answer.DIFFERENT, said, f"every birth date of the entry is more than {BORN_APART_DAYS_MAX} days away"
    if any(birth.period and days_apart(day, birth.period) for birth in own):
        return None, [], "a birth date of the entry differs, and not every one by more than an error of record"
    equal = [birth.said for birth in own if birth.said and birth.period == day]
    if not equal:
        return None, [], "the remarks do not state the customer's birth date to the day"
    if (born.month, born.day) == (1, 1):
        return None, [], "lists write the first of January where the day is not known"
    if alike < SAME_NAME_MIN:
        return None, [], f"the birth dates agree, but the names are only {number_text(alike)} alike"
    return Answer.SAME, equal, f"the birth dates agree to the day and the names are {number_text(alike)} alike"


def _period(found: Identifier) -> Period | None:
    return found.value if isinstance(found.value, Period) else None


def _born_feature(born: date | None, birth: _Birth) -> Feature:
    stated = birth.said.text if birth.said else str(birth.period)
    agrees: bool | None = None
    if born and birth.period and birth.is_own:
        day = Period(born, born)
        agrees = False if days_apart(day, birth.period) else (True if birth.period == day else None)
    return Feature("born", born.isoformat() if born else None, stated, agrees)


def _country_feature(country: str | None, found: Identifier) -> Feature:
    # People live outside the country of their nationality, and countries have many spellings: only equality speaks.
    stated = found.value if isinstance(found.value, str) else found.text
    equal = country is not None and normal_name(country) == normal_name(stated)
    return Feature("country", country, stated, True if equal else None)
