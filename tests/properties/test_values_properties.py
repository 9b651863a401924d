"""Theorems about values: one form each, exact arithmetic, and no bytes that break the reader."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from random import Random

import pytest
import rfc8785
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from neurosym.text.diagnostic import Report
from neurosym.values.canonical import Json, canonical_bytes, digest
from neurosym.values.encoding import tagged, wire
from neurosym.values.json_text import read_json
from neurosym.values.number import Number, add, divide, floor_divide, multiply, normal, number_text, parse_number, total
from neurosym.values.temporal import (
    Date,
    Duration,
    Months,
    date_minus,
    date_plus,
    parse_date,
    parse_duration,
    temporal_text,
)
from neurosym.values.value import Fact, Value
from tests.properties.values import DATES, DOCUMENTS, NUMBERS, TEXTS, VALUES

UNHURRIED = settings(deadline=None)


def exactly(number: Number) -> Fraction:
    return Fraction(number)


def rounded(exact: Fraction) -> Fraction:
    """Half even to 34 significant digits, by the definition: scale, round the integer, scale back."""
    if exact == 0:
        return exact
    exponent = 0
    while abs(exact) / Fraction(10) ** exponent >= 10**34:
        exponent += 1
    while abs(exact) / Fraction(10) ** exponent < 10**33:
        exponent -= 1
    return round(exact / Fraction(10) ** exponent) * Fraction(10) ** exponent


@UNHURRIED
@given(DOCUMENTS)
def test_the_fast_canonical_bytes_are_those_of_the_reference_implementation(document: Json) -> None:
    assert canonical_bytes(document) == rfc8785.dumps(document)


@UNHURRIED
@given(DOCUMENTS)
def test_canonical_bytes_read_back_as_the_document(document: Json) -> None:
    assert json.loads(canonical_bytes(document)) == document
    assert read_json(canonical_bytes(document), "x", report := Report()) == document
    assert not report.diagnostics


@UNHURRIED
@given(st.dictionaries(TEXTS, DOCUMENTS, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_change_the_digest(document: dict[str, Json], random: Random) -> None:
    items = list(document.items())
    random.shuffle(items)
    assert digest(dict(items)) == digest(document)


@UNHURRIED
@given(VALUES, VALUES)
@example(0, False)
@example(1, True)
@example(Duration(0), Months(0))
@example((), None)
def test_tagged_values_have_equal_bytes_exactly_when_they_are_the_same_value(left: Value, right: Value) -> None:
    same = canonical_bytes(tagged(left)) == canonical_bytes(tagged(right))
    assert same == (repr_of(left) == repr_of(right))


def repr_of(value: Value) -> str:
    """Python's own account of a value, which tells types and offsets apart, and members of a fact too."""
    return f"{value!r}{value.fields!r}" if isinstance(value, Fact) else repr(value)


@UNHURRIED
@given(NUMBERS)
def test_a_number_is_read_back_from_its_text_and_from_the_wire(number: Number) -> None:
    assert parse_number(number_text(number)) == number
    assert type(parse_number(number_text(number))) is type(number)
    written = wire(number)
    assert (written if isinstance(written, int) else parse_number(str(written))) == number


@UNHURRIED
@given(NUMBERS, NUMBERS)
def test_sums_products_and_quotients_are_the_exact_ones_rounded_once(left: Number, right: Number) -> None:
    assert exactly(add(left, right)) == rounded(exactly(left) + exactly(right))
    assert exactly(multiply(left, right)) == rounded(exactly(left) * exactly(right))
    if right != 0:
        assert exactly(divide(left, right)) == rounded(exactly(left) / exactly(right))


@UNHURRIED
@given(st.lists(NUMBERS, max_size=6), st.randoms(use_true_random=False))
def test_a_total_is_the_exact_one_rounded_once_in_every_order(numbers: list[Number], random: Random) -> None:
    expected = rounded(sum(map(exactly, numbers), Fraction(0)))
    random.shuffle(numbers)
    assert exactly(total(numbers)) == expected


@UNHURRIED
@given(NUMBERS, NUMBERS)
def test_the_ambient_decimal_context_changes_nothing(left: Number, right: Number) -> None:
    expected = (add(left, right), multiply(left, right), total([left, right]), number_text(left))
    with localcontext(Context(prec=5, rounding=ROUND_HALF_EVEN, Emin=-3, Emax=3)):
        assert (add(left, right), multiply(left, right), total([left, right]), number_text(left)) == expected


@UNHURRIED
@given(NUMBERS)
def test_a_number_has_one_representation(number: Number) -> None:
    assert repr(normal(number)) == repr(number)
    assert isinstance(number, int) == (exactly(number).denominator == 1)
    assert number != 0 or str(number) == "0"


@UNHURRIED
@given(NUMBERS, st.integers(1, 10**6))
def test_floor_division_of_what_is_not_negative_loses_nothing(number: Number, divisor: int) -> None:
    assume(0 <= number < 10**30)
    quotient, remainder = floor_divide(number, divisor)
    assert quotient * divisor + exactly(remainder) == exactly(number)
    assert 0 <= remainder < divisor


@UNHURRIED
@given(st.integers(-(10**9), 10**9), st.integers(0, 999_999))
def test_a_duration_is_read_back_from_its_text(seconds: int, micros: int) -> None:
    duration = Duration(normal(Decimal(seconds) + Decimal(micros).scaleb(-6)))
    assert parse_duration(temporal_text(duration)) == duration


@UNHURRIED
@given(st.integers(-(10**6), 10**6))
def test_months_are_read_back_from_their_text(count: int) -> None:
    assert parse_duration(temporal_text(Months(count))) == Months(count)


@UNHURRIED
@given(DATES, DATES)
def test_a_date_plus_the_difference_to_another_is_the_other(left: Date, right: Date) -> None:
    assert date_plus(right, date_minus(left, right)) == left
    assert parse_date(temporal_text(left)) == left


JSON_LIKE = st.lists(
    st.sampled_from([*'{}[],:"\\ \n', "0", "1.5", "1e9", "-", "true", "null", "NaN", '"a"', "\\ud800", "\\u0041", "é"]),
    max_size=30,
).map(lambda parts: "".join(parts).encode())


@UNHURRIED
@given(st.one_of(st.binary(max_size=60), JSON_LIKE, DOCUMENTS.map(lambda document: json.dumps(document).encode())))
def test_no_bytes_whatever_break_the_reader_and_what_it_accepts_is_what_stands_there_without_floats(
    content: bytes,
) -> None:
    document = read_json(content, "x", report := Report())
    if report.diagnostics:
        assert all(found.code in {"NS501", "NS502", "NS503"} and found.is_error for found in report.diagnostics)
    else:
        assert document == json.loads(content, parse_float=lambda literal: pytest.fail(f"accepted {literal}"))
