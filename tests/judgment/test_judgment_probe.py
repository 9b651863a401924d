from __future__ import annotations

import asyncio
import json

import pytest

from neurosym.judgment.configuration import Configuration, ModelTier
from neurosym.judgment.dialect import Constraint, Dialect
from neurosym.judgment.providers.probe import ProbeReport, Probes, probe
from neurosym.testing.endpoint import Call, Endpoint, Misbehaviour, answer_first, nobody
from tests.judgment.asking import tier_at


def probed(endpoint: Endpoint) -> ProbeReport:
    return asyncio.run(probe(tier_at(endpoint.base_url, None), {}))


def do_as_told(call: Call) -> dict[str, object] | str:
    """A model behind a server that ignores constraints."""
    return "cedar" if "cedar" in call.prompt else answer_first(call)


@pytest.mark.parametrize("dialect", Dialect)
def test_the_ladder_ends_at_the_first_dialect_that_is_understood(dialect: Dialect) -> None:
    with Endpoint(understood=frozenset({dialect.value})) as endpoint:
        report = probed(endpoint)
        assert [call.dialect for call in endpoint.calls] == [rung.dialect for rung in report.tried]
    assert report.dialect is dialect
    assert [rung.dialect for rung in report.tried] == [*Dialect][: [*Dialect].index(dialect) + 1]
    assert {rung.outcome for rung in report.tried[:-1]} <= {"the endpoint answered with status 400"}


def test_a_constraint_that_is_taken_and_ignored_is_found_out() -> None:
    held = frozenset(each.value for each in Dialect if each is not Dialect.DECISIONS)
    with Endpoint(respond=do_as_told, understood=held) as endpoint:
        report = probed(endpoint)
    assert report.dialect is Dialect.RESPONSES
    held_dialects = [
        rung for rung in report.tried if rung.dialect.constraint not in (Constraint.NONE, Constraint.QUESTIONS)
    ]
    assert len(held_dialects) == 6
    assert all("not one JSON document" in rung.outcome for rung in held_dialects)


def test_an_answer_beyond_the_constraint_is_no_answer_within_it() -> None:
    with Endpoint(Misbehaviour.ANSWER, understood=frozenset({"chat+schema", "chat"})) as endpoint:
        report = probed(endpoint)
    assert report.dialect is None
    assert {rung.outcome for rung in report.tried} >= {"the constraint was not kept"}


def test_nobody_is_asked_twice_when_nobody_is_there() -> None:
    with nobody() as base_url:
        report = asyncio.run(probe(tier_at(base_url, None), {}))
    assert report.dialect is None
    (rung,) = report.tried
    assert "no connection" in rung.outcome


def test_the_exchanges_of_a_probe_are_kept_as_they_went() -> None:
    with Endpoint(understood=frozenset({"chat"})) as endpoint:
        report = probed(endpoint)
        assert [rung.attempt.request for rung in report.tried] == [call.body for call in endpoint.calls]
    assert json.loads(report.tried[-1].attempt.response or b"")["model"] == "m"


def test_an_endpoint_is_probed_once_in_the_life_of_a_process() -> None:
    probes = Probes()
    with Endpoint(understood=frozenset({"responses+lark"})) as endpoint:
        configuration = Configuration((tier_at(endpoint.base_url, None),))
        first, second = (probes.settled(configuration, {}) for _ in range(2))
        assert len(endpoint.calls) == 2
    assert first == second
    (tier,) = first.tiers
    assert isinstance(tier, ModelTier)
    assert tier.dialect is Dialect.RESPONSES_LARK


def test_an_endpoint_that_was_away_is_probed_again() -> None:
    moments = iter([0.0, 59.0, 60.0])
    probes = Probes(lambda: next(moments))
    with Endpoint(Misbehaviour.DROP, Misbehaviour.NONE) as endpoint:
        configuration = Configuration((tier_at(endpoint.base_url, None),))
        first, soon, later = (probes.settled(configuration, {}) for _ in range(3))
        assert len(endpoint.calls) == 2
    assert first == soon == configuration
    assert later.tiers == (tier_at(endpoint.base_url, Dialect.DECISIONS),)
