"""Models behind an endpoint, asked in the dialect of their tier."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt, Usage
from neurosym.judgment.completion import read_completion
from neurosym.judgment.configuration import ModelTier
from neurosym.judgment.cost import cost, cost_bound
from neurosym.judgment.dialect import Constraint, Dialect
from neurosym.judgment.document import DocumentError
from neurosym.judgment.identity import request_id
from neurosym.judgment.prompt import Prompt
from neurosym.judgment.providers.bodies import length_bound
from neurosym.judgment.providers.connections import Connections
from neurosym.judgment.providers.secrecy import NO_KEY
from neurosym.judgment.shared_prompt import material_digest, may_share, request_prompt, unlisted
from neurosym.judgment.template import prompt_template
from neurosym.judgment.tier import Request
from neurosym.values.canonical import Digest
from neurosym.values.number import Number

if TYPE_CHECKING:
    from neurosym.judgment.providers.exchange import Exchange


@dataclass(frozen=True, slots=True)
class ModelAsker:
    """A model tier. The key is read from `environment` at the moment of the call and kept nowhere else.

    `connections` are kept from one asking to the next.
    """

    tier: ModelTier
    environment: Mapping[str, str] = field(repr=False)
    connections: Connections = field(repr=False)

    @property
    def attempts(self) -> int:
        """How often the configuration lets the model be asked one question."""
        return self.tier.attempts

    def request_id(self, request: Request) -> Digest:
        """The digest of the question, the tier, the model, the prompt and how it is sent."""
        return self._request_id(request, request_prompt([request], self.tier.dialect or Dialect.CHAT))

    def _request_id(self, request: Request, prompt: Prompt) -> Digest:
        tier = self.tier
        how = {"dialect": None if tier.dialect is None else tier.dialect.value, "sample": request.sample}
        return request_id(request.id, tier.name, tier.model, prompt.digest, tier.parameters_sent, how)

    def shared_places(self, requests: Sequence[Request]) -> Iterator[list[int]]:
        """The places of the requests that go out together: those about the same material, at most `batch_max`."""
        return shared_places(requests, self.tier)

    def cost_bound(self, request: Request) -> Number:
        """The most that an attempt may cost; 0 where the tier has no price."""
        price, written = self.tier.price, self.tier.output_tokens_max
        if price is None or written is None:
            return 0
        prompt = request_prompt([request], self.tier.dialect or Dialect.CHAT)
        return cost_bound(price, length_bound(self.tier, prompt), written)

    async def ask_together(self, requests: Sequence[Request], timeout_ms: int | None) -> Sequence[Attempt]:
        """The attempts at requests that share one, in their order, with the exact bytes of both directions.

        What goes wrong on the way is a failed attempt, never an exception. `timeout_ms` is what is left of the
        decision's time, beside the tier's own.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.sleep(backoff_ms(requests, self.tier) / 1000)
        async with self.connections.gate(self.tier.name, self.tier.concurrent):
            waited_ms = int((loop.time() - began) * 1000)
            return await self._asked(requests, None if timeout_ms is None else timeout_ms - waited_ms)

    async def _asked(self, requests: Sequence[Request], timeout_ms: int | None) -> Sequence[Attempt]:
        from neurosym.judgment.providers.exchange import exchange, unsent, without_key  # noqa: PLC0415 - heavy

        tier, limits = self.tier, [self.tier.timeout_ms, *([] if timeout_ms is None else [timeout_ms])]
        key = key_of(tier, self.environment)
        obstacle = self._obstacle(requests, min(limits), key)
        if obstacle is not None or key is None:
            prompt = Prompt((), b"{}")
            return self._attempts(requests, prompt, unsent(obstacle or ""))
        prompt = request_prompt(requests, tier.dialect or Dialect.CHAT)
        client = self.connections.client(tier.base_url, key)
        found = await exchange(client, tier, prompt, min(limits))
        return self._attempts(requests, prompt, without_key(found, key))

    def _obstacle(self, requests: Sequence[Request], timeout_ms: int, key: str | None) -> str | None:
        """Why nothing can be sent, or None."""
        dialect = self.tier.dialect
        if dialect is None:
            return "no dialect was found that the endpoint understands"
        if key is None:
            return f"the variable `{self.tier.key_env}` holds no key"
        if timeout_ms <= 0:
            return "no time was left to ask"
        judgment = requests[0].judgment
        return unlisted(judgment) if dialect.constraint is Constraint.QUESTIONS else None

    def _attempts(self, requests: Sequence[Request], prompt: Prompt, found: Exchange) -> list[Attempt]:
        usage, model = _reported(self.tier.dialect, found, len(requests))
        return [
            _with_cost(self._attempt(request, prompt, found, (part, len(requests)), model), usage, self.tier, found)
            for part, request in enumerate(requests)
        ]

    def _attempt(
        self, request: Request, prompt: Prompt, found: Exchange, place: tuple[int, int], model: str | None
    ) -> Attempt:
        tier = self.tier
        return Attempt(
            question=request.id,
            request_id=self._request_id(request, prompt),
            tier=tier.name,
            kind=Kind.MODEL,
            number=request.number,
            request=found.request,
            response=found.response,
            failure=found.failure,
            model=tier.model,
            model_returned=model,
            prompt=prompt.digest,
            parameters=tier.parameters_sent,
            provider_id=found.provider_id,
            dialect=None if tier.dialect is None else tier.dialect.value,
            duration_ms=found.duration_ms,
            sample=request.sample,
            part=place[0],
            parts=place[1],
            template=prompt_template(request.judgment, tier),
        )


def backoff_ms(requests: Sequence[Request], tier: ModelTier) -> int:
    """How long to wait before an attempt that repeats a failed one; a correction does not wait."""
    repeated = max(1 if request.correction is not None else request.number for request in requests)
    return tier.backoff_ms << (repeated - 2) if repeated > 1 else 0


def key_of(tier: ModelTier, environment: Mapping[str, str]) -> str | None:
    """The key for an endpoint, or None when its variable holds none."""
    if tier.key_env is None:
        return NO_KEY
    key = environment.get(tier.key_env)
    return key if key and key.isascii() and key.isprintable() else None


def shared_places(requests: Sequence[Request], tier: ModelTier) -> Iterator[list[int]]:
    """The places of the requests that go out together: those about the same material, at most `batch_max`."""
    groups: dict[object, list[int]] = {}
    for place, request in enumerate(requests):
        alone = tier.dialect is None or not may_share(request, tier.dialect) or _is_unlisted(request, tier)
        key = place if alone else (material_digest(request.question), request.sample)
        groups.setdefault(key, []).append(place)
    for places in groups.values():
        for start in range(0, len(places), tier.batch_max):
            yield places[start : start + tier.batch_max]


def _is_unlisted(request: Request, tier: ModelTier) -> bool:
    return tier.dialect is Dialect.DECISIONS and unlisted(request.judgment) is not None


def _reported(dialect: Dialect | None, found: Exchange, parts: int) -> tuple[Usage | None, str | None]:
    """The usage and the model that the response names."""
    if found.response is None or dialect is None:
        return None, None
    try:
        completion = read_completion(dialect, found.response, 0, parts)
    except DocumentError:  # the examination says so; here it only means that the bytes name no model
        return None, None
    return completion.usage, completion.model


def _with_cost(attempt: Attempt, usage: Usage | None, tier: ModelTier, found: Exchange) -> Attempt:
    """The attempt with what it used and costs; of several that share a request, the first bears it all."""
    price, is_free = tier.price, attempt.part > 0 or not found.sent
    attempt = replace(attempt, usage=None if is_free else usage)
    if price is None or tier.output_tokens_max is None:
        return attempt
    if is_free:
        return replace(attempt, cost=0, currency=price.currency)
    if usage is not None:
        return replace(attempt, cost=cost(price, usage), currency=price.currency)
    bound = cost_bound(price, len(found.request), tier.output_tokens_max)
    return replace(attempt, cost=bound, currency=price.currency, cost_is_assumed=True)
