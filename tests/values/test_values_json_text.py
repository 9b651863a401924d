"""JSON as we read it: strict, bounded, every problem with its place."""

from __future__ import annotations

import pytest

from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.span import JsonPath, Span
from neurosym.values.canonical import Json
from neurosym.values.json_text import DEPTH_MAX, DIGITS_MAX, read_json


def read(content: bytes) -> tuple[Json, list[Diagnostic]]:
    report = Report()
    return read_json(content, "facts.json", report), report.diagnostics


def problem(content: bytes) -> Diagnostic:
    _, [found] = read(content)
    assert found.is_error
    return found


def path(found: Diagnostic) -> str:
    assert found.primary is not None
    assert isinstance(found.primary.place, JsonPath)
    assert found.primary.place.document == "facts.json"
    return found.primary.place.path


@pytest.mark.parametrize(
    ("content", "document"),
    [
        (b"null", None),
        (b'{"a": [1, -2, true, "x\\u00e9"]}', {"a": [1, -2, True, "xé"]}),
        ('{"päivä": "2026"}'.encode(), {"päivä": "2026"}),
        (b"-0", 0),
        (b'"\\ud83d\\ude02"', "\U0001f602"),
        (b"1" + b"0" * (DIGITS_MAX - 1), 10 ** (DIGITS_MAX - 1)),
        (b'{"twice": 1, "other": {"twice": 2}}', {"twice": 1, "other": {"twice": 2}}),
    ],
)
def test_a_document_is_read_as_it_is(content: bytes, document: Json) -> None:
    assert read(content) == (document, [])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"[1 2]",
        b"nul",
        b"01",
        b'"\x01"',
        b"{} {}",
        b"// no comments\n{}",
    ],
)
def test_what_is_not_json_is_refused_at_its_place(content: bytes) -> None:
    found = problem(content)
    assert (found.code, found.message[:8]) == ("NS501", "not JSON")
    assert found.primary is not None
    assert isinstance(found.primary.place, Span)


def test_the_place_is_line_and_column() -> None:
    found = problem(b'{"a": 1,\n "b": x}')
    assert found.primary is not None
    assert str(found.primary.place) == "facts.json:2:7"


@pytest.mark.parametrize("constant", [b"NaN", b"Infinity", b"-Infinity", b"[NaN]"])
def test_what_only_python_reads_is_refused(constant: bytes) -> None:
    found = problem(constant)
    assert (found.code, path(found)) == ("NS501", "$")


def test_bytes_that_are_no_text_are_refused() -> None:
    found = problem(b'{"a": "\xff"}')
    assert (found.code, found.message) == ("NS501", "not JSON: not UTF-8 at byte 7")
    assert problem("{}".encode("utf-16")).code == "NS501"
    assert problem(b"\xef\xbb\xbf{}").code == "NS501"


def test_a_key_that_stands_twice_is_refused_where_it_stands() -> None:
    _, found = read(b'{"a": {"x": 1, "x": 2}, "b": [{"y": 1, "z": 2, "y": 1, "z": 3}]}')
    assert [(each.code, path(each), each.message) for each in found] == [
        ("NS502", "$.a.x", "key `x` stands twice"),
        ("NS502", "$.b[0].y", "key `y` stands twice"),
        ("NS502", "$.b[0].z", "key `z` stands twice"),
    ]


@pytest.mark.parametrize(
    ("literal", "advice"),
    [
        ("49.99", 'write "49.99"'),
        ("1.0", 'write "1.0"'),
        ("-0.1", 'write "-0.1"'),
        ("1e3", "write the digits as text"),
        ("1E-3", "write the digits as text"),
    ],
)
def test_a_binary_float_is_refused_with_what_to_write_instead(literal: str, advice: str) -> None:
    found = problem(f'{{"payment": {{"amount": [{literal}]}}}}'.encode())
    assert (found.code, path(found)) == ("NS503", "$.payment.amount[0]")
    assert (found.message, found.help) == (f"binary float {literal}", advice)


def test_every_problem_is_said_at_once() -> None:
    _, found = read(b'{"a": 0.5, "a": 1.5, "b": [2.5], "c": "\\ud800"}')
    assert [(each.code, path(each)) for each in found] == [
        ("NS502", "$.a"),
        ("NS503", "$.a"),
        ("NS503", "$.b[0]"),
        ("NS501", "$.c"),
    ]


@pytest.mark.parametrize(("content", "place"), [(b'["\\ud800"]', "$[0]"), (b'{"\\udc00": 1}', "$")])
def test_half_a_character_is_refused(content: bytes, place: str) -> None:
    found = problem(content)
    assert (found.code, path(found)) == ("NS501", place)
    assert "lone surrogate" in found.message


def test_nesting_is_bounded() -> None:
    assert read(b"[" * DEPTH_MAX + b"]" * DEPTH_MAX)[1] == []
    deep = problem(b"[" * (DEPTH_MAX + 2) + b"]" * (DEPTH_MAX + 2))
    assert (deep.code, deep.message) == ("NS501", f"not JSON: nested deeper than {DEPTH_MAX} levels")
    assert problem(b"[" * 1_000_000).code == "NS501"
    assert problem(b'{"a":' * 100_000).code == "NS501"


def test_digits_are_bounded() -> None:
    assert problem(b"1" * (DIGITS_MAX + 1)).message == f"not JSON: a number of more than {DIGITS_MAX} digits"
    assert problem(b"1" * 10_000).code == "NS501"
