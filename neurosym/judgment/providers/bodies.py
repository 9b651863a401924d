"""What is sent in each dialect: the members that carry the prompt, and those that hold the answer in its form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, assert_never

from neurosym.grammar.gbnf import gbnf
from neurosym.judgment.completions.envelope import TOOL
from neurosym.judgment.configuration import ModelTier
from neurosym.judgment.dialect import DEFAULT_DIALECT, Constraint, Wire
from neurosym.judgment.json_grammar import gbnf_grammar, lark_grammar
from neurosym.judgment.prompt import Prompt

if TYPE_CHECKING:
    from openai import AsyncOpenAI

LOGPROBS_MAX = 20  # alternatives at each token
HAND_IN = "Hand in the answer."
TOKENS = "message.output_text.logprobs"


async def sent(client: AsyncOpenAI, tier: ModelTier, prompt: Prompt, seconds: float) -> Any:
    """The raw response; what the client library raises passes through."""
    calls: Mapping[Wire, Any] = {
        Wire.CHAT: client.chat.completions,
        Wire.RESPONSES: client.responses,
        Wire.DECISIONS: client.decisions,
    }
    members, extra = _members(tier, prompt)
    call = calls[(tier.dialect or DEFAULT_DIALECT).wire].with_raw_response.create
    return await call(model=tier.model, **members, extra_body=extra, timeout=seconds)


def length_bound(tier: ModelTier, prompt: Prompt) -> int:
    """No fewer bytes than the body of the request has: every character that is not ASCII counts as its escape."""
    members, extra = _members(tier, prompt)
    return len(json.dumps({"model": tier.model, **members, **extra}))


def _members(tier: ModelTier, prompt: Prompt) -> tuple[dict[str, Any], dict[str, Any]]:
    """The members that the interface has, and those beyond it."""
    dialect = tier.dialect or DEFAULT_DIALECT
    extra = dict(tier.parameters_sent)
    match dialect.wire:
        case Wire.CHAT:
            return chat_members(tier, prompt), extra | extension(dialect.constraint, prompt)
        case Wire.RESPONSES:
            # Nothing stays at the provider unless the tier says so.
            return response_members(tier, prompt), {"store": False} | extra
        case Wire.DECISIONS:
            return {"input": _messages(prompt), "questions": [*prompt.questions]}, extra
        case _:
            assert_never(dialect.wire)


def chat_members(tier: ModelTier, prompt: Prompt) -> dict[str, Any]:
    """The members of a request for a chat completion."""
    members: dict[str, Any] = {"messages": _messages(prompt)}
    match (tier.dialect or DEFAULT_DIALECT).constraint:
        case Constraint.SCHEMA:
            schema = {"name": TOOL, "strict": True, "schema": json.loads(prompt.schema)}
            members["response_format"] = {"type": "json_schema", "json_schema": schema}
        case Constraint.LARK:
            form = {"type": "grammar", "grammar": {"syntax": "lark", "definition": _lark(prompt)}}
            custom = {"name": TOOL, "description": HAND_IN, "format": form}
            members["tools"] = [{"type": "custom", "custom": custom}]
            members["tool_choice"] = {"type": "custom", "custom": {"name": TOOL}}
            members["parallel_tool_calls"] = False
        case _:
            pass
    if tier.logprobs:
        members |= {"logprobs": True, "top_logprobs": LOGPROBS_MAX}
    if tier.output_tokens_max is not None:
        members["max_completion_tokens"] = tier.output_tokens_max
    return members


def response_members(tier: ModelTier, prompt: Prompt) -> dict[str, Any]:
    """The members of a request to the responses interface."""
    members: dict[str, Any] = {"input": _messages(prompt)}
    match (tier.dialect or DEFAULT_DIALECT).constraint:
        case Constraint.SCHEMA:
            form = {"type": "json_schema", "name": TOOL, "strict": True, "schema": json.loads(prompt.schema)}
            members["text"] = {"format": form}
        case Constraint.LARK:
            form = {"type": "grammar", "syntax": "lark", "definition": _lark(prompt)}
            members["tools"] = [{"type": "custom", "name": TOOL, "description": HAND_IN, "format": form}]
            members["tool_choice"] = {"type": "custom", "name": TOOL}
            members["parallel_tool_calls"] = False
        case _:
            pass
    if tier.logprobs:
        members |= {"include": [TOKENS], "top_logprobs": LOGPROBS_MAX}
    if tier.output_tokens_max is not None:
        members["max_output_tokens"] = tier.output_tokens_max
    return members


def extension(constraint: Constraint, prompt: Prompt) -> dict[str, Any]:
    """The members that servers of open models have beyond the interface of chat completions."""
    match constraint:
        case Constraint.STRUCTURED_OUTPUTS if prompt.grammar is not None:
            return {"structured_outputs": {"grammar": prompt.grammar}}
        case Constraint.STRUCTURED_OUTPUTS:
            return {"structured_outputs": {"json": json.loads(prompt.schema)}}
        case Constraint.GBNF if prompt.grammar is not None:
            from neurosym.grammar.answer_grammar import known_grammar  # noqa: PLC0415 - heavy: lark

            return {"grammar": gbnf(known_grammar(TOOL, prompt.grammar).tree)}
        case Constraint.GBNF:
            return {"grammar": gbnf_grammar(json.loads(prompt.schema))}
        case _:
            return {}


def _messages(prompt: Prompt) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in prompt.messages]


def _lark(prompt: Prompt) -> str:
    return prompt.grammar if prompt.grammar is not None else lark_grammar(json.loads(prompt.schema))
