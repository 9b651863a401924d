"""Asking a tier in a dialect, and looking at what came of it, as the tests of providers do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from neurosym.judgment.attempt import Attempt
from neurosym.judgment.configuration import ModelTier
from neurosym.judgment.dialect import Dialect
from neurosym.judgment.identity import question_id
from neurosym.judgment.providers.connections import Connections
from neurosym.judgment.providers.model_asker import ModelAsker
from neurosym.judgment.tier import Request
from neurosym.judgment.validation import Examination, examine
from neurosym.program.judgment import Judgment, Score
from neurosym.testing.endpoint import Call, answer_document
from neurosym.values.unknown import Question
from tests.judgment.case import HOLDS, JUDGMENT, YES_OR_NO, question

# Judgments about the same material: a choice with evidence and a check, yes or no, a score.
CHOICE = replace(JUDGMENT, accept_uncalibrated=True)
ADVERSE = replace(YES_OR_NO, accept_uncalibrated=True)
RATING = replace(ADVERSE, name="rating", returns=Score(1, 10), ask="How alike are they?")
DATE = "DOB 02 Mar 1971"


def asked(judgment: Judgment) -> Question:
    """The question of a judgment about the one material."""
    return replace(question(), judgment=judgment.name)


def request(judgment: Judgment = CHOICE, sample: int = 0) -> Request:
    about = asked(judgment)
    return Request(judgment, about, question_id(judgment, about), "D1", sample=sample)


def tier_at(base_url: str, dialect: Dialect | None = Dialect.CHAT_SCHEMA, timeout_ms: int = 5_000) -> ModelTier:
    return ModelTier("small", base_url, "m", ("public", "internal"), None, timeout_ms, 1, dialect=dialect)


def attempts(
    tier: ModelTier,
    *requests: Request,
    environment: Mapping[str, str] = MappingProxyType({}),
    timeout_ms: int | None = None,
) -> Sequence[Attempt]:
    """What became of the requests, each made together with those it can share one with."""
    return asyncio.run(_made(tier, requests, environment, timeout_ms))


async def _made(
    tier: ModelTier, requests: Sequence[Request], environment: Mapping[str, str], timeout_ms: int | None
) -> list[Attempt]:
    connections = Connections()
    asker = ModelAsker(tier, environment, connections)
    found: dict[int, Attempt] = {}
    try:
        for places in asker.shared_places(requests):
            together = [requests[place] for place in places]
            found |= zip(places, await asker.ask_together(together, timeout_ms), strict=True)
    finally:
        await connections.close()
    return [found[place] for place in range(len(requests))]


def looked_at(judgment: Judgment, attempt: Attempt) -> Examination:
    return examine(judgment, asked(judgment), attempt, HOLDS)


def answered(tier: ModelTier, judgment: Judgment = CHOICE) -> Examination:
    """The examination of the one attempt at a judgment."""
    (attempt,) = attempts(tier, request(judgment))
    return looked_at(judgment, attempt)


def shown(call: Call) -> dict[str, object]:
    """An answer that every judgment here accepts; where quotes are possible, it is quoted."""
    value = "different" if "different" in call.allowed else call.allowed[0]
    return answer_document(call, value, [(path, DATE) for path in call.evidence])


def patience_ms(name: str) -> int:
    """How long to wait for an endpoint that never answers, and for one that does."""
    return 200 if name in {"stall", "trickle"} else 5_000
