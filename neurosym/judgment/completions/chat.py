"""Chat completions: `{"choices": [{"message": {"content": ...}, "finish_reason": "stop"}], "model": ..., ...}`."""

from __future__ import annotations

from neurosym.judgment.completions.envelope import (
    CUT,
    EMPTY,
    REFUSED,
    STRANGE_CALL,
    TOOL,
    UNFINISHED,
    Completion,
    Loose,
    counted,
    read_envelope,
)
from neurosym.judgment.completions.logprobs import TokenForm, read_tokens


class _Custom(Loose):
    name: str
    input: str


class _Call(Loose):
    type: str
    custom: _Custom | None = None


class _Message(Loose):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_Call] | None = None


class _Logprobs(Loose):
    content: list[TokenForm] | None = None


class _Choice(Loose):
    message: _Message
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None


class _Chat(Loose):
    choices: list[_Choice]
    model: str | None = None
    usage: object = None


def read_chat(response: bytes, *, by_tool: bool) -> Completion:
    """The completion in the response; `by_tool` when the answer is the input of the tool that had to be called.

    DocumentError when it is no chat completion.
    """
    read = read_envelope(response, _Chat, "no chat completion")
    choice = read.choices[0] if read.choices else _Choice(message=_Message())
    calls = choice.message.tool_calls or []
    content = _input(calls) if by_tool else choice.message.content
    refused = bool(choice.message.refusal) or choice.finish_reason == "content_filter"
    complaint = _complaint(len(read.choices), choice, by_tool=by_tool)
    return Completion(
        content=content,
        complaint=complaint or (REFUSED if refused else None) or _unusable(calls, content, by_tool=by_tool),
        refused=refused,
        finish=choice.finish_reason,
        model=read.model,
        usage=counted(read.usage, "prompt_tokens", "completion_tokens"),
        tokens=() if by_tool or choice.logprobs is None else read_tokens(choice.logprobs.content or ()),
    )


def _complaint(choices: int, choice: _Choice, *, by_tool: bool) -> str | None:
    if choices != 1:
        return f"{choices} choices where one was asked for"
    if choice.message.refusal or choice.finish_reason == "content_filter":
        return REFUSED
    if choice.finish_reason == "length":
        return CUT
    whole = ("stop", "tool_calls") if by_tool else ("stop",)
    return None if choice.finish_reason in whole else UNFINISHED


def _unusable(calls: list[_Call], content: str | None, *, by_tool: bool) -> str | None:
    if calls and not by_tool:
        return STRANGE_CALL
    if by_tool and len(calls) != 1:
        return f"the tool was called {len(calls)} times, not once"
    if by_tool and content is None:
        return "another tool was called than the one offered"
    return None if content else EMPTY


def _input(calls: list[_Call]) -> str | None:
    """What the tool was given, when it was called first and is ours."""
    called = calls[0].custom if calls and calls[0].type == "custom" else None
    return called.input if called is not None and called.name == TOOL else None
