"""The envelope that chat completions arrive in, as far as an answer depends on it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from neurosym.judgment.attempt import Usage
from neurosym.judgment.document import WORDS, DocumentError
from neurosym.text.diagnostic import Report
from neurosym.values.canonical import SAFE_INTEGER_MAX
from neurosym.values.json_text import read_json

FRACTION = "NS503"  # some servers add timings; no answer rests on them, and they are read as null
RELEASE = re.compile(r"|-(\d{4}|\d{8}|\d{4}-\d{2}-\d{2})", re.ASCII)


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class _Message(_Loose):
    content: str | None = None
    refusal: str | None = None


class _Choice(_Loose):
    message: _Message
    finish_reason: str | None = None


class _Tokens(_Loose):
    prompt_tokens: int
    completion_tokens: int


class _Completion(_Loose):
    choices: list[_Choice]
    model: str | None = None
    usage: object = None


@dataclass(frozen=True, slots=True)
class Completion:
    """The parts of a chat completion that count."""

    choices: int
    content: str | None
    refused: bool
    finish_reason: str | None
    model: str | None
    usage: Usage | None


def read_completion(response: bytes) -> Completion:
    """The completion in the response; DocumentError when it is no chat completion."""
    report = Report()
    document = read_json(response, "response", report)
    for found in report.diagnostics:
        if found.code != FRACTION:
            raise DocumentError(f"the response is no chat completion: {WORDS[found.code]}")
    try:
        read = _Completion.model_validate(document)
    except ValidationError as error:
        raise DocumentError("the response is no chat completion") from error
    message = read.choices[0].message if read.choices else _Message()
    return Completion(
        choices=len(read.choices),
        content=message.content,
        refused=bool(message.refusal),
        finish_reason=read.choices[0].finish_reason if read.choices else None,
        model=read.model,
        usage=_usage(read.usage),
    )


def incomplete(completion: Completion) -> str | None:
    """Why the completion is not a whole answer, or None."""
    if completion.choices != 1:
        return f"{completion.choices} choices where one was asked for"
    if completion.refused or completion.finish_reason == "content_filter":
        return "the model refused"
    if completion.finish_reason == "length":
        return "the answer is cut off"
    if completion.finish_reason != "stop":
        return "the model did not finish its answer"
    return None if completion.content else "the answer is empty"


def is_model_asked(asked: str | None, returned: str | None) -> bool:
    """True when the model that answered is the one asked for, or its release of a day (`-2026-03-01`, `-0613`)."""
    if not asked or not returned or not returned.startswith(asked):
        return False
    return RELEASE.fullmatch(returned.removeprefix(asked)) is not None


def _usage(document: object) -> Usage | None:
    try:
        tokens = _Tokens.model_validate(document)
    except ValidationError:
        return None
    counts = (tokens.prompt_tokens, tokens.completion_tokens)
    return Usage(*counts) if all(0 <= count <= SAFE_INTEGER_MAX for count in counts) else None
