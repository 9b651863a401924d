"""Attempts: one asking of one tier, with the raw response. They are what the log holds and replay reads."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from neurosym.judgment.answer import Kind
from neurosym.judgment.identity import Parameters
from neurosym.text.diagnostic import Report
from neurosym.text.failure import ReplayError
from neurosym.values.canonical import Digest, Json, canonical_bytes
from neurosym.values.json_text import read_json


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens that a model says it read and wrote."""

    read: int
    written: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One asking of one tier. Neither keys nor headers are part of it.

    INVARIANT: without a response there is a failure; with a failure the response is never used.
    """

    question: Digest
    request_id: Digest
    tier: str
    kind: Kind
    number: int  # among the attempts at this tier, from 1
    request: bytes
    response: bytes | None
    failure: str | None = None
    model: str | None = None  # as asked for
    model_returned: str | None = None
    prompt: Digest | None = None
    parameters: Parameters = ()
    provider_id: str | None = None  # the provider's own name for the exchange
    usage: Usage | None = None

    def __post_init__(self) -> None:
        assert self.response is not None or self.failure


class _Recorded(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Bytes(_Recorded):
    text: str | None = None
    base64: str | None = None


class _Usage(_Recorded):
    read: int
    written: int


class _Attempt(_Recorded):
    question: str
    request_id: str
    tier: str
    kind: str
    number: Annotated[int, Field(ge=1)]
    request: _Bytes
    response: _Bytes | None
    failure: str | None
    model: str | None
    model_returned: str | None
    prompt: str | None
    parameters: dict[str, str | int | bool]
    provider_id: str | None
    usage: _Usage | None


def attempt_json(attempt: Attempt) -> bytes:
    """The canonical JSON of an attempt: bytes as text where they are UTF-8, else in base64."""
    usage = attempt.usage
    return canonical_bytes(
        {
            "question": attempt.question,
            "request_id": attempt.request_id,
            "tier": attempt.tier,
            "kind": attempt.kind.value,
            "number": attempt.number,
            "request": _bytes_json(attempt.request),
            "response": None if attempt.response is None else _bytes_json(attempt.response),
            "failure": attempt.failure,
            "model": attempt.model,
            "model_returned": attempt.model_returned,
            "prompt": attempt.prompt,
            "parameters": dict(attempt.parameters),
            "provider_id": attempt.provider_id,
            "usage": None if usage is None else {"read": usage.read, "written": usage.written},
        }
    )


def read_attempt(content: bytes) -> Attempt:
    """The attempt that the bytes record; ReplayError when they record none."""
    report = Report()
    document = read_json(content, "attempt", report)
    if report.has_errors:
        raise ReplayError("the recorded attempt is no JSON document")
    try:
        found = _Attempt.model_validate(document)
        kind = Kind(found.kind)
        request = _read_bytes(found.request)
        response = None if found.response is None else _read_bytes(found.response)
    except (ValidationError, ValueError) as error:
        raise ReplayError("the recorded attempt does not have the members of one") from error
    if response is None and not found.failure:
        raise ReplayError("the recorded attempt has neither a response nor a failure")
    return Attempt(
        question=Digest(found.question),
        request_id=Digest(found.request_id),
        tier=found.tier,
        kind=kind,
        number=found.number,
        request=request,
        response=response,
        failure=found.failure,
        model=found.model,
        model_returned=found.model_returned,
        prompt=None if found.prompt is None else Digest(found.prompt),
        parameters=tuple(sorted(found.parameters.items())),
        provider_id=found.provider_id,
        usage=None if found.usage is None else Usage(found.usage.read, found.usage.written),
    )


def _bytes_json(content: bytes) -> Json:
    try:
        return {"text": content.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}


def _read_bytes(recorded: _Bytes) -> bytes:
    match recorded.text, recorded.base64:
        case str() as text, None:
            return text.encode("utf-8")
        case None, str() as coded:
            return base64.b64decode(coded, validate=True)
        case _:
            raise ValueError("text or base64, one of the two")
