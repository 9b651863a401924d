"""Items and reviews as the JSON texts that a queue keeps."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from neurosym.judgment.answer import QuoteClaim
from neurosym.judgment.queue.term import CLAIM_MINUTES
from neurosym.judgment.review import Item, Review, Statement
from neurosym.values.canonical import Digest, Json, canonical_bytes


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Quote(_Kept):
    field: str
    text: str
    start: int | None


class _Statement(_Kept):
    tier: str
    said: Any
    reason: str
    quotes: list[_Quote] = []


class _Item(_Kept):
    judgment: str
    ask: str
    args: list[tuple[str, Any]]
    content: list[tuple[str, Any]]
    evidence: list[str]
    answers: list[Any]
    persons: Annotated[int, Field(ge=1)]
    earlier: list[_Statement]
    claim_minutes: Annotated[int, Field(ge=1)] = CLAIM_MINUTES
    form: str | None = None


_QUOTES: TypeAdapter[list[_Quote]] = TypeAdapter(list[_Quote])


def item_text(item: Item) -> str:
    """What the queue keeps of an item beside what happens to it there."""
    return canonical_bytes(
        {
            "judgment": item.judgment,
            "ask": item.ask,
            "args": [[name, value] for name, value in item.args],
            "content": [[path, value] for path, value in item.content],
            "evidence": [*item.evidence],
            "answers": [*item.answers],
            "persons": item.persons,
            "earlier": [_statement_json(each) for each in item.earlier],
            "claim_minutes": item.claim_minutes,
            "form": item.form,
        }
    ).decode("utf-8")


def read_item(question: str, tier: str, text: str) -> Item:
    """The item as it was asked; ValueError when the text is none that `item_text` wrote."""
    kept = _Item.model_validate_json(text)
    return Item(
        question=Digest(question),
        tier=tier,
        judgment=kept.judgment,
        ask=kept.ask,
        args=tuple(kept.args),
        content=tuple(kept.content),
        evidence=tuple(kept.evidence),
        answers=tuple(kept.answers),
        persons=kept.persons,
        earlier=tuple(_read_statement(each) for each in kept.earlier),
        claim_minutes=kept.claim_minutes,
        form=kept.form,
    )


def value_text(value: Json) -> str:
    """The JSON of an answer."""
    return json.dumps(value)


def quotes_text(quotes: tuple[QuoteClaim, ...]) -> str:
    """The JSON of quotes."""
    return canonical_bytes(_quotes_json(quotes)).decode("utf-8")


def read_review(by: str, value: str, quotes: str, reason: str | None) -> Review:
    """The review; ValueError when the texts are none that were written here."""
    return Review(by, json.loads(value), _read_quotes(_QUOTES.validate_json(quotes)), reason)


def _statement_json(of: Statement) -> Json:
    return {"tier": of.tier, "said": of.said, "reason": of.reason, "quotes": _quotes_json(of.quotes)}


def _read_statement(kept: _Statement) -> Statement:
    return Statement(kept.tier, kept.said, kept.reason, _read_quotes(kept.quotes))


def _quotes_json(quotes: tuple[QuoteClaim, ...]) -> list[Json]:
    return [{"field": quote.field, "text": quote.text, "start": quote.start} for quote in quotes]


def _read_quotes(kept: list[_Quote]) -> tuple[QuoteClaim, ...]:
    return tuple(QuoteClaim(quote.field, quote.text, quote.start) for quote in kept)
