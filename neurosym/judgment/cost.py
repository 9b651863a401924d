"""What an attempt costs: exact decimals, and where the response does not say what was used, no less than it can be."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.judgment.attempt import Usage
from neurosym.values.canonical import Json
from neurosym.values.number import Number, add, divide, multiply, number_text

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs: for a million tokens read, for a million written, for each call."""

    currency: str
    per_million_read: Number = 0
    per_million_written: Number = 0
    per_call: Number = 0

    @property
    def json(self) -> Json:
        """The price with the members that judges.toml gives it."""
        return {
            "currency": self.currency,
            "per_million_read": number_text(self.per_million_read),
            "per_million_written": number_text(self.per_million_written),
            "per_call": number_text(self.per_call),
        }


def cost(price: Price, usage: Usage) -> Number:
    """What a call with this usage costs, to 34 digits."""
    read = multiply(price.per_million_read, usage.read)
    written = multiply(price.per_million_written, usage.written)
    return add(price.per_call, divide(add(read, written), MILLION))


def cost_bound(price: Price, request_bytes: int, output_tokens_max: int) -> Number:
    """What a call with this request costs at most: a token has a byte or more, and what is written is bounded."""
    return cost(price, Usage(request_bytes, output_tokens_max))
