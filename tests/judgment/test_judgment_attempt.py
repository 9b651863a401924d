import json
from decimal import Decimal

import pytest

from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt, Usage, attempt_json, read_attempt
from neurosym.text.failure import ReplayError
from neurosym.values.canonical import digest_bytes

ATTEMPT = Attempt(
    question=digest_bytes(b"question"),
    request_id=digest_bytes(b"request"),
    tier="small",
    kind=Kind.MODEL,
    number=2,
    request=b'{"model": "m"}',
    response=b"\xff\x00",
    model="m",
    model_returned="m-0613",
    prompt=digest_bytes(b"prompt"),
    parameters=(("seed", 1), ("temperature", 0), ("thinking", False), ("verbosity", "low")),
    provider_id="req-1",
    usage=Usage(10, 2),
    dialect="chat+lark",
    duration_ms=31,
    sample=2,
    part=1,
    parts=3,
    cost=Decimal("0.00127"),
    currency="USD",
    cost_is_assumed=True,
    template=digest_bytes(b"template"),
)
LATER = ("dialect", "duration_ms", "sample", "part", "parts", "cost", "currency", "cost_is_assumed", "template")


def test_an_attempt_is_recorded_and_read_back() -> None:
    assert read_attempt(attempt_json(ATTEMPT)) == ATTEMPT


def test_an_attempt_recorded_before_there_were_dialects_is_read() -> None:
    document = {name: value for name, value in json.loads(attempt_json(ATTEMPT)).items() if name not in LATER}
    found = read_attempt(json.dumps(document).encode())
    assert (found.dialect, found.sample, found.part, found.parts, found.cost) == (None, 0, 0, 1, None)
    assert found.usage == ATTEMPT.usage


def test_bytes_stand_as_text_where_they_are_text() -> None:
    document = json.loads(attempt_json(ATTEMPT))
    assert document["request"] == {"text": '{"model": "m"}'}
    assert document["response"] == {"base64": "/wA="}


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "oracle"},
        {"number": 0},
        {"number": "1"},
        {"response": {}},
        {"response": {"text": "a", "base64": "YQ=="}},
        {"response": {"base64": "???"}},
        {"response": None},
        {"parameters": {"temperature": None}},
        {"usage": {"read": 1}},
        {"secret": "x"},
        {"part": 3},
        {"part": -1},
        {"parts": 0},
        {"sample": -1},
        {"duration_ms": 1.5},
        {"cost": 1},
        {"cost": "1e3"},
        {"cost_is_assumed": 1},
    ],
)
def test_what_is_no_attempt_is_refused(change: dict[str, object]) -> None:
    document = {**json.loads(attempt_json(ATTEMPT)), **change}
    with pytest.raises(ReplayError):
        read_attempt(json.dumps(document).encode())


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"{}", b"\xff", b'{"tier": "a", "tier": "b"}'])
def test_bytes_that_are_no_record_are_refused(content: bytes) -> None:
    with pytest.raises(ReplayError):
        read_attempt(content)
