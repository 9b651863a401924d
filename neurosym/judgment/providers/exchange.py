"""One request over the network, and what came back: the exact bytes of both directions, or what went wrong."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx2
import openai

from neurosym.judgment.providers.bodies import sent
from neurosym.judgment.providers.secrecy import NO_KEY, gives_away

if TYPE_CHECKING:
    from neurosym.judgment.configuration import ModelTier
    from neurosym.judgment.prompt import Prompt

FAILURE_LENGTH_MAX = 300
REPEATED = "the provider repeated the key, so that its response is not kept"


@dataclass(frozen=True, slots=True)
class Exchange:
    """What went out and what came back. Where nothing can have reached the model, `sent` is false."""

    request: bytes
    response: bytes | None
    failure: str | None = None
    provider_id: str | None = None
    duration_ms: int = 0
    sent: bool = True


def unsent(failure: str) -> Exchange:
    """An exchange that did not take place."""
    return Exchange(b"", None, failure, sent=False)


async def exchange(client: openai.AsyncOpenAI, tier: ModelTier, prompt: Prompt, timeout_ms: int) -> Exchange:
    """The exchange of a prompt for a response within `timeout_ms`; what goes wrong is in it and never raised."""
    started = time.monotonic_ns()
    found = await _exchange(client, tier, prompt, timeout_ms)
    return replace(found, duration_ms=(time.monotonic_ns() - started) // 1_000_000)


async def _exchange(client: openai.AsyncOpenAI, tier: ModelTier, prompt: Prompt, timeout_ms: int) -> Exchange:
    try:
        raw = await sent(client, tier, prompt, timeout_ms / 1000)
        return Exchange(raw.http_request.content, raw.content, None, raw.request_id)
    except openai.APIStatusError as error:
        failure = f"the endpoint answered with status {error.status_code}"
        return Exchange(error.request.content, error.response.content, failure, error.request_id)
    except openai.APITimeoutError as error:
        is_sent = not isinstance(error.__cause__, httpx2.ConnectTimeout)
        return Exchange(error.request.content, None, f"no answer within {timeout_ms} ms", sent=is_sent)
    except openai.APIConnectionError as error:
        is_sent = not isinstance(error.__cause__, httpx2.ConnectError)
        return Exchange(error.request.content, None, _connection_failure(error), sent=is_sent)


def without_key(found: Exchange, key: str) -> Exchange:
    """The exchange, or its failure alone when the provider repeats the key."""
    texts = (found.response or b"", (found.failure or "").encode(), (found.provider_id or "").encode())
    if key == NO_KEY or not gives_away(key, *texts):
        return found
    return replace(found, response=None, failure=REPEATED, provider_id=None)


def _connection_failure(error: openai.APIConnectionError) -> str:
    cause = str(error.__cause__ or error).encode("utf-8", "replace").decode("utf-8")
    return f"no connection: {cause}"[:FAILURE_LENGTH_MAX]
