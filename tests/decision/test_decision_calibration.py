"""A model is believed where a calibration says so, from the score on that it says, until the day that it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from neurosym.audit.log import Log
from neurosym.decision.decision import Decision
from neurosym.decision.engine import Engine
from neurosym.decision.replay import ReplayStatus
from neurosym.decision.ruleset import Ruleset, load
from neurosym.judgment.calibration.artefact import Artefact, CalibrationKey
from neurosym.judgment.calibration.threshold import Promise
from neurosym.judgment.configuration import Configuration, ModelTier
from neurosym.judgment.dialect import Dialect
from neurosym.judgment.identity import judgment_digest
from neurosym.judgment.judge import Judge
from neurosym.judgment.template import prompt_template
from neurosym.testing.endpoint import Endpoint
from neurosym.text.failure import RulesetError
from neurosym.values.canonical import digest
from neurosym.values.number import Number
from tests.audit.world import open_log
from tests.decision.case import PAYMENT, objects, replayed, screening, world
from tests.decision.test_decision_endpoint import says_different

TIER = ModelTier("small", "http://127.0.0.1:9/v1", "m", ("public",), dialect=Dialect.CHAT_SCHEMA)
DAY = date(2026, 3, 2)  # of the log's clock


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(tmp_path / "decisions.db") as opened:
        yield opened


def artefact(rules: Ruleset, least: Number = 1, expires_on: date = DAY, tier: ModelTier = TIER) -> Artefact:
    judgment = rules.program.judgments["same"]
    key = CalibrationKey(judgment_digest(judgment), prompt_template(judgment, tier), tier.model, tier.name)
    promise = Promise(least, 400, 300, 0, Decimal("0.009936"))
    confidence = Decimal("0.95")
    return Artefact(
        key, promise, Decimal("0.01"), confidence, Decimal("0.05"), 400, digest("labels"), DAY, expires_on, (), "same"
    )


def decided(rules: Ruleset, log: Log | None, **change: object) -> Decision:
    with Endpoint(respond=says_different) as endpoint:
        tier = replace(TIER, base_url=endpoint.base_url, **change)  # type: ignore[arg-type]
        engine = Engine(rules, log=log, judge=Judge(Configuration((tier,)), {}, {}))
        return engine.decide("screen", PAYMENT, facts=world("E1"))


def reason(decision: Decision) -> str:
    (question,) = objects(decision.questions)
    return str(question["tried"][-1]["reason"])


def test_a_calibrated_answer_counts_and_names_its_artefact(log: Log) -> None:
    rules = screening('needs calibrated for "release"')
    held = artefact(rules)
    found = decided(rules.calibrated((held,)), log)
    assert found.outcome == "release"
    (answer,) = objects(found.answers)
    assert (answer["calibrated"], answer["uncalibrated"], answer["artefact"]) == (True, False, held.digest)
    assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]


def test_without_one_the_answer_is_recorded_and_not_believed(log: Log) -> None:
    found = decided(screening(), log)
    assert (found.outcome, found.act_on) == (None, "hold")
    assert reason(found) == "no calibration for this judgment, prompt, model and tier"


@pytest.mark.parametrize(
    "change",
    [{"model": "n"}, {"parameters": (("temperature", 1),)}, {"dialect": Dialect.CHAT}, {"samples": 2}],
    ids=str,
)
def test_it_holds_for_one_way_of_asking_alone(change: dict[str, object]) -> None:
    rules = screening()
    found = decided(rules.calibrated((artefact(rules),)), None, **change)
    assert found.outcome is None
    assert reason(found) == "no calibration for this judgment, prompt, model and tier"


def test_a_judgment_that_was_changed_is_another() -> None:
    found = decided(screening(clauses='example "x" is "same"').calibrated((artefact(screening()),)), None)
    assert found.outcome is None


def test_after_its_last_day_it_holds_no_more_and_a_replay_judges_by_the_day_of_the_decision(log: Log) -> None:
    rules = screening()
    expired = rules.calibrated((artefact(rules, expires_on=date(2026, 3, 1)),))
    found = decided(expired, log)
    assert reason(found) == "the calibration for it expired on 2026-03-01"
    assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]


def test_a_promise_that_is_weaker_than_the_judgment_asks_for_is_none(log: Log) -> None:
    rules = screening(clauses="risk at most 0.005 with confidence 0.95")
    found = decided(rules.calibrated((artefact(rules),)), log)
    assert reason(found) == "the calibration promises less than the judgment asks for"


# --- beside the ruleset


def test_artefacts_lie_in_a_folder_of_the_ruleset(tmp_path: Path) -> None:
    rules = screening()
    (tmp_path / "trial.rules").write_text(rules.sources[0].text)
    folder = tmp_path / "calibration"
    folder.mkdir()
    held = artefact(rules)
    (folder / "small.json").write_bytes(held.content)
    for _ in range(2):  # compiled, and from the cache
        loaded = load(tmp_path)
        assert loaded.calibrations == (held,)
        assert loaded.digest == rules.digest
    (folder / "broken.json").write_text("{}")
    with pytest.raises(RulesetError) as caught:
        load(tmp_path)
    assert [found.code for found in caught.value.diagnostics] == ["NS663"]
