"""The `openai` package by itself: a JSON schema, the answer parsed with pydantic, and once more on any error."""

from __future__ import annotations

from typing import Any

import httpx2
import openai
from pydantic import ValidationError

from tests.benchmarks.judging.contender import ATTEMPTS, ORDERS, Answer, Judging, prompt
from tests.benchmarks.judging.scripted import MODEL, Script


def bare(script: Script) -> Judging:
    """Asks as one would without a framework."""
    http_client = httpx2.AsyncClient(transport=script.transport())
    client = openai.AsyncOpenAI(api_key="key", base_url="http://model/v1", max_retries=0, http_client=http_client)
    form: Any = {"type": "json_schema", "json_schema": {"name": "answer", "schema": Answer.model_json_schema()}}

    async def judge(number: int) -> str | None:
        messages: Any = [{"role": "system", "content": ORDERS}, {"role": "user", "content": prompt(number)}]
        for _ in range(ATTEMPTS):
            try:
                made = await client.chat.completions.create(
                    model=MODEL,
                    messages=messages,
                    response_format=form,
                    temperature=0,
                )
                return Answer.model_validate_json(made.choices[0].message.content or "").answer
            except (openai.APIError, ValidationError):
                continue
        return None

    return judge
