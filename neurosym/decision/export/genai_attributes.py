"""The attributes of one call of a model, by OpenTelemetry's conventions for generative AI ("Client inference").

What the conventions have no name for begins with `neurosym.`: the tier, what it cost, how often it was asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from neurosym.decision.export.otlp import Fraction
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.completion import attempt_completion, dialect_of
from neurosym.judgment.completions.envelope import Completion
from neurosym.judgment.dialect import Constraint, Wire
from neurosym.judgment.document import DocumentError
from neurosym.judgment.local.local_answer import DIALECT as LOCAL
from neurosym.text.diagnostic import Report
from neurosym.values.canonical import Json
from neurosym.values.json_text import ExactJson, read_exact_json
from neurosym.values.number import LITERAL, number_text

Attributes: TypeAlias = Mapping[str, "Json | Fraction"]

# The conventions tell by the provider whose interface it was, not who answered: every remote tier speaks OpenAI's.
REMOTE_PROVIDER, LOCAL_PROVIDER = "openai", "neurosym"
API_TYPES = {Wire.CHAT: "chat_completions", Wire.RESPONSES: "responses"}
BOUNDS = ("max_completion_tokens", "max_output_tokens", "max_tokens")
STATUS = re.compile(r"status ([1-5][0-9][0-9])", re.ASCII)  # in a failure's words
TIMEOUT = re.compile(r"no answer within [0-9]+ ms", re.ASCII)
OTHER = "_OTHER"  # what the conventions have for an error without a class


def operation(attempt: Attempt) -> str:
    """What was done: `chat`, or an operation that the conventions do not name."""
    if attempt.dialect == LOCAL:
        return "classify"
    return "decide" if _wire(attempt) is Wire.DECISIONS else "chat"


def call_attributes(attempt: Attempt) -> dict[str, Json | Fraction]:
    """What may be told of a call without its content; null where nothing is known."""
    usage, completion = attempt.usage, completion_of(attempt)
    finish = None if completion is None or _wire(attempt) is Wire.DECISIONS else completion.finish
    return {
        "gen_ai.operation.name": operation(attempt),
        "gen_ai.provider.name": LOCAL_PROVIDER if attempt.dialect == LOCAL else REMOTE_PROVIDER,
        "gen_ai.request.model": attempt.model,
        **_request(attempt),
        "gen_ai.response.id": _response_id(attempt),
        "gen_ai.response.model": attempt.model_returned,
        "gen_ai.response.finish_reasons": None if finish is None else [finish],
        "gen_ai.usage.input_tokens": None if usage is None else usage.read,
        "gen_ai.usage.output_tokens": None if usage is None else usage.written,
        "error.type": None if attempt.failure is None else error_type(attempt.failure),
        **_own(attempt),
    }


def completion_of(attempt: Attempt) -> Completion | None:
    """What the response says, or None when it is none that can be read."""
    try:
        return attempt_completion(attempt)
    except DocumentError:  # the examination of the attempt said so; here there is nothing to tell
        return None


def error_type(failure: str) -> str:
    """The class of a failure: the status that came back, `timeout`, or `_OTHER`."""
    status = STATUS.search(failure)
    if status is not None:
        return status[1]
    return "timeout" if TIMEOUT.fullmatch(failure) else OTHER


def document_at(content: bytes, names: Sequence[str]) -> ExactJson:
    """The first of these members that the object in the bytes has; null when there is none."""
    document = read_exact_json(content, "exchange", Report())
    members = document if isinstance(document, dict) else {}
    return next((members[name] for name in names if name in members), None)


def _request(attempt: Attempt) -> Attributes:
    if attempt.dialect == LOCAL:
        return {}  # the parameters are versions of libraries
    sent, wire = dict(attempt.parameters), _wire(attempt)
    return {
        "gen_ai.output.type": "json" if _asks_for_json(attempt) else None,
        "gen_ai.request.max_tokens": _whole(document_at(attempt.request, BOUNDS)),
        "gen_ai.request.seed": _whole(sent.get("seed")),
        "gen_ai.request.temperature": _fraction(sent.get("temperature")),
        "gen_ai.request.top_p": _fraction(sent.get("top_p")),
        "openai.api.type": None if wire is None else API_TYPES.get(wire),
    }


def _own(attempt: Attempt) -> Attributes:
    return {
        "neurosym.tier": attempt.tier,
        "neurosym.attempt": attempt.number,
        "neurosym.sample": attempt.sample,
        "neurosym.request.questions": attempt.parts,
        "neurosym.dialect": attempt.dialect,
        "neurosym.prompt.template": attempt.template,
        "neurosym.provider.request_id": attempt.provider_id,
        "neurosym.cost.amount": None if attempt.cost is None else number_text(attempt.cost),
        "neurosym.cost.currency": attempt.currency,
        "neurosym.cost.is_assumed": None if attempt.cost is None else attempt.cost_is_assumed,
    }


def _wire(attempt: Attempt) -> Wire | None:
    """The interface that was called; None when the attempt names none that this program knows."""
    try:
        return dialect_of(attempt).wire
    except DocumentError:
        return None


def _asks_for_json(attempt: Attempt) -> bool:
    return _wire(attempt) is not None and dialect_of(attempt).constraint is Constraint.SCHEMA


def _response_id(attempt: Attempt) -> str | None:
    found = None if attempt.response is None else document_at(attempt.response, ("id",))
    return found if isinstance(found, str) else None


def _fraction(value: str | int | None) -> Fraction | None:
    """The number, whatever a configuration wrote it as."""
    digits = str(value)
    return None if isinstance(value, bool) or not LITERAL.fullmatch(digits) else Fraction(digits)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
