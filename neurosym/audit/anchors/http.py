"""One request to an anchor over HTTP. No proxy and no credential is taken from the environment."""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from neurosym.text.failure import LogError

SECONDS = 20
REPLY_BYTES_MAX = 2_000_000


@dataclass(frozen=True, slots=True)
class HttpReply:
    """What came back."""

    status: int
    type: str
    content: bytes


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """None: evidence goes where it was told to go."""


def post(url: str, content: bytes, type_: str) -> HttpReply:
    """The reply, whatever its status; LogError when there is none."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise LogError(f"`{url}` is no address of the web: it begins with http:// or https://")
    opener = build_opener(ProxyHandler({}), _NoRedirect)
    request = Request(url, data=content, headers={"content-type": type_}, method="POST")  # noqa: S310 - looked at above
    try:
        with opener.open(request, timeout=SECONDS) as response:
            return _reply(response.status, response.headers.get("content-type", ""), response.read(REPLY_BYTES_MAX + 1))
    except HTTPError as error:
        with error:
            return _reply(error.code, error.headers.get("content-type", ""), error.read(REPLY_BYTES_MAX + 1))
    except (HTTPException, OSError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        told = reason.strerror if isinstance(reason, OSError) and reason.strerror else reason
        raise LogError(f"`{url}` cannot be reached: {told}") from error


def _reply(status: int, type_: str, content: bytes) -> HttpReply:
    if len(content) > REPLY_BYTES_MAX:
        raise LogError(f"a reply of more than {REPLY_BYTES_MAX} bytes")
    return HttpReply(status, type_.partition(";")[0].strip().lower(), content)
