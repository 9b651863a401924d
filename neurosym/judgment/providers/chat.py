"""Models behind the chat completions interface (OpenAI API, `POST /chat/completions` with a JSON schema)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.chat_document import read_completion
from neurosym.judgment.configuration import ModelTier
from neurosym.judgment.document import DocumentError
from neurosym.judgment.identity import request_id
from neurosym.judgment.prompt import Prompt, build_prompt
from neurosym.judgment.tier import Request

if TYPE_CHECKING:
    import openai

NO_KEY = "none"  # an endpoint without a key gets this word, never one that lies about in the environment
FAILURE_LENGTH_MAX = 300


@dataclass(frozen=True, slots=True)
class Exchange:
    """What went out and what came back."""

    request: bytes
    response: bytes | None
    failure: str | None = None
    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChatAsker:
    """A model tier. The key is read from `environment` at the moment of the call and kept nowhere."""

    tier: ModelTier
    environment: Mapping[str, str] = field(repr=False)

    @property
    def attempts(self) -> int:
        """How often the configuration lets the model be asked one question."""
        return self.tier.attempts

    def ask(self, request: Request) -> Attempt:
        """The attempt, with the exact bytes of both directions."""
        prompt = build_prompt(request.judgment, request.question, request.correction)
        key = self.environment.get(self.tier.key_env) if self.tier.key_env else NO_KEY
        if not key or not key.isascii() or not key.isprintable():
            exchange = Exchange(b"", None, f"the variable `{self.tier.key_env}` holds no key")
        else:
            exchange = without_key(_exchange(self.tier, prompt, key), key)
        return self._attempt(request, prompt, exchange)

    def _attempt(self, request: Request, prompt: Prompt, exchange: Exchange) -> Attempt:
        tier = self.tier
        attempt = Attempt(
            question=request.id,
            request_id=request_id(request.id, tier.name, tier.model, prompt.digest, tier.parameters),
            tier=tier.name,
            kind=Kind.MODEL,
            number=request.number,
            request=exchange.request,
            response=exchange.response,
            failure=exchange.failure,
            model=tier.model,
            prompt=prompt.digest,
            parameters=tier.parameters,
            provider_id=exchange.provider_id,
        )
        if exchange.response is None:
            return attempt
        try:
            completion = read_completion(exchange.response)
        except DocumentError:  # the examination says so; here it only means that the bytes name no model
            return attempt
        return replace(attempt, model_returned=completion.model, usage=completion.usage)


def without_key(exchange: Exchange, key: str) -> Exchange:
    """The exchange, or its failure alone when the provider repeats the key: a recorded key would be a leaked one."""
    if key == NO_KEY:
        return exchange
    texts = (exchange.response or b"", (exchange.failure or "").encode(), (exchange.provider_id or "").encode())
    spellings = {key.encode(), json.dumps(key)[1:-1].encode()}
    if any(spelling in text for spelling in spellings for text in texts):
        return Exchange(exchange.request, None, "the provider repeated the key, so that its response is not kept")
    return exchange


def _exchange(tier: ModelTier, prompt: Prompt, key: str) -> Exchange:
    # Heavy, and needed by nobody who has no model tier.
    import httpx2  # noqa: PLC0415
    import openai  # noqa: PLC0415

    from neurosym.judgment.providers.transport import BoundedTransport  # noqa: PLC0415

    timeout = tier.timeout_ms / 1000
    transport = BoundedTransport(f"Bearer {key}", tier.timeout_ms)
    http_client = httpx2.Client(transport=transport, trust_env=False, follow_redirects=False, timeout=timeout)
    client = openai.OpenAI(api_key=key, base_url=tier.base_url, max_retries=0, timeout=timeout, http_client=http_client)
    try:
        with client:
            raw = client.chat.completions.with_raw_response.create(**_arguments(tier, prompt))
            return Exchange(raw.http_request.content, raw.content, None, raw.request_id)
    except openai.APIStatusError as error:
        failure = f"the endpoint answered with status {error.status_code}"
        return Exchange(error.request.content, error.response.content, failure, error.request_id)
    except openai.APITimeoutError as error:
        return Exchange(error.request.content, None, f"no answer within {tier.timeout_ms} ms")
    except openai.APIConnectionError as error:
        return Exchange(error.request.content, None, _connection_failure(error))


def _arguments(tier: ModelTier, prompt: Prompt) -> dict[str, Any]:
    schema = {"name": "answer", "strict": True, "schema": json.loads(prompt.schema)}
    return {
        "model": tier.model,
        "messages": [{"role": message.role, "content": message.content} for message in prompt.messages],
        "response_format": {"type": "json_schema", "json_schema": schema},
        "extra_body": dict(tier.parameters),
    }


def _connection_failure(error: openai.APIConnectionError) -> str:
    cause = str(error.__cause__ or error).encode("utf-8", "replace").decode("utf-8")
    return f"no connection: {cause}"[:FAILURE_LENGTH_MAX]
