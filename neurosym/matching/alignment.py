"""Which words of one name answer to which words of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.matching.assignment import best_assignment
from neurosym.matching.lexicon import LIGHT_WORDS
from neurosym.matching.name import Name, Word
from neurosym.matching.word import EQUAL, spelling_score, word_score, word_weight

JOINED_WORDS_MAX = 4
JOINED_SCORE_MIN = 8_500
INITIALS_MAX = 4

Words = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Pairs of words with their scores in ten-thousandths, and the words that no other answers to."""

    pairs: tuple[tuple[Word, Word, int], ...]
    left_alone: Words
    right_alone: Words


def align(left: Name, right: Name) -> Alignment:
    """The pairing of the words of two names: equal words first, then the best assignment of the rest.

    Words written apart on one side and together on the other are joined, and initials written together are taken apart,
    before they are paired.
    """
    by_consonants = left.has_consonant_script or right.has_consonant_script
    left_words = _joined(left.words, right.words)
    right_words = _joined(right.words, left_words)
    left_words, right_words = _apart(left_words, right_words), _apart(right_words, left_words)
    equal = _equal(left_words, right_words)
    left_rest = _without(left_words, [place for place, _ in equal])
    right_rest = _without(right_words, [place for _, place in equal])
    scores = [[word_score(one, other, by_consonants=by_consonants) for other in right_rest] for one in left_rest]
    gains = [
        [score * (word_weight(one) + word_weight(other)) for other, score in zip(right_rest, row, strict=True)]
        for one, row in zip(left_rest, scores, strict=True)
    ]
    found = best_assignment(gains)
    return Alignment(
        (
            *((left_words[place], right_words[other], EQUAL) for place, other in equal),
            *((left_rest[row], right_rest[column], scores[row][column]) for row, column in found),
        ),
        _without(left_rest, [row for row, _ in found]),
        _without(right_rest, [column for _, column in found]),
    )


def _equal(left: Words, right: Words) -> list[tuple[int, int]]:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(right):
        places.setdefault(word.text, []).append(place)
    return [(place, places[word.text].pop(0)) for place, word in enumerate(left) if places.get(word.text)]


def _without(words: Words, places: Sequence[int]) -> Words:
    return tuple(word for place, word in enumerate(words) if place not in places)


def _joined(words: Words, others: Words) -> Words:
    """The words, with neighbours joined that together spell one of the others better than any word does alone."""
    if len(words) == 1:
        return words
    wanted = [(other.text, max((word_score(word, other) for word in words), default=0)) for other in others]
    runs = ((length, start) for length in range(2, JOINED_WORDS_MAX + 1) for start in range(len(words) - length + 1))
    gain, length, start = max(
        ((_gain(_together(words[start : start + length]), wanted), length, -start) for length, start in runs),
        default=(0, 0, 0),
    )
    if not gain:
        return words
    whole = Word(_together(words[-start : length - start]))
    return _joined((*words[:-start], whole, *words[length - start :]), others)


def _together(run: Words) -> str:
    return "".join(word.text for word in run)


def _gain(joined: str, wanted: Sequence[tuple[str, int]]) -> int:
    """The best score that a joined word has with one of those wanted; 0 where a word alone does as well."""
    scores = ((spelling_score(joined, other), score_alone) for other, score_alone in wanted)
    return max((score for score, alone in scores if score >= JOINED_SCORE_MIN and score > alone), default=0)


def _apart(words: Words, others: Words) -> Words:
    """The words, with initials taken apart that stand for neighbours among the others."""
    taken: list[Word] = []
    for word in words:
        stands_for_words = _may_be_initials(word) and _are_initials(word.text, others)
        if stands_for_words and word not in others:
            taken.extend(Word(letter, is_initials=True) for letter in word.text)
        else:
            taken.append(word)
    return tuple(taken)


def _may_be_initials(word: Word) -> bool:
    return word.text not in LIGHT_WORDS and 1 < len(word.text) <= (INITIALS_MAX if word.is_initials else 2)


def _are_initials(letters: str, others: Words) -> bool:
    starts = "".join("." if other.is_initials else other.text[0] for other in others)
    return letters in starts
