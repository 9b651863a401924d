"""A witness over HTTP: `POST PREFIX/add-checkpoint`. TLS and limits on who may call belong to a proxy before it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from neurosym.audit.witness import Reply, Witness
from neurosym.audit.witness_request import PATH, REQUEST_BYTES_MAX
from neurosym.text.failure import LogError

IDLE_SECONDS = 30  # how long a connection may say nothing


class WitnessServer(ThreadingHTTPServer):
    """Serves a witness at an address until it is shut down; port 0 is any free one. LogError when it cannot listen."""

    daemon_threads = True

    def __init__(self, witness: Witness, host: str, port: int, report: Callable[[str], None]) -> None:
        """`report` is told what the operator has to know."""
        self.witness = witness
        self.report = report
        try:
            super().__init__((host, port), _Handler)
        except OSError as error:
            raise LogError(f"cannot listen at {host}:{port}: {error.strerror or error}") from error

    @property
    def address(self) -> str:
        """The submission prefix."""
        return f"http://{self.server_address[0]!s}:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what went wrong; a caller who hangs up is no error of the witness."""
        del request, client_address
        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError):
            self.report(f"{type(error).__name__}: {error}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server: WitnessServer

    def do_POST(self) -> None:
        """Answer one request."""
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > REQUEST_BYTES_MAX:
            self.close_connection = True
            self._send(Reply(413, f"a request says its length, and has at most {REQUEST_BYTES_MAX} bytes\n"))
            return
        content = self.rfile.read(int(length))
        if not self.path.endswith(PATH):
            self._send(Reply(404, f"there is POST {PATH}\n"))
            return
        try:
            reply = self.server.witness.add_checkpoint(content)
        except LogError as error:  # what it says is for the operator alone
            self.server.report(str(error))
            reply = Reply(500, "the witness cannot remember anything now\n")
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        body = reply.content.encode()
        self.send_response(reply.status)
        self.send_header("content-type", reply.type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gave it
        """Say nothing."""
