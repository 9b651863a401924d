"""Values of every type, and JSON documents that may be hashed, for property tests."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from decimal import Decimal

from hypothesis import strategies as st

from neurosym.values.canonical import SAFE_INTEGER_MAX, Json
from neurosym.values.number import Number, normal
from neurosym.values.temporal import Duration, Months
from neurosym.values.value import Fact, Range, Record, Reference, Value

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NAMES = st.sampled_from(["a", "b", "number", "date", "reference"])
DIGITS = 10**34 - 1

NUMBERS: st.SearchStrategy[Number] = st.one_of(
    st.integers(-10, 10),
    st.integers(-(10**36), 10**36).map(normal),
    st.builds(
        lambda digits, exponent: normal(Decimal(digits).scaleb(exponent)),
        st.integers(-DIGITS, DIGITS),
        st.integers(-40, 6),
    ),
)
OFFSETS = st.sampled_from([None, UTC, timezone(timedelta(hours=1)), timezone(-timedelta(hours=5, minutes=30))])
DATES = st.dates()
SCALARS: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    TEXTS,
    DATES,
    st.datetimes(timezones=OFFSETS),
    st.times(timezones=OFFSETS),
    st.builds(Duration, NUMBERS),
    st.builds(Months, st.integers(-1000, 1000)),
)
PLAIN: st.SearchStrategy[Value] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.builds(Range, inner, inner, low_open=st.booleans(), high_open=st.booleans()),
        st.dictionaries(NAMES, inner, max_size=3).map(lambda items: Record(tuple(items.items()))),
        st.builds(Reference, NAMES, st.lists(inner, min_size=1, max_size=2).map(tuple)),
    ),
    max_leaves=5,
)
VALUES: st.SearchStrategy[Value] = st.one_of(
    PLAIN, st.builds(lambda of, fields: Fact(of, tuple(fields.values()), fields), NAMES, st.dictionaries(NAMES, PLAIN))
)
DOCUMENTS: st.SearchStrategy[Json] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-SAFE_INTEGER_MAX, SAFE_INTEGER_MAX), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)
