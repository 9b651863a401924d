"""Envelopes: what every wire has around an answer, read strictly where it counts and loosely where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from neurosym.judgment.answer import AnswerValue
from neurosym.judgment.attempt import Usage
from neurosym.judgment.document import WORDS, DocumentError
from neurosym.text.diagnostic import Report
from neurosym.values.canonical import SAFE_INTEGER_MAX
from neurosym.values.json_text import read_exact_json

RESPONSE_BYTES_MAX = 4 * 1024 * 1024
TOOL = "answer"  # the tool that an answer is handed in by
REFUSED = "the model refused"
CUT = "the answer is cut off"
UNFINISHED = "the model did not finish its answer"
EMPTY = "the answer is empty"
STRANGE_CALL = "a tool was called where none was offered"


class Loose(BaseModel):
    """A part of a document of others: members that are unknown are passed over, the types of the known ones hold."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


Form = TypeVar("Form", bound=Loose)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A token that might have stood at a place, and the logarithm of its probability."""

    content: bytes
    logprob: Decimal


@dataclass(frozen=True, slots=True)
class Token:
    """A token of an answer, and what else might have stood there."""

    chosen: Alternative
    others: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """One of the answers to closed questions; probabilities as they came, of texts, booleans, or labels of scores."""

    value: AnswerValue | None
    probabilities: tuple[tuple[AnswerValue, Decimal], ...] = ()
    is_score: bool = False
    refused: bool = False
    name: str | None = None  # of the question, where the answer repeats it


@dataclass(frozen=True, slots=True)
class Completion:
    """The parts of a response that count, whatever the wire. `complaint` says why it is no whole answer."""

    content: str | None
    complaint: str | None
    refused: bool = False
    finish: str | None = None  # in the words of the wire
    model: str | None = None
    usage: Usage | None = None
    tokens: tuple[Token, ...] = ()
    answers: tuple[Decided, ...] = ()


def read_envelope(response: bytes, form: type[Form], name: str) -> Form:
    """The response in its form; DocumentError when it is no such document, could be read in two ways, or is too large.

    Numbers with fractions are exact decimals.
    """
    if len(response) > RESPONSE_BYTES_MAX:
        raise DocumentError(f"the response is larger than {RESPONSE_BYTES_MAX} bytes")
    report = Report()
    document = read_exact_json(response, "response", report)
    for found in report.diagnostics:
        raise DocumentError(f"the response is {name}: {WORDS.get(found.code, 'it holds too much')}")
    try:
        return form.model_validate(document)
    except ValidationError as error:
        raise DocumentError(f"the response is {name}") from error


def counted(usage: object, read: str, written: str) -> Usage | None:
    """The usage under the names that the wire has for it, or None when these are no counts of tokens."""
    counts = [usage.get(name) for name in (read, written)] if isinstance(usage, dict) else []
    whole = [count for count in counts if isinstance(count, int) and not isinstance(count, bool)]
    if len(whole) != 2 or not all(0 <= count <= SAFE_INTEGER_MAX for count in whole):
        return None
    return Usage(whole[0], whole[1])
