"""The envelopes of the three wires around an answer."""

from __future__ import annotations

import json
from typing import Any, assert_never

from neurosym.judgment.answer import AnswerValue
from neurosym.judgment.completions.envelope import TOOL
from neurosym.judgment.dialect import Constraint, Wire
from neurosym.testing.endpoint.call import Asked, Call
from neurosym.testing.endpoint.content import answer_text
from neurosym.testing.endpoint.misbehaviour import Misbehaviour
from neurosym.testing.endpoint.respond import Respond
from neurosym.testing.endpoint.tokens import PERCENT_SURE, tokens, wants_tokens

HUGE_BYTES = 10 * 1024 * 1024
DEEP = 1_000


def response_body(call: Call, respond: Respond, misbehaviour: Misbehaviour) -> bytes:
    """The body of a response with status 200."""
    match misbehaviour:
        case Misbehaviour.GARBAGE:
            return b"\xff\xfe{not json"
        case Misbehaviour.PAGE:
            return b"<!doctype html><title>Sign in</title>"
        case Misbehaviour.HUGE:
            return b" " * HUGE_BYTES
    whole = json.dumps(_envelope(call, respond, misbehaviour)).encode()
    match misbehaviour:
        case Misbehaviour.NAN:
            return whole[:-1] + b', "seconds": NaN}'
        case Misbehaviour.DEEP:
            return whole[:-1] + b', "trace": ' + b"[" * DEEP + b"]" * DEEP + b"}"
        case Misbehaviour.HALF:
            return whole[:-1] + b', "note": "\xe2\x82"}'
        case _:
            return whole


def _envelope(call: Call, respond: Respond, misbehaviour: Misbehaviour) -> dict[str, Any]:
    model = "somebody-else" if misbehaviour is Misbehaviour.MODEL else call.model
    match call.dialect.wire:
        case Wire.DECISIONS:
            answers = _decisions(call, respond, misbehaviour)
            return {"answers": answers, "model": model, "usage": _usage(call, len(answers), "input", "output")}
        case Wire.RESPONSES:
            text = answer_text(call, respond, misbehaviour)
            return {**_response(call, text, misbehaviour), "model": model}
        case Wire.CHAT:
            text = answer_text(call, respond, misbehaviour)
            return {**_chat(call, text, misbehaviour), "model": model}
        case _:
            assert_never(call.dialect.wire)


def _chat(call: Call, text: str, misbehaviour: Misbehaviour) -> dict[str, Any]:
    choice = {"index": 0, "message": _message(call, text, misbehaviour), "finish_reason": _finish(call, misbehaviour)}
    if wants_tokens(call):
        choice["logprobs"] = {"content": tokens(call, text)}
    return {
        "id": "chatcmpl-loopback",
        "object": "chat.completion",
        "created": 0,
        "choices": [choice] * (2 if misbehaviour is Misbehaviour.TWICE else 1),
        "usage": _usage(call, len(text), "prompt", "completion"),
    }


def _finish(call: Call, misbehaviour: Misbehaviour) -> str | None:
    match misbehaviour:
        case Misbehaviour.TRUNCATE:
            return "length"
        case Misbehaviour.FILTER:
            return "content_filter"
        case Misbehaviour.UNFINISHED:
            return None
        case _:
            return "tool_calls" if call.dialect.constraint is Constraint.LARK else "stop"


def _message(call: Call, text: str, misbehaviour: Misbehaviour) -> dict[str, Any]:
    if misbehaviour in (Misbehaviour.REFUSE, Misbehaviour.FILTER):
        refusal = "I would rather not say." if misbehaviour is Misbehaviour.REFUSE else None
        return {"role": "assistant", "content": None, "refusal": refusal}
    said = "" if misbehaviour is Misbehaviour.MISSING and len(call.asked) == 1 else text
    if call.dialect.constraint is not Constraint.LARK or misbehaviour is Misbehaviour.UNCALLED:
        return {"role": "assistant", "content": said, "refusal": None}
    name = "calculator" if misbehaviour is Misbehaviour.STRANGER else TOOL
    called = {"id": "call-1", "type": "custom", "custom": {"name": name, "input": said}}
    calls = [called] * (2 if misbehaviour is Misbehaviour.TWICE else 1)
    return {"role": "assistant", "content": None, "refusal": None, "tool_calls": calls}


def _response(call: Call, text: str, misbehaviour: Misbehaviour) -> dict[str, Any]:
    reasons = {Misbehaviour.TRUNCATE: "max_output_tokens", Misbehaviour.FILTER: "content_filter"}
    reason = reasons.get(misbehaviour)
    is_whole = reason is None and misbehaviour is not Misbehaviour.UNFINISHED
    return {
        "id": "resp-loopback",
        "object": "response",
        "status": "completed" if is_whole else "incomplete",
        "incomplete_details": None if reason is None else {"reason": reason},
        "error": None,
        "output": [{"type": "reasoning", "summary": []}, *_output(call, text, misbehaviour)],
        "usage": _usage(call, len(text), "input", "output"),
    }


def _output(call: Call, text: str, misbehaviour: Misbehaviour) -> list[dict[str, Any]]:
    if misbehaviour is Misbehaviour.REFUSE:
        return [_spoken({"type": "refusal", "refusal": "I would rather not say."})]
    if misbehaviour is Misbehaviour.FILTER:
        return []
    said = "" if misbehaviour is Misbehaviour.MISSING and len(call.asked) == 1 else text
    if call.dialect.constraint is not Constraint.LARK or misbehaviour is Misbehaviour.UNCALLED:
        told = {"logprobs": tokens(call, said)} if wants_tokens(call) else {}
        item = _spoken({"type": "output_text", "text": said, "annotations": [], **told})
    else:
        name = "calculator" if misbehaviour is Misbehaviour.STRANGER else TOOL
        item = {"type": "custom_tool_call", "call_id": "call-1", "name": name, "input": said}
    return [item] * (2 if misbehaviour is Misbehaviour.TWICE else 1)


def _spoken(part: dict[str, Any]) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "status": "completed", "content": [part]}


def _usage(call: Call, written: int, first: str, second: str) -> dict[str, int]:
    return {f"{first}_tokens": len(call.prompt), f"{second}_tokens": written, "total_tokens": 0}


def _decisions(call: Call, respond: Respond, misbehaviour: Misbehaviour) -> list[dict[str, Any]]:
    answers = [_decision(call.about(place), respond, misbehaviour) for place in range(len(call.asked))]
    match misbehaviour:
        case Misbehaviour.MISSING:
            return answers[:-1]
        case Misbehaviour.TWICE:
            return answers * 2
        case Misbehaviour.ORDER:
            return answers[::-1]
        case _:
            return answers


def _decision(call: Call, respond: Respond, misbehaviour: Misbehaviour) -> dict[str, Any]:
    (asked,) = call.asked
    if misbehaviour is Misbehaviour.REFUSE:
        return {"type": "refusal", "name": asked.judgment}
    document = respond(call)
    answer = document["answer"] if isinstance(document, dict) else document
    weights = _weights(asked, answer, misbehaviour)
    if asked.kind == "predicate":
        return {"type": "predicate", "name": asked.judgment, "probability": weights[0][1]}
    if asked.kind == "score":
        levels = [{"label": str(value), "value": value, "probability": weight} for value, weight in weights]
        return {"type": "score", "name": asked.judgment, "score": 0.5, "confidence": 0.9, "probabilities": levels}
    choices = [{"value": value, "probability": weight} for value, weight in weights]
    chosen = asked.allowed[-1] if misbehaviour is Misbehaviour.CONTRARY else answer
    return {
        "type": "choice",
        "name": asked.judgment,
        "choice": chosen,
        "confidence": PERCENT_SURE / 100,
        "probabilities": choices,
    }


def _weights(asked: Asked, answer: AnswerValue, misbehaviour: Misbehaviour) -> list[tuple[AnswerValue, float]]:
    """Most of the probability for the answer, the rest for the others alike."""
    rest = (100 - PERCENT_SURE) / (len(asked.allowed) - 1)
    weights = [(value, (PERCENT_SURE if value == answer else rest) / 100) for value in asked.allowed]
    match misbehaviour:
        case Misbehaviour.SUM if asked.kind != "predicate":
            return [(value, weight / 2) for value, weight in weights]
        case Misbehaviour.BEYOND | Misbehaviour.SUM:
            return [(weights[0][0], 1.5), *weights[1:]]
        case Misbehaviour.FOREIGN if asked.kind != "predicate":
            return [*weights[:-1], (-7 if asked.kind == "score" else "certainly", weights[-1][1])]
        case Misbehaviour.FOREIGN:
            return [(weights[0][0], -0.5), *weights[1:]]
        case _:
            return weights
