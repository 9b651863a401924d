"""Calibration artefacts: what was promised of whose answers, on which cases, until when. Plain JSON beside the ruleset.

An artefact holds for exactly one judgment, one way of asking (the template of the prompt), one model and one tier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from neurosym.judgment.calibration.threshold import Promise
from neurosym.values.canonical import Digest, Json, canonical_bytes, digest_bytes
from neurosym.values.number import Number, multiply, number_text

VERSION = 1
ONE_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class CalibrationKey:
    """Whose answers: of which judgment, asked how, by which model, in which tier."""

    judgment: Digest
    template: Digest
    model: str
    tier: str


@dataclass(frozen=True, slots=True)
class Bin:
    """The valid answers with scores from `low` up to the next bin, and how many of them were right."""

    low: Number
    count: int
    right: int


@dataclass(frozen=True, slots=True)
class Artefact:
    """Answers with at least the score `promise.least` are accepted: at most the share `risk` of them is wrong, with
    `confidence`, in cases exchangeable with those labelled. `doubt` is the part of the doubt that this tier has. `bins`
    hold all valid answers by their score, whether tested or learnt from.
    """

    key: CalibrationKey
    promise: Promise
    risk: Number
    confidence: Number
    doubt: Number
    cases: int  # labelled ones, those without a valid answer among them
    labels: Digest  # of the file that they stand in
    made_on: date
    expires_on: date  # the last day on which it holds
    bins: tuple[Bin, ...] = ()
    judgment: str = field(default="", compare=False)  # its name, for readers

    @property
    def coverage(self) -> Number:
        """The share of the tested cases whose answer is accepted, rounded down to four places."""
        if not self.promise.tested:
            return 0
        return (Decimal(self.promise.accepted) / self.promise.tested).quantize(Decimal("0.0001"), "ROUND_FLOOR")

    @property
    def json(self) -> dict[str, Json]:
        """The document of the artefact."""
        promise = self.promise
        return {
            "v": VERSION,
            "name": self.judgment,
            "judgment": self.key.judgment,
            "template": self.key.template,
            "model": self.key.model,
            "tier": self.key.tier,
            "least": number_text(promise.least),
            "tested": promise.tested,
            "accepted": promise.accepted,
            "wrong": promise.wrong,
            "bound": number_text(promise.bound),
            "risk": number_text(self.risk),
            "confidence": number_text(self.confidence),
            "doubt": number_text(self.doubt),
            "cases": self.cases,
            "labels": self.labels,
            "made_on": self.made_on.isoformat(),
            "expires_on": self.expires_on.isoformat(),
            "bins": [[number_text(each.low), each.count, each.right] for each in self.bins],
        }

    @property
    def content(self) -> bytes:
        """The canonical bytes of the artefact: what its digest is made of."""
        return canonical_bytes(self.json)

    @property
    def digest(self) -> Digest:
        """What the artefact is known by."""
        return digest_bytes(self.content)

    @property
    def statement(self) -> str:
        """What is promised, in a sentence."""
        promise = self.promise
        return (
            f"scores from {number_text(promise.least)}: at most {percent(self.risk)} wrong with confidence "
            f"{percent(self.confidence)}, by {promise.wrong} wrong of {promise.accepted} accepted "
            f"among {promise.tested} valid answers tested"
        )


def percent(share: Number) -> str:
    """The share as people read it: `1 %`."""
    return f"{number_text(multiply(share, ONE_HUNDRED))} %"


@dataclass(frozen=True, slots=True)
class Calibrations:
    """The artefacts beside a ruleset, the newest for each key."""

    artefacts: Mapping[CalibrationKey, Artefact] = field(default_factory=dict)

    @classmethod
    def of(cls, artefacts: Iterable[Artefact]) -> Calibrations:
        """Those of the artefacts that were made last; of two made on one day, the stricter."""
        ordered = sorted(artefacts, key=lambda each: (each.made_on, each.promise.least, each.digest))
        return cls({each.key: each for each in ordered})

    def find(self, key: CalibrationKey, day: date) -> Artefact | str:
        """The artefact that holds for the key on a day, or why there is none."""
        found = self.artefacts.get(key)
        if found is None:
            return "no calibration for this judgment, prompt, model and tier"
        if day > found.expires_on:
            return f"the calibration for it expired on {found.expires_on.isoformat()}"
        return found


NO_CALIBRATIONS = Calibrations()
