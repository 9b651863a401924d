"""Theorems about intake: nothing breaks it, order does not matter to it, and it reads what is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.decision.intake import Document, Intake, take_in, take_in_standing
from neurosym.decision.wire import Reader
from neurosym.feel.types import Basic, Choice, FactOf, ListOf, Nullable, RecordOf, Type
from neurosym.lang.compilation import compile_ruleset
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath, Source
from neurosym.values.encoding import wire
from neurosym.values.temporal import Duration, Months
from neurosym.values.value import Record, Reference, Value
from tests.properties.values import NUMBERS, TEXTS

RULES = """
ruleset trial

fact Party
  id:     text                   key
  n:      number [0..10]         optional
  kind:   "a" | "b" or null      optional
  day:    date
  tags:   list of text           optional
  home:   record {city: text}    optional
  boss:   Party                  optional

fact Owns
  owner:  Party   key
  owned:  Party   key
  share:  number

derived Linked
  owner:  Party  key

rule linked cite "x"
  for   o: Owns
  then  Linked(owner: o.owner)

decision screen(party: Party, owns: Owns)
  on party.day  outcomes "a" > "b"  otherwise "b"  undecided "a"
"""
PROGRAM = compile_ruleset([Source("trial.rules", RULES)]).program
UNHURRIED = settings(deadline=None)
NAMES = st.sampled_from(["id", "n", "kind", "day", "tags", "home", "boss", "owner", "owned", "share", "city", "x"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 12),
    st.floats(),
    st.sampled_from(["", "A", "B", "a", "b", "5", "-1", "0.5", "2026-03-01", "2026-02-30", "P1D", "\ud800", "\u202e"]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=8,
)
ROWS = st.lists(st.one_of(st.dictionaries(NAMES, ANYTHING, max_size=6), ANYTHING), max_size=3)
DOCUMENTS = st.one_of(
    ANYTHING,
    st.dictionaries(
        st.sampled_from(["Party", "Owns", "Linked", "Prty", "incomplete"]), st.one_of(ROWS, ANYTHING), max_size=4
    ),
)


@UNHURRIED
@given(st.lists(DOCUMENTS, max_size=2), ANYTHING | st.dictionaries(st.sampled_from(["party", "owns"]), ANYTHING))
def test_no_document_whatever_breaks_intake(facts: list[object], request: object) -> None:
    documents = [Document(f"{number}", content) for number, content in enumerate(facts)]
    said: tuple[Diagnostic, ...]
    try:
        found = take_in(
            PROGRAM, PROGRAM.decisions["screen"], Document("input", request), take_in_standing(PROGRAM, documents)
        )
        said, is_taken = found.warnings, len(found.subject) == 2
    except InputError as error:
        said, is_taken = error.diagnostics, False
    assert is_taken != any(each.is_error for each in said)
    assert all(each.code.startswith("NS5") and each.primary is not None for each in said)


KEYS = st.sampled_from(["A", "B", "C"])
PARTIES = st.fixed_dictionaries(
    {"id": KEYS, "day": st.sampled_from(["2026-03-01", "2026-03-02"])},
    optional={"n": st.sampled_from([1, "1.0", 2]), "boss": KEYS},
)
HOLDINGS = st.fixed_dictionaries({"owner": KEYS, "owned": KEYS, "share": st.sampled_from([1, "1", "1.50"])})
WORLDS = st.fixed_dictionaries(
    {},
    optional={
        "Party": st.lists(PARTIES, max_size=4),
        "Owns": st.lists(HOLDINGS, max_size=4),
        "incomplete": st.just(["Owns"]),
    },
)


@UNHURRIED
@given(st.lists(WORLDS, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_the_order_of_documents_and_of_facts_is_irrelevant(
    worlds: list[dict[str, list[object]]], random: Random
) -> None:
    before = outcome(worlds)
    for world in worlds:
        for rows in world.values():
            random.shuffle(rows)
    random.shuffle(worlds)
    assert outcome(worlds) == before


def outcome(worlds: list[dict[str, list[object]]]) -> object:
    """The facts and open types, or the codes of what is wrong."""
    try:
        found = take_in(
            PROGRAM,
            None,
            Document("nothing", {}),
            take_in_standing(PROGRAM, [Document("x", world) for world in worlds]),
        )
    except InputError as error:
        return {each.code for each in error.diagnostics}
    return contents(found), found.incomplete, {each.message for each in found.warnings}


def contents(found: Intake) -> Mapping[Reference, object]:
    return {fact.reference: dict(fact.fields) for fact in found.facts}


REFERENCES: st.SearchStrategy[Value] = st.builds(lambda key: Reference("Party", (key,)), TEXTS)
TYPED: st.SearchStrategy[tuple[Type, Value]] = st.one_of(
    st.tuples(st.just(Basic.TEXT), TEXTS),
    st.tuples(st.just(Basic.NUMBER), NUMBERS),
    st.tuples(st.just(Basic.BOOLEAN), st.booleans()),
    st.tuples(st.just(Basic.DATE), st.dates()),
    st.tuples(st.just(Basic.DATETIME), st.datetimes(timezones=st.sampled_from([None, UTC]))),
    st.tuples(st.just(Basic.TIME), st.times()),
    st.tuples(st.just(Basic.DURATION), st.integers(-(10**6), 10**6).map(Duration)),
    st.tuples(st.just(Basic.MONTHS), st.integers(-(10**4), 10**4).map(Months)),
    st.tuples(st.just(Choice(("a", "b"))), st.sampled_from(["a", "b"])),
    st.tuples(st.just(FactOf("Party")), REFERENCES),
    st.tuples(st.just(Nullable(Basic.NUMBER)), st.none() | NUMBERS),
    st.tuples(st.just(ListOf(Basic.DATE)), st.lists(st.dates(), max_size=3).map(tuple)),
    st.tuples(
        st.just(RecordOf((("a", Basic.NUMBER), ("b", Nullable(Basic.TEXT))))),
        st.builds(lambda a, b: Record((("a", a), ("b", b))), NUMBERS, st.none() | TEXTS),
    ),
)


@UNHURRIED
@given(TYPED)
def test_a_value_is_read_back_from_the_wire(typed: tuple[Type, Value]) -> None:
    of, value = typed
    report = Report()
    found = Reader(PROGRAM.fact_types, report).value(of, wire(value), JsonPath("x"))
    assert (found, type(found), report.diagnostics) == (value, type(value), [])
