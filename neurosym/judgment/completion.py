"""What a model's response says, whatever the dialect it was asked in."""

from __future__ import annotations

import re
from typing import assert_never

from neurosym.judgment.attempt import Attempt
from neurosym.judgment.completions.chat import read_chat
from neurosym.judgment.completions.decisions import read_decision
from neurosym.judgment.completions.envelope import Completion
from neurosym.judgment.completions.responses import read_response
from neurosym.judgment.dialect import DEFAULT_DIALECT, Constraint, Dialect, Wire
from neurosym.judgment.document import DocumentError

RELEASE = re.compile(r"|-(\d{4}|\d{8}|\d{4}-\d{2}-\d{2})", re.ASCII)


def read_completion(dialect: Dialect, response: bytes, part: int = 0, parts: int = 1) -> Completion:
    """The completion in a response to `parts` questions, of which the one at `part` matters.

    DocumentError when the response is not of this dialect.
    """
    by_tool = dialect.constraint is Constraint.LARK
    match dialect.wire:
        case Wire.CHAT:
            return read_chat(response, by_tool=by_tool)
        case Wire.RESPONSES:
            return read_response(response, by_tool=by_tool)
        case Wire.DECISIONS:
            return read_decision(response, part, parts)
        case _:
            assert_never(dialect.wire)


def attempt_completion(attempt: Attempt) -> Completion:
    """The completion in the response of a model's attempt; DocumentError when there is none."""
    if attempt.response is None:
        raise DocumentError("there is no response")
    return read_completion(dialect_of(attempt), attempt.response, attempt.part, attempt.parts)


def dialect_of(attempt: Attempt) -> Dialect:
    """How the model was asked: attempts of before there were dialects say nothing. DocumentError when it is none."""
    try:
        return DEFAULT_DIALECT if attempt.dialect is None else Dialect(attempt.dialect)
    except ValueError as error:
        raise DocumentError("the dialect of the attempt is unknown") from error


def is_model_asked(asked: str | None, returned: str | None) -> bool:
    """True when the model that answered is the one asked for, or its release of a day (`-2026-03-01`, `-0613`)."""
    if not asked or not returned or not returned.startswith(asked):
        return False
    return RELEASE.fullmatch(returned.removeprefix(asked)) is not None
