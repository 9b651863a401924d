"""Prompts for several questions about the same material, and for the decisions interface, which takes them as a list.

The answers come in the order of the questions, each with its number and the name of its judgment, and each is examined
apart: `{"answers": [{"number": 1, "judgment": "adverse", "answer": true}, ...]}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from neurosym.feel.types import Basic, Choice
from neurosym.judgment.answer_value import closed_object
from neurosym.judgment.dialect import Constraint, Dialect
from neurosym.judgment.identity import content_json
from neurosym.judgment.prompt import (
    FENCES,
    ONE,
    SEVERAL,
    Message,
    Prompt,
    answer_schema,
    asked_parts,
    build_prompt,
    form_orders,
    is_text_of_grammar,
    material_parts,
)
from neurosym.judgment.tier import Request
from neurosym.program.judgment import Judgment, Score
from neurosym.values.canonical import Digest, Json, canonical_bytes, digest
from neurosym.values.unknown import Question

CHOICES_MIN, CHOICES_MAX = 2, 255  # of one question of the decisions interface


def material_digest(question: Question) -> Digest:
    """What the material of a question is known by: the contents that it reads, under the names it has for them."""
    return digest([[path, content_json(value)] for path, value in question.content])


def may_share(request: Request, dialect: Dialect) -> bool:
    """True when a request can go together with others about the same material; a correction goes alone."""
    return request.correction is None and not is_text_of_grammar(request.judgment, dialect)


def request_prompt(requests: Sequence[Request], dialect: Dialect) -> Prompt:
    """The prompt of requests that share their material."""
    first = requests[0]
    if dialect.constraint is Constraint.QUESTIONS:
        return _listed(requests)
    if len(requests) == 1:
        return build_prompt(first.judgment, first.question, first.correction, dialect)
    assert len({material_digest(request.question) for request in requests}) == 1
    schema = shared_schema([request.judgment for request in requests])
    orders = [SEVERAL, FENCES, "Answer every question, in their order.", *form_orders(dialect, schema)]
    asked = [part for number, request in enumerate(requests, 1) for part in _numbered(number, request.judgment)]
    messages = (
        Message("system", "\n".join(orders)),
        Message("user", "\n\n".join([*asked, *material_parts(first.question)])),
    )
    return Prompt(messages, canonical_bytes(schema))


def shared_schema(judgments: Sequence[Judgment]) -> Json:
    """The JSON schema of the answers to several judgments, in their order."""
    items: list[Json] = [_item_schema(number, judgment) for number, judgment in enumerate(judgments, 1)]
    count = len(items)
    return closed_object(
        {"answers": {"type": "array", "items": {"anyOf": items}, "minItems": count, "maxItems": count}}
    )


def unlisted(judgment: Judgment) -> str | None:
    """Why the decisions interface cannot take a judgment, or None."""
    match judgment.returns:
        case Basic():
            return None
        case Choice() | Score() if CHOICES_MIN <= len(judgment.answers) <= CHOICES_MAX:
            return None
        case _:
            return "the decisions interface takes no question of this kind"


def _item_schema(number: int, judgment: Judgment) -> Json:
    own = answer_schema(judgment)
    assert isinstance(own, dict)
    members = own["properties"]
    assert isinstance(members, dict)
    place: dict[str, Json] = {
        "number": {"type": "integer", "enum": [number]},
        "judgment": {"type": "string", "enum": [judgment.name]},
    }
    return closed_object({**place, **members})


def _numbered(number: int, judgment: Judgment) -> Iterator[str]:
    heading, *rest = asked_parts(judgment)
    yield f"Question {number} (`{judgment.name}`). {heading.removeprefix('Question: ')}"
    yield from rest


def _listed(requests: Sequence[Request]) -> Prompt:
    """The material as input, and each question in the list."""
    messages = [
        Message("system", "\n".join([ONE if len(requests) == 1 else SEVERAL, FENCES])),
        Message("user", "\n\n".join(material_parts(requests[0].question))),
    ]
    corrections = {request.correction for request in requests if request.correction is not None}
    messages += [
        Message("user", f"An earlier answer was refused by a check: {correction}.")
        for correction in sorted(corrections)
    ]
    questions = tuple(question_json(request.judgment) for request in requests)
    return Prompt(tuple(messages), b"{}", questions=questions)


def question_json(judgment: Judgment) -> Json:
    """A judgment as a question of the decisions interface."""
    asked = "\n\n".join(asked_parts(judgment, in_json=False))
    match judgment.returns:
        case Choice():
            choices: list[Json] = [{"value": value} for value in judgment.returns.values]
            return {"type": "choice", "name": judgment.name, "instructions": asked, "choices": choices}
        case Score():
            levels: list[Json] = [{"label": str(value)} for value in judgment.answers]
            return {"type": "score", "name": judgment.name, "instructions": asked, "levels": levels}
        case _:
            statement = f"The answer to this question is yes.\n\n{asked}"
            return {"type": "predicate", "name": judgment.name, "instructions": statement}
