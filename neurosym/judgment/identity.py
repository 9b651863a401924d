"""What makes two questions, and two requests, the same: digests of their content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest, Json, digest
from neurosym.values.encoding import tagged
from neurosym.values.temporal import Duration, Months
from neurosym.values.unknown import Absent, Question, Unknown
from neurosym.values.value import Fact, Range, Record, Reference, Value

# What a request is sent with, besides the prompt; sorted by name where it is written down.
Parameters: TypeAlias = tuple[tuple[str, str | int | bool], ...]
NO_MORE: Mapping[str, Json] = MappingProxyType({})


def judgment_digest(judgment: Judgment) -> Digest:
    """The digest of everything the author wrote in the judgment; moving it in its file changes nothing."""
    return digest(_node_json(judgment))


def question_id(judgment: Judgment, question: Question) -> Digest:
    """The digest of the judgment, the arguments' keys and the content of exactly the fields that it reads."""
    return digest(question_json(judgment, question))


def question_json(judgment: Judgment, question: Question) -> Json:
    """The document whose digest is the question's id."""
    return {
        "judgment": judgment_digest(judgment),
        "args": [[name, tagged(argument)] for name, argument in question.args],
        "content": [[path, content_json(value)] for path, value in question.content],
    }


def content_json(value: Value | Absent) -> Json:
    """The content of a field, tagged with its type; a field that nobody supplied is content too."""
    return {"absent": True} if isinstance(value, Absent) else tagged(value)


def request_id(
    question: Digest,
    tier: str,
    model: str | None,
    prompt: Digest | None,
    parameters: Parameters,
    how: Mapping[str, Json] = NO_MORE,
) -> Digest:
    """The digest of what is asked of whom, and how: `how` holds what else tells two requests apart."""
    return digest(
        {
            "question": question,
            "tier": tier,
            "model": model,
            "prompt": prompt,
            "parameters": dict(parameters),
            **how,
        }
    )


def _node_json(node: object) -> Json:
    match node:
        case None | bool() | str():
            return node
        case Enum():
            return str(node.value)
        case tuple():
            return [_node_json(part) for part in node]
        case int() | Decimal() | date() | time() | Duration() | Months():
            return {"value": tagged(node)}
        case Range() | Record() | Reference() | Fact() | Unknown():
            return {"value": tagged(node)}
        case _:
            assert is_dataclass(node), node
            assert not isinstance(node, type), node
            parts = {part.name: _node_json(getattr(node, part.name)) for part in fields(node) if part.compare}
            return {"node": type(node).__name__, "parts": parts}
