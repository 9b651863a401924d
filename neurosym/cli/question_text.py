"""A question of the review queue in lines for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from neurosym.judgment.answer import AnswerValue
from neurosym.judgment.review import Item, Review
from neurosym.values.canonical import Json


def question_title(item: Item) -> str:
    """Which question, about what."""
    return f"{item.judgment}({', '.join(f'{name}: {_shown(key)}' for name, key in item.args)})"


def question_lines(item: Item, reviews: Sequence[Review]) -> Iterator[str]:
    """Everything that a person needs to answer it."""
    yield item.question
    yield ""
    yield item.ask
    yield ""
    yield from (f"  {path}: {_shown(value)}" for path, value in item.content)
    yield ""
    if item.evidence:
        yield f"quote from: {', '.join(item.evidence)}"
    yield f"answers: {', '.join(_value(value) for value in item.answers)}"
    if item.persons > 1:
        yield f"persons who must agree: {item.persons}"
    if item.claimed_by is not None:
        yield f"claimed by: {item.claimed_by}"
    for each in item.earlier:
        said = "" if each.said is None else f"said {_value(each.said)}; "
        yield f"{each.tier}: {said}{each.reason}"
    for review in reviews:
        yield f"{review.by} answered {_value(review.value)}" + (f": {review.reason}" if review.reason else "")
    yield from (f"waiting: decision {decision}" for decision in item.decisions)


def _shown(value: Json) -> str:
    if value == {"absent": True}:
        return "not supplied"
    return json.dumps(value, ensure_ascii=False)


def _value(value: AnswerValue | None) -> str:
    match value:
        case None:
            return "cannot tell"
        case bool():
            return str(value).lower()
        case str():
            return value
