"""Clients that stay connected between requests: one for each endpoint and key, on each event loop.

Connections belong to the loop that they were opened on. They are closed by `close`, or, when nobody did, on their loop
as soon as the `Connections` are no longer in use.
"""

from __future__ import annotations

import asyncio
import weakref
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_Known: TypeAlias = "dict[tuple[asyncio.AbstractEventLoop, str, str], AsyncOpenAI]"


class Connections:
    """The clients opened so far. Nothing is shared between keys: each has connections of its own."""

    def __init__(self) -> None:
        self._known: _Known = {}
        self._gates: dict[tuple[asyncio.AbstractEventLoop, str], asyncio.Semaphore] = {}
        self._unused = weakref.finalize(self, _close_unused, self._known)

    def client(self, base_url: str, key: str) -> AsyncOpenAI:
        """The client for an endpoint and a key on the loop that runs."""
        place = (asyncio.get_running_loop(), base_url, key)
        found = self._known.get(place)
        if found is None:
            found = self._known[place] = _opened(base_url, key)
        return found

    def gate(self, tier: str, concurrent: int) -> asyncio.Semaphore:
        """What at most so many requests to a tier pass at the same time, on the loop that runs."""
        place = (asyncio.get_running_loop(), tier)
        if place not in self._gates:
            self._gates[place] = asyncio.Semaphore(concurrent)
        return self._gates[place]

    def __reduce__(self) -> tuple[type[Connections], tuple[()]]:
        """In another process nothing is open."""
        return Connections, ()

    async def close(self) -> None:
        """Close what was opened on the loop that runs."""
        loop = asyncio.get_running_loop()
        for place in [place for place in self._known if place[0] is loop]:
            await self._known.pop(place).close()


def _opened(base_url: str, key: str) -> AsyncOpenAI:
    # Heavy, and needed by nobody who has no model tier.
    import httpx2  # noqa: PLC0415
    import openai  # noqa: PLC0415

    from neurosym.judgment.providers.transport import BoundedTransport  # noqa: PLC0415

    transport = BoundedTransport(f"Bearer {key}")
    http_client = httpx2.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)
    return openai.AsyncOpenAI(api_key=key, base_url=base_url, max_retries=0, http_client=http_client)


def _close_unused(known: _Known) -> None:
    for (loop, _, _), client in known.items():
        if loop.is_running():
            asyncio.run_coroutine_threadsafe(client.close(), loop)
    known.clear()
