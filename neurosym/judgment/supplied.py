"""Answers that come with the request: those of `--answers` files, and the judged answers of scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from neurosym.judgment.acceptance import persons_wanted
from neurosym.judgment.answer import Kind, QuoteClaim
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.review import Review, persons_attempt
from neurosym.program.judgment import Judgment
from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Json, canonical_bytes
from neurosym.values.encoding import wire
from neurosym.values.unknown import Question

SUPPLIED = "supplied"


@dataclass(frozen=True, slots=True)
class SuppliedAnswer:
    """One entry of an answers file; `args` holds the keys as JSON writes them, in the order of the parameters."""

    judgment: str
    args: tuple[tuple[str, bytes], ...]
    value: Json
    quotes: tuple[QuoteClaim, ...]
    by: str
    at: JsonPath = field(compare=False)


def answers(supplied: SuppliedAnswer, question: Question, key_fields: Mapping[str, tuple[str, ...]]) -> bool:
    """True when the entry is about this question; `key_fields` names the key fields of each fact type."""
    args = tuple((name, canonical_bytes(wire(argument, key_fields))) for name, argument in question.args)
    return supplied.judgment == question.judgment and supplied.args == args


def unmatched(supplied: SuppliedAnswer) -> Diagnostic:
    """NS611: an entry that no question of the decision asked for."""
    advice = "check the arguments, or leave the entry out: it changed nothing"
    message = f"no question of `{supplied.judgment}` has these arguments"
    return Diagnostic("NS611", Severity.ERROR, message, Label(supplied.at), help=advice)


def supplied_attempt(supplied: SuppliedAnswer, judgment: Judgment, question: Question) -> Attempt:
    """The attempt that the entry is, to be examined like any other."""
    review = Review(supplied.by, supplied.value, supplied.quotes)
    return persons_attempt(SUPPLIED, Kind.SUPPLIED, judgment, question, (review,))


def scripted_attempt(
    judgment: Judgment, question: Question, value: Json, quotes: tuple[QuoteClaim, ...] = ()
) -> Attempt:
    """The attempt that a scenario's `judged` is; it stands for as many persons as the judgment wants."""
    reviews = tuple(
        Review(f"scenario, person {number + 1}", value, quotes) for number in range(persons_wanted(judgment))
    )
    return persons_attempt(SUPPLIED, Kind.SUPPLIED, judgment, question, reviews)
