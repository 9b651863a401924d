"""What a log holds of a model of this process: used again while it may be, examined anew by every replay."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from neurosym.audit.reader import LogReader
from neurosym.decision.decision import Decision
from neurosym.decision.labels import read_labels
from neurosym.decision.recorder import ATTEMPT
from neurosym.decision.replay import Replayer, ReplayStatus
from neurosym.decision.ruleset import Ruleset
from neurosym.judgment.configuration import LocalTier
from neurosym.judgment.local.head import Head
from neurosym.judgment.local.opening import LOCAL_MODELS
from neurosym.judgment.local.training import Taught, train
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from tests.audit.world import open_log
from tests.cli.test_cli_calibrate import labels
from tests.decision.case import PAYMENT, engine_of, objects, replayed, screening, world
from tests.decision.forger import forge_log, with_payload
from tests.decision.test_decision_local import TIER, assert_sound, attempts_in, calibrated, decided, judge_with

Document = dict[str, object]
TRUSTING = screening(clauses="accept uncalibrated")


def twice(path: Path, rules: Ruleset, first: LocalTier, second: LocalTier) -> tuple[Decision, Decision]:
    """One case decided by two engines, one after the other, with one log."""
    with open_log(path) as log:
        made = [
            engine_of(rules, log, judge_with(tier)).decide("screen", PAYMENT, facts=world("E1"))
            for tier in (first, second)
        ]
    return made[0], made[1]


def test_an_answer_is_used_again_while_the_judgment_allows_it(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    first, second = twice(path, screening(clauses="accept uncalibrated  reuse for P30D"), TIER, TIER)
    (said,), (again,) = objects(first.answers), objects(second.answers)
    assert said["answer"] == again["answer"]
    asked, remembered = attempts_in(path)
    assert asked["reused_from"] is None
    assert remembered["reused_from"] is not None
    assert remembered["response"] == asked["response"]
    assert_sound(path, 2)


@pytest.mark.parametrize("change", [{"features": ()}, {"name": "second"}])
def test_what_another_version_or_another_tier_said_is_not_used_again(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "decisions.db"
    other = replace(TIER, **change)  # type: ignore[arg-type]
    twice(path, screening(clauses="accept uncalibrated  reuse for P30D"), TIER, other)
    assert [attempt["reused_from"] for attempt in attempts_in(path)] == [None, None]
    assert_sound(path, 2)


# --- a response that was changed


def shares(answer: Document, *parts: str) -> Document:
    names = ("same", "different", "unclear")
    return {**answer, "probabilities": [list(pair) for pair in zip(names, parts, strict=True)]}


FORGERIES: Mapping[str, Callable[[Document], object]] = {
    "not the model that was asked": lambda answer: {**answer, "model": "another/0123456789abcdef"},
    "the probabilities do not add up to 1": lambda answer: shares(answer, "1", "1", "0"),
    "the check `same needs a quote` does not hold": lambda answer: shares(answer, "1", "0", "0"),
    "the probabilities are not those of exactly the allowed answers": lambda answer: {
        **answer,
        "probabilities": [["released", "1"]],
    },
    "several answers are equally probable": lambda answer: shares(answer, "0.5", "0.5", "0"),
    "the answer is malformed": lambda answer: {**answer, "note": "release it"},
}


def forged(path: Path, target: Path, change: Callable[[Document], object]) -> None:
    """The log with other responses of the model, signed anew by whoever has its key."""

    def with_response(content: bytes) -> bytes:
        attempt = json.loads(content)
        changed = json.dumps(change(json.loads(attempt["response"]["text"])))
        attempt["response"] = {**attempt["response"], "text": changed}
        return json.dumps(attempt, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()

    forge_log(path, target, with_payload(ATTEMPT, with_response))


@pytest.mark.parametrize("reason", FORGERIES)
def test_a_response_that_was_changed_is_examined_like_any_and_the_replay_differs(tmp_path: Path, reason: str) -> None:
    path, target = tmp_path / "decisions.db", tmp_path / "forged.db"
    assert decided(path, TRUSTING).answers != ()
    forged(path, target, FORGERIES[reason])
    with LogReader.open(target) as log:
        replayer = Replayer(log)
        (entry,) = log.decisions()
        assert replayer.replay(entry).status is ReplayStatus.DIFFERENT
        found = replayer.executed(entry)
    assert (found.outcome, found.act_on, found.answers) == (None, "hold", ())
    assert reason in str(objects(found.questions)[0]["tried"])


def test_a_response_that_is_put_back_as_it_was_replays(tmp_path: Path) -> None:
    path, target = tmp_path / "decisions.db", tmp_path / "forged.db"
    decided(path, TRUSTING)
    forged(path, target, lambda answer: answer)
    with LogReader.open(target) as log:
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]


# --- what goes wrong while it is asked


def test_a_feature_that_cannot_be_weighed_is_a_failed_attempt_and_the_decision_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    tier = replace(TIER, features=(("huge", "10 ** 20"),))
    decision = decided(path, TRUSTING, judge_with(tier))
    assert (decision.outcome, decision.act_on) == (None, "hold")
    (attempt,) = attempts_in(path)
    assert attempt["response"] is None
    assert str(attempt["failure"]).startswith("the feature `huge` is beyond")
    assert_sound(path)


# --- a trained head


def head_of(rules: Ruleset, tier: LocalTier) -> Head:
    judgment = rules.program.judgments["same"]
    report = Report()
    cases = read_labels(json.dumps(labels(24)).encode(), "labels.json", judgment, rules.program, report)
    assert not report.has_errors
    model = LOCAL_MODELS.opened(tier, Path())
    return train(judgment, model, [Taught(case.id, case.question, case.answer) for case in cases])


def test_a_trained_head_answers_and_is_named_with_its_version(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    head = head_of(TRUSTING, TIER)
    (tmp_path / "head.json").write_bytes(head.content)
    decision = decided(path, TRUSTING, judge_with(replace(TIER, artefact="head.json"), folder=tmp_path))
    (attempt,) = attempts_in(path)
    assert f"+same/{head.digest.partition(':')[2][:16]}" in str(attempt["model"])
    response = attempt["response"]
    assert isinstance(response, dict)
    answer = json.loads(response["text"])
    assert answer["head"] == head.digest
    (most,) = (said for said, share in answer["probabilities"] if Decimal(share) > Decimal("0.5"))
    assert [each["answer"] for each in objects(decision.answers)] == [most]
    (tmp_path / "head.json").unlink()
    assert_sound(path)


def test_what_was_calibrated_without_a_head_says_nothing_of_one(tmp_path: Path) -> None:
    (tmp_path / "head.json").write_bytes(head_of(screening(), TIER).content)
    rules = screening().calibrated((calibrated(screening()),))
    tier = replace(TIER, artefact="head.json")
    decision = decided(tmp_path / "decisions.db", rules, judge_with(tier, folder=tmp_path))
    assert decision.answers == ()
    assert "no calibration for this judgment, prompt, model and tier" in str(objects(decision.questions)[0]["tried"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"artefact": "head.json", "features": ()}, "NS674"),
        ({"artefact": "nowhere.json"}, "NS673"),
        ({"artefact": "head.json", "model": "minilm/0123456789abcdef"}, "NS672"),
        ({"features": (("it", "customer.name"),)}, "NS675"),
        ({"features": (("it", "customer.nam"),)}, "NS203"),
    ],
)
def test_an_engine_does_not_start_with_what_does_not_belong_together(
    tmp_path: Path, change: dict[str, object], code: str
) -> None:
    (tmp_path / "head.json").write_bytes(head_of(screening(), TIER).content)
    tier = replace(TIER, **change)  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        engine_of(screening(), judge=judge_with(tier, folder=tmp_path))
    assert [found.code for found in caught.value.diagnostics] == [code]
