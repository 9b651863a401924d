"""HTTP for providers: bounded in time and size, and nothing of the surroundings leaves with a request."""

from __future__ import annotations

import asyncio
import ssl
from functools import cache

import httpx2

from neurosym.judgment.completions.envelope import RESPONSE_BYTES_MAX

CONTENT_HEADERS = frozenset({"host", "content-length", "content-type"})
IDLE_SECONDS = 30  # how long a connection is kept for the next request


class BoundedTransport(httpx2.AsyncBaseTransport):
    """A transport that reads a response whole, within the timeout of its request and `RESPONSE_BYTES_MAX`, or raises
    ReadTimeout or ReadError. It keeps its connections for later requests.

    Of the headers of a request it sends those that describe its content, and `authorization` as given here: a client
    library adds others from variables of the environment, which may hold secrets that are not meant for this endpoint.
    """

    def __init__(self, authorization: str) -> None:
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=IDLE_SECONDS)
        self._inner = httpx2.AsyncHTTPTransport(verify=_trusted(), trust_env=False, retries=0, limits=limits)
        self._authorization = authorization

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The response with its exact bytes."""
        try:
            async with asyncio.timeout(request.extensions["timeout"]["read"]):
                return await self._whole(request)
        except TimeoutError as error:
            raise httpx2.ReadTimeout("the response took too long", request=request) from error

    async def _whole(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(await self._stripped(request))
        try:
            content = await _read(response)
        finally:
            await response.aclose()
        kept = {name: response.headers[name] for name in ("content-type", "x-request-id") if name in response.headers}
        return httpx2.Response(response.status_code, headers=kept, content=content, request=request)

    async def _stripped(self, request: httpx2.Request) -> httpx2.Request:
        headers = {name: value for name, value in request.headers.items() if name in CONTENT_HEADERS}
        ours = {"accept": "application/json", "accept-encoding": "identity", "authorization": self._authorization}
        content = await request.aread()
        return httpx2.Request(
            request.method, request.url, headers=headers | ours, content=content, extensions=request.extensions
        )

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._inner.aclose()


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities of this installation; reading them takes longer than a request, and they hold no state."""
    return httpx2.create_ssl_context(trust_env=False)


async def _read(response: httpx2.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise httpx2.ReadError("the response is compressed, which was not asked for")
    parts, size = [], 0
    assert isinstance(response.stream, httpx2.AsyncByteStream)
    async for part in response.stream:
        parts.append(part)
        size += len(part)
        if size > RESPONSE_BYTES_MAX:
            raise httpx2.ReadError(f"the response is larger than {RESPONSE_BYTES_MAX} bytes")
    return b"".join(parts)
