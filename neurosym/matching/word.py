"""How alike two words of a name are, and how much a word weighs.

All arithmetic is on integers: edit distances are counts, scores are ten-thousandths. No float arises, so the scores are
the same on every platform.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from neurosym.matching.lexicon import COMMON_WORDS, LIGHT_WORDS
from neurosym.matching.name import Word

EQUAL = 10_000
SOUND_ALIKE = 9_500
SAME_CONSONANTS = 9_000
INITIAL = 8_000
SOUND_EDITS_COST = 500
EDITS_MAX = 4
SOUND_LENGTH_MIN = 5  # shorter sounds keep too little of the word to count edits in them

# In half letters: a short surname counts as three letters, a long one as eight.
LIGHT_WEIGHT = 2
NUMBER_WEIGHT = 4
LETTERS_MIN, LETTERS_MAX = 3, 8

_WORDS_KEPT = 65_536
_DOUBLED = re.compile(r"(.)\1+")
_SILENT = re.compile("[aiuwyv]")
# Spellings that romanisation uses for one another, in the order in which they are replaced.
_SOUNDS = (
    ("tsch", "c"),
    ("sch", "s"),
    ("sh", "s"),
    ("tch", "c"),
    ("ch", "c"),
    ("kh", "h"),
    ("gh", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("dh", "d"),
    ("zh", "z"),
    ("ck", "k"),
    ("qu", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("w", "v"),
    ("oo", "u"),
    ("ou", "u"),
    ("ae", "i"),
    ("ai", "i"),
    ("ay", "i"),
    ("y", "i"),
    ("j", "i"),
    ("e", "i"),
    ("o", "u"),
)


def divided(dividend: int, divisor: int) -> int:
    """The quotient rounded half to even; both are natural numbers and `divisor` is not 0."""
    quotient, rest = divmod(dividend, divisor)
    return quotient + (2 * rest > divisor or (2 * rest == divisor and quotient % 2 == 1))


def word_weight(word: Word) -> int:
    """What a word counts in the score of a name, in half letters."""
    if word.text in LIGHT_WORDS:
        return LIGHT_WEIGHT
    if word.text.isdigit():
        return NUMBER_WEIGHT
    letters = max(LETTERS_MIN, min(LETTERS_MAX, len(word.text)))
    return letters if word.text in COMMON_WORDS else 2 * letters


def word_score(left: Word, right: Word, *, by_consonants: bool = False) -> int:
    """How alike two words are, in ten-thousandths; 0 when they are not variants of one another.

    `by_consonants` when one of them was written in a script without short vowels.
    """
    if left.text == right.text:
        return EQUAL
    if left.is_initials or right.is_initials:
        return _initials_score(left, right)
    if left.text.isdigit() or right.text.isdigit():
        return 0
    score = max(spelling_score(left.text, right.text), _sound_score(sound(left.text), sound(right.text)))
    if by_consonants and len(consonants(left.text)) > 1 and consonants(left.text) == consonants(right.text):
        return max(score, SAME_CONSONANTS)
    return score


def spelling_score(left: str, right: str) -> int:
    """The share of letters that need no edit, in ten-thousandths; 0 past four edits, or past one for three letters.

    An edit inserts, drops or changes a letter or swaps two neighbours (optimal string alignment distance).
    """
    length = max(len(left), len(right))
    edits_max = min(EDITS_MAX, length // 3)
    if abs(len(left) - len(right)) > edits_max:
        return 0
    edits = OSA.distance(left, right, score_cutoff=edits_max)
    return divided(EQUAL * (length - edits), length) if edits <= edits_max else 0


@lru_cache(maxsize=_WORDS_KEPT)
def sound(text: str) -> str:
    """The word with spellings that romanisation mixes up made one: `Hussain` and `Hussein` sound alike."""
    text = f"s{text[1:]}" if text.startswith("x") else text
    for spelled, spoken in _SOUNDS:
        text = text.replace(spelled, spoken)
    return _DOUBLED.sub(r"\1", text)


def consonants(text: str) -> str:
    """What a script without short vowels would keep of the word."""
    return _SILENT.sub("", sound(text))


def _sound_score(left: str, right: str) -> int:
    if left == right:
        return SOUND_ALIKE
    if max(len(left), len(right)) < SOUND_LENGTH_MIN:
        return 0
    return max(0, spelling_score(left, right) - SOUND_EDITS_COST)


def _initials_score(left: Word, right: Word) -> int:
    shorter, longer = sorted((left.text, right.text), key=len)
    if left.is_initials and right.is_initials:
        return INITIAL if longer.startswith(shorter) else spelling_score(left.text, right.text)
    initials, word = (left, right) if left.is_initials else (right, left)
    if len(initials.text) == 1:
        return INITIAL if word.text.startswith(initials.text) else 0
    return spelling_score(left.text, right.text)
