"""The documents that answers arrive in, read strictly: no member too many, none twice, nothing coerced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from neurosym.judgment.answer import AnswerValue, Claim, QuoteClaim
from neurosym.judgment.answer_value import GrammarError, MisfitError, read_value
from neurosym.program.judgment import Judgment, Parsed
from neurosym.text.diagnostic import Report
from neurosym.values.canonical import Json, canonical_bytes
from neurosym.values.encoding import wire
from neurosym.values.json_text import read_json

# Our own words for what a document can be wrong in, so that a repair request never carries foreign text.
WORDS = {
    "NS501": "not one JSON document",
    "NS502": "a key stands twice",
    "NS503": "a number with a fraction or an exponent",
}
MISFIT = "not exactly the members of the schema, with their types"

# What a computation compared: names and what it found under them.
Feature: TypeAlias = Mapping[str, str | int | bool | None]
Shape = TypeVar("Shape", bound=BaseModel)


class DocumentError(ValueError):
    """The document is no answer; the message is ours alone."""


class UngrammaticalError(DocumentError):
    """The text is none that the judgment's grammar accepts."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _ModelQuote(_Strict):
    field: str
    text: str


class _ModelAnswer(_Strict):
    answer: Any


class _ModelText(_Strict):
    answer: str | None


class _QuotingModelAnswer(_ModelAnswer):
    quotes: list[_ModelQuote]


class _PlacedQuote(_ModelQuote):
    start: int | None


class _ComputedAnswer(_Strict):
    answer: Any
    quotes: list[_PlacedQuote]
    features: list[dict[str, str | int | bool | None]]
    reason: str | None


class _Review(_Strict):
    answer: Any
    quotes: list[_PlacedQuote]
    by: str
    reason: str | None


class _Reviews(_Strict):
    reviews: Annotated[list[_Review], Field(min_length=1)]


def read_model_answer(content: bytes, judgment: Judgment) -> Claim:
    """What a model's answer says; quotes are part of it exactly when the judgment has evidence."""
    document = strict_document(content)
    if isinstance(judgment.returns, Parsed):
        text = _fit(_ModelText, document).answer
        return Claim(None) if text is None else read_text_answer(text, judgment)
    if not judgment.evidence:
        return Claim(_value(_fit(_ModelAnswer, document).answer, judgment))
    found = _fit(_QuotingModelAnswer, document)
    return Claim(_value(found.answer, judgment), tuple(QuoteClaim(quote.field, quote.text) for quote in found.quotes))


def read_text_answer(text: str, judgment: Judgment) -> Claim:
    """What a text says by the judgment's grammar; UngrammaticalError when that does not accept it."""
    return Claim(_value(text, judgment))


def read_computed_answer(content: bytes, judgment: Judgment) -> Claim:
    """What a computed answer says."""
    found = _fit(_ComputedAnswer, strict_document(content))
    return Claim(_value(found.answer, judgment), _claims(found.quotes), reason=found.reason)


def read_reviews(content: bytes, judgment: Judgment) -> Claim:
    """What the persons say together: one answer where they agree, with the quotes of all."""
    reviews = _fit(_Reviews, strict_document(content)).reviews
    persons = {same_name(review.by): review.by for review in reviews}
    answers = {canonical_bytes(review.answer) for review in reviews}
    quotes = tuple(quote for review in reviews for quote in _claims(review.quotes))
    reasons = [review.reason for review in reviews if review.reason]
    return Claim(
        _value(reviews[0].answer, judgment),
        quotes,
        tuple(persons.values()),
        len(answers) == 1,
        "; ".join(reasons) if reasons else None,
    )


def computed_bytes(claim: Claim, features: Iterable[Feature]) -> bytes:
    """The document of a computed answer: the answer or null, what it rests on, and why."""
    quotes: list[Json] = [_quote_json(quote) for quote in claim.quotes]
    return canonical_bytes(
        {
            "answer": wire(claim.value),
            "quotes": quotes,
            "features": [{**feature} for feature in features],
            "reason": claim.reason,
        }
    )


def reviews_schema() -> dict[str, Any]:
    """The JSON schema of the response of persons, as attempts record it."""
    return _Reviews.model_json_schema()


def review_json(by: str, value: Json, quotes: tuple[QuoteClaim, ...], reason: str | None) -> Json:
    """One person's answer as a document of reviews holds it."""
    return {"by": by, "answer": value, "quotes": [_quote_json(quote) for quote in quotes], "reason": reason}


def reviews_bytes(reviews: list[Json]) -> bytes:
    """The document of several persons' answers."""
    return canonical_bytes({"reviews": reviews})


def same_name(name: str) -> str:
    """A person's name for comparison: case and spaces make no second person."""
    return " ".join(name.casefold().split())


def strict_document(content: bytes) -> Json:
    """The JSON document, or DocumentError when it is none or could be read in two ways."""
    report = Report()
    document = read_json(content, "answer", report)
    if report.has_errors:
        raise DocumentError(f"the answer is malformed: {WORDS[report.diagnostics[0].code]}")
    return document


def _fit(shape: type[Shape], document: Json) -> Shape:
    try:
        return shape.model_validate(document)
    except ValidationError as error:
        raise DocumentError(f"the answer is malformed: {MISFIT}") from error


def _value(found: Json, judgment: Judgment) -> AnswerValue | None:
    try:
        return read_value(found, judgment.returns)
    except GrammarError as error:
        raise UngrammaticalError(str(error)) from error
    except MisfitError as error:
        raise DocumentError(f"the answer is malformed: {error}") from error


def _claims(quotes: list[_PlacedQuote]) -> tuple[QuoteClaim, ...]:
    return tuple(QuoteClaim(quote.field, quote.text, quote.start) for quote in quotes)


def _quote_json(quote: QuoteClaim) -> Json:
    return {"field": quote.field, "text": quote.text, "start": quote.start}
