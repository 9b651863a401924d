"""What is asked keeps within its budget, and what was answered is used again while it may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.decision.decision import Decision
from neurosym.decision.engine import Engine
from neurosym.decision.recorder import CONFIGURATION
from neurosym.decision.replay import ReplayStatus
from neurosym.decision.ruleset import Ruleset
from neurosym.judgment.budget import NO_BUDGET, Allowance, Budget
from neurosym.judgment.configuration import Configuration, ModelTier, PersonTier
from neurosym.judgment.cost import Price
from neurosym.judgment.judge import Judge
from neurosym.testing.endpoint import Call, Endpoint, Misbehaviour, answer_document, nobody
from neurosym.text.failure import InputError
from tests.audit.world import open_log
from tests.decision.case import PAYMENT, objects, replayed, screening, world
from tests.decision.test_decision_endpoint import says_different

TRUSTING = screening(clauses="accept uncalibrated")
DOLLAR = Price("USD", per_call=1)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(tmp_path / "decisions.db") as opened:
        yield opened


def tier_at(endpoint: Endpoint, attempts: int = 1) -> ModelTier:
    made = ModelTier("small", endpoint.base_url, "m", ("public",), attempts=attempts)
    return replace(made, output_tokens_max=1, price=DOLLAR)


def judge_of(tier: ModelTier, budget: Budget = NO_BUDGET) -> Judge:
    return Judge(Configuration((tier,), budget=budget), {}, {})


def decided(engine: Engine, *entries: str) -> Decision:
    return engine.decide("screen", PAYMENT, facts=world(*entries))


def reasons(decision: Decision) -> list[str]:
    return [str(tried["reason"]) for each in objects(decision.questions) for tried in objects(each["tried"])]


def assert_replays(log: Log) -> None:
    assert {each.status for each in replayed(log)} == {ReplayStatus.IDENTICAL}


def test_the_budget_of_a_decision_leaves_the_rest_unasked_and_undecided(log: Log) -> None:
    with Endpoint(respond=says_different) as endpoint:
        judge = judge_of(tier_at(endpoint), Budget("USD", decision=Allowance(2)))
        engine = Engine(TRUSTING, log=log, judge=judge)
        assert decided(engine, "E1", "E2").outcome == "release"
        found = decided(engine, "E1", "E2", "E3")
        assert len(endpoint.calls) == 4
    assert (found.outcome, found.act_on) == (None, "hold")
    assert reasons(found) == ["not asked: the budget of the decision is spent: 2 USD, of which 2 are spent"]
    assert_replays(log)


def test_the_budget_of_a_question_counts_every_attempt_failed_ones_too(log: Log) -> None:
    with Endpoint(Misbehaviour.STATUS_500) as endpoint:
        judge = judge_of(tier_at(endpoint, attempts=5), Budget("USD", question={"same": Allowance(3)}))
        found = decided(Engine(TRUSTING, log=log, judge=judge), "E1")
        assert len(endpoint.calls) == 3
    assert reasons(found) == ["not asked: the budget of a question of `same` is spent: 3 USD, of which 3 are spent"]
    assert_replays(log)


def test_the_budget_of_a_day_holds_for_all_engines_on_the_log(log: Log) -> None:
    with Endpoint(respond=says_different) as endpoint:
        judge = judge_of(tier_at(endpoint), Budget("USD", day=Allowance(2)))
        engines = [Engine(TRUSTING, log=log, judge=judge) for _ in range(2)]
        assert [decided(engine, "E1").outcome for engine in engines] == ["release", "release"]
        for engine in (*engines, Engine(TRUSTING, log=log, judge=judge)):
            assert reasons(decided(engine, "E1")) == [
                "not asked: the budget of the day is spent: 2 USD, of which 2 are spent"
            ]
        assert len(endpoint.calls) == 2
    assert_replays(log)


def test_without_a_log_an_engine_counts_for_itself() -> None:
    with Endpoint(respond=says_different) as endpoint:
        judge = judge_of(tier_at(endpoint), Budget("USD", day=Allowance(1)))
        engine = Engine(TRUSTING, log=None, judge=judge)
        assert [decided(engine, "E1").outcome for _ in range(2)] == ["release", None]


def test_what_cannot_be_asked_in_time_is_unknown(log: Log) -> None:
    moments = count(step=2)
    with Endpoint(respond=says_different) as endpoint:
        judge = judge_of(tier_at(endpoint), Budget(decision=Allowance(seconds=1)))
        found = decided(Engine(TRUSTING, log=log, judge=judge, clock=lambda: next(moments)), "E1")
        assert endpoint.calls == []
    assert (found.outcome, found.act_on) == (None, "hold")
    assert reasons(found) == ["not asked: the time of the decision is spent"]
    assert_replays(log)


def test_a_model_has_what_is_left_of_the_decision_s_time(log: Log) -> None:
    moments = iter([0.0, 0.0, 0.9, 0.9, 0.9])
    with Endpoint(Misbehaviour.STALL) as endpoint:
        judge = judge_of(tier_at(endpoint), Budget(decision=Allowance(seconds=1)))
        engine = Engine(TRUSTING, log=log, judge=judge, clock=lambda: next(moments, 0.9))
        (reason,) = reasons(decided(engine, "E1"))
    assert reason.startswith("no answer within ")
    assert int(reason.split()[3]) <= 100
    assert_replays(log)


# --- answers that are used again


def reusing(period: str) -> Ruleset:
    return screening(clauses=f"accept uncalibrated  reuse for {period}")


def test_an_answer_is_used_again_while_it_is_fresh_and_the_decision_says_so(log: Log) -> None:
    with Endpoint(respond=says_different) as endpoint:
        engine = Engine(reusing("P30D"), log=log, judge=judge_of(tier_at(endpoint)))
        first, second = decided(engine, "E1"), decided(engine, "E1")
        other = decided(Engine(reusing("P30D"), log=log, judge=judge_of(tier_at(endpoint))), "E1", "E2")
        assert len(endpoint.calls) == 2
    (said,), (again,) = objects(first.answers), objects(second.answers)
    assert said["reused_from"] is None
    assert again == {**said, "reused_from": log.decision(first.id).effects[0]}
    assert other.outcome == "release"
    assert sorted(str(each["reused_from"]) for each in objects(other.answers)) == [str(again["reused_from"]), "None"]
    assert_replays(log)


@pytest.mark.parametrize("period", ["PT1S", None])
def test_an_answer_that_is_too_old_is_asked_for_again(log: Log, period: str | None) -> None:
    rules = TRUSTING if period is None else reusing(period)
    with Endpoint(respond=says_different) as endpoint:
        engine = Engine(rules, log=log, judge=judge_of(tier_at(endpoint)))
        assert [decided(engine, "E1").outcome for _ in range(2)] == ["release", "release"]
        assert len(endpoint.calls) == 2
    assert_replays(log)


def test_a_question_asked_in_another_way_is_another_request(log: Log) -> None:
    with Endpoint(respond=says_different) as endpoint:
        tiers = [tier_at(endpoint), replace(tier_at(endpoint), parameters=(("temperature", 1),))]
        for tier in tiers:
            decided(Engine(reusing("P30D"), log=log, judge=judge_of(tier)), "E1")
        assert len(endpoint.calls) == 2


def test_a_failure_is_never_used_again(log: Log) -> None:
    with Endpoint(Misbehaviour.STATUS_500, Misbehaviour.NONE, respond=says_different) as endpoint:
        engine = Engine(reusing("P30D"), log=log, judge=judge_of(tier_at(endpoint)))
        assert [decided(engine, "E1").outcome for _ in range(3)] == [None, "release", "release"]
        assert len(endpoint.calls) == 2
    assert_replays(log)


# --- what cannot work


def test_a_budget_in_money_needs_a_price_in_its_currency() -> None:
    tier = ModelTier("small", "http://127.0.0.1:9/v1", "m", ("public",))
    budget = Budget("USD", day=Allowance(1))
    for bad in (tier, replace(tier, output_tokens_max=1, price=Price("EUR"))):
        with pytest.raises(InputError) as caught:
            Engine(TRUSTING, log=None, judge=judge_of(bad, budget))
        assert [found.code for found in caught.value.diagnostics] == ["NS691"]
    people = Judge(Configuration((PersonTier("person", "reviews.db"),), budget=budget), {}, {})
    Engine(TRUSTING, log=None, judge=people)


def test_a_budget_of_a_judgment_that_the_ruleset_does_not_have_is_noticed() -> None:
    judge = Judge(Configuration((), budget=Budget(question={"sam": Allowance(seconds=1)})), {}, {})
    (found,) = Engine(TRUSTING, log=None, judge=judge).warnings
    assert (found.code, found.help) == ("NS692", "did you mean `same`?")


# --- a dialect that is looked for


def test_what_an_endpoint_understands_is_found_before_the_first_decision_and_recorded(log: Log) -> None:
    def respond(call: Call) -> dict[str, object]:
        return says_different(call) if "different" in call.allowed else answer_document(call, call.allowed[0])

    with Endpoint(respond=respond, understood=frozenset({"chat+schema", "chat"})) as endpoint:
        engine = Engine(TRUSTING, log=log, judge=judge_of(replace(tier_at(endpoint), dialect=None)))
        assert [decided(engine, "E1").outcome for _ in range(2)] == ["release", "release"]
    recorded = [log.content(entry, CONFIGURATION) for entry in log.entries() if entry.kind is EntryKind.CONFIGURATION]
    assert len(recorded) == 1
    assert b'"dialect":"chat+schema"' in recorded[0]
    assert_replays(log)


def test_while_nobody_is_there_to_be_probed_nothing_is_decided_by_a_model(log: Log) -> None:
    with nobody() as base_url:
        tier = ModelTier("small", base_url, "m", ("public",), dialect=None)
        found = decided(Engine(TRUSTING, log=log, judge=judge_of(tier)), "E1")
    assert (found.outcome, found.act_on) == (None, "hold")
    assert reasons(found) == ["no dialect was found that the endpoint understands"]
    assert_replays(log)
