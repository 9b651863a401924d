"""A real server on loopback that misbehaves: never the lowest outcome, and a log that verifies and replays."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision.decision import Decision
from neurosym.decision.recorder import ATTEMPT
from neurosym.decision.replay import ReplayStatus
from neurosym.decision.review import answer_question
from neurosym.judgment.attempt import read_attempt
from neurosym.judgment.configuration import Configuration, ModelTier, PersonTier
from neurosym.judgment.dialect import Dialect
from neurosym.judgment.judge import Judge
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.testing.endpoint import Call, Endpoint, Misbehaviour, answer_document, misbehaviours
from tests.audit.world import open_log, problems_of
from tests.decision.case import PAYMENT, engine_of, replayed, screening, world
from tests.decision.forger import forge_log, with_payload

KEY = "sk-of-the-house"


def says_different(call: Call) -> dict[str, object]:
    """The answer that would release the payment."""
    return answer_document(call, "different")


def judge_at(endpoint: Endpoint, attempts: int = 1, timeout_ms: int = 5_000) -> Judge:
    tier = ModelTier("small", endpoint.base_url, "m", ("public",), "KEY_OF_SMALL", timeout_ms, attempts)
    return Judge(Configuration((tier,)), {"KEY_OF_SMALL": KEY}, {})


def decided(path: Path, endpoint: Endpoint, *entries: str, attempts: int = 1, timeout_ms: int = 5_000) -> Decision:
    rules = screening(clauses="accept uncalibrated")
    with open_log(path) as log:
        engine = engine_of(rules, log, judge_at(endpoint, attempts, timeout_ms))
        return engine.decide("screen", PAYMENT, facts=world(*entries))


def assert_sound(path: Path) -> None:
    assert problems_of(path) == []
    with LogReader.open(path) as log:
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]


FAILURES = misbehaviours(Dialect.CHAT_SCHEMA)


def patience_ms(misbehaviour: Misbehaviour) -> int:
    """Short only where no response will ever be whole."""
    return 150 if misbehaviour in (Misbehaviour.STALL, Misbehaviour.TRICKLE) else 5_000


@pytest.mark.parametrize("misbehaviour", FAILURES, ids=lambda each: each.value)
def test_a_provider_that_misbehaves_never_leads_to_the_lowest_outcome(
    tmp_path: Path, misbehaviour: Misbehaviour
) -> None:
    path = tmp_path / "decisions.db"
    with Endpoint(misbehaviour, respond=says_different) as endpoint:
        decision = decided(path, endpoint, "E1", timeout_ms=patience_ms(misbehaviour))
        assert len(endpoint.calls) == 1
    assert (decision.status.value, decision.outcome, decision.act_on) == ("undecided", None, "hold")
    assert decision.answers == ()
    assert_sound(path)  # and with the endpoint gone


def test_the_same_provider_is_believed_when_it_behaves(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with Endpoint(respond=says_different) as endpoint:
        decision = decided(path, endpoint, "E1")
    assert decision.outcome == "release"
    assert_sound(path)


@pytest.mark.parametrize("misbehaviour", FAILURES, ids=lambda each: each.value)
def test_one_question_that_fails_keeps_the_others_from_releasing(tmp_path: Path, misbehaviour: Misbehaviour) -> None:
    path = tmp_path / "decisions.db"
    with Endpoint(misbehaviour, Misbehaviour.NONE, respond=says_different) as endpoint:
        decision = decided(path, endpoint, "E1", "E2", timeout_ms=patience_ms(misbehaviour))
    assert decision.act_on == "hold"
    assert len(decision.answers) == len(decision.questions) == 1
    assert_sound(path)


def test_every_attempt_is_recorded_with_what_came_back(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with Endpoint(Misbehaviour.STATUS_500, Misbehaviour.SCHEMA, Misbehaviour.NONE, respond=says_different) as endpoint:
        decision = decided(path, endpoint, "E1", attempts=3)
        assert len(endpoint.calls) == 3
    assert decision.outcome == "release"
    with LogReader.open(path) as log:
        effects = [log.entry(seq) for seq in log.decision(decision.id).effects]
        attempts = [read_attempt(log.content(entry, ATTEMPT)) for entry in effects]
    assert {entry.kind for entry in effects} == {EntryKind.ANSWER}
    assert [entry.outcome for entry in effects] == ["failed", "response", "response"]
    assert [each.number for each in attempts] == [1, 2, 3]
    assert attempts[0].failure is not None
    assert b"verdict" in (attempts[1].response or b"")
    assert_sound(path)


def test_the_key_of_an_endpoint_is_nowhere_in_the_log(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with Endpoint(Misbehaviour.ECHO, Misbehaviour.NONE) as endpoint:
        decided(path, endpoint, "E1", attempts=2)
        assert endpoint.calls[0].headers["authorization"] == f"Bearer {KEY}"
    with LogReader.open(path) as log:
        contents = [log.payload(link) for entry in log.entries() for link in entry.payloads]
    assert all(KEY.encode() not in content for content in contents)
    assert KEY.encode() not in path.read_bytes()


def test_replay_never_calls_the_endpoint(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with Endpoint(respond=says_different) as endpoint:
        decided(path, endpoint, "E1", "E2")
        calls = len(endpoint.calls)
        assert_sound(path)
        forged = tmp_path / "forged.db"
        forge_log(path, forged, with_payload(ATTEMPT, lambda content: content.replace(b"different", b"dissimilar")))
        with LogReader.open(forged) as log:
            (found,) = replayed(log)
        assert found.status is ReplayStatus.DIFFERENT
        assert len(endpoint.calls) == calls == 2


def test_what_a_model_said_is_not_asked_again_when_a_person_answers(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    rules = screening(clauses="accept uncalibrated")
    with open_log(path) as log, ReviewQueue.open(tmp_path / "reviews.db") as queue:
        with Endpoint(Misbehaviour.QUOTE, Misbehaviour.NONE, respond=says_different) as endpoint:
            tiers = (*judge_at(endpoint).configuration.tiers, PersonTier("person", "reviews.db"))
            engine = engine_of(rules, log, Judge(Configuration(tiers, tmp_path), {"KEY_OF_SMALL": KEY}, {}))
            first = engine.decide("screen", PAYMENT, facts=world("E1", "E2"))
            (item,) = queue.open_items()
            (second,) = answer_question(log, queue, item.question, "different", [], None, "ada")
            assert len(endpoint.calls) == 2
        assert (first.act_on, second.outcome) == ("hold", "release")
    with LogReader.open(path) as log:
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL] * 2


def test_a_changed_response_of_a_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with Endpoint() as endpoint:  # says "same" without a quote, which the check rejects
        decision = decided(path, endpoint, "E1")
    assert decision.act_on == "hold"
    forged = tmp_path / "forged.db"
    forge_log(path, forged, with_payload(ATTEMPT, lambda content: content.replace(b'\\\\\\"same', b'\\\\\\"different')))
    assert problems_of(forged) == []
    with LogReader.open(forged) as log:
        (found,) = replayed(log)
    assert found.difference == 'result: $.act_on was "hold" and is "release"'
