"""Every loop has a bound; reaching one is a failure and never a partial answer (engine: Limits)."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from neurosym.audit.entry_kind import EntryKind
from neurosym.decision.decision import Decision
from neurosym.decision.engine import Engine
from neurosym.decision.ruleset import Ruleset
from neurosym.engine.situation import Limits
from neurosym.text.failure import LimitError
from tests.audit.world import open_log, problems_of
from tests.decision.case import DAY, HEAD, SCREEN, Told, engine_of, ruleset, screening, told_judge, world

CHAIN = (
    HEAD
    + SCREEN.format(clauses="")
    + """
fact Owns
  owner:  Party  key
  owned:  Party  key

derived Reached
  party:  Party  key

rule first
  cite  "x"
  for   p: Party
  when  p.id = "0"
  then  Reached(party: p)

rule further
  cite  "x"
  for   r: Reached, o: Owns
  when  o.owner = r.party
  then  Reached(party: o.owned)

rule block
  cite  "x"
  for   p: Payment, r: Reached
  when  r.party = p.payer
  then  screen(payment: p) is "block"
"""
)
LENGTH = 10


def chain() -> tuple[dict[str, list[dict[str, str]]], dict[str, dict[str, str]]]:
    facts: dict[str, list[dict[str, str]]] = {
        "Party": [{"id": str(each), "name": ""} for each in range(LENGTH)],
        "Owns": [{"owner": str(each), "owned": str(each + 1)} for each in range(LENGTH - 1)],
        "Entry": [],
        "Payment": [],
    }
    return facts, {"payment": {"id": "PAY-1", "payer": str(LENGTH - 1), "booked_on": DAY}}


def chained(limits: Limits, path: Path | None = None) -> Decision:
    facts, request = chain()
    if path is None:
        return engine_of(ruleset(CHAIN), limits=limits).decide("screen", request, facts=facts)
    with open_log(path) as log:
        return engine_of(ruleset(CHAIN), log, limits=limits).decide("screen", request, facts=facts)


def test_within_its_limits_a_decision_is_made() -> None:
    assert chained(Limits(rounds_max=LENGTH + 1, facts_max=LENGTH)).outcome == "block"


@pytest.mark.parametrize(
    "limits", [Limits(rounds_max=LENGTH - 1), Limits(facts_max=LENGTH - 1)], ids=["rounds_max", "facts_max"]
)
def test_a_limit_is_a_failure_that_names_itself_the_rule_and_the_stratum(limits: Limits) -> None:
    with pytest.raises(LimitError) as reached:
        chained(limits)
    name = "rounds_max" if limits.rounds_max == LENGTH - 1 else "facts_max"
    assert f"more than {LENGTH - 1} " in str(reached.value)
    assert f"({name})" in str(reached.value)
    assert "`further`" in str(reached.value)
    assert "the stratum of `Reached`" in str(reached.value)


def test_a_limit_leaves_a_failure_in_the_log_and_no_decision(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with pytest.raises(LimitError):
        chained(Limits(rounds_max=3), path)
    with open_log(path) as log:
        last = list(log.entries())[-1]
        assert list(log.decisions()) == []
    assert last.kind is EntryKind.FAILURE
    assert last.actor == "engine"
    assert last.decision is not None
    assert last.outcome is not None
    assert "rounds_max" in last.outcome
    assert problems_of(path) == []


def test_a_limit_of_questions_is_a_failure(tmp_path: Path) -> None:
    with open_log(tmp_path / "decisions.db") as log:
        engine = engine_of(screening(), log, told_judge(Told({})), Limits(questions_max=2))
        request = {"payment": {"id": "PAY-1", "payer": "CUST-7", "booked_on": DAY}}
        assert engine.decide("screen", request, facts=world("E1", "E2")).act_on == "hold"
        with pytest.raises(
            LimitError, match=r"more than 2 questions \(questions_max\) for `screen`; the last of `same`"
        ):
            engine.decide("screen", request, facts=world("E1", "E2", "E3"))
        assert list(log.entries())[-1].kind is EntryKind.FAILURE


def test_an_engine_goes_on_after_a_limit() -> None:
    rules: Ruleset = ruleset(CHAIN)
    engine = engine_of(rules, limits=Limits(rounds_max=3))
    long = {"payment": {"id": "PAY-1", "payer": "9", "booked_on": DAY}}
    parties = [{"id": str(each), "name": ""} for each in range(LENGTH)]
    owns = [{"owner": str(each), "owned": str(each + 1)} for each in range(LENGTH - 1)]
    with pytest.raises(LimitError):
        engine.decide("screen", long, facts={"Party": parties, "Owns": owns, "Payment": []})
    short = engine.decide("screen", long, facts={"Party": parties, "Owns": owns[:1], "Payment": []})
    assert short.outcome == "release"


ITEMS = (
    HEAD
    + SCREEN.format(clauses="")
    + """
fact Bag
  id:       text  key
  numbers:  list of number

rule block
  cite  "x"
  for   p: Payment, b: Bag
  when  CONDITION
  then  screen(payment: p) is "block"
"""
)


@pytest.mark.parametrize(
    "condition",
    [
        "some x in b.numbers, y in b.numbers satisfies x + y > 1000",
        "every x in b.numbers, y in b.numbers satisfies x + y < 1000",
        "count(for x in b.numbers, y in b.numbers return x + y) > 1000",
    ],
)
@pytest.mark.parametrize("reference", [True, False])
def test_combinations_of_items_are_bounded(condition: str, *, reference: bool) -> None:
    rules = ruleset(ITEMS.replace("CONDITION", condition))
    facts = {"Party": [], "Entry": [], "Bag": [{"id": "B", "numbers": list(range(30))}]}
    request = {"payment": {"id": "PAY-1", "payer": "X", "booked_on": DAY}}
    within = Engine(rules, log=None, limits=Limits(items_max=900), reference=reference)
    assert within.decide("screen", request, facts=facts).possible
    beyond = Engine(rules, log=None, limits=Limits(items_max=899), reference=reference)
    with pytest.raises(LimitError, match=r"more than 899 combinations of items \(items_max\) at .*:\d+:\d+"):
        beyond.decide("screen", request, facts=facts)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(proof_steps_max=5), r"more than 5 facts in a proof \(proof_steps_max\); the last by `.*`"),
        (Limits(seconds_max=10), r"more than 10 seconds \(seconds_max\) for `screen`"),
    ],
)
def test_proofs_and_seconds_are_bounded_and_the_failure_is_logged(limits: Limits, said: str, tmp_path: Path) -> None:
    facts, request = chain()
    path, times = tmp_path / "decisions.db", count(0, 11)
    with open_log(path) as log:
        engine = Engine(ruleset(CHAIN), log=log, limits=limits, clock=lambda: next(times))
        with pytest.raises(LimitError, match=said):
            engine.decide("screen", request, facts=facts)
        assert [entry.kind for entry in log.entries()][-1] is EntryKind.FAILURE
        assert list(log.decisions()) == []
    assert problems_of(path) == []
    assert chained(Limits()).outcome == "block"
