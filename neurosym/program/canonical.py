"""The canonical form of a program: what its digest is made of. Spans, comments and file names are no part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from neurosym.program.program import Program
from neurosym.values.canonical import Digest, Json, digest
from neurosym.values.encoding import domain_json, tagged
from neurosym.values.unknown import Between, NoneOf, OneOf
from neurosym.values.value import Fact, Range, Record, Reference, Value


def program_document(program: Program) -> Json:
    """The program as JSON: every node by its kind and its members, places left out."""
    return document(program)


def program_digest(program: Program) -> Digest:
    """The digest of the program; two files that mean the same have the same."""
    return digest(program_document(program))


def document(node: object) -> Json:
    """Any part of a program as JSON."""
    if isinstance(node, Enum):
        return {"is": type(node).__name__, "value": node.value}
    if isinstance(node, (Between, OneOf, NoneOf)):
        return domain_json(node)
    if isinstance(node, (Reference, Record, Range, Fact)):
        return tagged(node)
    if is_dataclass(node) and type(node).__module__.startswith(("neurosym.program", "neurosym.feel")):
        return {"is": type(node).__name__, **_members(node)}
    if isinstance(node, Mapping):
        return {str(name): document(value) for name, value in node.items()}
    if isinstance(node, (tuple, list)):
        return [document(item) for item in node]
    return tagged(_value(node))


def _members(node: Any) -> dict[str, Json]:
    return {member.name: document(getattr(node, member.name)) for member in fields(node) if member.compare}


def _value(node: Any) -> Value:
    return node  # type: ignore[no-any-return]
