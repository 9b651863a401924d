"""HTTP for providers: bounded in time and size, and nothing of the surroundings leaves with a request."""

from __future__ import annotations

import time

import httpx2

RESPONSE_BYTES_MAX = 4 * 1024 * 1024
CONTENT_HEADERS = frozenset({"host", "content-length", "content-type"})


class BoundedTransport(httpx2.BaseTransport):
    """A transport that reads a response whole, within `timeout_ms` and `RESPONSE_BYTES_MAX`, or raises ReadError.

    Of the headers of a request it sends those that describe its content, and `authorization` as given here: a client
    library adds others from variables of the environment, which may hold secrets that are not meant for this endpoint.
    """

    def __init__(self, authorization: str, timeout_ms: int) -> None:
        self._inner = httpx2.HTTPTransport(trust_env=False, retries=0)
        self._authorization = authorization
        self._timeout_ms = timeout_ms

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The response with its exact bytes."""
        deadline = time.monotonic_ns() + self._timeout_ms * 1_000_000
        response = self._inner.handle_request(self._stripped(request))
        try:
            content = _read(response, deadline)
        finally:
            response.close()
        kept = {name: response.headers[name] for name in ("content-type", "x-request-id") if name in response.headers}
        return httpx2.Response(response.status_code, headers=kept, content=content, request=request)

    def _stripped(self, request: httpx2.Request) -> httpx2.Request:
        headers = {name: value for name, value in request.headers.items() if name in CONTENT_HEADERS}
        ours = {"accept": "application/json", "accept-encoding": "identity", "authorization": self._authorization}
        return httpx2.Request(
            request.method, request.url, headers=headers | ours, content=request.read(), extensions=request.extensions
        )

    def close(self) -> None:
        """Give the connections back."""
        self._inner.close()


def _read(response: httpx2.Response, deadline: int) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise httpx2.ReadError("the response is compressed, which was not asked for")
    parts, size = [], 0
    assert isinstance(response.stream, httpx2.SyncByteStream)
    for part in response.stream:
        parts.append(part)
        size += len(part)
        if size > RESPONSE_BYTES_MAX:
            raise httpx2.ReadError(f"the response is larger than {RESPONSE_BYTES_MAX} bytes")
        if time.monotonic_ns() > deadline:
            raise httpx2.ReadTimeout("the response took too long")
    return b"".join(parts)
