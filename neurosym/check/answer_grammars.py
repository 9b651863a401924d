"""The grammars beside a ruleset, read when a judgment names them, and the types of the answers that they accept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from neurosym.check import problems
from neurosym.feel.lexer import EXPRESSION_WORDS
from neurosym.feel.types import Basic, Choice, ListOf, Nullable, RecordOf, Type
from neurosym.grammar.answer_grammar import AnswerGrammar, read_grammar
from neurosym.grammar.shape import (
    ChoiceShape,
    DateShape,
    ListShape,
    NumberShape,
    OptionalShape,
    RecordShape,
    Shape,
    TextShape,
)
from neurosym.grammar.source import grammar_name
from neurosym.text.diagnostic import Report
from neurosym.text.span import Source, Span


class AnswerGrammars:
    """The grammars by name; each is read once, and its problems are reported once."""

    def __init__(self, sources: Sequence[Source], report: Report) -> None:
        self._sources = {grammar_name(source): source for source in sources}
        self._report = report
        self._read: dict[str, AnswerGrammar | None] = {}

    def named(self, name: str, at: Span) -> AnswerGrammar | None:
        """The grammar of that name; None when it is not there (NS643) or is none (NS630 to NS641)."""
        if name not in self._sources:
            self._report.add(problems.no_grammar(name, at, sorted(self._sources)))
            return None
        if name not in self._read:
            self._read[name] = read_grammar(self._sources[name], self._report)
        return self._read[name]


def record_type(shape: RecordShape) -> RecordOf:
    """The type of the records that a grammar accepts."""
    return RecordOf(tuple((name, _type(member)) for name, member in shape.members))


def _type(shape: Shape) -> Type:
    match shape:
        case ChoiceShape(values):
            return Choice(values)
        case TextShape():
            return Basic.TEXT
        case NumberShape():
            return Basic.NUMBER
        case DateShape():
            return Basic.DATE
        case ListShape(item):
            return ListOf(_type(item))
        case OptionalShape(of):
            return Nullable(_type(of))
        case RecordShape():
            return record_type(shape)
        case _:
            assert_never(shape)


def reserved_members(of: Type) -> Iterator[str]:
    """The members that no expression could mention."""
    match of:
        case RecordOf(members):
            for name, member in members:
                if name in EXPRESSION_WORDS:
                    yield name
                yield from reserved_members(member)
        case ListOf():
            yield from reserved_members(of.item)
        case Nullable():
            yield from reserved_members(of.of)
        case _:
            return
