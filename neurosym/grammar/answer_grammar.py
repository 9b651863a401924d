"""A grammar that answers are read with: from a text to a record, by Lark's LALR parser."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, TypeAlias

from lark import Lark, Token, Tree
from lark.exceptions import LarkError, UnexpectedInput, UnexpectedToken

from neurosym.grammar import problems
from neurosym.grammar.expectation import check_expectations
from neurosym.grammar.names import check_names
from neurosym.grammar.notation import lark_text, literal_text, normal_text
from neurosym.grammar.pattern import length_max
from neurosym.grammar.reading import read_tree
from neurosym.grammar.shape import (
    ChoiceShape,
    DateShape,
    ListShape,
    NumberShape,
    OptionalShape,
    RecordShape,
    Shape,
    TextShape,
    shapes_of,
)
from neurosym.grammar.source import grammar_name
from neurosym.grammar.tree import START, Alternatives, Body, GrammarTree, Literal, Repeated, Sequence, Use, uses
from neurosym.text.diagnostic import Report
from neurosym.text.span import Source
from neurosym.values.number import NumberError, parse_number
from neurosym.values.temporal import TemporalError, parse_date
from neurosym.values.value import Record, Value

TEXT_LENGTH_MAX = 50_000  # characters of the longest answer
EXPECTED_MAX = 5  # alternatives that a message names
LarkTree: TypeAlias = Tree[Token]


class GrammarMismatchError(ValueError):
    """The grammar does not accept the text; the message is ours and the grammar's, never the text's."""


@dataclass(frozen=True)
class AnswerGrammar:
    """A grammar of the house subset. `shapes` are what its rules stand for; that of the start is a record."""

    name: str
    tree: GrammarTree = field(repr=False)
    shapes: dict[str, Shape] = field(repr=False)

    @property
    def record(self) -> RecordShape:
        """What an answer is."""
        found = self.shapes[START]
        assert isinstance(found, RecordShape)
        return found

    @cached_property
    def text(self) -> str:
        """The grammar without comments, in one way of writing."""
        return normal_text(self.tree)

    @cached_property
    def length_max(self) -> int:
        """The length of the longest text that it accepts."""
        return body_length_max(self.tree.rules[START].body, self.tree)

    @cached_property
    def lalr(self) -> Lark:
        """The parser."""
        return Lark(lark_text(self.tree), start=START, parser="lalr", lexer="contextual", keep_all_tokens=True)

    def parse(self, text: str) -> Record:
        """The record that the text stands for; GrammarMismatchError when the grammar does not accept it."""
        if len(text) > self.length_max:
            raise GrammarMismatchError(f"longer than the {self.length_max} characters of the longest answer")
        try:
            found = self.lalr.parse(text)
        except UnexpectedInput as error:
            raise GrammarMismatchError(self._complaint(error, text)) from error
        return self.read(found)

    def read(self, found: LarkTree) -> Record:
        """The record that a derivation stands for; GrammarMismatchError for a number or date that is none."""
        value = self._value(found, self.record)
        assert isinstance(value, Record)
        return value

    def _value(self, found: LarkTree, shape: Shape) -> Value:
        match shape:
            case ChoiceShape():
                return str(found.children[0])
            case TextShape() | NumberShape() | DateShape():
                return self._leaf(found, shape)
            case ListShape(item):
                return tuple(self._value(child, item) for child in _rules(found))
            case RecordShape():
                return Record(tuple((name, self._member(found, name, each)) for name, each in shape.members))
            case OptionalShape(of):
                return self._value(found, of)

    def _member(self, found: LarkTree, name: str, shape: Shape) -> Value:
        """The value of a member: of all parts of that name when it is a list because it can stand there repeatedly."""
        parts = [child for child in _rules(found) if child.data == name]
        if isinstance(shape, ListShape) and shape is not self.shapes[name]:
            return tuple(self._value(part, shape.item) for part in parts)
        return self._value(parts[0], shape) if parts else None

    def _leaf(self, found: LarkTree, shape: TextShape | NumberShape | DateShape) -> Value:
        """What the terminal of a rule accepted, read as a number or a date where it is one."""
        rule = self.tree.rules[str(found.data)]
        (terminal,) = {use.name for use in uses(rule.body)}
        text = next(str(child) for child in found.children if isinstance(child, Token) and child.type == terminal)
        try:
            match shape:
                case TextShape():
                    return text
                case NumberShape():
                    return parse_number(text)
                case DateShape():
                    return parse_date(text)
        except (NumberError, TemporalError) as error:
            kind = "number" if isinstance(shape, NumberShape) else "date"
            raise GrammarMismatchError(f"`{rule.name}` is no {kind}") from error

    def _complaint(self, error: UnexpectedInput, text: str) -> str:
        """Where the text leaves the grammar, and what could stand there, in the grammar's words."""
        at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        at = len(text) if at_end else error.pos_in_stream or 0
        parser = self.lalr.parse_interactive(text[:at])
        parser.exhaust_lexer()
        shown = sorted(self._shown(name) for name in _accepted(parser))
        expected = " or ".join([*shown[:EXPECTED_MAX], *(["something else"] if len(shown) > EXPECTED_MAX else [])])
        line, column = text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
        where = f"line {line}, character {column}"
        return f"not a text of the grammar `{self.name}`: at {where} {expected} has to stand"

    def _shown(self, name: str) -> str:
        if name == "$END":
            return "the end"
        if name in self.tree.terminals:
            return f"`{name}`"
        patterns = {each.name: each.pattern.value for each in self.lalr.terminals}
        return literal_text(patterns[name])


def _accepted(parser: Any) -> frozenset[str]:
    """The terminals that a parser would go on with; `accepts` has no types."""
    return frozenset(map(str, parser.accepts()))


def _rules(found: LarkTree) -> list[LarkTree]:
    return [child for child in found.children if isinstance(child, Tree)]


def body_length_max(body: Body, tree: GrammarTree) -> int:
    """The length of the longest text of a body."""
    match body:
        case Literal():
            return len(body.text)
        case Use(name):
            return (
                length_max(tree.terminals[name].pattern)
                if body.is_terminal
                else body_length_max(tree.rules[name].body, tree)
            )
        case Sequence():
            return sum(body_length_max(item, tree) for item in body.items)
        case Alternatives():
            return max(body_length_max(option, tree) for option in body.options)
        case Repeated():
            return body.high * body_length_max(body.item, tree)


def read_grammar(source: Source, report: Report) -> AnswerGrammar | None:
    """The grammar of a text; None when it is reported that it is none of the house subset (NS630 to NS641)."""
    own = Report()
    tree = read_tree(source, own)
    if tree is not None:
        check_names(tree, source, own)
    found = None if tree is None or own.has_errors else _grammar(grammar_name(source), tree, own)
    report.extend(own.diagnostics)
    return found


def _grammar(name: str, tree: GrammarTree, report: Report) -> AnswerGrammar | None:
    """The grammar of a tree in which every name leads somewhere."""
    check_expectations(tree, report)
    shapes = shapes_of(tree, report)
    start = tree.rules[START]
    if body_length_max(start.body, tree) > TEXT_LENGTH_MAX:
        message = f"an answer could have more than {TEXT_LENGTH_MAX} characters"
        report.add(problems.too_large(message, start.span, "lower the bounds of what is repeated"))
    if report.has_errors:
        return None
    grammar = AnswerGrammar(name, tree, shapes)
    try:
        assert grammar.lalr.options.parser == "lalr"  # it is built here
    except LarkError as error:
        report.add(problems.refused("Lark", str(error), start.span))
        return None
    return grammar


@cache
def known_grammar(name: str, text: str) -> AnswerGrammar:
    """The grammar of a text that was read before and is one."""
    report = Report()
    found = read_grammar(Source(name, text), report)
    assert found is not None
    return found
