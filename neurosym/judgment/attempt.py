"""Attempts: one asking of one tier, with the raw response. They are what the log holds and replay reads."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from neurosym.judgment.answer import Kind
from neurosym.judgment.identity import Parameters
from neurosym.text.diagnostic import Report
from neurosym.text.failure import ReplayError
from neurosym.values.canonical import Digest, Json, canonical_bytes
from neurosym.values.json_text import read_json
from neurosym.values.number import Number, number_text, parse_number


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
    dialect: str | None = None  # how the model was asked
    duration_ms: int | None = None  # as the provider measured it
    sample: int = 0  # which of several samples of the same question, from 0
    part: int = 0  # place among the questions that share one request; usage and cost stand at the first alone
    parts: int = 1
    cost: Number | None = None
    currency: str | None = None
    cost_is_assumed: bool = False  # the response did not say what was used: bounded from above
    template: Digest | None = None  # what of the prompt does not depend on the question
    is_refusal: bool = False  # nobody was asked: the failure says why
    reused_from: int | None = None  # the entry of the log that it repeats

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
    dialect: str | None = None
    duration_ms: Annotated[int, Field(ge=0)] | None = None
    sample: Annotated[int, Field(ge=0)] = 0
    part: Annotated[int, Field(ge=0)] = 0
    parts: Annotated[int, Field(ge=1)] = 1
    cost: str | None = None
    currency: str | None = None
    cost_is_assumed: bool = False
    template: str | None = None
    is_refusal: bool = False
    reused_from: int | None = None

    @model_validator(mode="after")
    def _has_its_place(self) -> Self:
        if self.part >= self.parts:
            raise ValueError("a part beyond the last")
        return self


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
            "dialect": attempt.dialect,
            "duration_ms": attempt.duration_ms,
            "sample": attempt.sample,
            "part": attempt.part,
            "parts": attempt.parts,
            "cost": None if attempt.cost is None else number_text(attempt.cost),
            "currency": attempt.currency,
            "cost_is_assumed": attempt.cost_is_assumed,
            "template": attempt.template,
            "is_refusal": attempt.is_refusal,
            "reused_from": attempt.reused_from,
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
        cost = None if found.cost is None else parse_number(found.cost)
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
        dialect=found.dialect,
        duration_ms=found.duration_ms,
        sample=found.sample,
        part=found.part,
        parts=found.parts,
        cost=cost,
        currency=found.currency,
        cost_is_assumed=found.cost_is_assumed,
        template=None if found.template is None else Digest(found.template),
        is_refusal=found.is_refusal,
        reused_from=found.reused_from,
    )


def attempt_schema() -> dict[str, Any]:
    """The JSON schema of recorded attempts."""
    return _Attempt.model_json_schema()


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
