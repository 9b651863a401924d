"""Theorems about unknown values: whatever a value turns out to be, what was said of it before remains true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from neurosym.feel.arithmetic import minus, operate, sum_of
from neurosym.feel.extent import compare, equal, plain, union
from neurosym.feel.membership import within
from neurosym.feel.total import Combination, count, total
from neurosym.text.span import NOWHERE
from neurosym.values.number import Number, normal
from neurosym.values.temporal import Date, Duration
from neurosym.values.unknown import ANYTHING, Between, Domain, Listed, MissingType, NoneOf, OneOf, Reason, Unknown
from neurosym.values.value import Range, Truth, Value

WHY: frozenset[Reason] = frozenset({MissingType("Weather")})
UNHURRIED = settings(deadline=None)
COMPARISONS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])

NUMBERS: st.SearchStrategy[Number] = st.one_of(
    st.integers(-5, 5),
    st.integers(-30, 30).map(lambda tenths: normal(Decimal(tenths) / 10)),
    st.sampled_from([10**34, -(10**34), 10**34 + 10, normal(Decimal("1E-40"))]),
)
LARGE = st.one_of(
    NUMBERS, st.sampled_from([normal(Decimal("9E+4200")), normal(Decimal("-9E+4200"))])
)  # products overflow
DURATIONS = st.one_of(st.integers(-3, 3).map(lambda days: Duration(86_400 * days)), st.integers(-5, 5).map(Duration))
DATES: st.SearchStrategy[Date] = st.one_of(
    st.integers(-3, 3).map(lambda days: date(2026, 1, 1) + timedelta(days=days)),
    st.sampled_from([date.min, date.max]),
)
# Those with an offset and those without have no order among each other.
DATETIMES: st.SearchStrategy[Value] = st.builds(
    lambda hours, zone: datetime(2026, 1, 1, hours, tzinfo=zone), st.integers(0, 3), st.sampled_from([None, UTC])
)
TEXTS = st.sampled_from(["", "a", "b"])


class Possible:
    """A value as an expression sees it, with some of the values that it may turn out to be."""

    def __init__(self, value: Value, members: list[Value]) -> None:
        self.value = value
        self.members = members

    def __repr__(self) -> str:
        return f"Possible({self.value!r}, {self.members!r})"


@st.composite
def intervals(draw: st.DrawFn, values: st.SearchStrategy[Value]) -> Possible:
    members = sorted(draw(st.lists(values, min_size=1, max_size=3)))  # type: ignore[type-var]
    low = None if draw(st.booleans()) else members[0]
    high = None if draw(st.booleans()) else members[-1]
    return Possible(Unknown(WHY, Between(low, high)), members)


def knowns(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Possible]:
    return values.map(lambda value: Possible(value, [value]))


def choices(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Possible]:
    return st.sets(values, min_size=1, max_size=3).map(
        lambda members: Possible(Unknown(WHY, OneOf(frozenset(members))), list(members))
    )


@st.composite
def all_but(draw: st.DrawFn, values: st.SearchStrategy[Value]) -> Possible:
    refused = draw(st.frozensets(values, max_size=2))
    members = draw(st.lists(values.filter(lambda value: value not in refused), min_size=1, max_size=3))
    return Possible(Unknown(WHY, NoneOf(refused)), members)


def possible(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Possible]:
    """A value of a type that is ordered."""
    return st.one_of(knowns(values), intervals(values), choices(values), all_but(values))


def unordered(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Possible]:
    return st.one_of(knowns(values), choices(values), all_but(values))


def nullable(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Possible]:
    """A value of a type with `or null`: its range decides nothing, its choices may include null."""
    return unordered(st.one_of(st.none(), values))


OPERANDS = st.one_of(
    st.tuples(st.sampled_from("+-*/"), possible(LARGE), possible(LARGE)),
    st.tuples(st.just("**"), possible(NUMBERS), possible(NUMBERS)),
    st.tuples(st.sampled_from("+-/"), possible(DURATIONS), possible(DURATIONS)),
    st.tuples(st.sampled_from("+-"), possible(DATES), possible(DURATIONS)),
    st.tuples(st.just("+"), possible(DURATIONS), possible(DATES)),
    st.tuples(st.just("-"), possible(DATES), possible(DATES)),
    st.tuples(st.just("-"), unordered(DATETIMES), unordered(DATETIMES)),
    st.tuples(st.sampled_from("+-"), unordered(DATETIMES), possible(DURATIONS)),
    st.tuples(st.sampled_from("*/"), possible(DURATIONS), possible(NUMBERS)),
    st.tuples(st.just("*"), possible(NUMBERS), possible(DURATIONS)),
    st.tuples(st.just("+"), unordered(TEXTS), unordered(TEXTS)),
)
ANY_KIND = st.sampled_from(
    [possible(NUMBERS), possible(DURATIONS), possible(DATES), unordered(TEXTS), unordered(DATETIMES), nullable(NUMBERS)]
)
PAIRS = ANY_KIND.flatmap(lambda kind: st.tuples(kind, kind))
ORDERED_PAIRS = st.sampled_from(
    [possible(NUMBERS), possible(DURATIONS), possible(DATES), unordered(DATETIMES), nullable(NUMBERS), nullable(DATES)]
).flatmap(lambda kind: st.tuples(kind, kind))


def may_be(value: Value, member: Value) -> bool:
    """True when the value is the member, or unknown over a domain that holds it."""
    return holds(value.domain, member) if isinstance(value, Unknown) else equal(value, member) is True


def holds(domain: Domain, member: Value) -> bool:
    match domain:
        case Between():
            low, high = domain.low, domain.high
            return (low is None or low <= member) and (high is None or member <= high)  # type: ignore[operator]
        case OneOf():
            return member in domain.values
        case NoneOf():
            return member not in domain.values
        case Listed():
            raise AssertionError("nothing here is a list")


@UNHURRIED
@given(OPERANDS)
def test_the_domain_of_an_operation_holds_the_exact_value_of_every_member(
    operands: tuple[str, Possible, Possible],
) -> None:
    op, left, right = operands
    found = operate(op, left.value, right.value, NOWHERE)
    for mine, theirs in product(left.members, right.members):
        exact = operate(op, mine, theirs, NOWHERE)
        assert isinstance(exact, Unknown) or may_be(found, exact)


@UNHURRIED
@given(st.one_of(possible(NUMBERS), possible(DURATIONS)))
def test_the_domain_of_a_negation_holds_the_negation_of_every_member(operand: Possible) -> None:
    found = minus(operand.value, NOWHERE)
    assert all(may_be(found, minus(member, NOWHERE)) for member in operand.members)


@UNHURRIED
@given(COMPARISONS, ORDERED_PAIRS)
def test_a_comparison_that_is_decided_is_so_for_every_member(op: str, pair: tuple[Possible, Possible]) -> None:
    left, right = pair
    found = compare(op, left.value, right.value, NOWHERE)
    assume(not isinstance(found, Unknown))
    for mine, theirs in product(left.members, right.members):
        assert compare(op, mine, theirs, NOWHERE) in (found, unordered_against_null(op, mine, theirs))


def unordered_against_null(op: str, left: Value, right: Value) -> object:
    """What an ordering against null is, which no declaration decides; nothing else is excused."""
    return compare(op, left, right, NOWHERE) if op not in ("=", "!=") and None in (left, right) else object()


@UNHURRIED
@given(PAIRS)
def test_an_equality_that_is_decided_is_so_for_every_member(pair: tuple[Possible, Possible]) -> None:
    left, right = pair
    found = equal(left.value, right.value)
    assert found == equal(right.value, left.value)
    if not isinstance(found, Unknown):
        assert all(equal(mine, theirs) is found for mine, theirs in product(left.members, right.members))


@UNHURRIED
@given(st.lists(unordered(TEXTS), min_size=1, max_size=3), st.lists(unordered(TEXTS), min_size=1, max_size=3))
def test_an_equality_of_lists_that_is_decided_is_so_for_all_their_members(
    left: list[Possible], right: list[Possible]
) -> None:
    found = equal(tuple(each.value for each in left), tuple(each.value for each in right))
    assume(not isinstance(found, Unknown))
    for mine in product(*(each.members for each in left)):
        for theirs in product(*(each.members for each in right)):
            assert (mine == theirs) is found


@UNHURRIED
@given(possible(NUMBERS), possible(NUMBERS), possible(NUMBERS), st.tuples(st.booleans(), st.booleans()))
def test_a_value_that_is_decided_to_lie_in_a_range_does_so_for_every_member(
    operand: Possible, low: Possible, high: Possible, is_open: tuple[bool, bool]
) -> None:
    found = within(operand.value, Range(low.value, high.value, *is_open), NOWHERE)
    assume(not isinstance(found, Unknown))
    for member, least, most in product(operand.members, low.members, high.members):
        assert within(member, Range(least, most, *is_open), NOWHERE) is found


@UNHURRIED
@given(ANY_KIND.flatmap(lambda kind: st.lists(kind, min_size=1, max_size=4)))
def test_a_union_holds_every_member_of_every_branch(branches: list[Possible]) -> None:
    found = union([branch.value for branch in branches], WHY)
    for branch in branches:
        assert all(may_be(found, plain(member)) for member in branch.members)


@UNHURRIED
@given(st.lists(possible(NUMBERS), max_size=4))
def test_the_bounds_of_a_sum_hold_the_sum_of_every_choice_of_members(items: list[Possible]) -> None:
    found = sum_of([item.value for item in items], NOWHERE)
    for chosen in product(*(item.members for item in items)):
        exact = sum_of(chosen, NOWHERE)
        assert isinstance(exact, Unknown) or may_be(found, exact)


# --- totals over facts: a combination has one or more contents, and is certain, possible, or any number of them


class Summand:
    """A combination as the evaluator collects it, with what it may add: nothing, once, or several times."""

    def __init__(self, contents: list[Possible], truths: list[Truth], *, is_any_number: bool) -> None:
        self.contents = contents
        self.truths = truths
        self.is_any_number = is_any_number

    def __repr__(self) -> str:
        return f"Summand({self.contents!r}, {self.truths!r}, {self.is_any_number!r})"

    def combination(self) -> Combination:
        found = Combination(self.is_any_number)
        for content, truth in zip(self.contents, self.truths, strict=True):
            found.add(content.value, truth)
        return found

    def additions(self) -> list[tuple[Value, ...]]:
        """The values that it may turn out to add."""
        members = [member for content in self.contents for member in content.members]
        once: list[tuple[Value, ...]] = [(member,) for member in members]
        if self.is_any_number:
            return [(), *once, *((member, member) for member in members), tuple(members)]
        return once if True in self.truths else [(), *once]


@st.composite
def summands(draw: st.DrawFn) -> Summand:
    contents = draw(st.lists(possible(NUMBERS), min_size=1, max_size=2))
    is_any_number = draw(st.booleans())  # an unnamed fact is never certain
    doubtful: Truth = Unknown(WHY)
    truths = [doubtful if is_any_number or draw(st.booleans()) else True for _ in contents]
    return Summand(contents, truths, is_any_number=is_any_number)


def completions(over: list[Summand]) -> list[list[Value]]:
    return [
        [value for addition in chosen for value in addition] for chosen in product(*(each.additions() for each in over))
    ]


@UNHURRIED
@given(st.lists(summands(), max_size=3))
def test_the_bounds_of_a_total_hold_that_of_every_completion(over: list[Summand]) -> None:
    found = total([each.combination() for each in over], NOWHERE)
    for values in completions(over):
        exact = sum_of(values, NOWHERE)
        assert isinstance(exact, Unknown) or may_be(found, exact)


@UNHURRIED
@given(st.lists(summands(), max_size=3))
def test_the_bounds_of_a_count_hold_that_of_every_completion(over: list[Summand]) -> None:
    found = count([each.combination() for each in over])
    assert all(may_be(found, len(values)) for values in completions(over))


@UNHURRIED
@given(st.lists(summands(), max_size=3))
def test_a_total_that_is_known_has_no_doubts_and_one_that_is_not_has_reasons(over: list[Summand]) -> None:
    assume(all(each.truths.count(True) <= 1 for each in over))  # contents that must differ are a conflict instead
    for found in (count([each.combination() for each in over]), total([each.combination() for each in over], NOWHERE)):
        assert not isinstance(found, Unknown) or found.reasons == WHY


@UNHURRIED
@given(ANY_KIND, st.data())
def test_what_may_be_anything_is_never_decided(kind: st.SearchStrategy[Possible], data: st.DataObject) -> None:
    other = data.draw(kind)
    anything = Unknown(WHY, ANYTHING)
    decide: Callable[[Value, Value], Truth] = equal
    assert isinstance(decide(anything, other.value), Unknown)
