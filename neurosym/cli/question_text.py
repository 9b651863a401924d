"""A question of the review queue in lines for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from neurosym.judgment.queue.event import Event, EventKind
from neurosym.judgment.queue.quotation import evidence_of, marked, quotations
from neurosym.judgment.review import Item, ItemKind, Review
from neurosym.values.canonical import Json

SECONDS_LENGTH = len("2026-03-02T09:15:00")


def question_title(item: Item) -> str:
    """Which question, about what."""
    return f"{item.judgment}({', '.join(f'{name}: {_shown(key)}' for name, key in item.args)})"


def state_lines(item: Item, now: str) -> Iterator[str]:
    """What is to be known of a question before anybody takes it."""
    if item.kind is ItemKind.AUDIT:
        yield "audit: an accepted answer is looked at once more"
    if item.due is not None:
        yield f"{'OVERDUE since' if item.is_overdue(now) else 'due'} {_time(item.due)}"
    if item.assigned_to is not None:
        yield f"assigned to: {item.assigned_to} (by {item.assigned_by})"
    if item.claimed_by is not None:
        yield f"claimed by: {item.claimed_by}" + (f" until {_time(item.claimed_until)}" if item.claimed_until else "")


def question_lines(item: Item, said: Sequence[Review], history: Sequence[Event], now: str) -> Iterator[str]:
    """Everything that a person needs to answer it."""
    yield item.question
    yield ""
    yield item.ask
    yield ""
    yield from _content_lines(item, said)
    yield ""
    if item.evidence:
        yield f"quote from: {', '.join(item.evidence)}"
    yield f"answers: {', '.join(_value(value) for value in item.answers) or f'JSON of a {item.form}'}"
    if item.persons > 1:
        yield f"persons who must agree: {item.persons}"
    yield from state_lines(item, now)
    for each in item.earlier:
        told = "" if each.said is None else f"said {_value(each.said)}; "
        yield f"{each.tier}: {told}{each.reason}"
    for review in said:
        yield f"{review.by} answered {_value(review.value)}" + (f": {review.reason}" if review.reason else "")
    asks = "audited" if item.kind is ItemKind.AUDIT else "waiting"
    yield from (f"{asks}: decision {decision}" for decision in item.decisions)
    yield ""
    yield from (_event_line(event) for event in history)


def _content_lines(item: Item, said: Sequence[Review]) -> Iterator[str]:
    """What the question reads; in the evidence, what somebody has quoted is marked."""
    quoted = quotations(item, said)
    sources = evidence_of(item)
    for path, value in item.content:
        places = [each for each in quoted if each.field == path]
        yield f"  {path}: {_shown(marked(sources[path], places) if places else value)}"
        for each in places:
            quote = _shown(sources[path][each.start : each.end])
            yield f"    {each.by} quotes characters {each.start} to {each.end}: {quote}"


def _event_line(event: Event) -> str:
    return f"{_time(event.time)} {_happened(event)}"


def _happened(event: Event) -> str:
    match event.kind:
        case EventKind.ASKED:
            return f"asked by decision {event.about}"
        case EventKind.CLAIMED:
            return f"claimed by {event.name} until {_time(event.about or '')}"
        case EventKind.RELEASED:
            return f"released by {event.name}"
        case EventKind.LAPSED:
            return f"the claim of {event.name} lapsed"
        case EventKind.ASSIGNED:
            return f"assigned to {event.about} by {event.name}"
        case EventKind.UNASSIGNED:
            return f"assigned to nobody by {event.name}"
        case EventKind.ANSWERED:
            return f"answered by {event.name}: {_value(json.loads(event.about or 'null'))}"


def _time(time: str) -> str:
    return f"{time[:SECONDS_LENGTH]}Z"


def _shown(value: Json) -> str:
    if value == {"absent": True}:
        return "not supplied"
    return json.dumps(value, ensure_ascii=False)


def _value(value: Json) -> str:
    match value:
        case None:
            return "cannot tell"
        case bool():
            return str(value).lower()
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
