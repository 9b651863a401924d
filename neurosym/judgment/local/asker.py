"""A local model, asked like any tier. What goes wrong is a failed attempt."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import LocalTier
from neurosym.judgment.identity import Parameters, question_json, request_id
from neurosym.judgment.local.encoder import library_versions
from neurosym.judgment.local.local_answer import DIALECT
from neurosym.judgment.local.model import LocalModel
from neurosym.judgment.local.opening import LOCAL_MODELS, LocalModels
from neurosym.judgment.tier import Request
from neurosym.text.failure import Failure, InputError
from neurosym.values.canonical import Digest, canonical_bytes


@dataclass(frozen=True, slots=True)
class LocalAsker:
    """A tier with a model of this process."""

    tier: LocalTier
    folder: Path
    models: LocalModels = field(default=LOCAL_MODELS, repr=False)
    attempts: int = 1  # it would say the same again

    def request_id(self, request: Request) -> Digest:
        """The digest of the question, the tier, the version of the model, and how it is asked. A Failure or InputError
        when there is no model.
        """
        model = self._model()
        return self._request_id(request, model, model.template(request.judgment))

    def ask(self, request: Request) -> Attempt:
        """The attempt; its response is the answer as a document."""
        started = time.monotonic_ns()
        try:
            model = self._model()
            template = model.template(request.judgment)
            answer = model.answer(request.judgment, request.question)
        except (Failure, InputError) as error:
            return self._failed(request, str(error))
        return Attempt(
            question=request.id,
            request_id=self._request_id(request, model, template),
            tier=self.tier.name,
            kind=Kind.MODEL,
            number=request.number,
            request=canonical_bytes(question_json(request.judgment, request.question)),
            response=answer.content,
            model=model.name,
            model_returned=answer.model,
            parameters=library_versions(),
            dialect=DIALECT,
            duration_ms=(time.monotonic_ns() - started) // 1_000_000,
            sample=request.sample,
            template=template,
        )

    def _model(self) -> LocalModel:
        return self.models.opened(self.tier, self.folder)

    def _request_id(self, request: Request, model: LocalModel, template: Digest) -> Digest:
        how = {"template": template}
        return request_id(request.id, self.tier.name, model.name, None, library_versions(), how)

    def _failed(self, request: Request, failure: str) -> Attempt:
        parameters: Parameters = ()
        return Attempt(
            question=request.id,
            request_id=request_id(request.id, self.tier.name, self.tier.model, None, parameters),
            tier=self.tier.name,
            kind=Kind.MODEL,
            number=request.number,
            request=canonical_bytes(question_json(request.judgment, request.question)),
            response=None,
            failure=failure,
            model=self.tier.model,
            dialect=DIALECT,
            sample=request.sample,
        )
