"""The computed tier: deterministic rules of ours for the judgments they know, which show what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.judgment.answer import Claim, Kind
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.document import Feature, computed_bytes
from neurosym.judgment.identity import Parameters, question_json, request_id
from neurosym.judgment.tier import Request
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest, canonical_bytes
from neurosym.values.unknown import Question


@dataclass(frozen=True, slots=True)
class Finding:
    """What a computation says and the features it rests on; a claim without a value abstains and says why."""

    claim: Claim
    features: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True)
class Computation:
    """A rule that answers one judgment. `versions` names what its findings depend on beside the question."""

    version: str
    versions: Parameters
    find: Callable[[Judgment, Question], Finding]


Computations: TypeAlias = Mapping[str, Computation]


def abstention(reason: str, features: tuple[Feature, ...] = ()) -> Finding:
    """The finding that says nothing, and why."""
    return Finding(Claim(None, reason=reason), features)


@dataclass(frozen=True, slots=True)
class ComputedAsker:
    """A computed tier with the computations it has, by the name of the judgment."""

    name: str
    computations: Computations
    attempts: int = 1  # it would say the same again

    def request_id(self, request: Request) -> Digest:
        """The digest of the question, the tier and the version of the computation."""
        computation = self.computations.get(request.judgment.name)
        if computation is None:
            return request_id(request.id, self.name, None, None, ())
        model = f"{request.judgment.name}/{computation.version}"
        return request_id(request.id, self.name, model, None, computation.versions)

    def ask(self, request: Request) -> Attempt:
        """The attempt; its response is the finding as a document."""
        judgment = request.judgment
        computation = self.computations.get(judgment.name)
        if computation is None:
            model, finding = None, abstention(f"nothing is computed for `{judgment.name}`")
        else:
            model, finding = f"{judgment.name}/{computation.version}", computation.find(judgment, request.question)
        parameters = () if computation is None else computation.versions
        return Attempt(
            question=request.id,
            request_id=self.request_id(request),
            tier=self.name,
            kind=Kind.COMPUTED,
            number=request.number,
            request=canonical_bytes(question_json(judgment, request.question)),
            response=computed_bytes(finding.claim, finding.features),
            model=model,
            parameters=parameters,
        )
