"""Probabilities of answers: over exactly the allowed ones, and exact decimals that add up to one, or none at all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from neurosym.judgment.answer import AnswerValue, answer_key
from neurosym.judgment.document import DocumentError
from neurosym.values.number import Number, normal

SLACK = Decimal("0.01")  # what is written with two digits need not add up
DIGITS = 6

Probabilities: TypeAlias = tuple[tuple[AnswerValue, Number], ...]


def renormalised(
    found: Sequence[tuple[AnswerValue, Decimal]], allowed: Sequence[AnswerValue]
) -> tuple[tuple[AnswerValue, Number], ...]:
    """The probabilities in the order of the allowed answers, divided by their sum and rounded down at six digits.

    DocumentError unless there is one in [0..1] for each allowed answer, none for another, and they add up.
    """
    by_answer = {answer_key(value): probability for value, probability in found}
    keys = [answer_key(value) for value in allowed]
    if len(by_answer) != len(found) or set(by_answer) != set(keys):
        raise DocumentError("the probabilities are not those of exactly the allowed answers")
    if not all(0 <= probability <= 1 for probability in by_answer.values()):
        raise DocumentError("a probability is not between 0 and 1")
    total = sum((Fraction(probability) for probability in by_answer.values()), Fraction())
    if abs(total - 1) > Fraction(SLACK):
        raise DocumentError("the probabilities do not add up to 1")
    return tuple((value, share(Fraction(by_answer[key]), total)) for value, key in zip(allowed, keys, strict=True))


def share(part: Fraction, whole: Fraction) -> Number:
    """The part of the whole, rounded down at six digits, so that no threshold is reached by rounding."""
    scaled = part * 10**DIGITS // whole
    return normal(Decimal(int(scaled)).scaleb(-DIGITS))


def most_probable(probabilities: Probabilities) -> AnswerValue | None:
    """The answer with the greatest probability, or None when several have it."""
    greatest = max(probability for _, probability in probabilities)
    first, *others = [value for value, probability in probabilities if probability == greatest]
    return None if others else first
