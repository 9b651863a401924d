"""The first difference of two documents, for people."""

from __future__ import annotations

import pytest

from neurosym.decision.difference import SHOWN_LENGTH_MAX, first_difference


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (b'{"a":1}', b'{"a":2}', "$.a was 1 and is 2"),
        (b'{"a":1,"b":2}', b'{"a":0,"b":0}', "$.a was 1 and is 0"),
        (b'{"b":1,"a":1}', b'{"a":0,"b":0}', "$.a was 1 and is 0"),
        (b'{"a":1}', b"{}", "$.a is only recorded"),
        (b"{}", b'{"a":1}', "$.a is only executed"),
        (b'{"a":[1,{"b":null}]}', b'{"a":[1,{"b":false}]}', "$.a[1].b was null and is false"),
        (b"[1,2,3]", b"[1,2]", "$ has 3 items recorded and 2 executed"),
        (b"[1,2,3]", b"[1,3]", "$[1] was 2 and is 3"),
        (b'{"a":[]}', b'{"a":{}}', "$.a was [] and is {}"),
        (b'{"a":1}', b'{"a":true}', "$.a was 1 and is true"),
        (b'{"a":"1"}', b'{"a":1}', '$.a was "1" and is 1'),
        ('{"a":"ä"}'.encode(), b'{"a":"a"}', '$.a was "ä" and is "a"'),
        (b'{"a": 1}', b'{"a":1}', "the same content in other bytes"),
        (b"{", b"{}", "the recorded bytes are not JSON"),
        (b"\xff", b"{}", "the recorded bytes are not JSON"),
    ],
)
def test_the_first_difference_is_named_by_its_place(then: bytes, now: bytes, words: str) -> None:
    assert first_difference(then, now) == words


def test_long_values_are_cut() -> None:
    words = first_difference(b'"' + b"x" * 5000 + b'"', b'"y"')
    assert len(words) < 2 * SHOWN_LENGTH_MAX
    assert "..." in words


def test_bytes_that_nest_without_end_are_no_document() -> None:
    assert first_difference(b"[" * 100_000, b"{}") == "the recorded bytes are not JSON"


def test_a_number_without_end_is_a_difference() -> None:
    assert first_difference(b"1" * 5000, b"1") != "the same content in other bytes"
