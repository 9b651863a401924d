"""The text of an answer, as it should be or as badly as is wanted."""

from __future__ import annotations

import json
from typing import Any

from neurosym.testing.endpoint.call import Call
from neurosym.testing.endpoint.misbehaviour import Misbehaviour
from neurosym.testing.endpoint.respond import Respond, answer_document


def answer_text(call: Call, respond: Respond, misbehaviour: Misbehaviour) -> str:
    """The text that the endpoint answers with."""
    documents = [_document(call.about(place), respond, misbehaviour) for place in range(len(call.asked))]
    whole = documents[0] if len(call.asked) == 1 else {"answers": _in_order(call, documents, misbehaviour)}
    text = whole if isinstance(whole, str) else json.dumps(whole)
    return _spoilt(text, misbehaviour)


def _document(call: Call, respond: Respond, misbehaviour: Misbehaviour) -> dict[str, Any] | str:
    first = call.allowed[0] if call.allowed else None
    match misbehaviour:
        case Misbehaviour.SCHEMA:
            return {"verdict": first, "confidence": 1}
        case Misbehaviour.ANSWER:
            return answer_document(call, "certainly")
        case Misbehaviour.QUOTE:
            path = call.evidence[0] if call.evidence else "remarks"
            return {"answer": first, "quotes": [{"field": path, "text": "no such words were ever written"}]}
        case _:
            return respond(call)


def _in_order(call: Call, documents: list[dict[str, Any] | str], misbehaviour: Misbehaviour) -> list[Any]:
    items: list[Any] = [
        {"number": number, "judgment": asked.judgment, **document} if isinstance(document, dict) else document
        for number, (asked, document) in enumerate(zip(call.asked, documents, strict=True), 1)
    ]
    match misbehaviour:
        case Misbehaviour.ORDER:
            return items[::-1]
        case Misbehaviour.MISSING:
            return items[:-1]
        case _:
            return items


def _spoilt(text: str, misbehaviour: Misbehaviour) -> str:
    match misbehaviour:
        case Misbehaviour.TRUNCATE | Misbehaviour.UNFINISHED:
            return text[: len(text) // 2]
        case Misbehaviour.DUPLICATE:
            return text.replace("{", '{"answer": null, ', 1)
        case Misbehaviour.FENCE:
            return f"```json\n{text}\n```"
        case _:
            return text
