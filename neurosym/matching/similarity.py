"""The similarity of two names, with its parts.

The score is a weighted mean of the scores of paired words, reduced for words without a partner:

    sum(weight * score) / (sum(weight) + 1.5 * contradicting + s * surplus)

*Contradicting* is the weight that stands alone on both sides, *surplus* what one side has beyond it: a name that says
less contradicts nothing. `s` is 0.12 where two words or more are paired, not all of them common ones (a middle name
left out), and 0.6 otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product

from neurosym.matching.alignment import Alignment, align
from neurosym.matching.legal_form import LegalForm
from neurosym.matching.lexicon import COMMON_WORDS, LIGHT_WORDS
from neurosym.matching.name import Name, Word, parse_name
from neurosym.matching.word import EQUAL, divided, word_weight
from neurosym.values.number import CONTEXT, Number, normal

# In hundredths.
CONTRADICTION = 150
SURPLUS_OF_ONE_WORD = 60
SURPLUS = 12
UNLIKE_FORMS = 78
FORM_ON_ONE_SIDE = 99
WRITTEN_TOGETHER = 9_800  # ten-thousandths

_SCORES_KEPT = 65_536
ALTERNATIVES_MAX = 4
ALTERNATIVE_LENGTH_MIN = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words taken for one another, and how alike they are."""

    left: str
    right: str
    score: Number


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike two names are, and why."""

    score: Number
    left: tuple[str, ...]
    right: tuple[str, ...]
    pairs: tuple[Pair, ...] = ()
    left_alone: tuple[str, ...] = ()
    right_alone: tuple[str, ...] = ()
    forms_agree: bool | None = None


def similar(left: str, right: str) -> Number:
    """How alike two names are, from 0 to 1 in ten-thousandths.

    Symmetric. 1 for names with the same words in any order, together or apart, whatever their script, case, diacritics
    and punctuation; 0 when one of them has no letter or digit. Only the first 512 characters and 24 words count.
    """
    return _cached_score(left, right)


@lru_cache(maxsize=_SCORES_KEPT)
def _cached_score(left: str, right: str) -> Number:
    return similarity_parts(left, right).score


def similarity_parts(left: str, right: str) -> Similarity:
    """The similarity of two names with the words it paired and those it could not.

    Of names that a slash separates (`Al-Qa'ida/Islamic Army`), the one that fits best counts.
    """
    names = product(map(parse_name, _alternatives(left)), map(parse_name, _alternatives(right)))
    return max((_compared(one, other) for one, other in names), key=lambda similarity: similarity.score)


def _alternatives(text: str) -> tuple[str, ...]:
    parts = [part.strip() for part in text.split("/", ALTERNATIVES_MAX)]
    if 1 < len(parts) <= ALTERNATIVES_MAX and all(len(part) >= ALTERNATIVE_LENGTH_MIN for part in parts):
        return (text, *parts)
    return (text,)


def _compared(left: Name, right: Name) -> Similarity:
    # INVARIANT: both orders are computed as one, so that the score is symmetric whatever the pairing does with ties.
    if (right.words, right.unspaced) < (left.words, left.unspaced):
        return _turned(_compared(right, left))
    alignment = align(left, right)
    score = _form_score(_core_score(alignment), left.forms, right.forms)
    if left.words and left.unspaced == right.unspaced:
        score = max(score, WRITTEN_TOGETHER)
    return Similarity(
        _number(score),
        _texts(left.words),
        _texts(right.words),
        tuple(Pair(one.text, other.text, _number(alike)) for one, other, alike in alignment.pairs),
        _texts(alignment.left_alone),
        _texts(alignment.right_alone),
        _forms_agree(left.forms, right.forms),
    )


def _core_score(alignment: Alignment) -> int:
    if not any(_shows_something(one, other) for one, other, _ in alignment.pairs):
        return 0
    weights = [_pair_weight(one, other) for one, other, _ in alignment.pairs]
    gain = sum(weight * score for weight, (_, _, score) in zip(weights, alignment.pairs, strict=True))
    left_alone = sum(map(word_weight, alignment.left_alone))
    right_alone = sum(map(word_weight, alignment.right_alone))
    contradicting = min(left_alone, right_alone)
    surplus = max(left_alone, right_alone) - contradicting
    surplus_cost = SURPLUS if _names_someone(alignment) else SURPLUS_OF_ONE_WORD
    # Pairs weigh what both words weigh, so what stands alone counts twice.
    return divided(100 * gain, 100 * sum(weights) + 2 * CONTRADICTION * contradicting + 2 * surplus_cost * surplus)


def _names_someone(alignment: Alignment) -> bool:
    full = [one.text for one, _, _ in alignment.pairs if one.text not in LIGHT_WORDS]
    return len(full) > 1 and any(text not in COMMON_WORDS for text in full)


def _shows_something(one: Word, other: Word) -> bool:
    return one.text == other.text or not (one.is_initials or other.is_initials)


def _pair_weight(one: Word, other: Word) -> int:
    if one.is_initials != other.is_initials:
        return 2 * min(word_weight(one), word_weight(other))
    return word_weight(one) + word_weight(other)


def _form_score(score: int, left: frozenset[LegalForm], right: frozenset[LegalForm]) -> int:
    if _forms_agree(left, right) is False:
        return divided(score * UNLIKE_FORMS, 100)
    return score if left == right else divided(score * FORM_ON_ONE_SIDE, 100)


def _forms_agree(left: frozenset[LegalForm], right: frozenset[LegalForm]) -> bool | None:
    left, right = left - {LegalForm.COMPANY}, right - {LegalForm.COMPANY}
    return not left.isdisjoint(right) if left and right else None


def _turned(similarity: Similarity) -> Similarity:
    return Similarity(
        similarity.score,
        similarity.right,
        similarity.left,
        tuple(Pair(pair.right, pair.left, pair.score) for pair in similarity.pairs),
        similarity.right_alone,
        similarity.left_alone,
        similarity.forms_agree,
    )


def _texts(words: tuple[Word, ...]) -> tuple[str, ...]:
    return tuple(word.text for word in words)


def _number(score: int) -> Number:
    return normal(CONTEXT.divide(Decimal(score), EQUAL))
