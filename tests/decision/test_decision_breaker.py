"""A provider that is down: decisions go on, undecided where they must be, and it is asked seldom until it is back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym.decision.breaker import FAILURES_MAX, REST_SECONDS, Breaker
from neurosym.decision.decision import Decision
from neurosym.decision.engine import Engine
from neurosym.decision.replay import ReplayStatus
from neurosym.judgment.budget import NO_BUDGET, Allowance, Budget
from neurosym.judgment.configuration import Configuration, ModelTier
from neurosym.judgment.judge import Judge
from neurosym.testing.endpoint import Endpoint, Misbehaviour, nobody
from tests.audit.world import open_log
from tests.decision.case import PAYMENT, objects, replayed, screening, world
from tests.decision.test_decision_endpoint import says_different

TRUSTING = screening(clauses="accept uncalibrated")
HOUR = 3_600
RESTS = f"not asked: {FAILURES_MAX} attempts in a row failed, and the tier rests for {REST_SECONDS} seconds"


class Seconds:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Late(Seconds):
    """A clock by which a decision, once begun at 0, has a tenth of its second left."""

    def __call__(self) -> float:
        found, self.now = self.now, 0.9
        return found


def judge_at(base_url: str, budget: Budget = NO_BUDGET, **more: Any) -> Judge:
    tier = replace(ModelTier("small", base_url, "m", ("public",), attempts=1, backoff_ms=1), **more)
    return Judge(Configuration((tier,), budget=budget), {}, {})


def reasons(decision: Decision) -> list[str]:
    return [str(tried["reason"]) for each in objects(decision.questions) for tried in objects(each["tried"])]


def port_of(base_url: str) -> int:
    return int(base_url.removesuffix("/v1").rpartition(":")[2])


def test_while_a_provider_is_down_for_an_hour_decisions_go_on_and_it_is_asked_seldom(tmp_path: Path) -> None:
    seconds = Seconds()
    with open_log(tmp_path / "decisions.db") as log:
        with nobody() as base_url:
            engine = Engine(TRUSTING, log=log, judge=judge_at(base_url), clock=seconds)
            told: list[list[str]] = []
            for seconds.now in range(0, HOUR, 20):
                found = engine.decide("screen", PAYMENT, facts=world("E1"))
                assert (found.outcome, found.act_on) == (None, "hold")
                told.append(reasons(found))
                assert engine.decide("screen", PAYMENT, facts=world()).outcome == "release"
        asked = [number for number, each in enumerate(told) if each != [RESTS]]
        assert all(told[number][0].startswith("no connection: ") for number in asked)
        assert asked == [0, 1, 2, *range(4, len(told), 2)]  # three, then one in forty seconds of a rest of thirty
        seconds.now = HOUR + REST_SECONDS
        with Endpoint(respond=says_different, port=port_of(base_url)) as endpoint:
            assert [engine.decide("screen", PAYMENT, facts=world("E1")).outcome for _ in range(3)] == ["release"] * 3
            assert len(endpoint.calls) == 3
        assert {each.status for each in replayed(log)} == {ReplayStatus.IDENTICAL}


def test_questions_of_one_decision_that_fail_together_are_not_repeated(tmp_path: Path) -> None:
    with Endpoint(Misbehaviour.STATUS_500) as endpoint, open_log(tmp_path / "decisions.db") as log:
        judge = judge_at(endpoint.base_url, attempts=2)
        found = Engine(TRUSTING, log=log, judge=judge, clock=Seconds()).decide("screen", PAYMENT, facts=world(*"ABCDE"))
        assert found.act_on == "hold"
        assert RESTS in reasons(found)
        # At most two of the five were at their second attempt already when the third failure was known.
        assert len("ABCDE") <= len(endpoint.calls) <= len("ABCDE") + FAILURES_MAX - 1
        assert {each.status for each in replayed(log)} == {ReplayStatus.IDENTICAL}


@pytest.mark.parametrize("misbehaviour", [Misbehaviour.SCHEMA, Misbehaviour.TRUNCATE, Misbehaviour.REFUSE])
def test_a_provider_that_answers_badly_is_there(misbehaviour: Misbehaviour) -> None:
    with Endpoint(misbehaviour) as endpoint:
        engine = Engine(TRUSTING, log=None, judge=judge_at(endpoint.base_url), clock=Seconds())
        for _ in range(2 * FAILURES_MAX):
            engine.decide("screen", PAYMENT, facts=world("E1"))
        assert len(endpoint.calls) == 2 * FAILURES_MAX


def test_a_failure_for_lack_of_the_decision_s_time_says_nothing_of_the_tier() -> None:
    with Endpoint(Misbehaviour.STALL) as endpoint:
        budget = Budget(decision=Allowance(seconds=1))
        judge = judge_at(endpoint.base_url, budget, timeout_ms=20_000)
        clock = Late()
        engine = Engine(TRUSTING, log=None, judge=judge, clock=clock)
        for _ in range(FAILURES_MAX + 1):
            clock.now = 0.0
            (reason,) = reasons(engine.decide("screen", PAYMENT, facts=world("E1")))
            assert reason.startswith("no answer within ")


def test_a_missing_key_is_said_again_each_time() -> None:
    with nobody() as base_url:
        judge = judge_at(base_url, key_env="NO_SUCH_KEY")
        engine = Engine(TRUSTING, log=None, judge=judge, clock=Seconds())
        told = [reasons(engine.decide("screen", PAYMENT, facts=world("E1"))) for _ in range(FAILURES_MAX + 1)]
    assert told == [["the variable `NO_SUCH_KEY` holds no key"]] * len(told)


def test_one_request_tries_whether_a_tier_is_back() -> None:
    seconds = Seconds()
    breaker = Breaker(seconds)
    for _ in range(FAILURES_MAX - 1):
        breaker.note("small", has_failed=True)
    assert breaker.refusal("small") is None
    breaker.note("small", has_failed=True)
    assert breaker.refusal("small") is not None
    assert breaker.refusal("large") is None
    seconds.now = REST_SECONDS
    assert breaker.refusal("small") is None
    assert breaker.refusal("small") is not None  # until it is known what became of the one
    breaker.note("small", has_failed=False)
    assert breaker.refusal("small") is None
    breaker.note("small", has_failed=True)
    assert breaker.refusal("small") is None  # the count begins anew
