"""Items and reviews as the JSON texts that a queue keeps."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from neurosym.judgment.answer import AnswerValue, QuoteClaim
from neurosym.judgment.review import Item, Review, Statement
from neurosym.values.canonical import Digest, Json, canonical_bytes


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Statement(_Kept):
    tier: str
    said: AnswerValue | None
    reason: str


class _Item(_Kept):
    judgment: str
    ask: str
    args: list[tuple[str, Any]]
    content: list[tuple[str, Any]]
    evidence: list[str]
    answers: list[AnswerValue]
    persons: Annotated[int, Field(ge=1)]
    earlier: list[_Statement]


class _Quote(_Kept):
    field: str
    text: str
    start: int | None


_QUOTES: TypeAdapter[list[_Quote]] = TypeAdapter(list[_Quote])
_VALUE: TypeAdapter[str | bool | None] = TypeAdapter(str | bool | None, config=ConfigDict(strict=True))


def item_text(item: Item) -> str:
    """What the queue keeps of an item beside its question, claim and decisions."""
    earlier: list[Json] = [{"tier": each.tier, "said": each.said, "reason": each.reason} for each in item.earlier]
    return canonical_bytes(
        {
            "judgment": item.judgment,
            "ask": item.ask,
            "args": [[name, value] for name, value in item.args],
            "content": [[path, value] for path, value in item.content],
            "evidence": [*item.evidence],
            "answers": [*item.answers],
            "persons": item.persons,
            "earlier": earlier,
        }
    ).decode("utf-8")


def read_item(question: str, tier: str, text: str, decisions: tuple[str, ...], claimed_by: str | None) -> Item:
    """The item; ValueError when the text is none that `item_text` wrote."""
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
        earlier=tuple(Statement(each.tier, each.said, each.reason) for each in kept.earlier),
        decisions=decisions,
        claimed_by=claimed_by,
    )


def value_text(value: AnswerValue | None) -> str:
    """The JSON of an answer."""
    return json.dumps(value)


def quotes_text(quotes: tuple[QuoteClaim, ...]) -> str:
    """The JSON of quotes."""
    written: list[Json] = [{"field": quote.field, "text": quote.text, "start": quote.start} for quote in quotes]
    return canonical_bytes(written).decode("utf-8")


def read_review(by: str, value: str, quotes: str, reason: str | None) -> Review:
    """The review; ValueError when the texts are none that were written here."""
    claims = tuple(QuoteClaim(quote.field, quote.text, quote.start) for quote in _QUOTES.validate_json(quotes))
    return Review(by, _VALUE.validate_json(value), claims, reason)
