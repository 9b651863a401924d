"""Second opinions: the same where both implementations are right, and another, with both proofs, where one is not."""

from __future__ import annotations

import pytest

from neurosym.engine.model import Model
from neurosym.engine.reference import evaluate
from neurosym.engine.second.difference import ABSENT, CERTAIN, POSSIBLE
from neurosym.engine.second.opinion import Agrees, Disagrees, Opinion, SecondOpinion
from neurosym.engine.situation import Situation
from neurosym.values.canonical import Json, canonical_bytes
from tests.engine.second.worlds import DAY, OWNERSHIP, WORLD, Facts, model_of, opinion_of, program_of


def shown(opinion: Opinion) -> list[tuple[Json, str, str]]:
    assert isinstance(opinion, Disagrees)
    return [(each.shown, each.first, each.second) for each in opinion.differences]


def blocked(party: str) -> Json:
    return {"fact": "Blocked", "fields": {"party": {"reference": ["Party", party]}}}


def test_the_same_program_is_agreed_with() -> None:
    # X, A, B are blocked; 1-2 and 4-4 are pairs; X is reported, A pardoned, and B may be
    assert opinion_of(OWNERSHIP, WORLD) == Agrees(7)


def test_a_fact_that_only_the_engine_concludes_is_a_difference() -> None:
    other = OWNERSHIP.replace(">= 50", ">= 60")
    opinion = opinion_of(OWNERSHIP, WORLD, other)
    assert (blocked("A"), CERTAIN, ABSENT) in shown(opinion)
    assert (blocked("X"), CERTAIN, ABSENT) not in shown(opinion)


def test_a_fact_that_only_durable_rules_concludes_is_one_too() -> None:
    other = OWNERSHIP.replace(">= 50", ">= 60")
    assert (blocked("A"), ABSENT, CERTAIN) in shown(opinion_of(other, WORLD, OWNERSHIP))


def test_possible_and_certain_differ() -> None:
    doubtful = OWNERSHIP.replace("for l: Listed  then", 'for l: Listed  when l.party.country = "US"  then')
    world = {**WORLD, "Party": [{"id": "X"}]}
    assert (blocked("X"), POSSIBLE, CERTAIN) in shown(opinion_of(doubtful, world, OWNERSHIP))


def test_a_join_that_is_lost_is_found() -> None:
    other = OWNERSHIP.replace("when a.owned = b.owner", "when a.owned = b.owned")
    found = {
        canonical_bytes(each): (first, second) for each, first, second in shown(opinion_of(OWNERSHIP, WORLD, other))
    }
    pair: Json = {
        "fact": "Pair",
        "fields": {"one": {"reference": ["Owns", "1"]}, "other": {"reference": ["Owns", "2"]}},
    }
    assert found[canonical_bytes(pair)] == (CERTAIN, ABSENT)


@pytest.mark.parametrize(
    ("written", "changed"),
    [("q.party = p", "q.party != p"), ('owed by "bank"', 'owed by "board"'), ('p.country = "US"', 'p.country != "US"')],
)
def test_duties_are_compared_with_their_exceptions_and_their_debtors(written: str, changed: str) -> None:
    found = shown(opinion_of(OWNERSHIP, WORLD, OWNERSHIP.replace(written, changed)))
    assert found
    assert all(isinstance(each, dict) and each["duty"] == "report" for each, _, _ in found)


def test_both_proofs_go_down_to_what_was_given() -> None:
    other = OWNERSHIP.replace(">= 50", ">= 40").replace('"bank"', '"board"')
    opinion = opinion_of(OWNERSHIP, WORLD, other)
    assert isinstance(opinion, Disagrees)
    (mine,) = [each for each in opinion.differences if each.first == CERTAIN]
    (theirs,) = [each for each in opinion.differences if each.second == CERTAIN]
    assert {step["by"] for step in steps(mine.first_proof)} == {"told", "listed", "given"}
    assert mine.second_proof == {}
    assert {step["by"] for step in steps(theirs.second_proof)} == {"told", "listed", "given"}
    assert theirs.first_proof == {}


def steps(proof: dict[str, Json]) -> list[dict[str, Json]]:
    assert all(isinstance(step, dict) for step in proof.values())
    return [step for step in proof.values() if isinstance(step, dict)]


def test_values_that_nobody_knows_are_joined_by_our_guard() -> None:
    rules = """
ruleset r
fact F  id: text key  a: number [0..9] optional
derived D  one: F key  other: F key
rule r  for f: F, g: F  when f.a = g.a  then D(one: f, other: g)
"""
    facts: Facts = {"F": [{"id": "1", "a": 1}, {"id": "2", "a": 1}, {"id": "3", "a": 2}, {"id": "4"}]}
    assert opinion_of(rules, facts) == Agrees(12)  # five certain, and what the fourth may equal
    assert opinion_of(rules, {}) == Agrees(1)  # of F nobody spoke


def test_a_value_that_becomes_unknown_on_the_way_is_joined_by_our_guard_from_then_on() -> None:
    rules = """
ruleset r
fact F  id: text key  a: number
derived Half  f: F key  a: number
derived D  one: F key  other: F key
rule half  for f: F  then Half(f: f, a: 6 / f.a)
rule same  for f: Half, g: Half  when f.a = g.a  then D(one: f.f, other: g.f)
"""
    facts: Facts = {"F": [{"id": "1", "a": 2}, {"id": "2", "a": 2}, {"id": "3", "a": 0}]}
    assert opinion_of(rules, facts) == Agrees(12)


def test_numbers_that_are_too_fine_to_be_scaled_are_joined_by_our_guard() -> None:
    rules = """
ruleset r
fact F  id: text key  a: number
derived D  one: F key  other: F key
rule r  for f: F, g: F  when f.a = g.a  then D(one: f, other: g)
"""
    third = f"0.{'3' * 30}"
    facts: Facts = {"F": [{"id": "1", "a": third}, {"id": "2", "a": third}, {"id": "3", "a": f"{third}1"}]}
    assert opinion_of(rules, facts) == Agrees(5)


def test_a_rule_without_variables_in_common_is_matched_in_every_combination() -> None:
    rules = "ruleset r\nfact F  id: text key\nderived D  one: F key  other: F key\n"
    rules += "rule r  for f: F, g: F  then D(one: f, other: g)"
    assert opinion_of(rules, {"F": [{"id": str(number)} for number in range(20)]}) == Agrees(400)


def test_the_order_of_facts_does_not_matter() -> None:
    other = OWNERSHIP.replace(">= 50", ">= 60")
    backwards = {name: list(reversed(rows)) for name, rows in WORLD.items()}
    documents = {canonical_bytes(opinion_of(OWNERSHIP, world, other).json) for world in (WORLD, backwards)}
    assert len(documents) == 1


def test_burdens_are_those_of_the_model() -> None:
    rules = """
ruleset r
fact F  id: text key  a: number optional
derived D  f: F key
rule r  for f: F  then D(f: f)
exception e to r  when f.a > 1  must be proven
"""
    program = program_of(rules)
    facts: Facts = {"F": [{"id": "1"}, {"id": "2", "a": 2}]}
    open_ = model_of(rules, facts)
    proven = evaluate(program, open_.world.situation, prior=open_)
    with SecondOpinion(program) as second:
        assert [second.on(open_), second.on(proven)] == [Agrees(1), Agrees(1)]
        assert not certain(open_)
        assert certain(proven) == {"1"}


def certain(model: Model) -> set[object]:
    return {entry.fact.key[0].key[0] for entry in model.entries("D") if entry.is_certain}  # type: ignore[union-attr]


def test_nothing_is_in_force_outside_the_period_of_the_ruleset() -> None:
    rules = "ruleset r\n  effective from 2030-01-01\nfact F  id: text key\nderived D  f: F key\n"
    program = program_of(f"{rules}rule r  for f: F  then D(f: f)")
    with SecondOpinion(program) as second:
        assert second.on(evaluate(program, Situation((), DAY))) == Agrees(0)


def test_one_opinion_after_another_on_other_facts() -> None:
    program = program_of(OWNERSHIP)
    with SecondOpinion(program) as second:
        pids = set()
        for world in (WORLD, {**WORLD, "Listed": []}, WORLD):
            assert isinstance(second.on(model_of(OWNERSHIP, world)), Agrees)
            pids.add(second.worker.pid)
    assert len(pids) == 1
