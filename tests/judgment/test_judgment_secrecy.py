from __future__ import annotations

import base64
import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from neurosym.judgment.attempt import attempt_json
from neurosym.judgment.configuration import ModelTier
from neurosym.judgment.dialect import Dialect
from neurosym.judgment.providers.secrecy import gives_away
from neurosym.testing.endpoint import Endpoint, Misbehaviour
from tests.judgment.asking import attempts, request, tier_at

KEY = "sk-proj-4f9A_7b2/Qz+81mNpX0yRw3"
SPELLINGS = {
    "as it is": KEY,
    "in JSON": json.dumps({"key": KEY}),
    "escaped": "".join(f"\\u{ord(char):04x}" for char in KEY),
    "in an address": quote(KEY, safe=""),
    "in lines": "\n".join(KEY[at : at + 5] for at in range(0, len(KEY), 5)),
    "in a list": json.dumps([*KEY]),
    "first half": f"your key begins with {KEY[:17]}",
    "second half": f"your key ends in {KEY[14:]}",
    "in base64": base64.b64encode(KEY.encode()).decode(),
    "in base64 for addresses": base64.urlsafe_b64encode(KEY.encode()).decode(),
    "in base64 with a name": base64.b64encode(f"user:{KEY}".encode()).decode(),
    "in base64 with a scheme": base64.b64encode(f"Bearer {KEY}".encode()).decode(),
    "in hexadecimal": KEY.encode().hex(),
    "in capital hexadecimal": KEY.encode().hex().upper(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_key_is_recognised_in_every_spelling(spelling: str) -> None:
    assert gives_away(KEY, f'{{"message": "wrong key: {SPELLINGS[spelling]}!"}}'.encode())


def test_a_key_is_recognised_at_every_place_of_base64() -> None:
    for lead in range(7):
        assert gives_away(KEY, base64.b64encode(b"x" * lead + KEY.encode() + b"yz"))


@pytest.mark.parametrize("text", ["", "sk-proj-****Rw3", '{"answer": "same"}', "an ordinary answer about a key"])
def test_other_texts_do_not_give_it_away(text: str) -> None:
    assert not gives_away(KEY, text.encode())


def test_a_short_key_is_looked_for_as_it_is() -> None:
    assert gives_away("abc", b"xabcx")
    assert not gives_away("abc", b"ab c")


@pytest.mark.parametrize("dialect", Dialect)
def test_a_response_that_repeats_the_key_is_kept_in_no_dialect(dialect: Dialect) -> None:
    with Endpoint(Misbehaviour.ECHO) as endpoint:
        tier = tier_with_key(endpoint.base_url, dialect)
        (attempt,) = attempts(tier, request(), environment={"SMALL_KEY": KEY})
        assert endpoint.calls[0].headers["authorization"] == f"Bearer {KEY}"
    assert not gives_away(KEY, attempt_json(attempt))
    assert attempt.response is None
    assert "repeated the key" in (attempt.failure or "")


@pytest.mark.parametrize("dialect", Dialect)
def test_a_key_that_only_went_out_stands_in_no_record(dialect: Dialect) -> None:
    with Endpoint() as endpoint:
        (attempt,) = attempts(tier_with_key(endpoint.base_url, dialect), request(), environment={"SMALL_KEY": KEY})
    assert attempt.response is not None
    assert not gives_away(KEY, attempt_json(attempt))


def tier_with_key(base_url: str, dialect: Dialect) -> ModelTier:
    return replace(tier_at(base_url, dialect), key_env="SMALL_KEY")
