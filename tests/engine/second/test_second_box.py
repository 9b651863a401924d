"""The box: every bound with a case just inside and one just outside, and what durable-rules does at it."""

from __future__ import annotations

import pytest

from neurosym.engine.second import derivation, matching, world
from neurosym.engine.second.box import (
    CONDITIONS_MAX,
    EQUATIONS_MAX,
    ON_CONDITION_MAX,
    OWN_FIELDS,
    PATTERNS_MAX,
    PENDING_MAX,
    RESERVED,
    RULES_MAX,
    Extent,
    fnv1a_32,
    outside,
)
from neurosym.engine.second.opinion import Agrees, Opinion, Refused
from neurosym.engine.second.translation import translated
from neurosym.text.span import NOWHERE
from neurosym.values.canonical import Json
from tests.engine.second.worlds import DAY, OWNERSHIP, WORLD, Facts, opinion_of, program_of

FACTS = "ruleset r\nfact F  id: text key  a: number  b: number\nderived D  f: F key\n"
ONE: Facts = {"F": [{"id": "1", "a": 1, "b": 1}]}
TWO: Facts = {"F": [{"id": "1", "a": 1, "b": 2}, {"id": "2", "a": 2, "b": 2}]}


def extent(
    *,
    rules: int = 1,
    variables: int = 1,
    conditions: int = 1,
    on_condition: int = 1,
    pending: int = 0,
    fields: tuple[str, ...] = (),
) -> Extent:
    return Extent(
        {f"r{number}": (variables, NOWHERE) for number in range(rules)},
        {f"T{number}": (on_condition, NOWHERE) for number in range(conditions)},
        {"r0": (pending, NOWHERE)},
        dict.fromkeys(fields, NOWHERE),
    )


@pytest.mark.parametrize(
    ("inside", "just_outside", "reason"),
    [
        (extent(rules=RULES_MAX), extent(rules=RULES_MAX + 1), "4001 rules"),
        (extent(variables=PATTERNS_MAX), extent(variables=PATTERNS_MAX + 1), "`r0` has 17 variables; 16 fit"),
        (extent(conditions=CONDITIONS_MAX), extent(conditions=CONDITIONS_MAX + 1), "501 fact types"),
        (extent(on_condition=ON_CONDITION_MAX), extent(on_condition=ON_CONDITION_MAX + 1), "250 variables of rules"),
        (extent(pending=PENDING_MAX), extent(pending=PENDING_MAX + 1), "in 65 equalities; 64 fit"),
        (extent(fields=("f_loczw", "f_vfbpb")), extent(fields=("f_loczw", "f_vfbpa")), "`loczw` and `vfbpa`"),
    ],
)
def test_each_bound_holds_exactly(inside: Extent, just_outside: Extent, reason: str) -> None:
    assert list(outside(inside)) == []
    (refusal,) = outside(just_outside)
    assert reason in refusal.reason


def test_all_that_lies_outside_is_said_at_once() -> None:
    assert len(list(outside(extent(variables=17, on_condition=250, pending=65)))) == 3


def test_hashes_of_names_are_those_of_the_library() -> None:
    # state.h: the hashes of `id` and `sid`, by which the library finds what it must not find in a fact of ours
    assert (fnv1a_32("id"), fnv1a_32("sid")) == (926444256, 3593476751)
    names = (*RESERVED, *OWN_FIELDS)
    assert len({fnv1a_32(name) for name in names}) == len(names)


def test_fields_called_id_and_sid_are_fields_like_others() -> None:
    rules = "ruleset r\nfact F  id: text key  sid: number\nderived D  f: F key\n"
    rules += "rule r  for f: F, g: F  when f.sid = g.sid and f.id = g.id  then D(f: f)"
    assert opinion_of(rules, {"F": [{"id": "1", "sid": 1}, {"id": "2", "sid": 1}]}) == Agrees(2)


# --- at the bounds, with the library


def variables(count: int) -> str:
    names = ", ".join(f"v{number}: F" for number in range(count))
    return f"{FACTS}rule r  for {names}  when v0.a = v1.b  then D(f: v0)"


def test_sixteen_variables_are_matched_and_seventeen_refused_at_the_rule() -> None:
    assert opinion_of(variables(16), ONE) == Agrees(1)
    refused = opinion_of(variables(17), ONE)
    assert isinstance(refused, Refused)
    assert refused.refusals[0].span.text.startswith("r")


def rules_on_one_type(count: int) -> str:
    return FACTS + "\n".join(f"rule r{number}  for f: F  when f.a >= 0  then D(f: f)" for number in range(count))


def test_249_rules_on_one_type_are_taken_and_250_refused() -> None:
    assert opinion_of(rules_on_one_type(249), ONE) == Agrees(1)
    refused = opinion_of(rules_on_one_type(250), ONE)
    assert isinstance(refused, Refused)
    assert refused.refusals[0].reason == "250 variables of rules stand for `F`; 249 fit"


def joins_on_one_type(count: int) -> str:
    """So many rules that each ask another equality of a fact."""
    fields = " ".join(f"x{number}: number" for number in range(count))
    rules = (f"rule r{n}  for f: F, w: W  when w.x{n} = f.a  then D(f: f)" for n in range(count))
    return f"{FACTS}fact W  id: text key  {fields}\n" + "\n".join(rules)


@pytest.mark.parametrize(("count", "networks"), [(64, 1), (65, 2)])
def test_more_than_64_pending_conditions_are_divided_among_networks(count: int, networks: int) -> None:
    rules = joins_on_one_type(count)
    assert len(translated(program_of(rules), DAY, frozenset()).networks) == networks
    wide: dict[str, Json] = {f"x{number}": number for number in range(count)}
    facts: Facts = {"F": [{"id": "1", "a": count - 1, "b": 0}], "W": [{"id": "w", **wide}]}
    assert opinion_of(rules, facts) == Agrees(1)


@pytest.mark.parametrize("count", [EQUATIONS_MAX, EQUATIONS_MAX + 1])
def test_equalities_beyond_what_a_pattern_takes_are_guards(count: int) -> None:
    fields = " ".join(f"x{number}: number" for number in range(count))
    equal = " and ".join(f"g.x{number} = f.x{number}" for number in range(count))
    rules = f"ruleset r\nfact F  id: text key  {fields}\nderived D  f: F key  g: F key\n"
    rules += f"rule r  for f: F, g: F  when {equal}  then D(f: f, g: g)"
    same: dict[str, Json] = {f"x{number}": 1 for number in range(count)}
    facts: Facts = {"F": [{"id": "1", **same}, {"id": "2", **same}, {"id": "3", **same, f"x{count - 1}": 2}]}
    (road,) = translated(program_of(rules), DAY, frozenset()).roads.values()
    assert (len(road.joins), len(road.legs[0].guards)) == (EQUATIONS_MAX, count - EQUATIONS_MAX)
    assert opinion_of(rules, facts) == Agrees(5)


# --- what a check may take


PRODUCT = f"{FACTS}rule r  for f: F, g: F  when f.a <= g.b  then D(f: f)"


@pytest.mark.parametrize(("most", "kind"), [(4, Agrees), (3, Refused)])
def test_products_of_facts_are_refused_beforehand(
    most: int, kind: type[Opinion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MATCHES_MAX", most)
    opinion = opinion_of(PRODUCT, TWO)
    assert isinstance(opinion, kind)
    if isinstance(opinion, Refused):
        assert "`r` matches 4 combinations of facts without an equality between them" in opinion.refusals[0].reason


COUNTED = f"{FACTS}rule r  for f: F  when count(g for g: F where g.b > f.a) >= 1  then D(f: f)"


@pytest.mark.parametrize(("most", "kind"), [(4, Agrees), (3, Refused)])
def test_totals_look_at_so_many_facts_at_most(most: int, kind: type[Opinion], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "COMBINATIONS_MAX", most)
    opinion = opinion_of(COUNTED, TWO)
    assert isinstance(opinion, kind)
    if isinstance(opinion, Refused):
        assert "the last of `F`" in opinion.refusals[0].reason


@pytest.mark.parametrize(("most", "kind"), [(4, Agrees), (3, Refused)])
def test_rounds_are_bounded(most: int, kind: type[Opinion], monkeypatch: pytest.MonkeyPatch) -> None:
    # X is listed; A follows from X in the next round, B from both in the third, and a fourth confirms that it is all
    monkeypatch.setattr(derivation, "ROUNDS_MAX", most)
    assert isinstance(opinion_of(OWNERSHIP, WORLD), kind)
