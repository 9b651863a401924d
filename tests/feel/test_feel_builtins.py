"""Built-in functions: what they give, and what of unknown and impossible arguments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from neurosym.feel.types import Basic, ListOf, Nullable, Type
from neurosym.values.temporal import Duration, Months
from neurosym.values.unknown import ANYTHING, Between, Domain, OneOf, Unknown
from neurosym.values.value import Value
from tests.feel.evaluating import WHY, failure, problems, unknown, value

TEXT, NUMBER, DATE = Basic.TEXT, Basic.NUMBER, Basic.DATE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abs(-5)", 5),
        ("abs(5.5)", Decimal("5.5")),
        ("abs(-1.5)", Decimal("1.5")),
        ('abs(duration("-P1D"))', Duration(86_400)),
        ('abs(duration("-P1Y"))', Months(12)),
        ("floor(1.5)", 1),
        ("floor(-1.5)", -2),
        ("floor(3)", 3),
        ("ceiling(1.5)", 2),
        ("ceiling(-1.5)", -1),
        ("decimal(0.125, 2)", Decimal("0.12")),  # half to the even digit
        ("decimal(0.135, 2)", Decimal("0.14")),
        ("decimal(2.5, 0)", 2),
        ("decimal(15, -1)", 20),
        ("decimal(25, -1)", 20),
        ("decimal(1/3, 3)", Decimal("0.333")),
        ("modulo(7, 3)", 1),
        ("modulo(-7, 3)", 2),
        ("modulo(7, -3)", -2),
        ("modulo(-7, -3)", -1),
        ("modulo(5.5, 2)", Decimal("1.5")),
        ("modulo(6, 3)", 0),
        ("count([])", 0),
        ("count([1, 1, 1])", 3),
        ("sum([0.1, 0.2])", Decimal("0.3")),
        ("sum([])", 0),
        ('list contains(["a", "b"], "a")', True),
        ('list contains([], "a")', False),
        ('contains("foobar", "oba")', True),
        ('contains("foobar", "")', True),
        ('contains("foobar", "FOO")', False),
        ('starts with("foobar", "foo")', True),
        ('starts with("foobar", "bar")', False),
        ('ends with("foobar", "bar")', True),
        ('ends with("foobar", "foo")', False),
        ('string length("")', 0),
        ('string length("é\U0001f602")', 2),
        ("string(1.50)", "1.5"),
        ("string(2026-03-01)", "2026-03-01"),
        ("string(true)", "true"),
        ('string("x")', "x"),
        ('string(duration("PT26H"))', "P1DT2H"),
        ('string(duration("P14M"))', "P1Y2M"),
        ('string(@"2026-03-01T08:00:00Z")', "2026-03-01T08:00:00Z"),
        ('date("2026-03-01")', date(2026, 3, 1)),
        ('duration("PT90S")', Duration(90)),
        ('duration("P1Y2M")', Months(14)),
        ("years and months duration(2025-03-31, 2026-03-30)", Months(11)),
        ("years and months duration(2025-03-31, 2026-03-31)", Months(12)),
        ("years and months duration(2026-03-31, 2025-04-01)", Months(-11)),
        ("years and months duration(2024-02-29, 2025-02-28)", Months(12)),
        ("years and months duration(2026-03-31, 2026-03-31)", Months(0)),
        ('similar("Maren Oskvist", "OSKVIST, Maren")', 1),
        ('similar("", "")', 0),
        ('business_days_after(2026-03-02, 10, "US")', date(2026, 3, 16)),
        ('similar(b: "x", a: "x") = similar("x", "x")', True),
    ],
)
def test_a_function_has_its_value(text: str, expected: Value) -> None:
    found = value(text)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("modulo(1, 0)", "division by zero"),
        ("decimal(1, 0.5)", "the number of places is a whole number"),
        ("decimal(1, 7000)", "the number of places is a whole number"),
        ('date("2026-02-30")', "no such day in the calendar"),
        ('date("yesterday")', "not a date of the form YYYY-MM-DD"),
        ('duration("P1" + "Y")', "years and months are not a duration of days and time"),
        ('duration("soon")', "not a duration such as P10D, PT1H or P1Y2M"),
        ('business_days_after(2026-03-02, 1.5, "US")', "the number of business days is a whole number"),
        ('business_days_after(2026-03-02, 100000, "US")', "more than 2600 business days"),
        ('business_days_after(2100-12-31, 1, "US")', "calendars are kept for the years 1950 to 2100"),
    ],
)
def test_what_a_function_has_no_value_for_is_unknown_for_a_reason(text: str, message: str) -> None:
    assert failure(value(text)) == message


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("string length(x)", Between(0, None)),
        ('similar(x, "y")', Between(0, 1)),
        ("count(xs)", Between(0, None)),
        ('contains(x, "y")', ANYTHING),
        ("string(x)", ANYTHING),
        ('business_days_after(d, 1, "US")', ANYTHING),
        ('business_days_after(2026-03-02, n, "US")', ANYTHING),
    ],
)
def test_of_an_unknown_argument_the_value_is_unknown_over_what_it_can_be(text: str, domain: Domain) -> None:
    types: dict[str, Type] = {"x": TEXT, "xs": ListOf(NUMBER), "d": DATE, "n": NUMBER}
    assert value(text, types, x=unknown(), xs=unknown(), d=unknown(), n=unknown()) == Unknown(WHY, domain)


def test_of_null_there_is_no_value() -> None:
    assert failure(value("abs(x)", {"x": Nullable(NUMBER)}, x=None)) == "`abs` of null"
    assert failure(value("string length(x)", {"x": Nullable(TEXT)}, x=None)) == "`string length` of null"


def test_lists_with_unknown_items_are_looked_at_item_by_item() -> None:
    few = unknown(OneOf(frozenset({1, 2})))
    assert value("count([x, 1])", {"x": NUMBER}, x=few) == 2
    assert value("sum([x, 1])", {"x": NUMBER}, x=few) == Unknown(WHY, Between(2, 3))
    assert value("list contains([x, 1], 1)", {"x": NUMBER}, x=few) is True
    assert value("list contains([x, 1], 3)", {"x": NUMBER}, x=few) is False
    assert value("list contains([x, 1], 2)", {"x": NUMBER}, x=few) == Unknown(WHY)
    assert [found.code for found in problems("sum([x, 1])", {"x": Nullable(NUMBER)})] == ["NS305"]


@pytest.mark.parametrize(
    ("text", "code", "advice"),
    [
        ("abbs(1)", "NS204", "did you mean `abs`?"),
        ("frobnicate(1)", "NS204", None),
        ("today()", "NS409", "make the day a field of the request, or use the decision's `on`"),
        ("abs(m: 1)", "NS212", None),
        ("abs()", "NS213", "add `n: ...`"),
        ("abs(n: 1, n: 2)", "NS214", None),
        ('business_days_after(2026-03-02, 1, "us")', "NS323", "did you mean `US`?"),
        ('business_days_after(2026-03-02, 1, "Atlantis")', "NS323", None),
        ('similar("a", 5)', "NS305", None),
    ],
)
def test_a_call_that_cannot_be_made_is_one_problem(text: str, code: str, advice: str | None) -> None:
    [found] = problems(text)
    assert found.code == code
    assert advice is None or found.help == advice
