"""Calls of models as spans: read with OpenTelemetry's own messages, their attributes named as it names them."""

from __future__ import annotations

import base64
import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status, TracesData
from opentelemetry.semconv import _incubating
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes, openai_attributes

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision.export.correlation import span_id, trace_id
from neurosym.decision.export.genai import CONVENTIONS, SCHEMA_URL, answer_entries, model_calls
from neurosym.decision.export.genai_attributes import error_type
from neurosym.decision.export.opa import opa_events
from neurosym.decision.recorder import ATTEMPT
from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt, attempt_json, read_attempt
from neurosym.judgment.dialect import Constraint, Dialect, Wire
from neurosym.judgment.local.local_answer import DIALECT as LOCAL
from neurosym.testing.endpoint import Misbehaviour
from neurosym.values.canonical import digest_bytes
from tests.audit.world import open_log
from tests.decision.case import REMARKS
from tests.decision.exported import CUSTOMER, MODEL, REVIEWER, has_float, write_called_log, write_reviewed_log

ASKED = digest_bytes(b"question")
DIGESTS = ("neurosym.question.digest", "neurosym.request.digest", "neurosym.prompt.digest")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LogReader]:
    write_reviewed_log(tmp_path)
    with LogReader.open(tmp_path / "decisions.db") as opened:
        yield opened


def documents(log: LogReader, *, content: bool = False) -> list[dict[str, Any]]:
    return [*model_calls(log, answer_entries(log), content=content)]


def called(path: Path, *, content: bool = False) -> list[dict[str, Any]]:
    with LogReader.open(path / "decisions.db") as log:
        return documents(log, content=content)


def read(document: dict[str, Any]) -> Span:
    """The span as the official messages have it. They take bytes in base64; OTLP writes ids in hexadecimal."""
    (resource,) = document["resourceSpans"]
    (scoped,) = resource["scopeSpans"]
    (span,) = scoped["spans"]
    coded = {name: base64.b64encode(bytes.fromhex(span[name])).decode() for name in ("traceId", "spanId")}
    whole = {"resourceSpans": [{**resource, "scopeSpans": [{**scoped, "spans": [{**span, **coded}]}]}]}
    traces = TracesData()
    json_format.Parse(json.dumps(whole), traces)
    assert traces.resource_spans[0].scope_spans[0].schema_url == SCHEMA_URL
    found: Span = traces.resource_spans[0].scope_spans[0].spans[0]
    return found


def value(of: Any) -> Any:
    """What an AnyValue holds."""
    match of.WhichOneof("value"):
        case "array_value":
            return [value(each) for each in of.array_value.values]
        case "kvlist_value":
            return {each.key: value(each.value) for each in of.kvlist_value.values}
        case kind:
            return getattr(of, kind)


def attributes(document: dict[str, Any]) -> dict[str, Any]:
    return {each.key: value(each.value) for each in read(document).attributes}


def attempt(**more: Any) -> Attempt:
    plain = Attempt(
        question=ASKED,
        request_id=ASKED,
        tier="small",
        kind=Kind.MODEL,
        number=1,
        request=b"{}",
        response=b"{}",
        model=MODEL,
    )
    return replace(plain, **more)


def logged(tmp_path: Path, *attempts: Attempt, content: bool = False) -> list[dict[str, Any]]:
    """The documents of a log that holds these attempts."""
    with open_log(tmp_path / "decisions.db") as log:
        for each in attempts:
            payloads = ((ATTEMPT, attempt_json(each)),)
            log.record(Draft(kind=EntryKind.ANSWER, decision="D", actor=each.tier, payloads=payloads))
        return documents(log, content=content)


# --- the form


def test_every_call_is_a_span_of_the_official_form(log: LogReader) -> None:
    found = documents(log)
    assert [attributes(document)["neurosym.entry"] for document in found] == [3, 4]
    origin = log.identity.origin
    for document, entry in zip(found, answer_entries(log), strict=False):
        span = read(document)
        assert span.trace_id.hex() == trace_id(origin, entry)
        assert span.span_id.hex() == span_id(origin, entry)
        assert (len(span.trace_id), len(span.span_id)) == (16, 8)
        assert (span.name, span.kind) == (f"chat {MODEL}", Span.SPAN_KIND_CLIENT)
        assert not span.HasField("status")
        assert not has_float(document)
        told = json.dumps(document)
        assert not re.search(r'"(?:intValue|doubleValue|\w*UnixNano)": [^"]', told)  # not every reader has 64 bits


def test_a_span_lasts_as_long_as_the_call_and_ends_when_it_was_logged(log: LogReader) -> None:
    entry = next(answer_entries(log))
    lasted = read_attempt(log.content(entry, ATTEMPT)).duration_ms
    assert lasted is not None
    span = read(documents(log)[0])
    ended = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=span.end_time_unix_nano // 1000)
    assert ended == datetime.fromisoformat(entry.stamp.time)
    assert span.end_time_unix_nano - span.start_time_unix_nano == lasted * 1_000_000


def test_the_calls_of_a_decision_share_its_trace_with_its_event(log: LogReader) -> None:
    spans = [document["resourceSpans"][0]["scopeSpans"][0]["spans"][0] for document in documents(log)]
    event = next(opa_events(log, log.decisions()))
    assert {span["traceId"] for span in spans} == {event["trace_id"]}
    assert len({span["spanId"] for span in spans}) == 2


def test_the_log_and_the_conventions_are_named(log: LogReader) -> None:
    (resource,) = documents(log)[0]["resourceSpans"]
    named = {each["key"]: each["value"]["stringValue"] for each in resource["resource"]["attributes"]}
    assert named == {"service.name": "neurosym", "neurosym.log.origin": log.identity.origin}
    assert SCHEMA_URL.endswith(f"/{CONVENTIONS}")


# --- what is told


def conventional_names() -> set[str]:
    """Every attribute that the published package has a name for."""
    package = f"{_incubating.__name__}.attributes"
    path = [f"{folder}/attributes" for folder in _incubating.__path__]
    modules = [importlib.import_module(f"{package}.{each.name}") for each in pkgutil.iter_modules(path)]
    return {name for module in modules for name in vars(module).values() if isinstance(name, str)}


@pytest.mark.parametrize("content", [False, True])
def test_every_attribute_has_a_name_of_the_conventions_or_ours(log: LogReader, content: bool) -> None:  # noqa: FBT001
    names = {name for document in documents(log, content=content) for name in attributes(document)}
    theirs = {name for name in names if not name.startswith("neurosym.")}
    assert len(theirs) >= 10
    assert theirs <= conventional_names()
    for name in names:  # an attribute is never a namespace of others
        assert not [other for other in names if other.startswith(f"{name}.")]


def test_the_attributes_are_those_of_the_call(log: LogReader) -> None:
    found = attributes(documents(log)[0])
    recorded = read_attempt(log.content(next(answer_entries(log)), ATTEMPT))
    assert recorded.usage is not None
    expected = {
        gen_ai_attributes.GEN_AI_OPERATION_NAME: gen_ai_attributes.GenAiOperationNameValues.CHAT.value,
        gen_ai_attributes.GEN_AI_PROVIDER_NAME: gen_ai_attributes.GenAiProviderNameValues.OPENAI.value,
        gen_ai_attributes.GEN_AI_REQUEST_MODEL: MODEL,
        gen_ai_attributes.GEN_AI_RESPONSE_MODEL: MODEL,
        gen_ai_attributes.GEN_AI_RESPONSE_ID: "chatcmpl-loopback",
        gen_ai_attributes.GEN_AI_RESPONSE_FINISH_REASONS: ["stop"],
        gen_ai_attributes.GEN_AI_OUTPUT_TYPE: gen_ai_attributes.GenAiOutputTypeValues.JSON.value,
        gen_ai_attributes.GEN_AI_REQUEST_MAX_TOKENS: 64,
        gen_ai_attributes.GEN_AI_REQUEST_SEED: 7,
        gen_ai_attributes.GEN_AI_REQUEST_TEMPERATURE: 0.5,
        gen_ai_attributes.GEN_AI_USAGE_INPUT_TOKENS: recorded.usage.read,
        gen_ai_attributes.GEN_AI_USAGE_OUTPUT_TOKENS: recorded.usage.written,
        openai_attributes.OPENAI_API_TYPE: openai_attributes.OpenaiApiTypeValues.CHAT_COMPLETIONS.value,
        "neurosym.tier": "small",
        "neurosym.cost.amount": "1.25",
        "neurosym.cost.currency": "EUR",
        "neurosym.cost.is_assumed": False,
    }
    assert found.items() >= expected.items()


def test_no_content_is_told_unless_it_is_asked_for(log: LogReader) -> None:
    told, asked = (json.dumps(documents(log, content=content)) for content in (False, True))
    recorded = [read_attempt(log.content(entry, ATTEMPT)) for entry in answer_entries(log)]
    guessable = {digest for each in recorded for digest in (each.question, each.request_id, each.prompt)} - {None}
    for private in (CUSTOMER, "LISTED", REMARKS, "different", "messages", *map(str, guessable)):
        assert private not in told, private
    for private in (CUSTOMER, "LISTED", REMARKS, "different"):
        assert private in asked
    assert REVIEWER not in asked  # no model was asked for that


def test_content_is_the_messages_in_their_order(log: LogReader) -> None:
    found = attributes(documents(log, content=True)[0])
    recorded = read_attempt(log.content(next(answer_entries(log)), ATTEMPT))
    sent = json.loads(recorded.request)["messages"]
    assert found[gen_ai_attributes.GEN_AI_INPUT_MESSAGES] == [
        {"role": each["role"], "parts": [{"type": "text", "content": each["content"]}]} for each in sent
    ]
    assert recorded.response is not None
    answer = json.loads(recorded.response)["choices"][0]["message"]["content"]
    assert found[gen_ai_attributes.GEN_AI_OUTPUT_MESSAGES] == [
        {"role": "assistant", "parts": [{"type": "text", "content": answer}]}
    ]
    assert [found[name] for name in DIGESTS] == [recorded.question, recorded.request_id, recorded.prompt]


# --- who was called, and how


@pytest.mark.parametrize("dialect", Dialect, ids=lambda each: each.value)
def test_every_dialect_gives_spans_with_content(tmp_path: Path, dialect: Dialect) -> None:
    write_called_log(tmp_path, dialect=dialect)
    (document,) = called(tmp_path, content=True)
    found = attributes(document)
    operation = "decide" if dialect.wire is Wire.DECISIONS else "chat"
    assert found["gen_ai.operation.name"] == operation
    assert read(document).name == f"{operation} {MODEL}"
    api = {Wire.CHAT: "chat_completions", Wire.RESPONSES: "responses", Wire.DECISIONS: None}[dialect.wire]
    assert found.get("openai.api.type") == api
    assert found.get("gen_ai.output.type") == ("json" if dialect.constraint is Constraint.SCHEMA else None)
    assert CUSTOMER in json.dumps(found["gen_ai.input.messages"])
    ((part,),) = [message["parts"] for message in found["gen_ai.output.messages"]]
    assert part["type"] == ("tool_call" if dialect.constraint is Constraint.LARK else "text")
    assert "different" in json.dumps(part)
    assert found["gen_ai.usage.output_tokens"] > 0
    assert found.keys() >= {"gen_ai.response.model", "neurosym.prompt.template"}


def test_a_local_model_is_called_within_the_process(tmp_path: Path) -> None:
    local = attempt(dialect=LOCAL, parameters=(("numpy", "2.3.0"), ("seed", 1)), request=b'{"max_tokens":1}')
    (document,) = logged(tmp_path, local)
    span, found = read(document), attributes(document)
    assert (span.name, span.kind) == (f"classify {MODEL}", Span.SPAN_KIND_INTERNAL)
    assert (found["gen_ai.provider.name"], found["neurosym.dialect"]) == ("neurosym", LOCAL)
    assert not [name for name in found if name.startswith("gen_ai.request.") and name != "gen_ai.request.model"]


def test_only_models_that_were_called_give_spans(tmp_path: Path) -> None:
    others = [
        attempt(kind=Kind.COMPUTED, model=None),
        attempt(kind=Kind.SUPPLIED, model=None),
        attempt(kind=Kind.PERSON, model=None),
        attempt(reused_from=1),
        attempt(response=None, failure="not asked: the budget is spent", is_refusal=True),
        attempt(part=1, parts=2),
    ]
    found = logged(tmp_path, attempt(part=0, parts=2), *others)
    assert [attributes(each)["neurosym.entry"] for each in found] == [1]
    assert attributes(found[0])["neurosym.request.questions"] == 2


# --- what went wrong


@pytest.mark.parametrize(("misbehaviour", "error"), [(Misbehaviour.STATUS_500, "500"), (Misbehaviour.DROP, "_OTHER")])
def test_a_call_that_failed_says_how(tmp_path: Path, misbehaviour: Misbehaviour, error: str) -> None:
    write_called_log(tmp_path, misbehaviour)
    (document,) = called(tmp_path)
    assert read(document).status.code == Status.STATUS_CODE_ERROR
    assert attributes(document)["error.type"] == error


@pytest.mark.parametrize("misbehaviour", [Misbehaviour.GARBAGE, Misbehaviour.PAGE, Misbehaviour.REFUSE])
def test_a_response_that_is_no_answer_is_told_as_it_came(tmp_path: Path, misbehaviour: Misbehaviour) -> None:
    write_called_log(tmp_path, misbehaviour)
    (document,) = called(tmp_path, content=True)
    found = attributes(document)
    assert "error.type" not in found
    assert ("gen_ai.output.messages" in found) == (misbehaviour is not Misbehaviour.GARBAGE)


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        ("the endpoint answered with status 429", "429"),
        ("no answer within 150 ms", "timeout"),
        ("no connection: [Errno 111] Connection refused", "_OTHER"),
        ("the variable `KEY` holds no key", "_OTHER"),
    ],
)
def test_failures_have_few_classes(failure: str, error: str) -> None:
    assert error_type(failure) == error


def test_whatever_was_recorded_gives_a_legal_span(tmp_path: Path) -> None:
    strange = [
        attempt(request=b"\xff", response=b"\xff", dialect="of tomorrow"),
        attempt(request=b"", response=b'{"id": 5, "choices": []}'),
        attempt(request=b'{"messages": [7, {"role": "user"}], "max_tokens": true}', response=b"[]"),
        attempt(parameters=(("seed", "seven"), ("temperature", "warm"), ("top_p", True)), model=None),
    ]
    for document in logged(tmp_path, *strange, content=True):
        found = attributes(document)
        assert not found.keys() & {
            *("gen_ai.request.max_tokens", "gen_ai.request.seed", "gen_ai.request.temperature"),
            *("gen_ai.request.top_p", "gen_ai.response.id"),
        }
        assert found.keys() >= {"gen_ai.operation.name", "gen_ai.provider.name"}


# --- which


def test_the_calls_of_decisions_are_told_once_though_they_share_them(log: LogReader) -> None:
    first, second, third = log.decisions()

    def entries(*decisions: Entry) -> list[int]:
        return sorted(entry.seq for entry in answer_entries(log, decisions))

    assert entries(first) == entries(second) == entries(first, second) == [3, 4]
    assert entries(third) == [8]
    assert [entry.seq for entry in answer_entries(log)] == [3, 4, 8]
