from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.feel.typed import TypedExpr
from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt, attempt_json
from neurosym.judgment.configuration import ComputedTier, PersonTier
from neurosym.judgment.judge import Judge
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.tier import Skipped, Waiting
from neurosym.judgment.validation import Disposition, Examination
from neurosym.testing.endpoint import Call, Endpoint, Misbehaviour, answer_by, answer_document
from neurosym.text.failure import InputError
from neurosym.values.value import Value
from tests.judgment.case import CLASSES, JUDGMENT, inquiry, judge, model_tier

TRUSTING = replace(JUDGMENT, accept_uncalibrated=True)
KEY = "k3y-that-nobody-may-see"


def quote_the_date(call: Call) -> dict[str, object]:
    return answer_document(call, "same", [("entry.remarks", "DOB 02 Mar 1971")])


def ask(base_url: str, attempts: int = 1, timeout_ms: int = 5_000) -> tuple[Examination, list[Attempt]]:
    """What a trusting judgment gets from a model, and what was recorded on the way."""
    recorded: list[Attempt] = []
    found = judge(model_tier(base_url, attempts, timeout_ms)).ask("small", inquiry(TRUSTING), recorded.append)
    assert isinstance(found, Examination)
    assert recorded[-1] == found.attempt
    return found, recorded


@pytest.fixture
def good() -> Iterator[Endpoint]:
    with Endpoint(respond=quote_the_date) as endpoint:
        yield endpoint


def test_a_good_answer_is_accepted(good: Endpoint) -> None:
    found, (attempt,) = ask(good.base_url)
    assert found.answer is not None
    assert found.answer.value == "same"
    assert attempt.kind is Kind.MODEL
    assert (attempt.model, attempt.model_returned, attempt.provider_id) == ("m", "m", "call-1")
    assert attempt.usage is not None


def test_the_bytes_of_both_directions_are_recorded_as_they_went(good: Endpoint) -> None:
    _, (attempt,) = ask(good.base_url)
    (call,) = good.calls
    assert attempt.request == call.body
    assert attempt.response == good.completion(call, Misbehaviour.NONE)


def test_the_request_holds_the_schema_and_the_parameters(good: Endpoint) -> None:
    ask(good.base_url)
    body = json.loads(good.calls[0].body)
    assert sorted(body) == ["messages", "model", "response_format", "temperature"]
    assert body["response_format"]["json_schema"]["strict"] is True
    assert good.calls[0].path == "/v1/chat/completions"


def test_without_calibration_a_good_answer_is_recorded_and_not_accepted(good: Endpoint) -> None:
    recorded: list[Attempt] = []
    found = judge(model_tier(good.base_url, attempts=3)).ask("small", inquiry(), recorded.append)
    assert isinstance(found, Examination)
    assert found.disposition is Disposition.WITHHELD
    assert len(recorded) == 1


@pytest.mark.parametrize("misbehaviour", [Misbehaviour.STATUS_500, Misbehaviour.DROP, Misbehaviour.GARBAGE])
def test_failures_are_repeated_visibly_within_the_attempts(misbehaviour: Misbehaviour) -> None:
    with Endpoint(misbehaviour) as endpoint:
        _, recorded = ask(endpoint.base_url, attempts=3)
    assert [attempt.number for attempt in recorded] == [1, 2, 3]
    assert len(endpoint.calls) == 3
    assert len({attempt.request_id for attempt in recorded}) == 1


def test_a_failure_that_passes_does_no_harm() -> None:
    with Endpoint(Misbehaviour.STATUS_500, Misbehaviour.NONE, respond=quote_the_date) as endpoint:
        found, recorded = ask(endpoint.base_url, attempts=2)
    assert found.answer is not None
    assert [attempt.failure is None for attempt in recorded] == [False, True]


def test_a_rejected_answer_gets_one_correction_in_our_words() -> None:
    with Endpoint(Misbehaviour.QUOTE, Misbehaviour.NONE, respond=quote_the_date) as endpoint:
        found, recorded = ask(endpoint.base_url, attempts=2)
    assert found.answer is not None
    assert "quote 1 does not stand in `entry.remarks`" in endpoint.calls[1].prompt
    assert "no such words" not in endpoint.calls[1].prompt
    assert recorded[0].prompt != recorded[1].prompt
    assert recorded[0].request_id != recorded[1].request_id


def test_a_second_rejection_is_the_last() -> None:
    with Endpoint(Misbehaviour.SCHEMA) as endpoint:
        found, recorded = ask(endpoint.base_url, attempts=5)
    assert found.disposition is Disposition.REJECTED
    assert len(recorded) == 2


def test_one_attempt_leaves_no_room_for_a_correction() -> None:
    with Endpoint(Misbehaviour.SCHEMA) as endpoint:
        _, recorded = ask(endpoint.base_url, attempts=1)
    assert len(recorded) == len(endpoint.calls) == 1


def test_an_answer_that_cannot_be_recorded_is_not_used(good: Endpoint) -> None:
    def refuse(attempt: Attempt) -> None:
        raise OSError(attempt.tier)

    with pytest.raises(OSError, match="small"):
        judge(model_tier(good.base_url, attempts=3)).ask("small", inquiry(TRUSTING), refuse)
    assert len(good.calls) == 1


def test_an_attempt_is_recorded_before_it_is_looked_at(good: Endpoint) -> None:
    order: list[str] = []

    def holds(_condition: TypedExpr, _environment: Mapping[str, Value]) -> bool:
        order.append("looked at")
        return True

    looked = replace(inquiry(TRUSTING), holds=holds)
    judge(model_tier(good.base_url)).ask("small", looked, lambda _: order.append("recorded"))
    assert order == ["recorded", "looked at"]


def test_a_key_comes_from_its_variable_and_stands_in_no_record(good: Endpoint) -> None:
    recorded: list[Attempt] = []
    keyed = judge(model_tier(good.base_url, key_env="SMALL_KEY"), environment={"SMALL_KEY": KEY})
    keyed.ask("small", inquiry(TRUSTING), recorded.append)
    assert good.calls[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY.encode() not in attempt_json(recorded[0])
    assert KEY not in repr(keyed)
    assert KEY not in str(keyed.configuration.json)


def test_a_response_that_repeats_the_key_is_not_kept() -> None:
    recorded: list[Attempt] = []
    with Endpoint(Misbehaviour.ECHO) as endpoint:
        keyed = judge(model_tier(endpoint.base_url, key_env="SMALL_KEY"), environment={"SMALL_KEY": KEY})
        found = keyed.ask("small", inquiry(TRUSTING), recorded.append)
    assert isinstance(found, Examination)
    assert KEY.encode() not in attempt_json(recorded[0])
    assert recorded[0].response is None
    assert "repeated the key" in found.reason


@pytest.mark.parametrize("environment", [{}, {"SMALL_KEY": ""}, {"SMALL_KEY": "a\nb"}, {"SMALL_KEY": "ключ"}])
def test_a_missing_key_is_a_failure_and_nothing_is_sent(good: Endpoint, environment: dict[str, str]) -> None:
    recorded: list[Attempt] = []
    keyed = judge(model_tier(good.base_url, key_env="SMALL_KEY"), environment=environment)
    found = keyed.ask("small", inquiry(TRUSTING), recorded.append)
    assert isinstance(found, Examination)
    assert "`SMALL_KEY` holds no key" in found.reason
    assert good.calls == []


def test_nothing_is_taken_from_the_surroundings(good: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        elsewhere = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        ambient = {
            "OPENAI_API_KEY": KEY,
            "OPENAI_ADMIN_KEY": KEY,
            "OPENAI_ORG_ID": KEY,
            "OPENAI_PROJECT_ID": KEY,
            "OPENAI_CUSTOM_HEADERS": f"x-secret: {KEY}\nauthorization: Bearer {KEY}",
            "OPENAI_BASE_URL": elsewhere,
            **dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"), elsewhere),
        }
        for name, value in ambient.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        found, _ = ask(good.base_url)
    assert found.answer is not None
    (call,) = good.calls
    assert KEY not in str(call.headers)
    assert call.headers["authorization"] == "Bearer none"
    expected = {"accept", "accept-encoding", "authorization", "content-length", "content-type", "host"}
    assert set(call.headers) == expected


def test_an_address_where_nobody_listens_is_a_failure() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        found, _ = ask(f"http://127.0.0.1:{nobody.getsockname()[1]}/v1")
    assert found.disposition is Disposition.FAILED


def test_a_response_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neurosym.judgment.providers.transport.RESPONSE_BYTES_MAX", 100)
    with Endpoint(respond=quote_the_date) as endpoint:
        found, (attempt,) = ask(endpoint.base_url)
    assert attempt.response is None
    assert "larger than 100 bytes" in found.reason


def test_a_tier_that_may_not_see_is_skipped_with_the_reason(good: Endpoint) -> None:
    recorded: list[Attempt] = []
    private = replace(inquiry(TRUSTING), classes={**CLASSES, ("Listing", "remarks"): "secret"})
    found = judge(model_tier(good.base_url)).ask("small", private, recorded.append)
    assert found == Skipped("small", "it may not see entry.remarks (secret)")
    assert (good.calls, recorded) == ([], [])


def test_a_tier_that_does_not_exist_is_skipped() -> None:
    assert isinstance(judge().ask("small", inquiry(), lambda _: None), Skipped)


def test_a_person_gets_the_question_with_what_was_said_before(tmp_path: Path, good: Endpoint) -> None:
    both = judge(model_tier(good.base_url), PersonTier("person", "reviews.db"), folder=tmp_path)
    said = both.ask("small", inquiry(), lambda _: None)
    assert isinstance(said, Examination)
    waiting = both.ask("person", replace(inquiry(), earlier=(said,)), lambda _: None)
    assert waiting == Waiting(said.attempt.question, "person")
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        (item,) = queue.open_items()
    assert item.decisions == ("D1",)
    assert [(each.tier, each.said) for each in item.earlier] == [("small", "same")]
    assert "calibration" in item.earlier[0].reason


def test_a_queue_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    recorded: list[Attempt] = []
    found = judge(PersonTier("person", "missing/reviews.db"), folder=tmp_path).ask("person", inquiry(), recorded.append)
    assert isinstance(found, Examination)
    assert found.disposition is Disposition.FAILED
    assert recorded == [found.attempt]


def test_a_judge_is_made_from_a_file(tmp_path: Path, good: Endpoint) -> None:
    path = tmp_path / "judges.toml"
    path.write_text(
        f'[tier.small]\nkind = "model"\nbase_url = "{good.base_url}"\nmodel = "m"\nkey_env = "SMALL_KEY"\n'
        'may_see = ["public", "internal"]\n[tier.person]\nkind = "person"\nreview = "reviews.db"\n'
    )
    made = Judge.from_config(path, {"SMALL_KEY": KEY})
    found = made.ask("small", inquiry(TRUSTING), lambda _: None)
    assert isinstance(found, Examination)
    assert found.answer is not None
    made.ask("person", inquiry(), lambda _: None)
    assert (tmp_path / "reviews.db").exists()
    assert made.next_tier(JUDGMENT, {"small"}) == "person"


def test_keys_come_from_the_environment_of_the_process_unless_another_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "judges.toml"
    path.write_text('[tier.local]\nkind = "computed"\n')
    monkeypatch.setenv("SMALL_KEY", KEY)
    assert Judge.from_config(path).environment is os.environ


def test_a_file_with_problems_makes_no_judge(tmp_path: Path) -> None:
    path = tmp_path / "judges.toml"
    path.write_text("[tier.small]\nkind = 'model'\n")
    with pytest.raises(InputError, match="NS602"):
        Judge.from_config(path)


def test_a_file_that_is_not_there_makes_no_judge(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="NS600"):
        Judge.from_config(tmp_path / "judges.toml")


def test_a_failing_tier_leaves_the_next_one() -> None:
    several = judge(ComputedTier("local"), model_tier("http://127.0.0.1:9/v1"))
    assert several.next_tier(JUDGMENT, {"local"}) == "small"


def test_an_endpoint_answers_by_what_stands_in_the_prompt() -> None:
    with Endpoint(respond=answer_by({"KARIMI": "unclear"})) as endpoint:
        found, _ = ask(endpoint.base_url)
    assert found.answer is not None
    assert found.answer.value == "unclear"
