"""From the text of an expression to its tree."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from lark import Lark, UnexpectedToken

from neurosym.feel.builder import ExpressionBuilder, Productions
from neurosym.feel.explanation import explanation
from neurosym.feel.lexeme import DAMAGE, PROBLEMS_MAX, Lexeme, Reading
from neurosym.feel.lexer import SoftLexer, lexemes
from neurosym.feel.slip import report_hidden_characters
from neurosym.feel.syntax import RefusedError, too_many_problems
from neurosym.feel.tree import Expr, Test
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.shipped import shipped_path
from neurosym.text.span import Source, Span


def build_parser(grammars: Sequence[str], starts: Sequence[str], *builders: object) -> Lark:
    """The LALR(1) parser of the grammar files, read one after the other; strict: a conflict is an error of ours."""
    grammar = "\n".join(shipped_path("grammars", name).read_text(encoding="utf-8") for name in grammars)
    return Lark(
        grammar,
        parser="lalr",
        lexer=SoftLexer,
        strict=True,
        start=list(starts),
        transformer=Productions(*builders),
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


@cache
def expression_parser() -> Lark:
    """The parser of expressions, built once."""
    return build_parser(["feel.lark"], ["expression", "unary_tests"], ExpressionBuilder())


def parse_expression(text: str, source: Source | None, report: Report, offset: int = 0) -> Expr | None:
    """The tree of an expression, or None with diagnostics in the report.

    The text stands in `source` from `offset`; without a source it is one of its own. Errors: NS100 to NS120.
    """
    return _parsed("expression", text, source, report, offset)  # type: ignore[no-any-return] # what the builder made


def parse_unary_tests(text: str, source: Source | None, report: Report, offset: int = 0) -> tuple[Test, ...] | None:
    """The tests that a comma-separated list writes, such as `>= 0, [10..20]`; otherwise as `parse_expression`."""
    return _parsed("unary_tests", text, source, report, offset)  # type: ignore[no-any-return] # what the builder made


def _parsed(start: str, text: str, source: Source | None, report: Report, offset: int) -> Any:
    reading = Reading(Source("<expression>", text) if source is None else source)
    report_hidden_characters(reading)
    tree = None if reading.problems else tree_at(start, reading, offset, offset + len(text))
    report.extend(ranked(reading))
    return None if reading.problems else tree


def ranked(reading: Reading) -> list[Diagnostic]:
    """The problems of a text from its beginning to its end; NS121 says that there are more."""
    found = sorted(reading.problems[:PROBLEMS_MAX], key=_place)
    return [*found, too_many_problems(PROBLEMS_MAX, Span(reading.source, 0, 0))] if reading.is_full else found


def _place(found: Diagnostic) -> int:
    place = found.primary.place if found.primary else None
    return place.start if isinstance(place, Span) else 0


def tree_at(start: str, reading: Reading, begin: int, end: int) -> Any:
    """What the builder made of an expression that stands in a text; None when problems went to the reading."""
    known = len(reading.problems)
    tree = tree_of(expression_parser(), start, lexemes(reading, begin, end), reading, end)
    return tree if len(reading.problems) == known else None


def tree_of(lark: Lark, start: str, found: Sequence[Lexeme], reading: Reading, end: int) -> Any:
    """What the builder made of the lexemes, or None; the first problem that stops the parser goes to the reading."""
    if any(lexeme.kind == DAMAGE for lexeme in found):
        return None
    known = len(reading.problems)
    try:
        return lark.parse(found, start=start)
    except RefusedError as error:
        reading.add(error.found)
    except UnexpectedToken as error:
        at = next((number for number, lexeme in enumerate(found) if lexeme is error.token), len(found))
        before = reading.problems[known:]
        problem = explanation(lark, start, found, at, Span(reading.source, end, end))
        # The explanation reads up to the problem once more, and so would report what stands before it twice.
        reading.problems[known:] = [*before, problem]
    return None
