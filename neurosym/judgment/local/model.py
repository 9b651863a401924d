"""A local model: an encoder, with a trained head or without, and the features that its tier declares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from neurosym.judgment.answer import answer_key
from neurosym.judgment.identity import judgment_digest
from neurosym.judgment.local.encoder import Embedding, Encoder
from neurosym.judgment.local.feature import Declared, Feature, Shown, shown_features, typed_features
from neurosym.judgment.local.fit import misfit
from neurosym.judgment.local.head import Head
from neurosym.judgment.local.local_answer import LocalAnswer
from neurosym.judgment.local.material import LAYOUT, material_texts
from neurosym.judgment.local.probability import exact, softmax
from neurosym.judgment.local.problems import another_head
from neurosym.judgment.local.zero_shot import SHARPNESS, descriptions
from neurosym.program.judgment import Judgment
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Digest, digest
from neurosym.values.unknown import Question

SHOWN_DIGITS = 16  # of a digest, in the name of a model
NOT_CLOSED = "a local model chooses among few answers, and this judgment has no closed list of them"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a head sees of a question, and what it came from."""

    numbers: tuple[float, ...] = field(repr=False)
    embeddings: tuple[tuple[str, Embedding], ...]
    features: tuple[Shown, ...]

    @property
    def texts(self) -> tuple[tuple[str, int, bool], ...]:
        """The texts by name, how many tokens of them were read, and whether that was less than all."""
        return tuple((name, each.tokens, each.is_cut) for name, each in self.embeddings)


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model of this process. The same question gives the same bytes."""

    encoder: Encoder
    features: Declared = ()
    head: Head | None = None
    tier: str = ""
    # Of this model alone: another head or other features are another model.
    _typed: dict[Digest, tuple[Feature, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)
    _described: dict[str, Embedding] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The version of the model: a name, and what tells its files apart."""
        plain = f"{self.encoder.name}/{_short(self.encoder.digest)}"
        return plain if self.head is None else f"{plain}+{self.head.judgment}/{_short(self.head.digest)}"

    def template(self, judgment: Judgment) -> Digest:
        """The digest of all that an answer depends on beside the question."""
        return digest(
            {
                "layout": LAYOUT,
                "judgment": judgment_digest(judgment),
                "encoder": self.encoder.digest,
                "head": None if self.head is None else self.head.digest,
                "features": [[name, text] for name, text in self.features],
                "sharpness": repr(SHARPNESS) if self.head is None else None,
            }
        )

    def check(self, judgment: Judgment, report: Report) -> tuple[Feature, ...]:
        """The features of the judgment. What it and the model cannot do together is reported: NS674, NS675, or what is
        wrong with the expression of a feature.
        """
        found = typed_features(judgment, self.features, self.tier, report)
        complaint = None if self.head is None else misfit(self.head, judgment, self.encoder, self.features)
        if complaint is not None:
            report.add(another_head(JsonPath(f"tier.{self.tier}.artefact"), complaint))
        return found

    def answer(self, judgment: Judgment, question: Question) -> LocalAnswer:
        """The probabilities of the allowed answers. InputError when the head or a feature does not fit the judgment, a
        Failure when the model does not run.
        """
        if not judgment.is_closed:
            return LocalAnswer(self.name, encoder=self.encoder.digest, reason=NOT_CLOSED)
        found = self.inputs(judgment, question)
        scores = self._scores(judgment, found)
        return LocalAnswer(
            self.name,
            tuple(zip(judgment.answers, exact(softmax(scores)), strict=True)),
            tuple((each.name, each.text) for each in found.features),
            found.texts,
            self.encoder.digest,
            None if self.head is None else self.head.digest,
        )

    def inputs(self, judgment: Judgment, question: Question) -> Inputs:
        """What a head sees: the vector of the whole material, how near the arguments are to one another and in what
        they differ, and the features with whether they are known.
        """
        embeddings = tuple((name, self.encoder.encode(text)) for name, text in material_texts(question))
        features = shown_features(self._features(judgment), question)
        (_, whole), *parts = embeddings
        scale = math.sqrt(len(whole.vector))  # so that a coordinate weighs about as much as a feature
        numbers = [float(each) * scale for each in whole.vector]
        for (_, left), (_, right) in combinations(parts, 2):
            numbers.append(float(left.vector @ right.vector))
            numbers += [float(each) * scale for each in abs(left.vector - right.vector)]
        numbers += [number for each in features for number in each.numbers]
        return Inputs(tuple(numbers), embeddings, features)

    def _scores(self, judgment: Judgment, found: Inputs) -> list[float]:
        if self.head is None:
            (_, whole), *_ = found.embeddings
            return [SHARPNESS * self._nearness(whole, descriptions(judgment, each)) for each in judgment.answers]
        weighed = zip(self.head.answers, self.head.scores(found.numbers), strict=True)
        scores = {answer_key(each): score for each, score in weighed}
        return [scores.get(answer_key(each), -math.inf) for each in judgment.answers]

    def _nearness(self, material: Embedding, texts: Sequence[str]) -> float:
        return max(float(material.vector @ self._description(text).vector) for text in texts)

    def _description(self, text: str) -> Embedding:
        """The vector of what the author wrote; kept, since it is needed for every question."""
        if text not in self._described:
            self._described[text] = self.encoder.encode(text)
        return self._described[text]

    def _features(self, judgment: Judgment) -> tuple[Feature, ...]:
        """The features of a judgment that was checked; kept, since they are needed for every question."""
        key = judgment_digest(judgment)
        if key not in self._typed:
            report = Report()
            found = self.check(judgment, report)
            report.stop_on_errors(InputError)
            self._typed[key] = found
        return self._typed[key]


def _short(of: Digest) -> str:
    return of.partition(":")[2][:SHOWN_DIGITS]
