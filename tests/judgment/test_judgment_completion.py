"""What responses say, wire by wire: read strictly where an answer depends on it, loosely elsewhere."""

from __future__ import annotations

import json
from typing import Any

import pytest

from neurosym.judgment.attempt import Usage
from neurosym.judgment.completion import read_completion
from neurosym.judgment.completions.envelope import RESPONSE_BYTES_MAX
from neurosym.judgment.dialect import Dialect
from neurosym.judgment.document import DocumentError

TEXT = '{"answer": true}'


def chat(message: dict[str, Any], finish: str | None = "stop", **more: Any) -> bytes:
    choice = {"message": message, "finish_reason": finish, **more}
    usage = {"prompt_tokens": 3, "completion_tokens": 2}
    return json.dumps({"model": "m", "choices": [choice], "usage": usage, "timings": {"ms": 1.5e-05}}).encode()


def response(*items: dict[str, Any], **more: Any) -> bytes:
    usage = {"input_tokens": 3, "output_tokens": 2}
    document = {"model": "m", "status": "completed", "output": [*items], "usage": usage, "temperature": 0.1}
    return json.dumps({**document, **more}).encode()


def called(name: str = "answer", text: str = TEXT) -> dict[str, Any]:
    return {"type": "custom", "id": "c", "custom": {"name": name, "input": text}}


def message(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "status": "completed", "content": [*parts], **more}


SAID = {"type": "output_text", "text": TEXT, "annotations": []}
CALL = {"type": "custom_tool_call", "name": "answer", "input": TEXT, "call_id": "c"}
GOOD = [
    (Dialect.CHAT, chat({"content": TEXT})),
    (Dialect.CHAT_SCHEMA, chat({"content": TEXT, "refusal": None, "tool_calls": []})),
    (Dialect.CHAT_LARK, chat({"content": None, "tool_calls": [called()]}, "tool_calls")),
    (Dialect.CHAT_LARK, chat({"content": "Here it is.", "tool_calls": [called()]})),
    (Dialect.RESPONSES, response({"type": "reasoning", "summary": []}, message(SAID))),
    (Dialect.RESPONSES_SCHEMA, response(message(SAID, phase="commentary"), message(SAID, phase="final_answer"))),
    (Dialect.RESPONSES_LARK, response(CALL)),
    (Dialect.RESPONSES_LARK, response(message(SAID), {**CALL, "status": "completed"})),
]


@pytest.mark.parametrize(("dialect", "content"), GOOD)
def test_a_whole_answer_is_read(dialect: Dialect, content: bytes) -> None:
    found = read_completion(dialect, content)
    assert (found.content, found.complaint, found.model, found.usage) == (TEXT, None, "m", Usage(3, 2))


BAD = [
    (Dialect.CHAT, chat({"content": TEXT}, "length"), "cut off"),
    (Dialect.CHAT, chat({"content": TEXT}, None), "did not finish"),
    (Dialect.CHAT, chat({"content": TEXT}, "tool_calls"), "did not finish"),
    (Dialect.CHAT, chat({"content": TEXT}, "content_filter"), "refused"),
    (Dialect.CHAT, chat({"content": TEXT, "refusal": "no"}), "refused"),
    (Dialect.CHAT, chat({"content": ""}), "empty"),
    (Dialect.CHAT, chat({"content": TEXT, "tool_calls": [called()]}), "a tool was called where none was offered"),
    (Dialect.CHAT_LARK, chat({"content": TEXT}), "called 0 times"),
    (Dialect.CHAT_LARK, chat({"content": None, "tool_calls": [called(), called()]}), "called 2 times"),
    (Dialect.CHAT_LARK, chat({"content": None, "tool_calls": [called("other")]}), "another tool"),
    (Dialect.CHAT_LARK, chat({"content": None, "tool_calls": [{"type": "function", "id": "f"}]}), "another tool"),
    (Dialect.CHAT_LARK, chat({"content": None, "tool_calls": [called()]}, "length"), "cut off"),
    (Dialect.CHAT, b'{"choices": [], "model": "m"}', "0 choices"),
    (Dialect.RESPONSES, response(message(SAID), status="incomplete"), "did not finish"),
    (
        Dialect.RESPONSES,
        response(message(SAID), status="incomplete", incomplete_details={"reason": "max_output_tokens"}),
        "cut off",
    ),
    (Dialect.RESPONSES, response(message(SAID), incomplete_details={"reason": "content_filter"}), "refused"),
    (Dialect.RESPONSES, response(message(SAID), error={"code": "server_error"}), "reports an error"),
    (Dialect.RESPONSES, response(message(SAID), status="failed"), "did not finish"),
    (Dialect.RESPONSES, response(message(SAID, status="incomplete")), "did not finish"),
    (Dialect.RESPONSES, response(message({"type": "refusal", "refusal": "no"})), "refused"),
    (Dialect.RESPONSES, response(message(SAID), message(SAID)), "2 messages"),
    (Dialect.RESPONSES, response(message(SAID, SAID)), "empty"),
    (Dialect.RESPONSES, response(), "0 messages"),
    (Dialect.RESPONSES, response(message(SAID), {"type": "web_search_call"}), "not asked for"),
    (Dialect.RESPONSES, response(message(SAID), CALL), "a tool was called where none was offered"),
    (Dialect.RESPONSES_LARK, response(message(SAID)), "called 0 times"),
    (Dialect.RESPONSES_LARK, response(CALL, CALL), "called 2 times"),
    (Dialect.RESPONSES_LARK, response({**CALL, "name": "other"}), "another tool"),
    (Dialect.DECISIONS, b'{"model": "m", "answers": [{"type": "refusal"}]}', "refused"),
    (Dialect.DECISIONS, b'{"model": "m", "answers": []}', "0 answers where 1 were asked for"),
]


@pytest.mark.parametrize(("dialect", "content", "complaint"), BAD)
def test_what_is_no_whole_answer_says_why(dialect: Dialect, content: bytes, complaint: str) -> None:
    assert complaint in (read_completion(dialect, content).complaint or "")


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b'{"choices": 1, "output": 1, "answers": 1}',
        b'{"choices": [], "choices": [], "output": [], "output": [], "answers": [], "answers": []}',
        b'{"choices": [], "output": [], "answers": [], "seconds": NaN}',
        b'{"choices": [], "output": [], "answers": [], "seconds": -Infinity}',
        b'{"choices": [], "output": [], "answers": [], "seconds": 1e999}',
        b'{"choices": [], "output": [], "answers": [], "note": "\\ud800"}',
        b'{"choices": [], "output": [], "answers": [], "deep": ' + b"[" * 70 + b"]" * 70 + b"}",
        b'{"choices": [{"message": null}], "output": [{"type": null}], "answers": [{"type": "other"}]}',
        b'{"choices": [{"message": {"content": 1}}], "output": [{"type": 1}], "answers": [{"type": "predicate"}]}',
        b" " * (RESPONSE_BYTES_MAX + 1),
    ],
    ids=range(15),
)
def test_what_is_no_response_is_refused(dialect: Dialect, content: bytes) -> None:
    with pytest.raises(DocumentError, match="the response is "):
        read_completion(dialect, content)


@pytest.mark.parametrize(
    "usage", ["x", None, {}, {"prompt_tokens": -1, "completion_tokens": 2}, {"prompt_tokens": 1.5}]
)
def test_a_usage_that_is_none_does_the_answer_no_harm(usage: object) -> None:
    document = {**json.loads(chat({"content": TEXT})), "usage": usage}
    found = read_completion(Dialect.CHAT, json.dumps(document).encode())
    assert (found.complaint, found.usage) == (None, None)
