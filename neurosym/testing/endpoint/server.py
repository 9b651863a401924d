"""The server: it takes calls, and answers them or does to them what is due."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from types import TracebackType
from typing import Any, Self

from neurosym.testing.endpoint.call import PATHS, Call, read_call
from neurosym.testing.endpoint.envelope import response_body
from neurosym.testing.endpoint.misbehaviour import Misbehaviour
from neurosym.testing.endpoint.respond import Respond, answer_first

REQUEST_BYTES_MAX = 16 * 1024 * 1024
POLL_SECONDS = 0.02
TRICKLE_BYTES_MAX = 500  # ten seconds: a client without a deadline fails instead of hanging


class Endpoint:
    """A server in a thread of its own, as a context manager; `calls` holds what it was asked.

    Calls in a dialect that is not `understood` get status 400, as from a server that does not have it.
    """

    def __init__(
        self,
        *misbehaviours: Misbehaviour,
        respond: Respond = answer_first,
        port: int = 0,
        understood: frozenset[str] | None = None,
    ) -> None:
        self.calls: list[Call] = []
        self.connections = 0  # how many were opened
        self.closing = threading.Event()
        self.respond = respond
        self._understood = understood
        self._misbehaviours = cycle(misbehaviours or (Misbehaviour.NONE,))
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_SECONDS,))

    @property
    def base_url(self) -> str:
        """What goes into judges.toml."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    def take(self, call: Call) -> Misbehaviour:
        """Keep the call; what to do to it."""
        with self._lock:
            self.calls.append(call)
            if self._understood is not None and call.dialect.value not in self._understood:
                return Misbehaviour.STATUS_400
            return next(self._misbehaviours)

    def completion(self, call: Call, misbehaviour: Misbehaviour) -> bytes:
        """The body of a response."""
        return response_body(call, self.respond, misbehaviour)


@contextmanager
def nobody() -> Iterator[str]:
    """The base address of an endpoint that is down: connections to it are refused."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/v1"


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them

    def __init__(self, address: tuple[str, int], endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._open: list[socket.socket] = []
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, which its client may keep, and serve it in a thread."""
        self.endpoint.connections += 1
        self._open.append(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        """End the connections that clients have kept."""
        for connection in self._open:
            with suppress(OSError):  # it ended meanwhile
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        """Answer one request, or do to it what is due."""
        call = self._call()
        if call is None:
            self.close_connection = True
            known = ", ".join(f"POST {path}" for path in PATHS)
            self._send(404, json.dumps({"error": {"message": known}}).encode())
            return
        misbehaviour = self.server.endpoint.take(call)
        try:
            self._do(call, misbehaviour)
        except ConnectionError:  # the client has given up, as it should on some of them
            self.close_connection = True

    def _do(self, call: Call, misbehaviour: Misbehaviour) -> None:
        if misbehaviour.status is not None:
            self._send(misbehaviour.status, b'{"error": {"message": "not now"}}')
            return
        match misbehaviour:
            case Misbehaviour.ECHO:
                message = {"error": {"message": f"wrong key: {call.headers.get('authorization')}"}}
                self._send(401, json.dumps(message).encode())
            case Misbehaviour.REDIRECT:
                self._send(307, b"", location=self.server.endpoint.base_url + "/elsewhere")
            case Misbehaviour.STALL:
                self.server.endpoint.closing.wait()
                self.close_connection = True
            case Misbehaviour.TRICKLE:
                self._trickle()
            case Misbehaviour.DROP:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
            case Misbehaviour.PAGE:
                self._send(200, self.server.endpoint.completion(call, misbehaviour), **{"content-type": "text/html"})
            case Misbehaviour.COMPRESSED:
                body = self.server.endpoint.completion(call, misbehaviour)
                self._send(200, body, **{"content-encoding": "gzip"})
            case _:
                self._send(200, self.server.endpoint.completion(call, misbehaviour))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gave it
        """Say nothing: tests read standard error."""

    def _call(self) -> Call | None:
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > REQUEST_BYTES_MAX:
            return None
        headers = {name.lower(): value for name, value in self.headers.items()}
        return read_call(self.path, headers, self.rfile.read(int(length)))

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        shown = {"content-type": "application/json", **headers}
        for name, value in shown.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.send_header("x-request-id", f"call-{len(self.server.endpoint.calls)}")
        self.end_headers()
        self.wfile.write(body)

    def _trickle(self) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("connection", "close")
        self.end_headers()
        for _ in range(TRICKLE_BYTES_MAX):
            if self.server.endpoint.closing.wait(POLL_SECONDS):
                return
            self.wfile.write(b" ")
