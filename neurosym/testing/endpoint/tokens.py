"""Tokens with their probabilities, for calls that ask for them: the answer is one token, as sure as the endpoint is."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from neurosym.testing.endpoint.call import Call

OPENING = re.compile(r'\{"answer": ')
PERCENT_SURE = 90  # of any answer


def wants_tokens(call: Call) -> bool:
    """True when the request asks for the probabilities of tokens."""
    document = json.loads(call.body)
    return document.get("logprobs") is True or "message.output_text.logprobs" in document.get("include", [])


def tokens(call: Call, text: str) -> list[dict[str, Any]]:
    """The tokens of the text. Where the answer stands, the other allowed ones and null share the rest."""
    opening = OPENING.match(text)
    spellings = [json.dumps(value) for value in (*call.allowed, None)]
    rest = text[opening.end() :] if opening else ""
    answer = next((each for each in sorted(spellings, key=len, reverse=True) if rest.startswith(each)), None)
    if opening is None or answer is None:
        return [_token(text, 0.0)]
    left = math.log((100 - PERCENT_SURE) / 100 / (len(spellings) - 1))
    weighed = [(each, math.log(PERCENT_SURE / 100) if each == answer else left) for each in spellings]
    others = [_token(each, weight) for each, weight in weighed]
    place = {**_token(answer, math.log(PERCENT_SURE / 100)), "top_logprobs": others}
    return [_token(opening[0], 0.0), place, _token(rest[len(answer) :], 0.0)]


def _token(text: str, logprob: float) -> dict[str, Any]:
    return {"token": text, "bytes": [*text.encode()], "logprob": logprob, "top_logprobs": []}
