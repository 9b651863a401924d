"""Places: lines and columns of a text, paths of a JSON document."""

from __future__ import annotations

import pytest

from neurosym.text.span import JsonPath, Source, Span

SOURCE = Source("x.rules", "ab\n\nçd\r\ne")


@pytest.mark.parametrize(
    ("offset", "line", "column"),
    [(0, 1, 1), (1, 1, 2), (2, 1, 3), (3, 2, 1), (4, 3, 1), (5, 3, 2), (8, 4, 1), (9, 4, 2)],
)
def test_lines_and_columns_count_characters_from_one(offset: int, line: int, column: int) -> None:
    assert SOURCE.line_column(offset) == (line, column)


def test_a_line_comes_without_its_end() -> None:
    assert [SOURCE.line_text(line) for line in (1, 2, 3, 4)] == ["ab", "", "çd", "e"]


def test_a_span_is_what_the_author_wrote_there() -> None:
    first, last = Span(SOURCE, 0, 2), Span(SOURCE, 4, 6)
    assert (first.text, str(first)) == ("ab", "x.rules:1:1")
    assert (first.to(last).text, str(last)) == ("ab\n\nçd", "x.rules:3:1")
    assert first.to(Span(SOURCE, 1, 1)) == first


def test_a_path_is_written_with_dots_and_brackets() -> None:
    path = JsonPath("facts.json") / "Party" / 3 / "name"
    assert (path.path, str(path), str(JsonPath("x"))) == ("$.Party[3].name", "facts.json: $.Party[3].name", "x: $")
