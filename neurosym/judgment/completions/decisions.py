"""Decisions: `{"answers": [{"type": "choice", "choice": ..., "probabilities": [...]}, ...], "model": ...}`.

There is one answer to each question, in their order. The probability of a predicate is that of `true`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import Field, StrictBool, StrictStr

from neurosym.judgment.answer import AnswerValue
from neurosym.judgment.completions.envelope import Completion, Decided, Loose, counted, read_envelope

_Probability: TypeAlias = Decimal | int


class _Predicate(Loose):
    type: Literal["predicate"]
    name: str | None = None
    probability: _Probability


class _Weighed(Loose):
    value: StrictStr | StrictBool
    probability: _Probability


class _Choice(Loose):
    type: Literal["choice"]
    name: str | None = None
    choice: StrictStr | StrictBool
    probabilities: list[_Weighed]


class _Level(Loose):
    label: str
    probability: _Probability


class _Score(Loose):
    type: Literal["score"]
    name: str | None = None
    probabilities: list[_Level]


class _Refusal(Loose):
    type: Literal["refusal"]
    name: str | None = None


class _Decision(Loose):
    answers: list[Annotated[_Predicate | _Choice | _Score | _Refusal, Field(discriminator="type")]]
    model: str | None = None
    usage: object = None


def read_decision(response: bytes, part: int, parts: int) -> Completion:
    """What the response says to the question at `part` of `parts`; DocumentError when it is no decision."""
    read = read_envelope(response, _Decision, "no decision of a model")
    answers = tuple(_decided(each) for each in read.answers)
    refused = len(answers) == parts and answers[part].refused
    found = len(answers)
    complaint = f"{found} answers where {parts} were asked for" if found != parts else None
    return Completion(
        content=None,
        complaint=complaint or ("the model refused" if refused else None),
        refused=refused,
        finish="refusal" if refused else "answered",
        model=read.model,
        usage=counted(read.usage, "input_tokens", "output_tokens"),
        answers=answers,
    )


def _decided(found: _Predicate | _Choice | _Score | _Refusal) -> Decided:
    match found:
        case _Predicate():
            yes = Decimal(found.probability)
            weights: tuple[tuple[AnswerValue, Decimal], ...] = ((True, yes), (False, 1 - yes))
            return Decided(None, weights, name=found.name)
        case _Choice():
            weights = tuple((each.value, Decimal(each.probability)) for each in found.probabilities)
            return Decided(found.choice, weights, name=found.name)
        case _Score():
            weights = tuple((each.label, Decimal(each.probability)) for each in found.probabilities)
            return Decided(None, weights, is_score=True, name=found.name)
        case _Refusal():
            return Decided(None, refused=True, name=found.name)
        case _:
            assert_never(found)
