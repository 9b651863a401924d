"""Clauses: the parts of a declaration that stand in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from neurosym.feel.lexeme import Lexeme
from neurosym.feel.literal import text_of
from neurosym.feel.syntax import given_twice
from neurosym.feel.tree import Argument, Word
from neurosym.text.span import Span


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: the word it begins with, what it says, and its whole place."""

    word: Lexeme
    value: Any
    span: Span

    @property
    def name(self) -> str:
        """What the clause is called."""
        return self.word.text


@dataclass(frozen=True, slots=True)
class Placed:
    """What has no place in its tree, with the place it has in the text."""

    value: Any
    span: Span


@dataclass(frozen=True, slots=True)
class Applied:
    """A name and its arguments: a fact, a decision's subject, a duty, a judgment."""

    name: Word
    arguments: tuple[Argument, ...]
    span: Span


def clause(word: Lexeme, value: Any, *parts: Any) -> Clause:
    """The clause that begins with `word` and ends with the last of its parts."""
    return Clause(word, value, word.span.to(parts[-1].span) if parts else word.span)


def once(parts: Sequence[Any], *names: str) -> Any:
    """What the only clause with one of these names says, or None; NS114 is reported for each further one."""
    found = [part for part in parts if isinstance(part, Clause) and part.name in names]
    for again in found[1:]:
        problem = given_twice(again.name, again.word.span, found[0].name, found[0].word.span)
        again.word.reading.add(problem)
    return found[0].value if found else None


def every(parts: Sequence[Any], name: str) -> tuple[Any, ...]:
    """What the clauses of this name say, in their order."""
    return tuple(part.value for part in parts if isinstance(part, Clause) and part.name == name)


def joined(parts: Sequence[Any], name: str) -> tuple[Any, ...]:
    """The lists that the clauses of this name give, as one."""
    return tuple(item for items in every(parts, name) for item in items)


def whole(parts: Sequence[Any]) -> Span:
    """From the start of the first part to the end of the last; each has a place."""
    first: Span = parts[0].span
    return first.to(parts[-1].span)


def without_signs(parts: Sequence[Any]) -> tuple[Any, ...]:
    """The parts that the builders made, without keywords, brackets and commas."""
    return tuple(part for part in parts if not isinstance(part, Lexeme))


def quoted(lexeme: Lexeme) -> Word:
    """A text with its place."""
    return Word(text_of(lexeme), lexeme.span)


def label_in(parts: Sequence[Any]) -> str:
    """The quoted text among the parts of a declaration's head, or nothing."""
    return next((text_of(part) for part in parts if isinstance(part, Lexeme) and part.type == "TEXT"), "")
