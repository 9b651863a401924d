"""The person tier: it takes the question into the queue; the answer comes later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import PersonTier
from neurosym.judgment.identity import request_id
from neurosym.judgment.queue.address import queue_address
from neurosym.judgment.queue.review_queue import SYSTEM_CLOCK, ReviewQueue
from neurosym.judgment.review import Item, audit_item, review_item
from neurosym.judgment.tier import Request, Response, Waiting
from neurosym.text.failure import ProviderError
from neurosym.values.canonical import Digest, canonical_bytes
from neurosym.values.clock import Clock


@dataclass(frozen=True, slots=True)
class PersonAsker:
    """A person tier of a configuration in `folder`."""

    tier: PersonTier
    folder: Path = Path()
    clock: Clock = SYSTEM_CLOCK
    attempts: int = 1

    def request_id(self, request: Request) -> Digest:
        """The digest of the question and the tier."""
        return request_id(request.id, self.tier.name, None, None, ())

    def ask(self, request: Request) -> Response:
        """Waiting once the question stands durably in the queue; a failed attempt when it cannot."""
        try:
            self._enqueue(review_item(self.tier.name, request))
        except ProviderError as error:
            return Attempt(
                question=request.id,
                request_id=self.request_id(request),
                tier=self.tier.name,
                kind=Kind.PERSON,
                number=request.number,
                request=canonical_bytes({"question": request.id}),
                response=None,
                failure=str(error),
            )
        return Waiting(request.id, self.tier.name)

    def take_audit(self, request: Request) -> None:
        """Put an accepted answer, the last of `request.earlier`, before persons; ProviderError when that fails."""
        self._enqueue(audit_item(self.tier.name, request))

    def _enqueue(self, item: Item) -> None:
        with ReviewQueue.open(queue_address(self.tier.review, self.folder), self.clock) as queue:
            queue.enqueue(replace(item, claim_minutes=self.tier.claim_minutes), self.tier.deadline)
