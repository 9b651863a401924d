"""The person tier: it takes the question into the queue; the answer comes later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.identity import request_id
from neurosym.judgment.review import review_item
from neurosym.judgment.stores.sqlite_queue import ReviewQueue
from neurosym.judgment.tier import Request, Response, Waiting
from neurosym.text.failure import ProviderError
from neurosym.values.canonical import canonical_bytes


@dataclass(frozen=True, slots=True)
class PersonAsker:
    """A person tier with its queue in a file."""

    name: str
    path: Path
    attempts: int = 1

    def ask(self, request: Request) -> Response:
        """Waiting once the question stands durably in the queue; a failed attempt when it cannot."""
        try:
            with ReviewQueue.open(self.path) as queue:
                queue.enqueue(review_item(self.name, request))
        except ProviderError as error:
            return Attempt(
                question=request.id,
                request_id=request_id(request.id, self.name, None, None, ()),
                tier=self.name,
                kind=Kind.PERSON,
                number=request.number,
                request=canonical_bytes({"question": request.id}),
                response=None,
                failure=str(error),
            )
        return Waiting(request.id, self.name)
