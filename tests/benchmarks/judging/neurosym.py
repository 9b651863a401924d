"""Ours: the tier asked, every attempt written as the log holds it, the answer examined by every step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import httpx2
import openai

from neurosym.judgment.attempt import attempt_json
from neurosym.judgment.configuration import Configuration, ModelTier
from neurosym.judgment.judge import Judge
from neurosym.judgment.poll import Poll
from neurosym.judgment.providers.connections import Connections
from neurosym.judgment.providers.transport import BoundedTransport
from neurosym.judgment.tier import Skipped, Waiting
from neurosym.values.unknown import Question
from tests.benchmarks.judging.contender import ATTEMPTS, Judging
from tests.benchmarks.judging.scripted import BORN, MODEL, NAME, REMARKS, Script
from tests.judgment.case import JUDGMENT, inquiry, question

TIER = ModelTier("small", "http://model/v1", MODEL, ("public", "internal"), attempts=ATTEMPTS)


class ScriptedConnections(Connections):
    """Connections whose network is a script; everything above it is what runs in production."""

    def __init__(self, script: Script) -> None:
        super().__init__()
        transport = BoundedTransport("Bearer key")
        transport._inner = script.transport()  # type: ignore[assignment]
        http_client = httpx2.AsyncClient(transport=transport, trust_env=False)
        self._client = openai.AsyncOpenAI(api_key="key", base_url=TIER.base_url, max_retries=0, http_client=http_client)

    def client(self, base_url: str, key: str) -> openai.AsyncOpenAI:
        """The one client."""
        assert (base_url, key) == (TIER.base_url, "none")
        return self._client


def neurosym(script: Script) -> Judging:
    """Asks as an engine does, in a thread of its own, like every decision."""
    judge_of = Judge(Configuration((TIER,)), {}, {}, ScriptedConnections(script))
    judgment = replace(JUDGMENT, accept_uncalibrated=True)
    log: list[bytes] = []

    def ask(number: int) -> str | None:
        asked = inquiry(judgment, about(number))
        found = judge_of.ask("small", asked, lambda attempt: log.append(attempt_json(attempt)))
        assert not isinstance(found, Waiting | Skipped | Poll)
        return None if found.answer is None else str(found.answer.value)

    async def judge(number: int) -> str | None:
        return ask(number)

    return judge


def about(number: int) -> Question:
    """The question of a case."""
    content = dict(question().content)
    content |= {
        "customer.name": NAME,
        "customer.born": date.fromisoformat(BORN),
        "entry.name": "LEE, Ann",
        "entry.remarks": REMARKS.format(number=number),
    }
    return replace(question(), content=tuple(content.items()))
