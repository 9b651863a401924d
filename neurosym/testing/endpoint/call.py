"""Calls: what a request asks for, read back from its body as a server would."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from neurosym.judgment.answer import AnswerValue
from neurosym.judgment.dialect import Dialect, Wire

PATHS = {
    "/v1/chat/completions": Wire.CHAT,
    "/v1/responses": Wire.RESPONSES,
    "/v1/decisions": Wire.DECISIONS,
}
SHOWN = re.compile(r"^The schema: (\{.*\})$", re.MULTILINE)
MARKS = {"tools": "lark", "structured_outputs": "structured_outputs", "grammar": "gbnf", "response_format": "schema"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a request: `kind` is the decisions interface's word for it."""

    judgment: str
    allowed: tuple[AnswerValue, ...]
    evidence: tuple[str, ...] = ()
    kind: str = "choice"


@dataclass(frozen=True, slots=True)
class Call:
    """What a request asks for; `allowed` and `evidence` are those of its first question, from its JSON schema.

    Where the answer is a text by a grammar of the author's, nothing is known to be allowed.
    """

    path: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    model: str
    prompt: str
    dialect: Dialect
    asked: tuple[Asked, ...]

    @property
    def allowed(self) -> tuple[AnswerValue, ...]:
        """The answers allowed to the first question."""
        return self.asked[0].allowed

    @property
    def evidence(self) -> tuple[str, ...]:
        """The paths that the first question may be answered with quotes from."""
        return self.asked[0].evidence

    def about(self, place: int) -> Call:
        """The call as if only the question at `place` were asked."""
        return replace(self, asked=(self.asked[place],))


def read_call(path: str, headers: Mapping[str, str], body: bytes) -> Call | None:
    """The call, or None when the request is none of ours."""
    wire = PATHS.get(path)
    try:
        document = json.loads(body)
        if wire is None or not isinstance(document["model"], str):
            return None
        dialect = _dialect(document, wire)
        prompt = "\n\n".join(message["content"] for message in document.get("messages") or document["input"])
        asked = _listed(document) if wire is Wire.DECISIONS else _asked(_schema(document, prompt))
        return Call(path, headers, body, document["model"], prompt, dialect, asked)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _dialect(document: Mapping[str, Any], wire: Wire) -> Dialect:
    marks = [mark for member, mark in MARKS.items() if member in document]
    if "text" in document:
        marks.append("schema")
    return Dialect("+".join([wire.value, *marks[:1]]))


def _schema(document: Mapping[str, Any], prompt: str) -> dict[str, Any]:
    """The schema where the wire has one, or else as the prompt shows it; an empty one where there is none."""
    shown = SHOWN.search(prompt)
    held = (
        document.get("response_format", {}).get("json_schema", {}).get("schema")
        or document.get("text", {}).get("format", {}).get("schema")
        or document.get("structured_outputs", {}).get("json")
    )
    found: dict[str, Any] = held or (json.loads(shown[1]) if shown else {})
    return found


def _asked(schema: Mapping[str, Any]) -> tuple[Asked, ...]:
    members = schema.get("properties", {})
    if "answers" not in members:
        return (_question(members),)
    return tuple(_question(item["properties"]) for item in members["answers"]["items"]["anyOf"])


def _question(members: Mapping[str, Any]) -> Asked:
    quoted = members["quotes"]["items"]["properties"]["field"]["enum"] if "quotes" in members else []
    allowed = [value for value in members.get("answer", {}).get("enum", []) if value is not None]
    name = members["judgment"]["enum"][0] if "judgment" in members else ""
    return Asked(name, tuple(allowed), tuple(quoted))


def _listed(document: Mapping[str, Any]) -> tuple[Asked, ...]:
    return tuple(_decision(question) for question in document["questions"])


def _decision(question: Mapping[str, Any]) -> Asked:
    match question["type"]:
        case "choice":
            allowed = [choice["value"] for choice in question["choices"]]
        case "score":
            allowed = [int(level["label"]) for level in question["levels"]]
        case _:
            allowed = [True, False]
    return Asked(question["name"], tuple(allowed), (), question["type"])
