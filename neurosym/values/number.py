"""Exact numbers: `int` where integral, else `Decimal`, at most 34 significant digits (decimal128, as FEEL)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import TypeAlias

Number: TypeAlias = int | Decimal

DIGITS_MAX = 34
LARGE = 10**DIGITS_MAX
EXPONENT_MAX, EXPONENT_MIN = 6144, -6143
CONTEXT = Context(
    prec=DIGITS_MAX,
    rounding=ROUND_HALF_EVEN,
    Emin=EXPONENT_MIN,
    Emax=EXPONENT_MAX,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
# Wide enough that adding any two numbers of CONTEXT loses nothing.
EXACT = Context(prec=2 * (EXPONENT_MAX - EXPONENT_MIN), rounding=ROUND_HALF_EVEN, Emin=-20000, Emax=20000, flags=[])
LITERAL = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
LITERAL_LENGTH_MAX = 400


class NumberError(ValueError):
    """The operation has no number for a value: division by zero, overflow, too many digits."""


def normal(value: Number) -> Number:
    """The one representation of a number: rounded to 34 digits half even, an `int` when integral."""
    if isinstance(value, int) and -LARGE < value < LARGE:
        return value
    try:
        rounded = CONTEXT.plus(Decimal(value) if isinstance(value, int) else value)
    except (InvalidOperation, Overflow) as error:
        raise NumberError("the number is too large") from error
    if not rounded.is_finite():
        raise NumberError("the number is too large")
    if rounded == rounded.to_integral_value():
        return int(rounded)
    return rounded.normalize(CONTEXT)


def parse_number(text: str) -> Number:
    """The number a plain decimal literal (`-49.99`) writes; NumberError when it is none or would be rounded."""
    if len(text) > LITERAL_LENGTH_MAX or not LITERAL.fullmatch(text):
        raise NumberError("not a plain decimal number")
    exact = Decimal(text)
    if len(exact.normalize(EXACT).as_tuple().digits) > DIGITS_MAX:
        raise NumberError(f"more than {DIGITS_MAX} significant digits")
    return normal(exact)


def number_text(value: Number) -> str:
    """The plain decimal literal of a number, without exponent."""
    is_short = isinstance(value, int) and -LARGE < value < LARGE  # Python writes out no very long int
    return str(value) if is_short else format(Decimal(value), "f")


def add(left: Number, right: Number) -> Number:
    """The sum, rounded once."""
    if isinstance(left, int) and isinstance(right, int):
        return normal(left + right)
    return normal(EXACT.add(Decimal(left), Decimal(right)))


def negate(value: Number) -> Number:
    """The number with the other sign."""
    return -value if isinstance(value, int) else value.copy_negate()


def multiply(left: Number, right: Number) -> Number:
    """The product, rounded once."""
    if isinstance(left, int) and isinstance(right, int):
        return normal(left * right)
    return normal(EXACT.multiply(Decimal(left), Decimal(right)))


def divide(left: Number, right: Number) -> Number:
    """The quotient, rounded once; NumberError when `right` is 0."""
    if right == 0:
        raise NumberError("division by zero")
    try:
        return normal(CONTEXT.divide(Decimal(left), Decimal(right)))
    except (InvalidOperation, Overflow) as error:
        raise NumberError("the quotient is too large") from error


def power(base: Number, exponent: Number) -> Number:
    """`base ** exponent`, rounded once; NumberError where the reals have no such power or it is too large."""
    try:
        # Reduced first: a power computes with all the digits that a whole number is written with.
        return normal(CONTEXT.power(CONTEXT.plus(Decimal(base)).normalize(CONTEXT), CONTEXT.plus(Decimal(exponent))))
    except (InvalidOperation, Overflow, DivisionByZero) as error:
        raise NumberError("the power is no number or too large") from error


def total(values: Iterable[Number]) -> Number:
    """The exact sum rounded once at the end, so that order does not matter."""
    return normal(exact_sum(values))


def mean(values: Sequence[Number]) -> Number:
    """The exact sum divided by how many there are, at least one, and rounded once."""
    return divide(exact_sum(values), len(values))


def exact_sum(values: Iterable[Number]) -> Number:
    """The sum without any rounding."""
    whole, rest = 0, Decimal(0)
    for value in values:
        if isinstance(value, int):
            whole += value
        else:
            rest = EXACT.add(rest, value)
    return EXACT.add(Decimal(whole), rest) if rest else whole


def floor_divide(left: Number, right: int) -> tuple[int, Number]:
    """The whole quotient towards minus infinity and the remainder, rounded once; `right` is positive."""
    if isinstance(left, int):
        return divmod(left, right)
    quotient = int(EXACT.divide(left, Decimal(right)).to_integral_value(rounding=ROUND_FLOOR, context=EXACT))
    return quotient, normal(EXACT.subtract(left, Decimal(quotient * right)))
