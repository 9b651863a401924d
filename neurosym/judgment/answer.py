"""Answers, what is claimed before one is accepted, and the quotes that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from neurosym.values.canonical import Digest, Json
from neurosym.values.encoding import wire
from neurosym.values.number import Number
from neurosym.values.value import Record, Value

# A text of a choice, a boolean, a whole number of a score, a record; `answer_value` has them as JSON.
AnswerValue: TypeAlias = Value


def answer_key(value: AnswerValue | None) -> tuple[type, AnswerValue | None]:
    """What an answer is compared by: true is not 1."""
    return type(value), value


class Kind(Enum):
    """Where an answer comes from."""

    COMPUTED = "computed"  # a rule of ours, deterministic and readable
    MODEL = "model"  # anything learned
    PERSON = "person"  # the review queue
    SUPPLIED = "supplied"  # handed in with the request, or by a scenario


class Form(Enum):
    """How a quote was found in its source."""

    WRITTEN = "as written"
    NFC = "NFC of Unicode 3.2"  # offsets then count in the composed source


@dataclass(frozen=True, slots=True)
class QuoteClaim:
    """A quote as the answerer gave it; `start` is None where only the text was asked for."""

    field: str
    text: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote that stands in its source: `text` at offset `start`, counted in code points."""

    field: str
    start: int
    text: str
    form: Form = Form.WRITTEN

    @property
    def record(self) -> Record:
        """The quote as a check sees it."""
        return Record((("field", self.field), ("start", self.start), ("text", self.text)))

    @property
    def json(self) -> Json:
        """The quote as decisions and logs write it."""
        return {"field": self.field, "start": self.start, "text": self.text, "form": self.form.value}


@dataclass(frozen=True, slots=True)
class Claim:
    """What an answerer says, not yet believed; a `value` of None abstains."""

    value: AnswerValue | None
    quotes: tuple[QuoteClaim, ...] = ()
    by: tuple[str, ...] = ()  # the persons who say so
    agreed: bool = True  # False when these persons say different things
    reason: str | None = None
    confidence: Number | None = None  # in [0..1] as the tier reports it; None where it reports none
    probabilities: tuple[tuple[AnswerValue, Number], ...] = ()  # of the allowed answers, where the tier reports them


@dataclass(frozen=True, slots=True)
class Answer:
    """An accepted answer. `artefact` is the digest of the calibration that it was accepted on."""

    value: AnswerValue
    quotes: tuple[Quote, ...]
    tier: str
    kind: Kind
    by: tuple[str, ...] = ()
    calibrated: bool = False
    artefact: Digest | None = None
    reused_from: int | None = None  # the entry of the log that holds the attempt it was first given in

    @property
    def counts_as_calibrated(self) -> bool:
        """True when a decision that `needs calibrated` may rest on it: computed, calibrated or human."""
        return self.kind is not Kind.MODEL or self.calibrated

    @property
    def json(self) -> Json:
        """The answer as decisions and logs write it."""
        return {
            "answer": wire(self.value),
            "quotes": [quote.json for quote in self.quotes],
            "tier": self.tier,
            "kind": self.kind.value,
            "by": list(self.by),
            "calibrated": self.calibrated,
            "artefact": self.artefact,
            "reused_from": self.reused_from,
        }
