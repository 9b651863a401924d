"""Theorems about reading text."""

from __future__ import annotations

from functools import cache
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from neurosym.feel.lexeme import Reading
from neurosym.feel.lexer import lexemes
from neurosym.feel.parser import parse_expression, parse_unary_tests
from neurosym.feel.tree import Expr
from neurosym.lang.parsing import parse
from neurosym.text.codes import known_codes
from neurosym.text.diagnostic import Report
from neurosym.text.render import render_text
from neurosym.text.span import Source, Span
from tests.lang.reading import EXAMPLE, declarations
from tests.properties.expressions import expressions, written

LAYOUT = [" ", "\n", "\t", "\r\n", "  ", ' /* then ( " */', " // rule x\n", "\n\n  "]
PIECES = [lexeme.span.text for lexeme in lexemes(Reading(Source("", EXAMPLE)))]
SIGNS = st.sampled_from([*"()[]{}\",.:;|?%<>=!*/+-@\\&'", "..", "//", "/*", "*/", "\n", "\u202e", "\x00", "“"])


@cache
def example_tree() -> object:
    return declarations(EXAMPLE)


def check_reading(text: str) -> None:
    """A file with problems is left out and every problem has a code with a page and a place in the text."""
    source = Source("x.rules", text)
    files = parse([source], report := Report())
    assert [file.source for file in files] == ([] if report.diagnostics else [source])
    for found in report.diagnostics:
        assert found.is_error
        assert found.code in known_codes()
        assert found.primary is not None
        assert isinstance(found.primary.place, Span)
        assert 0 <= found.primary.place.start <= found.primary.place.end <= len(text)
    render_text(report.diagnostics)


@given(expressions)
@settings(max_examples=300)
def test_the_text_of_a_tree_reads_as_that_tree(expr: Expr) -> None:
    report = Report()
    assert parse_expression(written(expr), None, report) == expr
    assert not report.diagnostics


@given(st.text())
@example("\ud800")
@example('"\\')
def test_arbitrary_text_is_read_or_diagnosed(text: str) -> None:
    check_reading(text)
    for reader in (parse_expression, parse_unary_tests):
        tree = reader(text, None, report := Report())
        assert (tree is None) == report.has_errors


@given(st.binary())
def test_arbitrary_bytes_are_read_or_diagnosed(content: bytes) -> None:
    check_reading(content.decode("latin-1"))
    check_reading(content.decode("utf-8", "surrogateescape"))


@given(st.lists(st.sampled_from(PIECES) | SIGNS, max_size=60), st.sampled_from(["", " ", "\n"]))
def test_shuffled_words_are_read_or_diagnosed(pieces: list[str], between: str) -> None:
    check_reading(between.join(pieces))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_read_or_diagnosed(data: st.DataObject) -> None:
    text = EXAMPLE
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(st.sampled_from(PIECES) | SIGNS | st.text(max_size=3)) + text[end:]
    check_reading(text)


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_layout_and_comments_carry_no_meaning(seed: int) -> None:
    gaps = Random(seed).choices(LAYOUT, k=len(PIECES))  # noqa: S311 - no secret depends on it
    text = "".join(piece + gap for piece, gap in zip(PIECES, gaps, strict=True))
    assert declarations(text) == example_tree()


def test_a_file_on_one_line_means_the_same() -> None:
    assert declarations(" ".join(PIECES)) == example_tree()


@given(
    st.sampled_from(["(", "[", "-", "not(", "f(", "if a then b else ", "a implies ", "x in (", "{a: ", "a + ", "a."])
)
@settings(max_examples=11, deadline=None)
def test_hostile_depth_is_a_diagnostic(opening: str) -> None:
    for count in (150, 1500):
        check_reading(f"rule r when {opening * count}")
        check_reading(f"rule r when {opening * count}a")
        check_reading(f'rule r then d() is "x" because "{{{opening * count}}}"')
