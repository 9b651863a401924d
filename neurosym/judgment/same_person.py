"""`same_person(customer, entry)`: what names, birth dates and the remarks of a list entry show by themselves."""

from __future__ import annotations

from datetime import date, datetime

from neurosym.judgment.answer import Claim, QuoteClaim
from neurosym.judgment.computed import Finding, abstention
from neurosym.judgment.document import Feature
from neurosym.matching.person import Customer, Entry, Verdict, compare_parties
from neurosym.program.judgment import Judgment
from neurosym.values.unknown import Question

VERSION = "1"
REMARKS = "entry.remarks"


def find_same_person(judgment: Judgment, question: Question) -> Finding:
    """`same` or `different` where the words and dates that show it can be pointed at, else an abstention.

    It reads `name`, `born` and `country` of the customer, `name`, `born` and `remarks` of the entry, as far as the
    judgment reads them.
    """
    texts, dates = _texts(question), _dates(question)
    if "customer.name" not in texts or "entry.name" not in texts:
        return abstention("the names of customer and entry are needed")
    verdict = compare_parties(
        Customer(texts["customer.name"], dates.get("customer.born"), texts.get("customer.country")),
        Entry(texts["entry.name"], dates.get("entry.born"), texts.get(REMARKS, "")),
    )
    features = _features(verdict)
    if verdict.answer is None:
        return abstention(verdict.reason, features)
    if verdict.answer.value not in judgment.answers:
        return abstention(f"`{verdict.answer.value}` is no answer of the judgment", features)
    quotes = tuple(QuoteClaim(REMARKS, quote.text, quote.start) for quote in verdict.quotes)
    return Finding(Claim(verdict.answer.value, quotes, reason=verdict.reason), features)


def _texts(question: Question) -> dict[str, str]:
    return {path: value for path, value in question.content if isinstance(value, str)}


def _dates(question: Question) -> dict[str, date]:
    return {
        path: value for path, value in question.content if isinstance(value, date) and not isinstance(value, datetime)
    }


def _features(verdict: Verdict) -> tuple[Feature, ...]:
    return tuple(
        {"name": each.name, "customer": each.customer, "entry": each.entry, "agrees": each.agrees}
        for each in verdict.features
    )
