"""Tiers of every kind that hand back whatever bytes a test wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.judgment.answer import AnswerValue, Claim, Kind, QuoteClaim
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import ComputedTier, Configuration, ModelTier, Tier
from neurosym.judgment.document import computed_bytes
from neurosym.judgment.identity import request_id
from neurosym.judgment.judge import Judge
from neurosym.judgment.tier import Asker, Request
from neurosym.values.canonical import Digest
from tests.decision.case import QUOTE
from tests.judgment.case import completion, said

MODEL = "m"
Respond: TypeAlias = Callable[[str, Request], bytes | None]


@dataclass(frozen=True, slots=True)
class RawAsker:
    """One tier: None is a failure of the provider."""

    tier: str
    kind: Kind
    respond: Respond
    attempts: int

    def request_id(self, request: Request) -> Digest:
        return request_id(request.id, self.tier, MODEL if self.kind is Kind.MODEL else None, None, ())

    def ask(self, request: Request) -> Attempt:
        model = MODEL if self.kind is Kind.MODEL else None
        response = self.respond(self.tier, request)
        return Attempt(
            question=request.id,
            request_id=self.request_id(request),
            tier=self.tier,
            kind=self.kind,
            number=request.number,
            request=b"{}",
            response=response,
            failure=None if response is not None else "the line is dead",
            model=model,
        )


@dataclass(frozen=True, slots=True)
class RawJudge(Judge):
    """A judge whose tiers respond with bytes of the test's choice."""

    respond: Respond = lambda _, __: None
    attempts: int = 1

    def asker(self, tier: Tier, request: Request) -> Asker:
        del request
        kind = Kind.COMPUTED if isinstance(tier, ComputedTier) else Kind.MODEL
        return RawAsker(tier.name, kind, self.respond, self.attempts)


def raw_judge(respond: Respond, *models: str, attempts: int = 1, may_see: tuple[str, ...] = ("public",)) -> RawJudge:
    """A judge with a computed tier `local`, and model tiers of these names."""
    tiers = [ModelTier(name, "http://127.0.0.1:9/v1", MODEL, may_see, attempts=attempts) for name in models]
    return RawJudge(Configuration((ComputedTier("local"), *tiers)), {}, {}, respond=respond, attempts=attempts)


def abstained() -> bytes:
    """A computed tier that cannot tell."""
    return computed_bytes(Claim(None, reason="cannot tell"), ())


def computed_says(value: AnswerValue, *quotes: QuoteClaim) -> bytes:
    """A computed tier that answers."""
    return computed_bytes(Claim(value, quotes), ())


def model_says(value: AnswerValue | None, *quotes: QuoteClaim) -> bytes:
    """A model that answers as asked."""
    return completion(said(value, *((quote.field, quote.text) for quote in quotes)))


@dataclass(slots=True)
class Book:
    """What each tier says about an entry; whatever is not written is an abstention. `asked` is the order of asking."""

    says: Mapping[tuple[str, str], AnswerValue]
    asked: list[tuple[str, str]] = field(default_factory=list)

    def respond(self, tier: str, request: Request) -> bytes:
        key = (tier, str(request.question.args[-1][1].key[0]))
        self.asked.append(key)
        value = self.says.get(key)
        if tier == "local":
            return abstained() if value is None else computed_says(value, QUOTE)
        return model_says(value, QUOTE)
