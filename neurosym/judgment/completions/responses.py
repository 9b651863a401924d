"""Responses: `{"status": "completed", "output": [{"type": "message", "content": [{"type": "output_text", ...}]}]}`."""

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

PASSED_OVER = frozenset({"reasoning"})
COMMENTARY = "commentary"  # the phase of a message that is no answer


class _Part(Loose):
    type: str
    text: str | None = None
    refusal: str | None = None
    logprobs: list[TokenForm] | None = None


class _Item(Loose):
    type: str
    status: str | None = None
    phase: str | None = None
    content: list[_Part] | None = None
    name: str | None = None
    input: str | None = None


class _Details(Loose):
    reason: str | None = None


class _Response(Loose):
    status: str | None = None
    incomplete_details: _Details | None = None
    error: object = None
    output: list[_Item]
    model: str | None = None
    usage: object = None


def read_response(response: bytes, *, by_tool: bool) -> Completion:
    """The completion in the response; `by_tool` when the answer is the input of the tool that had to be called.

    DocumentError when it is no document of the responses interface.
    """
    read = read_envelope(response, _Response, "no response of a model")
    messages = [item for item in read.output if item.type == "message" and item.phase != COMMENTARY]
    calls = [item for item in read.output if item.type == "custom_tool_call"]
    parts = [part for message in messages for part in message.content or ()]
    refused = any(part.type == "refusal" for part in parts) or _reason(read) == "content_filter"
    content = _input(calls) if by_tool else _text(parts)
    complaint = _complaint(read, refused=refused) or _strange(read.output, calls, by_tool=by_tool)
    texts = [part for part in parts if part.type == "output_text"]
    return Completion(
        content=content,
        complaint=complaint or _unusable(messages, calls, content, by_tool=by_tool),
        refused=refused,
        finish=_reason(read) or read.status,
        model=read.model,
        usage=counted(read.usage, "input_tokens", "output_tokens"),
        tokens=read_tokens(texts[0].logprobs or ()) if len(texts) == 1 and not by_tool else (),
    )


def _reason(read: _Response) -> str | None:
    return None if read.incomplete_details is None else read.incomplete_details.reason


def _complaint(read: _Response, *, refused: bool) -> str | None:
    if read.error is not None:
        return "the endpoint reports an error"
    if refused:
        return REFUSED
    if _reason(read) == "max_output_tokens":
        return CUT
    is_whole = read.status == "completed" and all(item.status in (None, "completed") for item in read.output)
    return None if is_whole else UNFINISHED


def _strange(output: list[_Item], calls: list[_Item], *, by_tool: bool) -> str | None:
    if calls and not by_tool:
        return STRANGE_CALL
    expected = PASSED_OVER | {"message", "custom_tool_call"}
    return None if all(item.type in expected for item in output) else "an output came that was not asked for"


def _unusable(messages: list[_Item], calls: list[_Item], content: str | None, *, by_tool: bool) -> str | None:
    if by_tool and len(calls) != 1:
        return f"the tool was called {len(calls)} times, not once"
    if by_tool and content is None:
        return "another tool was called than the one offered"
    if not by_tool and len(messages) != 1:
        return f"{len(messages)} messages where one was asked for"
    return None if content else EMPTY


def _input(calls: list[_Item]) -> str | None:
    return calls[0].input if calls and calls[0].name == TOOL else None


def _text(parts: list[_Part]) -> str | None:
    """The text of the one part that there is."""
    return parts[0].text if len(parts) == 1 and parts[0].type == "output_text" else None
