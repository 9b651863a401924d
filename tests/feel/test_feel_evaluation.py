"""Operators: their values, exact and unknown; what has none, and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from neurosym.feel.types import Basic, Choice, ListOf, Nullable, RecordOf, Type
from neurosym.values.temporal import Duration, Months, parse_datetime, parse_time
from neurosym.values.unknown import ANYTHING, Between, Domain, Failed, MissingType, NoneOf, OneOf, Unknown
from neurosym.values.value import Record, Value
from tests.feel.evaluating import WHY, failure, problems, unknown, value

NUMBER, TEXT, BOOLEAN, DATE, DURATION = Basic.NUMBER, Basic.TEXT, Basic.BOOLEAN, Basic.DATE, Basic.DURATION


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 + 0.2", Decimal("0.3")),
        ("1 / 3", Decimal("0." + "3" * 34)),
        ("2 ** 3 ** 2", 64),
        ("-2 ** 2", 4),  # OMG DMN 1.5 §10.3.1.2: negation binds tighter than the power
        ("2 - 3 - 4", -5),
        ("10 / 4", Decimal("2.5")),
        ("10 / 5", 2),
        ('"foo" + "bar"', "foobar"),
        ("2026-03-01 - 2026-02-01", Duration(28 * 86_400)),
        ('2026-03-01 + duration("P1D")', date(2026, 3, 2)),
        ('duration("P1D") + 2026-03-01', date(2026, 3, 2)),
        ('2026-03-01 - duration("P1D")', date(2026, 2, 28)),
        ('duration("P1D") * 1.5', Duration(129_600)),
        ('2 * duration("P1D")', Duration(172_800)),
        ('duration("P1D") / 4', Duration(21_600)),
        ('duration("P1D") / duration("PT1H")', 24),
        ('duration("P1D") - duration("PT36H")', Duration(-43_200)),
        ('-duration("P1D")', Duration(-86_400)),
        ('2026-01-31 + duration("P1M")', date(2026, 2, 28)),
        ('2024-01-31 + duration("P1M")', date(2024, 2, 29)),
        ('duration("P1Y") + 2024-02-29', date(2025, 2, 28)),
        ('2026-03-31 - duration("P1M")', date(2026, 2, 28)),
        ('@"2026-01-31T08:00:00" + duration("P13M")', parse_datetime("2027-02-28T08:00:00")),
        ('duration("P1M") * 3', Months(3)),
        ('3 * duration("P1M")', Months(3)),
        ('duration("P1Y") / 4', Months(3)),
        ('duration("P1Y") / duration("P5M")', Decimal("2.4")),
        ('duration("P1Y") - duration("P13M")', Months(-1)),
        ('duration("P1Y") + duration("P1M")', Months(13)),
        ('-duration("P1M")', Months(-1)),
        ('duration("P11M") < duration("P1Y")', True),
        ("for x in [1, 2], y in [10, 20] return x + y", (11, 21, 12, 22)),
        ("for x in [[1, 2], [3]], y in x return y * 2", (2, 4, 6)),
        ("for x in [] return 1", ()),
        ("[1, 2, 3, 4][item > 2]", (3, 4)),
        ("[1, 2, 3, 4][item > 2][1]", 3),
        ("[1, 2, 3][-1]", 3),
        ("[1, 2, 3][-3]", 1),
        ("[1, 2, 3][0]", None),
        ("[1, 2, 3][4]", None),
        ("[1, 2, 3][-4]", None),
        ("[[1, 2], [3]][count(item[item > 1]) = 1]", ((1, 2), (3,))),
        ("[true, false, true][item]", (True, True)),
        ("min([3, 1, 2])", 1),
        ("max([2026-01-01, 2026-03-01])", date(2026, 3, 1)),
        ("mean([1, 2, 4])", Decimal("2." + "3" * 33)),
        ("mean([0.1, 0.2])", Decimal("0.15")),
        ("min([])", None),
        ("max([])", None),
        ("mean([])", None),
        ('max([duration("P1M"), duration("P1Y")])', Months(12)),
        ('(2026-03-01 - 2024-03-01) / duration("P1D")', 730),
        ("1 = 1.0", True),
        ('string("a") = "A"', False),
        ("1 != 2", True),
        ("null = null", True),
        ("[1, 2] = [1, 2]", True),
        ("[1, 2] = [2, 1]", False),
        ("[1] = [1, 1]", False),
        ("[] = []", True),
        ("2026-03-01 < 2026-03-02", True),
        ("1 <= 1", True),
        ("1 < 1", False),
        ("5 between 1 and 5", True),
        ("5 in [1..5]", True),
        ("5 in [1..5)", False),
        ("1 in (1..5]", False),
        ("5 in (< 3, >= 5)", True),
        ("4 in (1, 2, 3)", False),
        ("4 in ([1..2], [4..5])", True),
        ("4 in [1, 4]", True),
        ('string("b") in ("a", "b")', True),
        ("2026-03-01 in [2026-01-01..2026-12-31]", True),
        ("not(1 = 2)", True),
        ("1 = 2 implies 1 = 3", True),
        ("if 1 = 1 then 5 else 6", 5),
        ("if 1 = 2 then 5 else 6", 6),
        ("some x in [1, 2] satisfies x > 1", True),
        ("every x in [1, 2] satisfies x > 1", False),
        ("some x in [] satisfies x = 1", False),
        ("every x in [] satisfies x = 1", True),
        ("some x in [1, 2], y in [2, 3] satisfies x = y", True),
    ],
)
def test_an_expression_has_its_value(text: str, expected: Value) -> None:
    found = value(text)
    assert (found, type(found)) == (expected, type(expected))


def test_items_of_two_lists_are_in_doubt_for_the_reasons_of_both() -> None:
    other = frozenset({MissingType("Other")})
    types: dict[str, Type] = {"xs": ListOf(NUMBER), "n": NUMBER, "m": NUMBER}
    text = "some x in xs[item > n], y in xs[item > m] satisfies x + y = 4"
    found = value(text, types, xs=(1, 2), n=unknown(Between(1, 3)), m=Unknown(other, Between(1, 3)))
    assert found == Unknown(WHY | other)


MAYBE = "xs[item > n]"  # of 1, 5 and 2, with n from 1 to 3: 5 for certain, perhaps 2, never 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"list contains({MAYBE}, 5)", True),
        (f"list contains({MAYBE}, 1)", False),
        (f"list contains({MAYBE}, 2)", Unknown(WHY)),
        (f"list contains({MAYBE}, u)", Unknown(WHY)),
        (f"5 in ({MAYBE})", True),
        (f"1 in ({MAYBE})", False),
        (f"some x in {MAYBE} satisfies x > 4", True),
        (f"some x in {MAYBE} satisfies x > 5", False),
        (f"some x in {MAYBE} satisfies x < 5", Unknown(WHY)),
        (f"every x in {MAYBE} satisfies x > 1", True),
        (f"every x in {MAYBE} satisfies x < 5", False),
        (f"every x in {MAYBE} satisfies x > 4", Unknown(WHY)),
        (f"some x in {MAYBE}, y in xs satisfies x + y = 10", True),
        (f"count({MAYBE})", Unknown(WHY, Between(1, 2))),
        (f"sum({MAYBE})", Unknown(WHY, Between(5, 7))),
        (f"max({MAYBE})", 5),
        (f"min({MAYBE})", Unknown(WHY, Between(2, 5))),
        (f"mean({MAYBE}) >= 2", True),
        (f"{MAYBE}[1]", 5),
        (f"{MAYBE}[2]", Unknown(WHY)),
        (f"{MAYBE}[3]", None),
        (f"{MAYBE}[-1]", Unknown(WHY)),
        (f"{MAYBE}[-3]", None),
        (f"{MAYBE}[0]", None),
        (f"{MAYBE}[item > 3]", (5,)),
        (f"count({MAYBE}[item < 3]) <= 1", True),
        (f"max(for x in {MAYBE} return x * 2)", 10),
        (f"{MAYBE} = []", False),
        (f"{MAYBE} = [5, 2]", Unknown(WHY)),
        (f"{MAYBE} = [2]", False),
        (f"{MAYBE} = [5, 2, 2]", False),
        (f"{MAYBE} = null", False),
    ],
)
def test_what_is_certain_of_a_list_of_which_an_item_is_in_doubt(text: str, expected: object) -> None:
    types: dict[str, Type] = {"xs": ListOf(NUMBER), "n": NUMBER, "u": NUMBER}
    assert value(text, types, xs=(1, 5, 2), n=unknown(Between(1, 3)), u=unknown()) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 / 0", "division by zero"),
        ('duration("P1D") / duration("P0D")', "division by zero"),
        ("(-8) ** 0.5", "the power is no number or too large"),
        ('2026-03-01 + duration("PT1H")', "a date moves by whole days"),
        ('9999-12-31 + duration("P1D")', "outside the years 1 to 9999"),
        ('9999-12-31 + duration("P1M")', "outside the years 1 to 9999"),
        ('0001-01-31 - duration("P1M")', "outside the years 1 to 9999"),
        ('duration("P1M") / 2', "a part of a month has no length"),
        ('duration("P1M") * 12000000000', "longer than a duration can be written"),
        ('duration("P1M") / duration("P0M")', "division by zero"),
    ],
)
def test_what_has_no_value_is_unknown_for_a_reason_that_points_at_the_text(text: str, message: str) -> None:
    found = value(f"1 + 1 = 2 and ({text}) = ({text})")
    assert isinstance(found, Unknown)
    places = {reason.span.text[1:-1] for reason in found.reasons if isinstance(reason, Failed)}
    assert {reason.message for reason in found.reasons if isinstance(reason, Failed)} == {message}
    assert places == {text}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x + 1", "`+` of null"),
        ("-x", "`-` of null"),
        ("x < 1", "null has no order"),
        ("1 >= x", "null has no order"),
        ("x in [1..2]", "null has no order"),
        ("5 in [x..9]", "null is no end of a range"),
        ("5 in xs", "null holds nothing"),
        ("some y in xs satisfies y = 1", "null is no list"),
        ("b and true", "null is neither true nor false"),
        ("not(b)", "null is neither true nor false"),
        ('r.name = "x"', "`.name` of null"),
    ],
)
def test_null_has_no_order_no_sum_and_no_fields(text: str, message: str) -> None:
    types = {
        "x": Nullable(NUMBER),
        "xs": Nullable(ListOf(NUMBER)),
        "b": Nullable(BOOLEAN),
        "r": Nullable(RecordOf((("name", TEXT),))),
    }
    found = value(text, types, x=None, xs=None, b=None, r=None)
    assert failure(found) == message


@pytest.mark.parametrize("end", [None, Unknown(WHY)])
@pytest.mark.parametrize(
    "text", ["5 in [6..x]", "5 in (5..x]", "5 in [x..4]", "5 between 6 and x", "5 between x and 4"]
)
def test_beyond_one_end_of_a_range_the_other_does_not_matter(text: str, end: Value) -> None:
    assert value(text, {"x": Nullable(NUMBER)}, x=end) is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1..n] = [1..2]", Unknown(WHY)),
        ("[1..n] = [2..n]", False),
        ("[1..2] = [1..2)", False),
        ("[1..2] = [1..2]", True),
    ],
)
def test_ranges_are_equal_when_their_ends_are(text: str, expected: object) -> None:
    assert value(text, {"n": NUMBER}, n=unknown()) == expected


LEVEL = unknown(Between(0, 10))
DAY = unknown(Between(date(2026, 1, 1), date(2026, 12, 31)))


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("n + 1", Between(1, 11)),
        ("1 - n", Between(-9, 1)),
        ("n - n", Between(-10, 10)),  # each side by itself
        ("n * -2", Between(-20, 0)),
        ("n / 4", Between(0, Decimal("2.5"))),
        ("4 / n", ANYTHING),
        ("n ** 2", ANYTHING),
        ("-n", Between(-10, 0)),
        ("n + any", ANYTHING),
        ("up + n", Between(5, None)),
        ("n - up", Between(None, 5)),
        ("up * n", Between(0, None)),
        ("up * -1", ANYTHING),
        ("up / 2", Between(0, None)),
        ("few + 1", Between(2, 4)),
        ("few * few", Between(1, 9)),
        ('d + duration("P1D")', Between(date(2026, 1, 2), date(2027, 1, 1))),
        ('d + duration("P1M")', Between(date(2026, 2, 1), date(2027, 1, 31))),
        ('d - duration("P1M")', Between(date(2025, 12, 1), date(2026, 11, 30))),
        ("d - 2026-01-01", Between(Duration(0), Duration(364 * 86_400))),
        ("if b then n else 20", Between(0, 20)),
        ("if b then 1 else 2", OneOf(frozenset({1, 2}))),
        ('if b then "x" else "y"', OneOf(frozenset({"x", "y"}))),
        ("if b then any else 1", ANYTHING),
    ],
)
def test_what_is_unknown_is_bounded_by_what_its_parts_can_be(text: str, domain: Domain) -> None:
    types = {"n": NUMBER, "up": NUMBER, "any": NUMBER, "few": NUMBER, "d": DATE, "b": BOOLEAN}
    known = {
        "n": LEVEL,
        "up": unknown(Between(5, None)),
        "any": unknown(),
        "few": unknown(OneOf(frozenset({1, 3}))),
        "d": DAY,
    }
    assert value(text, types, **known, b=unknown()) == Unknown(WHY, domain)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n >= 0", True),
        ("n > 10", False),
        ("n < 11", True),
        ("n <= 10", True),
        ("n = 11", False),
        ("n != 11", True),
        ("n in [0..10]", True),
        ("n in [-5..0)", False),
        ("n in (> 10, < 0)", False),
        ("n between -1 and 11", True),
        ("d < 2027-01-01", True),
        ('c = "a"', None),
        ('c != "b"', None),
        ('c = "d"', False),
        ('other = "d"', None),
        ('other = "a"', False),
        ('one = "a"', True),
        ("c = e", False),
        ("n = far", False),
        ("n < far", True),
        ("n = n", None),
        ("n > 5", None),
        ("[n] = [11]", False),
        ("[n, 1] = [1]", False),
        ("[n, 1] = [5, 2]", False),
        ("[n] = [5]", None),
        ("if b then n >= 0 else true", True),
        ("b or not(b)", None),
        ("b and n > 10", False),
        ("b or n >= 0", True),
        ("n > 10 implies b", True),
    ],
)
def test_a_comparison_is_decided_where_all_that_is_possible_agrees(text: str, expected: bool | None) -> None:  # noqa: FBT001
    types = {"n": NUMBER, "far": NUMBER, "d": DATE, "b": BOOLEAN, "c": TEXT, "e": TEXT, "one": TEXT, "other": TEXT}
    found = value(
        text,
        types,
        n=LEVEL,
        far=unknown(Between(11, 20)),
        d=DAY,
        b=unknown(),
        c=unknown(OneOf(frozenset({"a", "b"}))),
        e=unknown(OneOf(frozenset({"x", "y"}))),
        one=unknown(OneOf(frozenset({"a"}))),
        other=unknown(NoneOf(frozenset({"a", "b"}))),
    )
    assert found == (Unknown(WHY) if expected is None else expected)


def test_what_is_decided_has_no_reasons_and_what_is_not_has_all() -> None:
    types = {"a": BOOLEAN, "b": BOOLEAN}
    assert value("a and false", types, a=unknown(), b=unknown()) is False
    assert value("a and b", types, a=True, b=unknown()) == Unknown(WHY)


def test_times_with_and_without_an_offset_have_no_order() -> None:
    found = value('@"2026-01-01T10:00:00" < @"2026-01-01T10:00:00Z"')
    assert failure(found) == "a time with an offset from UTC and one without have no order"
    assert value('@"2026-01-01T10:00:00+01:00" < @"2026-01-01T10:00:00Z"') is True


MIXED_DAYS = tuple(map(parse_datetime, ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00")))
MIXED_TIMES = tuple(map(parse_time, ("10:00:00Z", "10:00:00")))


@pytest.mark.parametrize(
    ("text", "of", "mixed"),
    [
        ("(if b then x else y) < x", Basic.TIME, MIXED_TIMES),
        ("(if b then x else y) < x", Basic.DATETIME, MIXED_DAYS),
        ("(if b then x else y) - x", Basic.DATETIME, MIXED_DAYS),
        ('(if b then x else y) + duration("P1D")', Basic.DATETIME, MIXED_DAYS),
    ],
)
def test_of_times_with_and_without_an_offset_none_is_the_least(
    text: str, of: Basic, mixed: tuple[Value, Value]
) -> None:
    types: dict[str, Type] = {"b": BOOLEAN, "x": of, "y": of}
    found = value(text, types, b=unknown(), x=mixed[0], y=mixed[1])
    assert isinstance(found, Unknown)
    assert found.reasons >= WHY


def test_true_is_not_one() -> None:
    assert [found.code for found in problems("true = 1")] == ["NS301"]
    assert value("[x] = [y]", {"x": NUMBER, "y": NUMBER}, x=1, y=True) is False


def test_records_are_equal_member_by_member() -> None:
    of = RecordOf((("a", NUMBER), ("b", TEXT)))
    types = {"r": of, "s": of}
    first = Record((("a", 1), ("b", "x")))
    assert value("r = s", types, r=first, s=Record((("a", 1), ("b", "x")))) is True
    assert value("r = s", types, r=first, s=Record((("a", 2), ("b", "x")))) is False
    assert value("r = s", types, r=first, s=Record((("a", unknown()), ("b", "x")))) == Unknown(WHY)
    assert value("r = s", types, r=first, s=Record((("a", unknown()), ("b", "y")))) is False
    assert value("r.a + 1", types, r=first, s=first) == 2


def test_the_same_slip_is_one_problem() -> None:
    for text in ("(x + 1) * 2 > 3", "abs(x + 1) = 2", "if x + 1 > 2 then 1 else 2", "not(x.y.z = 1)", "x + 1 + 2 + 3"):
        assert len(problems(text)) == 1, text


def test_a_choice_is_a_text_for_operators() -> None:
    currency = {"c": Choice(("USD", "EUR"))}
    assert value('c + "!"', currency, c="USD") == "USD!"
    assert [found.help for found in problems('c = "ERU"', currency)] == ["did you mean `EUR`?"]


LINES = ListOf(RecordOf((("kind", TEXT), ("amount", NUMBER))))


def line(kind: Value, amount: Value) -> Record:
    return Record((("kind", kind), ("amount", amount)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('sum(for l in lines[kind = "fee"] return l.amount)', 30),
        ("lines[amount > limit][-1].kind", "fee"),
        ('count(lines[kind = "sale" and amount < limit])', 1),
        ("lines[item.amount > limit][1].amount", 10),
        ('count(lines[count(lines[kind = "fee"]) = 2])', 3),
        ("lines[7].kind", None),
    ],
)
def test_inside_a_filter_the_members_of_an_item_are_in_sight(text: str, expected: object) -> None:
    lines = (line("fee", 10), line("sale", 5), line("fee", 20))
    found = value(text, {"lines": LINES, "limit": NUMBER}, lines=lines, limit=8)
    if expected is None:
        assert failure(found) == "`.kind` of null"
    else:
        assert found == expected


def test_a_member_that_is_called_item_is_a_member_of_the_item() -> None:
    of = ListOf(RecordOf((("item", NUMBER),)))
    several = (Record((("item", 1),)), Record((("item", 2),)))
    assert value("xs[item.item > 1][1].item", {"xs": of}, xs=several) == 2


@pytest.mark.parametrize("text", ["xs[n]", "us[item > 1]", "us[1]", "for x in us return x"])
def test_a_list_that_cannot_be_told_is_unknown(text: str) -> None:
    types: dict[str, Type] = {"xs": ListOf(NUMBER), "us": ListOf(NUMBER), "n": NUMBER, "u": NUMBER}
    assert value(text, types, xs=(1, 2), us=unknown(), n=unknown(Between(0, 5)), u=unknown()) == Unknown(WHY)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("xs[item > 1]", "null is no list"),
        ("xs[1] = 1", "null is no list"),
        ("for x in xs return x", "null is no list"),
        ("ys[1.5] = 1", "a place in a list is a whole number"),
        ("max(ys[item > 5]) > 1", "null has no order"),
    ],
)
def test_what_no_list_gives(text: str, message: str) -> None:
    types: dict[str, Type] = {"xs": Nullable(ListOf(NUMBER)), "ys": ListOf(NUMBER)}
    assert failure(value(text, types, xs=None, ys=(1, 2))) == message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("xs[item]", "NS305"),
        ('xs["a"]', "NS305"),
        ("n[1]", "NS305"),
        ("for x in n return x", "NS305"),
        ("for n in xs return n", "NS211"),
        ("xs[unknown > 1]", "NS201"),
        ("min([true])", "NS305"),
    ],
)
def test_what_is_refused_of_lists(text: str, code: str) -> None:
    assert [found.code for found in problems(text, {"xs": ListOf(NUMBER), "n": NUMBER})] == [code]
