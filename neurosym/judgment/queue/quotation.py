"""Where in the evidence of a question somebody has quoted it, as a reviewer is shown it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from neurosym.judgment.answer import QuoteClaim
from neurosym.judgment.review import Item, Review
from neurosym.values.canonical import Json

MARKS = (("«", "»"), ("⟦", "⟧"), ("<<", ">>"), ("{{", "}}"))


@dataclass(frozen=True, slots=True)
class Quotation:
    """Characters `start` to `end` of an evidence field, and who quotes them: a tier or a person."""

    field: str
    start: int
    end: int
    by: str


def evidence_of(item: Item) -> Mapping[str, str]:
    """The text of each evidence field that has one: what quotes and their offsets are about."""
    content = dict(item.content)
    texts = {path: _text(content[path]) for path in item.evidence if path in content}
    return {path: text for path, text in texts.items() if text is not None}


def quotations(item: Item, said: Sequence[Review]) -> tuple[Quotation, ...]:
    """The quotes that stand as written in the evidence, in its order."""
    sources = evidence_of(item)
    claimed = [(each.tier, quote) for each in item.earlier for quote in each.quotes]
    claimed += [(review.by, quote) for review in said for quote in review.quotes]
    found = [_standing(quote, by, sources.get(quote.field)) for by, quote in claimed]
    order = {path: number for number, path in enumerate(sources)}
    whole = {each for each in found if each is not None}
    return tuple(sorted(whole, key=lambda each: (order[each.field], each.start, each.end, each.by)))


def marked(text: str, places: Sequence[Quotation]) -> str:
    """The text with what is quoted between marks that do not stand in it otherwise."""
    left, right = next((pair for pair in MARKS if not any(mark in text for mark in pair)), ("", ""))
    bounds = sorted({0, len(text), *(each.start for each in places), *(each.end for each in places)})
    parts: list[str] = []
    was_quoted = False
    for start, end in pairwise(bounds):
        is_quoted = any(each.start <= start and end <= each.end for each in places)
        parts += [left] if is_quoted and not was_quoted else [right] if was_quoted and not is_quoted else []
        parts.append(text[start:end])
        was_quoted = is_quoted
    return "".join([*parts, right if was_quoted else ""])


def _standing(quote: QuoteClaim, by: str, source: str | None) -> Quotation | None:
    if source is None or not quote.text:
        return None
    start = source.find(quote.text) if quote.start is None else quote.start
    if start < 0 or not source.startswith(quote.text, start):
        return None
    return Quotation(quote.field, start, start + len(quote.text), by)


def _text(value: Json) -> str | None:
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int():
            return str(value)
        case list():
            lines = [_text(item) for item in value]
            return "\n".join(line for line in lines if line is not None)
        case _:
            return None
