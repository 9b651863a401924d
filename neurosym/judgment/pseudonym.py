"""Pseudonyms: what a tier may see only in disguise is replaced by tokens before it leaves, and put back on return.

A token is `[class number]`, such as `[personal 2]`, and stands for one spelling, so that putting back is exact. Beside
the fields of a class that the tier may not see, the same words are disguised wherever else they stand: a remark that
repeats the customer's name would give it away. Which words those are is a function of the question and the tier alone,
so that a replay disguises, and puts back, the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from neurosym.judgment.evidence import content_text
from neurosym.values.unknown import Absent, Question
from neurosym.values.value import Value

WORD_LENGTH_MIN = 3  # a shorter word of a name gives nobody away
WORD = re.compile(r"\w+")
TOKEN = re.compile(r"\[(?:public|internal|personal|secret) [0-9]+\]")


@dataclass(frozen=True, slots=True)
class Disguised:
    """A question in disguise; `spellings` are pairs of a token and what it stands for, in the order of the tokens."""

    question: Question
    spellings: tuple[tuple[str, str], ...] = ()

    def restored(self, text: str) -> str:
        """The text with what the tokens stand for."""
        known = dict(self.spellings)
        return TOKEN.sub(lambda found: known.get(found[0], found[0]), text)


def disguised(question: Question, hidden: Mapping[str, str]) -> Disguised:
    """The question with the contents of the `hidden` fields, a data class by path, replaced by tokens: there, and
    wherever else in the question they or their words stand. What looks like a token already is disguised as well.
    """
    disguise = _Disguise(_words(question, hidden))
    content = tuple(
        (path, disguise.whole(value, hidden[path]) if path in hidden else disguise.within(value))
        for path, value in question.content
    )
    spellings = tuple((token, spelling) for spelling, token in disguise.tokens.items())
    return Disguised(replace(question, content=content), spellings) if hidden else Disguised(question)


class _Disguise:
    """Tokens given out so far, and the words that need one, each with its class."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.tokens: dict[str, str] = {}
        self._classes = {word.casefold(): data_class for word, data_class in words.items()}
        longest_first = sorted(words, key=lambda word: (-len(word), word))
        bounded = [rf"(?<!\w){re.escape(word)}(?!\w)" for word in longest_first]
        self._pattern = re.compile("|".join([TOKEN.pattern, *bounded]), re.IGNORECASE)

    def whole(self, value: Value | Absent, data_class: str) -> Value | Absent:
        """The value as one token, the items of a list each as one; that there is none is nobody's secret."""
        if isinstance(value, tuple):
            return tuple(item if item is None else self._token(content_text(item) or "", data_class) for item in value)
        text = None if isinstance(value, Absent) else content_text(value)
        return value if text is None else self._token(text, data_class)

    def within(self, value: Value | Absent) -> Value | Absent:
        """The value with a token for every word that needs one."""
        if isinstance(value, tuple):
            return tuple(self._replaced(item) for item in value)
        return value if isinstance(value, Absent) else self._replaced(value)

    def _replaced(self, value: Value) -> Value:
        text = content_text(value)
        if text is None or (found := self._pattern.sub(self._of_match, text)) == text:
            return value
        return found

    def _of_match(self, found: re.Match[str]) -> str:
        return self._token(found[0], self._classes.get(found[0].casefold(), "personal"))

    def _token(self, spelling: str, data_class: str) -> str:
        return self.tokens.setdefault(spelling, f"[{data_class} {len(self.tokens) + 1}]")


def _words(question: Question, hidden: Mapping[str, str]) -> dict[str, str]:
    """The hidden contents and their words, each with its class."""
    found: dict[str, str] = {}
    for path, value in question.content:
        for text in _texts(value) if path in hidden else ():
            for word in (text, *(word for word in WORD.findall(text) if len(word) >= WORD_LENGTH_MIN)):
                found.setdefault(word, hidden[path])
    return found


def _texts(value: Value | Absent) -> Iterator[str]:
    for item in value if isinstance(value, tuple) else (value,):
        text = None if isinstance(item, Absent) else content_text(item)
        if text:
            yield text
