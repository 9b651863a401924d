"""Types: what fits where, what two have in common, what may be equal."""

from __future__ import annotations

import pytest

from neurosym.feel.types import (
    EMPTY_LIST,
    UNTYPED,
    Basic,
    Choice,
    FactOf,
    ListOf,
    Nullable,
    RangeOf,
    RecordOf,
    Type,
    common,
    comparable,
    fits,
    type_text,
    without_null,
)

TEXT, NUMBER, DATE, NULL = Basic.TEXT, Basic.NUMBER, Basic.DATE, Basic.NULL
A, AB, BC, D = Choice(("a",)), Choice(("a", "b")), Choice(("b", "c")), Choice(("d",))
PARTY, PAYMENT = FactOf("Party"), FactOf("Payment")
RECORD = RecordOf((("a", NUMBER), ("b", TEXT)))


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (NUMBER, "number"),
        (AB, '"a" | "b"'),
        (PARTY, "Party"),
        (ListOf(Nullable(DATE)), "list of date or null"),
        (RangeOf(NUMBER), "range of number"),
        (RECORD, "record {a: number, b: text}"),
        (Nullable(AB), '"a" | "b" or null'),
    ],
)
def test_a_type_is_written_as_an_author_writes_it(of: Type, text: str) -> None:
    assert type_text(of) == text


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (NUMBER, NUMBER),
        (A, AB),
        (A, TEXT),
        (NUMBER, Nullable(NUMBER)),
        (NULL, Nullable(NUMBER)),
        (Nullable(A), Nullable(TEXT)),
        (ListOf(A), ListOf(TEXT)),
        (EMPTY_LIST, ListOf(PARTY)),
        (RangeOf(NUMBER), RangeOf(Nullable(NUMBER))),
        (RecordOf((("a", NUMBER), ("b", A))), RECORD),
        (UNTYPED, PARTY),
        (PARTY, UNTYPED),
    ],
)
def test_a_type_fits_where_every_value_of_it_does(given: Type, wanted: Type) -> None:
    assert fits(given, wanted)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (TEXT, NUMBER),
        (TEXT, AB),
        (AB, A),
        (Nullable(NUMBER), NUMBER),
        (NULL, NUMBER),
        (PARTY, PAYMENT),
        (ListOf(TEXT), ListOf(A)),
        (ListOf(NUMBER), NUMBER),
        (RECORD, RecordOf((("b", TEXT), ("a", NUMBER)))),
        (RangeOf(DATE), RangeOf(NUMBER)),
        (Basic.DURATION, Basic.MONTHS),
        (Basic.DATE, Basic.DATETIME),
    ],
)
def test_a_type_does_not_fit_where_some_value_of_it_does_not(given: Type, wanted: Type) -> None:
    assert not fits(given, wanted)


@pytest.mark.parametrize(
    ("left", "right", "both"),
    [
        (NUMBER, NUMBER, NUMBER),
        (A, TEXT, TEXT),
        (AB, BC, Choice(("a", "b", "c"))),
        (NUMBER, NULL, Nullable(NUMBER)),
        (Nullable(NUMBER), NUMBER, Nullable(NUMBER)),
        (Nullable(A), D, Nullable(Choice(("a", "d")))),
        (NULL, NULL, NULL),
        (ListOf(A), ListOf(D), ListOf(Choice(("a", "d")))),
        (EMPTY_LIST, ListOf(NUMBER), ListOf(NUMBER)),
        (UNTYPED, NUMBER, NUMBER),
        (NUMBER, TEXT, None),
        (PARTY, PAYMENT, None),
        (ListOf(NUMBER), ListOf(TEXT), None),
        (Nullable(NUMBER), TEXT, None),
    ],
)
def test_two_types_have_the_smallest_in_common_that_holds_both_or_none(
    left: Type, right: Type, both: Type | None
) -> None:
    assert common(left, right) == both


@pytest.mark.parametrize(
    ("left", "right", "can"),
    [
        (AB, BC, True),
        (A, D, False),
        (A, TEXT, True),
        (NULL, NUMBER, True),
        (Nullable(A), Nullable(D), False),
        (NUMBER, TEXT, False),
        (PARTY, Nullable(PARTY), True),
        (PARTY, PAYMENT, False),
    ],
)
def test_values_of_two_types_may_be_equal_where_they_share_one(left: Type, right: Type, can: bool) -> None:  # noqa: FBT001
    assert comparable(left, right) is comparable(right, left) is can


def test_null_is_taken_off_once() -> None:
    assert without_null(Nullable(NUMBER)) is NUMBER
    assert without_null(NUMBER) is NUMBER
