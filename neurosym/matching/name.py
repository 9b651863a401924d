"""Names as they are compared: words in plain ASCII, and the legal forms that stood around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from neurosym.matching.folding import folded, has_consonant_script
from neurosym.matching.legal_form import LegalForm, split_legal_forms
from neurosym.matching.lexicon import NUMBER_WORDS, SPELLINGS, TENS_WORDS

# What lies beyond these is not compared: they bound the work on hostile input.
CHARACTERS_MAX = 512
WORDS_MAX = 24
WORD_LENGTH_MAX = 48

_NAMES_KEPT = 8192
_ELISION = re.compile("['`]")
_WORD = re.compile("[a-z0-9]+")
_ORDINAL = re.compile("([0-9]+)(?:st|nd|rd|th)")


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """One word of a name; `is_initials` when single letters stood there (`J.-C.`)."""

    text: str
    is_initials: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a name."""

    words: tuple[Word, ...]
    forms: frozenset[LegalForm]
    unspaced: str
    has_consonant_script: bool


@lru_cache(maxsize=_NAMES_KEPT)
def parse_name(text: str) -> Name:
    """The parts of a name; without words when the text has no letter or digit."""
    seen = text[:CHARACTERS_MAX]
    spelled = [word[:WORD_LENGTH_MAX] for word in _WORD.findall(_ELISION.sub("", folded(seen)))][:WORDS_MAX]
    words = tuple(_joined_initials(spelled))
    proper, forms = split_legal_forms(tuple(word.text for word in words))
    kept: dict[str, Word] = {}
    for word in _numbered(_respelled(words[proper])):
        kept.setdefault(word.text, word)  # a word said twice says no more
    return Name(tuple(kept.values()), forms, "".join(spelled), has_consonant_script(seen))


def normal_name(text: str) -> tuple[str, ...]:
    """The words of a name in plain ASCII, in their order: lower case, without diacritics, punctuation, legal forms
    and repetition; initials in one piece, numbers in digits; empty when the text has no letter or digit.
    """
    return tuple(word.text for word in parse_name(text).words)


def _joined_initials(spelled: list[str]) -> Iterator[Word]:
    for is_letter, run in groupby(spelled, key=lambda word: len(word) == 1 and word.isalpha()):
        if is_letter:
            yield Word("".join(run), is_initials=True)
        else:
            yield from map(Word, run)


def _respelled(words: tuple[Word, ...]) -> Iterator[Word]:
    position = 0
    while position < len(words):
        for length in (2, 1):
            phrase = tuple(word.text for word in words[position : position + length])
            if phrase in SPELLINGS:
                yield Word(SPELLINGS[phrase])
                break
        else:
            length = 1
            yield words[position]
        position += length


def _numbered(words: Iterator[Word]) -> Iterator[Word]:
    tens = 0
    for word in words:
        number = _number(word.text)
        if tens and number is not None and 0 < number < 10:
            yield Word(str(tens + number))
            tens = 0
            continue
        if tens:
            yield Word(str(tens))
        tens = TENS_WORDS.get(word.text, 0)
        if not tens:
            yield word if number is None else Word(str(number))
    if tens:
        yield Word(str(tens))


def _number(text: str) -> int | None:
    if ordinal := _ORDINAL.fullmatch(text):
        return int(ordinal[1])
    return int(text) if text.isdigit() else NUMBER_WORDS.get(text)
