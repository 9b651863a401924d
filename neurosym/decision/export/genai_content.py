"""What was asked of a model and what it answered, as messages of OpenTelemetry's conventions for generative AI."""

from __future__ import annotations

from neurosym.decision.export.genai_attributes import completion_of, document_at
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.completion import dialect_of
from neurosym.judgment.completions.envelope import TOOL, Completion
from neurosym.judgment.dialect import Constraint
from neurosym.values.canonical import Json
from neurosym.values.json_text import ExactJson

INPUTS = ("messages", "input")  # of the three wires


def content_attributes(attempt: Attempt) -> dict[str, Json]:
    """The messages in both directions, and the digests of what was asked; null where there is none."""
    return {
        "gen_ai.input.messages": _asked(attempt) or None,
        "gen_ai.output.messages": _answered(attempt) or None,
        "neurosym.question.digest": attempt.question,
        "neurosym.request.digest": attempt.request_id,
        "neurosym.prompt.digest": attempt.prompt,
    }


def _asked(attempt: Attempt) -> list[Json]:
    """The messages of the request; a request that has none is a message itself."""
    found = document_at(attempt.request, INPUTS)
    if not isinstance(found, list):
        return _raw("user", attempt.request)
    return [message for message in map(_message, found) if message is not None]


def _message(found: ExactJson) -> Json:
    if not isinstance(found, dict):
        return None
    role, content = found.get("role"), found.get("content")
    return _text(role, content) if isinstance(role, str) and isinstance(content, str) else None


def _answered(attempt: Attempt) -> list[Json]:
    """The answer; where there is none that can be read, what came back."""
    if attempt.response is None:
        return []
    completion = completion_of(attempt)
    if completion is None or completion.content is None:
        return _raw("assistant", attempt.response)
    return [{"role": "assistant", "parts": [_part(attempt, completion)]}]


def _part(attempt: Attempt, completion: Completion) -> Json:
    if dialect_of(attempt).constraint is Constraint.LARK:
        return {"type": "tool_call", "name": TOOL, "arguments": completion.content}
    return {"type": "text", "content": completion.content}


def _raw(role: str, content: bytes) -> list[Json]:
    """Bytes as a message; none where they are no text, or empty."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return []
    return [_text(role, text)] if text else []


def _text(role: str, content: str) -> Json:
    return {"role": role, "parts": [{"type": "text", "content": content}]}
