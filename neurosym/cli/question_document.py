"""A question of the review queue as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.judgment.answer import QuoteClaim
from neurosym.judgment.queue.event import Event
from neurosym.judgment.queue.quotation import evidence_of, quotations
from neurosym.judgment.review import Item, Review, Statement
from neurosym.values.canonical import Json


def listed_question(item: Item, now: str) -> dict[str, Json]:
    """What a list says of a question."""
    return {
        "question": item.question,
        "kind": item.kind.value,
        "judgment": item.judgment,
        "args": dict(item.args),
        "tier": item.tier,
        "persons": item.persons,
        "decisions": [*item.decisions],
        "due": item.due,
        "overdue": item.is_overdue(now),
        "assigned": None if item.assigned_to is None else {"to": item.assigned_to, "by": item.assigned_by},
        "claimed": None if item.claimed_by is None else {"by": item.claimed_by, "until": item.claimed_until},
    }


def question_document(item: Item, said: Sequence[Review], history: Sequence[Event], now: str) -> dict[str, Json]:
    """Everything that the queue knows of a question."""
    return {
        **listed_question(item, now),
        "ask": item.ask,
        "content": dict(item.content),
        "evidence": _evidence_json(item, said),
        "answers": [*item.answers],
        "form": item.form,
        "earlier": [_statement_json(each) for each in item.earlier],
        "reviews": [_review_json(each) for each in said],
        "history": [each.json for each in history],
    }


def _evidence_json(item: Item, said: Sequence[Review]) -> dict[str, Json]:
    """The text of each evidence field, and where it is quoted by whom, in code points."""
    found: dict[str, Json] = {}
    quoted = quotations(item, said)
    for path, text in evidence_of(item).items():
        places: list[Json] = [
            {"start": each.start, "end": each.end, "by": each.by} for each in quoted if each.field == path
        ]
        found[path] = {"text": text, "quoted": places}
    return found


def _statement_json(of: Statement) -> Json:
    return {"tier": of.tier, "said": of.said, "reason": of.reason, "quotes": [_quote_json(each) for each in of.quotes]}


def _review_json(of: Review) -> Json:
    quotes: list[Json] = [_quote_json(each) for each in of.quotes]
    return {"by": of.by, "answer": of.value, "reason": of.reason, "quotes": quotes}


def _quote_json(of: QuoteClaim) -> Json:
    return {"field": of.field, "text": of.text, "start": of.start}
