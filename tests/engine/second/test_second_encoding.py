"""Codes: two values of a type have the same one exactly when the language says that they are equal."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.engine.second.encoding import DECIMALS_MAX, NULL, SCALED_MAX, Codes, codes_of, decimals_of
from neurosym.feel.extent import equal
from neurosym.values.temporal import parse_date
from neurosym.values.unknown import Unknown
from neurosym.values.value import Fact, Reference, Value
from tests.engine.second.worlds import OWNERSHIP, program_of
from tests.properties.values import NUMBERS, OFFSETS, TEXTS

OF_ONE_TYPE: st.SearchStrategy[list[Value]] = st.one_of(
    *(
        st.lists(st.one_of(st.none(), each), min_size=2, max_size=6)
        for each in (
            NUMBERS,
            TEXTS,
            st.booleans(),
            st.dates(),
            st.datetimes(timezones=OFFSETS),
            st.times(timezones=OFFSETS),
            st.builds(lambda key: Reference("F", (key,)), st.one_of(TEXTS, NUMBERS)),
        )
    )
)


@given(OF_ONE_TYPE, st.integers(2, DECIMALS_MAX))
def test_equal_values_and_no_others_have_equal_codes(values: list[Value], decimals: int) -> None:
    codes = Codes(decimals)
    coded = [(value, code) for value in values if (code := codes.code(value)) is not None]
    for left, mine in coded:
        for right, theirs in coded:
            assert (mine == theirs) == (equal(left, right) is True)


@given(NUMBERS)
def test_a_number_without_a_code_is_too_large_or_too_fine(value: int | Decimal) -> None:
    code, scaled = Codes(4).code(value), Fraction(value) * 10_000
    if code is None:
        assert abs(scaled) >= SCALED_MAX or scaled.denominator > 1
    else:
        assert code == scaled


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, NULL),
        (False, 0),
        (True, 1),
        (12, 1200),
        (Decimal("-0.05"), -5),
        (parse_date("1970-01-01"), 0),
        (parse_date("2026-03-02"), 20514),
        ("first of its kind", 1),
        ((1, 2), None),
        (Decimal("0.005"), None),
        (SCALED_MAX // 100, SCALED_MAX // 100 * 100),
        (SCALED_MAX // 100 + 1, None),
        (Unknown(frozenset()), None),
        (Reference("F", (Unknown(frozenset()),)), None),
    ],
)
def test_codes_are_whole_numbers(value: Value, code: int | None) -> None:
    assert Codes(2).code(value) == code


def test_codes_are_below_that_of_null_and_of_nothing() -> None:
    assert abs(NULL) > SCALED_MAX


@pytest.mark.parametrize(("finest", "decimals"), [("0.5", 2), ("0.125", 3), (f"0.{'0' * 20}1", DECIMALS_MAX)])
def test_numbers_are_scaled_as_the_facts_need_it(finest: str, decimals: int) -> None:
    assert decimals_of([Fact("F", ("1",), {"id": "1", "a": Decimal(finest)})]) == decimals


def test_a_message_has_every_declared_field_and_nothing_nested() -> None:
    of = program_of(OWNERSHIP).fact_types["Party"]
    fact = Fact("Party", ("X",), {"id": "X", "country": Unknown(frozenset())})
    assert codes_of(fact, of, Codes(2)) == {"self": 1, "f_id": 2, "f_country": None}
