"""pydantic-ai: an agent with a typed output in the model's own JSON mode, and one retry."""

from __future__ import annotations

import httpx2
import openai
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.exceptions import AgentRunError
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from tests.benchmarks.judging.contender import ATTEMPTS, ORDERS, Answer, Judging, prompt
from tests.benchmarks.judging.scripted import MODEL, Script


def agent(script: Script) -> Judging:
    """Asks as its documentation does."""
    http_client = httpx2.AsyncClient(transport=script.transport())
    client = openai.AsyncOpenAI(api_key="key", base_url="http://model/v1", max_retries=0, http_client=http_client)
    model = OpenAIChatModel(MODEL, provider=OpenAIProvider(openai_client=client))
    made = Agent(model, output_type=NativeOutput(Answer), instructions=ORDERS, retries=ATTEMPTS - 1)

    async def judge(number: int) -> str | None:
        for _ in range(ATTEMPTS):  # what the provider refuses it leaves to whoever asks
            try:
                found: Answer = (await made.run(prompt(number), model_settings={"temperature": 0})).output
            except AgentRunError:
                continue
            return found.answer
        return None

    return judge
