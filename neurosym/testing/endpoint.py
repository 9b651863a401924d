"""An endpoint on loopback that speaks the wire format of chat completions, and misbehaves on demand.

`python -m neurosym.testing.endpoint --port 8000 --misbehave truncate,schema,quote,500,stall` serves until it is stopped
and goes through the list again and again; without a list it behaves.
"""

from __future__ import annotations

import argparse
import json
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from types import TracebackType
from typing import Any, Self, TypeAlias

from neurosym.judgment.answer import AnswerValue

REQUEST_BYTES_MAX = 16 * 1024 * 1024
POLL_SECONDS = 0.02
TRICKLE_BYTES_MAX = 500  # ten seconds: a client without a deadline fails instead of hanging
COMPLETIONS = "/v1/chat/completions"


class Misbehaviour(Enum):
    """What the endpoint can do to a request."""

    NONE = "none"
    TRUNCATE = "truncate"  # an answer cut off by the length limit
    REFUSE = "refuse"
    SCHEMA = "schema"  # an answer with other members
    ANSWER = "answer"  # a value that is not allowed
    QUOTE = "quote"  # an allowed answer with an invented quote
    DUPLICATE = "duplicate"  # an answer with the same key twice
    MODEL = "model"  # the answer of another model
    GARBAGE = "garbage"  # bytes that are no JSON
    ECHO = "echo"  # an error that repeats the key
    STATUS_500 = "500"
    STATUS_429 = "429"
    REDIRECT = "redirect"  # to somewhere else
    STALL = "stall"  # no response before the endpoint closes
    TRICKLE = "trickle"  # a response byte by byte, far too slow
    DROP = "drop"  # a connection that closes without a response


@dataclass(frozen=True, slots=True)
class Call:
    """What a request asks for; `allowed` and `evidence` come from its JSON schema."""

    path: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    model: str
    prompt: str
    allowed: tuple[AnswerValue, ...]
    evidence: tuple[str, ...]


Respond: TypeAlias = Callable[[Call], dict[str, Any]]


def answer_first(call: Call) -> dict[str, Any]:
    """The first allowed answer, without quotes."""
    return answer_document(call, call.allowed[0])


def answer_by(answers: Mapping[str, AnswerValue]) -> Respond:
    """Responds with the answer whose text stands in the prompt, else with null."""

    def respond(call: Call) -> dict[str, Any]:
        found = [value for text, value in answers.items() if text in call.prompt]
        return answer_document(call, found[0] if found else None)

    return respond


def answer_document(call: Call, value: AnswerValue | None, quotes: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """The document of an answer; quotes are pairs of field and text."""
    shown = [{"field": path, "text": text} for path, text in quotes]
    return {"answer": value, "quotes": shown} if call.evidence else {"answer": value}


class Endpoint:
    """A server in a thread of its own, as a context manager; `calls` holds what it was asked."""

    def __init__(
        self,
        *misbehaviours: Misbehaviour,
        respond: Respond = answer_first,
        port: int = 0,
    ) -> None:
        self.calls: list[Call] = []
        self.closing = threading.Event()
        self._respond = respond
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
        self._server.server_close()

    def take(self, call: Call) -> Misbehaviour:
        """Keep the call; what to do to it."""
        with self._lock:
            self.calls.append(call)
            return next(self._misbehaviours)

    def completion(self, call: Call, misbehaviour: Misbehaviour) -> bytes:
        """The body of a response."""
        match misbehaviour:
            case Misbehaviour.GARBAGE:
                return b"\xff\xfe{not json"
            case Misbehaviour.SCHEMA:
                content = json.dumps({"verdict": call.allowed[0], "confidence": 1})
            case Misbehaviour.ANSWER:
                content = json.dumps(answer_document(call, "certainly"))
            case Misbehaviour.QUOTE:
                path = call.evidence[0] if call.evidence else "remarks"
                content = json.dumps(
                    {"answer": call.allowed[0], "quotes": [{"field": path, "text": "no such words were ever written"}]}
                )
            case Misbehaviour.DUPLICATE:
                content = json.dumps(self._respond(call)).replace("{", '{"answer": null, ', 1)
            case _:
                content = json.dumps(self._respond(call))
        return _envelope(call, content, misbehaviour)


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them

    def __init__(self, address: tuple[str, int], endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Answer one request, or do to it what is due."""
        call = self._call()
        if call is None:
            self._send(404, json.dumps({"error": {"message": f"POST {COMPLETIONS} with a schema of answers"}}).encode())
            return
        misbehaviour = self.server.endpoint.take(call)
        try:
            self._do(call, misbehaviour)
        except ConnectionError:  # the client has given up, as it should on some of them
            self.close_connection = True

    def _do(self, call: Call, misbehaviour: Misbehaviour) -> None:
        match misbehaviour:
            case Misbehaviour.STATUS_500 | Misbehaviour.STATUS_429:
                self._send(int(misbehaviour.value), b'{"error": {"message": "not now"}}')
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
            case _:
                self._send(200, self.server.endpoint.completion(call, misbehaviour))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gave it
        """Say nothing: tests read standard error."""

    def _call(self) -> Call | None:
        length = self.headers.get("content-length", "")
        if self.path != COMPLETIONS or not length.isdecimal() or int(length) > REQUEST_BYTES_MAX:
            return None
        body = self.rfile.read(int(length))
        try:
            asked = json.loads(body)
            members = asked["response_format"]["json_schema"]["schema"]["properties"]
            quoted = members["quotes"]["items"]["properties"]["field"]["enum"] if "quotes" in members else []
            return Call(
                path=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=body,
                model=asked["model"],
                prompt="\n\n".join(message["content"] for message in asked["messages"]),
                allowed=tuple(value for value in members["answer"]["enum"] if value is not None),
                evidence=tuple(quoted),
            )
        except (ValueError, KeyError, TypeError):
            return None

    def _send(self, status: int, body: bytes, location: str | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.send_header("x-request-id", f"call-{len(self.server.endpoint.calls)}")
        if location is not None:
            self.send_header("location", location)
        self.end_headers()
        self.wfile.write(body)

    def _trickle(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        for _ in range(TRICKLE_BYTES_MAX):
            if self.server.endpoint.closing.wait(POLL_SECONDS):
                return
            self.wfile.write(b" ")


def _envelope(call: Call, content: str, misbehaviour: Misbehaviour) -> bytes:
    cut = misbehaviour is Misbehaviour.TRUNCATE
    refused = misbehaviour is Misbehaviour.REFUSE
    message = {
        "role": "assistant",
        "content": None if refused else content[: len(content) // 2] if cut else content,
        "refusal": "I would rather not say." if refused else None,
    }
    return json.dumps(
        {
            "id": "chatcmpl-loopback",
            "object": "chat.completion",
            "created": 0,
            "model": "somebody-else" if misbehaviour is Misbehaviour.MODEL else call.model,
            "choices": [{"index": 0, "message": message, "finish_reason": "length" if cut else "stop"}],
            "usage": {"prompt_tokens": len(call.prompt), "completion_tokens": len(content), "total_tokens": 0},
        }
    ).encode()


def main(arguments: Sequence[str]) -> int:
    """0 once it was stopped; prints the line for judges.toml first."""
    known = ", ".join(each.value for each in Misbehaviour)
    parser = argparse.ArgumentParser(prog="python -m neurosym.testing.endpoint", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 for any free one")
    parser.add_argument("--misbehave", default="", help=f"a list, gone through again and again: {known}")
    chosen = parser.parse_args(arguments)
    try:
        misbehaviours = [Misbehaviour(name) for name in chosen.misbehave.split(",") if name]
    except ValueError:
        parser.error(f"--misbehave takes {known}")
    with Endpoint(*misbehaviours, port=chosen.port) as endpoint:
        sys.stdout.write(f'base_url = "{endpoint.base_url}"\n')
        sys.stdout.flush()
        try:
            endpoint.closing.wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
