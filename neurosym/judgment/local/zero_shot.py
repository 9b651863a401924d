"""Answers without any label: how near the material lies to what the author wrote of each answer.

This is weak. A sentence model tells what a text is about, and hardly whether two persons are one: what it is worth is
for a calibration to say, and with labels at hand a trained head takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.judgment.answer import AnswerValue, answer_key
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import canonical_bytes
from neurosym.values.encoding import wire

SHARPNESS = 20.0  # what similarities, which lie close together, are multiplied by before their softmax


def descriptions(judgment: Judgment, answer: AnswerValue) -> tuple[str, ...]:
    """The texts that stand for an answer: the question with it, and the author's examples of it."""
    return (f"{judgment.ask} {_spoken(answer)}", *_examples(judgment, answer))


def _examples(judgment: Judgment, answer: AnswerValue) -> Iterator[str]:
    for example in judgment.examples:
        if answer_key(example.answer) == answer_key(answer):
            yield example.text


def _spoken(answer: AnswerValue) -> str:
    match answer:
        case bool():
            return "Yes." if answer else "No."
        case str():
            return f"{answer}."
        case _:
            return f"{canonical_bytes(wire(answer)).decode('utf-8')}."
