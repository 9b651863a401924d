"""Trained heads: what a model learnt from labelled cases, as plain JSON that anybody can read and recompute.

The scores of the answers are `bias + weights · inputs`; their softmax is the probabilities.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from neurosym.judgment.answer import AnswerValue
from neurosym.judgment.local.feature import Declared
from neurosym.judgment.local.problems import no_head
from neurosym.text.diagnostic import Report
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Digest, Json, canonical_bytes, digest
from neurosym.values.encoding import wire
from neurosym.values.json_text import read_json

VERSION = 1
MARK_DIGITS = 16  # of the digest of a case's question
MARK = r"^[0-9a-f]{16}$"
DIGEST = r"^sha256:[0-9a-f]{64}$"
WEIGHT_MAX = 1e100  # beyond it, sums of weighted inputs could be no numbers any more
DECIMAL = r"^-?[0-9]{1,17}(\.[0-9]{1,25})?(e[+-][0-9]{1,3})?$"  # the shortest text that stands for exactly this float


@dataclass(frozen=True, slots=True)
class Head:
    """Weights of a judgment's answers over the inputs that an encoder and features give."""

    judgment: str
    reads: tuple[str, ...]  # the paths of the fields that the judgment read
    encoder: Digest
    layout: int
    features: Declared
    answers: tuple[AnswerValue, ...]  # that there were labels for
    weights: tuple[tuple[float, ...], ...]  # one row for each answer
    bias: tuple[float, ...]
    learnt_from: tuple[str, ...]  # the marks of the cases that it was trained on, sorted
    labels: Digest  # of these cases and their answers

    def scores(self, inputs: Sequence[float]) -> list[float]:
        """The score of each answer, summed without loss so that no library's order of summing changes it."""
        return [
            math.fsum((bias, *(weight * given for weight, given in zip(row, inputs, strict=True))))
            for row, bias in zip(self.weights, self.bias, strict=True)
        ]

    @property
    def cases(self) -> int:
        """How many cases it was trained on."""
        return len(self.learnt_from)

    @property
    def json(self) -> dict[str, Json]:
        """The document of the head, without the digest that it carries."""
        return {
            "v": VERSION,
            "judgment": self.judgment,
            "reads": [*self.reads],
            "encoder": self.encoder,
            "layout": self.layout,
            "features": [[name, text] for name, text in self.features],
            "answers": [wire(answer) for answer in self.answers],
            "weights": [[repr(weight) for weight in row] for row in self.weights],
            "bias": [repr(each) for each in self.bias],
            "learnt_from": [*self.learnt_from],
            "labels": self.labels,
        }

    @property
    def digest(self) -> Digest:
        """What the head is known by."""
        return digest(self.json)

    @property
    def content(self) -> bytes:
        """The bytes of its file."""
        return canonical_bytes({**self.json, "digest": self.digest}) + b"\n"


def mark_of(case: Digest) -> str:
    """What a head remembers of a case: enough to know it again."""
    return case.partition(":")[2][:MARK_DIGITS]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    v: Literal[1]
    judgment: str
    reads: list[str]
    encoder: Annotated[str, Field(pattern=DIGEST)]
    layout: int
    features: list[tuple[str, str]]
    answers: Annotated[list[str | bool | int], Field(min_length=2)]
    weights: list[list[Annotated[str, Field(pattern=DECIMAL)]]]
    bias: list[Annotated[str, Field(pattern=DECIMAL)]]
    learnt_from: Annotated[list[Annotated[str, Field(pattern=MARK)]], Field(min_length=1)]
    labels: Annotated[str, Field(pattern=DIGEST)]
    digest: str


def read_head(content: bytes, name: str, report: Report) -> Head | None:
    """The head in the bytes; None with NS673 in `report` when they are none, or are not as they were written."""
    reading = Report()
    read_json(content, name, reading)  # a key that stands twice, or a fraction, is refused here
    try:
        read = _Document.model_validate_json(content) if not reading.has_errors else None
    except ValidationError:
        read = None
    found = None if read is None else _head(read)
    if read is None or found is None:
        report.add(no_head(JsonPath(name), "it does not have the members of one"))
        return None
    if found.digest != read.digest:
        report.add(no_head(JsonPath(name), "it was changed since it was made"))
        return None
    return found


def _head(read: _Document) -> Head | None:
    """The head of the document; None when its parts do not go together."""
    weights = tuple(tuple(float(weight) for weight in row) for row in read.weights)
    bias = tuple(float(each) for each in read.bias)
    widths = {len(row) for row in weights}
    are_bounded = all(abs(each) <= WEIGHT_MAX for row in (bias, *weights) for each in row)
    if not len(read.answers) == len(weights) == len(bias) or len(widths) != 1 or not are_bounded:
        return None
    features = tuple((each, text) for each, text in read.features)
    encoder, labels = Digest(read.encoder), Digest(read.labels)
    answers, reads = tuple(read.answers), tuple(read.reads)
    return Head(
        read.judgment, reads, encoder, read.layout, features, answers, weights, bias, tuple(read.learnt_from), labels
    )
