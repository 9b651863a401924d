"""Two hundred cases of one judgment, and a model that is scripted to get each of them wrong in a given way once.

Each case is whether a customer is the person of a list entry; the truth is always that they are different persons. What
the model says first is wrong: "same", in a form that something gives away. Asked again, it says the truth.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

CASES = 200
TRUTH, LIE = "different", "same"
MODEL = "m"
NUMBER = re.compile(rb"case (\d{3})")
REMARKS = "DOB 02 Mar 1971; nationality Ruritania; not the banker of that name; case {number:03}"
BORN, NAME = "1969-05-17", "Ann Lee"
Content = Callable[[int], str]


def answer(value: str, *quotes: tuple[str, str]) -> str:
    """The content of a message that answers."""
    return json.dumps({"answer": value, "quotes": [{"field": path, "text": text} for path, text in quotes]})


def truth(number: int) -> str:
    """What a model says that is right."""
    return answer(TRUTH, ("entry.remarks", f"not the banker of that name; case {number:03}"))


def lie(number: int) -> str:
    """A wrong answer, quoted from where it may be quoted."""
    return answer(LIE, ("entry.remarks", f"nationality Ruritania; not the banker of that name; case {number:03}"))


@dataclass(frozen=True, slots=True)
class Fault:
    """What the model does first; a status above 200 has no content."""

    name: str
    content: Content = lie
    finish: str = "stop"
    model: str = MODEL
    status: int = 200
    refusal: bool = False


FAULTS = (
    Fault("none", truth),
    Fault("cut off", lambda number: lie(number)[:-3], finish="length"),
    Fault("cut off, and whole by chance", finish="length"),
    Fault("refused", refusal=True),
    Fault("another model", model="m-of-somebody-else"),
    Fault("a key twice", lambda number: lie(number).replace("{", '{"answer": "different", ', 1)),
    Fault("more members", lambda number: lie(number).replace("{", '{"confidence": "high", ', 1)),
    Fault("no such answer", lambda number: lie(number).replace('"same"', '"probably same"')),
    Fault("in a code block", lambda number: f"```json\n{lie(number)}\n```"),
    Fault("no JSON", lambda _: "They are the same."),
    Fault("an invented quote", lambda _: answer(LIE, ("entry.remarks", "the passport numbers are identical"))),
    Fault("a quote of another field", lambda _: answer(LIE, ("entry.remarks", NAME))),
    Fault("a quote with a look-alike", lambda _: answer(LIE, ("entry.remarks", "nationality Rurit\u0430nia"))),
    Fault("an answer that a check refutes", lambda _: answer(LIE)),
    Fault("status 500", status=500),
    Fault("status 429", status=429),
)


def fault_of(number: int) -> Fault:
    """The fault of a case."""
    return FAULTS[number % len(FAULTS)]


@dataclass(slots=True)
class Script:
    """Answers requests for chat completions, in this process; counts them, and the tokens that went each way."""

    calls: Counter[int] = field(default_factory=Counter)
    tokens: int = 0
    is_faulty: bool = True

    def respond(self, request: httpx2.Request) -> httpx2.Response:
        """The response to a request, by the number of the case in it."""
        found = NUMBER.search(request.content)
        assert found is not None, request.content
        number = int(found[1])
        self.calls[number] += 1
        is_first = self.is_faulty and self.calls[number] == 1
        response = _response(fault_of(number) if is_first else FAULTS[0], number)
        self.tokens += (len(request.content) + len(response.content)) // 4
        return response

    def transport(self) -> httpx2.MockTransport:
        """The script as a transport, for a client without a network."""
        return httpx2.MockTransport(self.respond)


def _response(fault: Fault, number: int) -> httpx2.Response:
    if fault.status != 200:
        return httpx2.Response(fault.status, json={"error": {"message": "not now"}})
    message: Mapping[str, Any] = {
        "role": "assistant",
        "content": None if fault.refusal else fault.content(number),
        "refusal": "I would rather not say." if fault.refusal else None,
    }
    return httpx2.Response(
        200,
        json={
            "id": f"chatcmpl-{number}",
            "object": "chat.completion",
            "created": 0,
            "model": fault.model,
            "choices": [{"index": 0, "message": message, "finish_reason": fault.finish, "logprobs": None}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
        },
    )
