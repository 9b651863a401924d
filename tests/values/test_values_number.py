"""Numbers: 34 digits, half even, exact, and the same whatever the ambient decimal context is."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from neurosym.values.number import (
    Number,
    NumberError,
    add,
    divide,
    floor_divide,
    multiply,
    negate,
    normal,
    number_text,
    parse_number,
    power,
    total,
)

HOSTILE = decimal.Context(
    prec=5, rounding=decimal.ROUND_UP, Emin=-9, Emax=9, traps=[decimal.Inexact, decimal.Rounded, decimal.Subnormal]
)
NINES = "9" * 34


@pytest.fixture(params=[decimal.DefaultContext, HOSTILE], ids=["default context", "hostile context"], autouse=True)
def ambient(request: pytest.FixtureRequest) -> Iterator[None]:
    with decimal.localcontext(request.param):
        yield


def d(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("-0", 0),
        ("-0.0", 0),
        ("7", 7),
        ("007", 7),
        ("7.00", 7),
        ("49.99", d("49.99")),
        ("49.990", d("49.99")),
        ("-0.5", d("-0.5")),
        (NINES, int(NINES)),
        ("0." + NINES, d("0." + NINES)),
        ("1" + "0" * 60, 10**60),
        ("1." + "0" * 60, 1),
        ("0." + "0" * 60 + "1", d("1e-61")),
    ],
)
def test_a_plain_literal_is_its_number_in_one_representation(text: str, number: Number) -> None:
    found = parse_number(text)
    assert found == number
    assert type(found) is type(number)
    assert str(found) == str(number)


@pytest.mark.parametrize(
    "text", ["", "-", ".5", "5.", "1e5", "+1", "1_000", "1,5", " 1", "1 ", "NaN", "Infinity", "٣", "0x1", "--1"]
)
def test_what_is_no_plain_literal_is_refused(text: str) -> None:
    with pytest.raises(NumberError, match="not a plain decimal number"):
        parse_number(text)


@pytest.mark.parametrize("text", ["1" * 35, "0." + "1" * 35, "1" * 34 + ".1", "-" + "1" * 20 + "." + "1" * 15])
def test_a_literal_that_would_be_rounded_is_refused(text: str) -> None:
    with pytest.raises(NumberError, match="34 significant digits"):
        parse_number(text)


def test_a_literal_is_bounded_in_length() -> None:
    assert parse_number("0" * 400) == 0
    with pytest.raises(NumberError):
        parse_number("0" * 401)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (10**30, "1" + "0" * 30), (d("1E-7"), "0.0000001"), (d("-12.50"), "-12.50"), (d("1E+3"), "1000")],
)
def test_a_number_is_written_without_an_exponent(number: Number, text: str) -> None:
    assert number_text(number) == text


def test_the_largest_number_can_be_written() -> None:
    assert number_text(power(10, 6144)) == "1" + "0" * 6144


@pytest.mark.parametrize(
    ("operation", "left", "right", "expected"),
    [
        (add, d("0.1"), d("0.2"), d("0.3")),
        (add, 1, d("-1.0"), 0),
        (add, d("0.5"), d("0.5"), 1),
        (add, int(NINES), 1, 10**34),
        (add, 10**34, 5, 10**34),  # a tie goes to the even digit
        (add, 10**34, 15, 10**34 + 20),
        (add, 10**34, 6, 10**34 + 10),
        (add, d("1E+40"), d("1E-40"), 10**40),
        (multiply, d("0.1"), d("0.1"), d("0.01")),
        (multiply, d("0.5"), 2, 1),
        (multiply, 10**20, 10**20, 10**40),
        (multiply, int("3" * 34), 3, int(NINES)),
        (multiply, 10**33 + 1, 10**33 + 1, 10**66 + 2 * 10**33),
        (divide, 1, 3, d("0." + "3" * 34)),
        (divide, 2, 3, d("0." + "6" * 33 + "7")),
        (divide, 6, 3, 2),
        (divide, -1, 8, d("-0.125")),
        (divide, 0, 5, 0),
        (power, 2, 10, 1024),
        (power, 2, -1, d("0.5")),
        (power, 2, d("0.5"), d("1.414213562373095048801688724209698")),
        (power, 0, 3, 0),
        (power, 5, 0, 1),
    ],
)
def test_arithmetic_is_exact_to_34_digits_and_rounds_half_even(
    operation: Callable[[Number, Number], Number], left: Number, right: Number, expected: Number
) -> None:
    found = operation(left, right)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("operation", "left", "right"),
    [
        (divide, 1, 0),
        (divide, 0, 0),
        (divide, d("1E+6000"), d("1E-6000")),
        (multiply, d("1E+6000"), d("1E+6000")),
        (add, d("9E+6144"), d("9E+6144")),
        (power, 0, -1),
        (power, 0, 0),
        (power, -2, d("0.5")),
        (power, 10, 10**6),
    ],
)
def test_an_operation_without_a_number_is_refused(
    operation: Callable[[Number, Number], Number], left: Number, right: Number
) -> None:
    with pytest.raises(NumberError):
        operation(left, right)


def test_a_number_too_small_to_hold_is_zero_or_the_smallest() -> None:
    assert divide(d("1E-6000"), d("1E+6000")) == 0
    assert multiply(d("1E-6143"), d("0.1")) == d("1E-6144")


def test_a_total_is_rounded_once_so_that_its_order_does_not_matter() -> None:
    values: list[Number] = [10**34, 5, 5, d("0.5"), d("-0.5"), -(10**34)]
    assert total(values) == total(reversed(values)) == 10
    assert add(add(10**34, 5), 5) == 10**34
    assert total([10**34, 5, 5]) == 10**34 + 10


def test_a_total_of_nothing_is_zero_and_one_of_wholes_is_whole() -> None:
    assert total([]) == 0
    assert type(total([d("0.5"), d("0.5")])) is int
    assert total([d("0.1")] * 10) == 1


def test_an_integral_decimal_becomes_an_int() -> None:
    assert type(normal(d("5.000"))) is int
    assert type(normal(d("5.001"))) is Decimal
    assert normal(d("1E+3")) == 1000
    assert str(normal(d("-0.0"))) == "0"


def test_a_number_beyond_34_digits_is_rounded_when_it_is_made_normal() -> None:
    assert normal(10**35 + 1) == 10**35
    assert normal(-(10**35) - 5) == -(10**35)
    assert normal(d("0." + "1" * 40)) == d("0." + "1" * 34)


def test_negation_keeps_every_digit() -> None:
    assert negate(d("0." + NINES)) == d("-0." + NINES)
    assert negate(int(NINES)) == -int(NINES)
    assert negate(0) == 0


@pytest.mark.parametrize(
    ("left", "right", "quotient", "remainder"),
    [
        (7, 3, 2, 1),
        (-7, 3, -3, 2),
        (d("7.5"), 3, 2, d("1.5")),
        (d("-0.5"), 3, -1, d("2.5")),
        (d("86400.000"), 86400, 1, 0),
    ],
)
def test_floor_division_goes_towards_minus_infinity(left: Number, right: int, quotient: int, remainder: Number) -> None:
    assert floor_divide(left, right) == (quotient, remainder)
