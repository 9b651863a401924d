"""Tokens and the probabilities that came with them, as two of the wires write them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pydantic import Field

from neurosym.judgment.completions.envelope import Alternative, Loose, Token


class _Alternative(Loose):
    token: str
    logprob: Decimal | int
    bytes: list[int] | None = None


class TokenForm(_Alternative):
    """A token with its alternatives."""

    top_logprobs: list[_Alternative] = Field(default_factory=list)


def read_tokens(found: Sequence[TokenForm]) -> tuple[Token, ...]:
    """The tokens, each with what it is in bytes: part of a character may be one."""
    return tuple(Token(_read(each), tuple(_read(other) for other in each.top_logprobs)) for each in found)


def _read(found: _Alternative) -> Alternative:
    spelt = found.bytes
    is_spelt = spelt is not None and all(0 <= each < 256 for each in spelt)
    content = bytes(spelt) if is_spelt and spelt is not None else found.token.encode("utf-8")
    return Alternative(content, Decimal(found.logprob))
