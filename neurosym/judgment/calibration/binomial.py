"""Exact bounds of a share, from how often something happened (Clopper and Pearson, Biometrika 26, 1934).

Everything is whole numbers: the same counts give the same bound on every interpreter.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from neurosym.values.number import Number, normal

BOUND_DIGITS = 6  # of a bound, which is rounded up


def tail(wrong: int, of: int, share: Fraction) -> Fraction:
    """The probability of at most so many wrong ones, were each wrong with this share: the p-value of the one-sided
    exact test whether the true share is smaller.
    """
    hit, whole = share.numerator, share.denominator
    missed = whole - hit
    # The sum of C(of, count) * hit**count * missed**(of - count) over whole**of, for each count up to `wrong`.
    total, ways, hits = 0, 1, 1
    for count in range(wrong + 1):
        total += ways * hits * missed ** (wrong - count)
        ways = ways * (of - count) // (count + 1)
        hits *= hit
    return Fraction(total * missed ** (of - wrong), whole**of)


def upper_bound(wrong: int, of: int, doubt: Fraction) -> Number:
    """The share, rounded up to six digits, that the true one does not exceed with probability at least `1 - doubt`. Of
    none at all nothing is known, and it is 1.
    """
    parts = 10**BOUND_DIGITS
    low, high = -1, parts  # the bound lies above `low`, and at `high` at most
    while high - low > 1:
        middle = (low + high) // 2
        if tail(wrong, of, Fraction(middle, parts)) <= doubt:
            high = middle
        else:
            low = middle
    return normal(Decimal(high).scaleb(-BOUND_DIGITS))
