"""The material of a question as texts: each argument by itself, and all of them together."""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.judgment.evidence import content_text
from neurosym.values.unknown import Absent, Question

LAYOUT = 1  # of the texts: another one makes other vectors
ALL = "all"


def material_texts(question: Question) -> tuple[tuple[str, str], ...]:
    """The text of the whole material, and where it is about several arguments the text of each, by its name."""
    parts = [(name, "; ".join(_fields(name, question))) for name, _ in question.args]
    whole = ". ".join(f"{name}: {text}" for name, text in parts)
    return ((ALL, whole), *(parts if len(parts) > 1 else ()))


def _fields(argument: str, question: Question) -> Iterator[str]:
    """The fields of an argument that somebody supplied, as a reader sees them."""
    for path, value in question.content:
        owner, _, member = path.partition(".")
        if owner != argument or isinstance(value, Absent):
            continue
        text = content_text(value)
        if text:
            yield f"{member} {text}"
