"""Templates: texts with expressions between braces."""

from __future__ import annotations

import re

from neurosym.feel.lexeme import Lexeme
from neurosym.feel.literal import unescaped
from neurosym.feel.parser import tree_at
from neurosym.feel.syntax import stray_brace
from neurosym.feel.tree import Expr, Template
from neurosym.text.span import Span

PART = re.compile(r"\{\{|\}\}|\{(?P<expression>[^{}]*)\}|(?P<stray>[{}])|(?P<text>(?:[^{}\\]++|\\.)++)", re.DOTALL)


def template_of(lexeme: Lexeme) -> Template:
    """The template that a quoted text writes; NS117, or what is wrong with an expression in it, is reported."""
    parts: list[str | Expr] = []
    for match in PART.finditer(lexeme.text, 1, len(lexeme.text) - 1):
        part = _part(lexeme, match)
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        elif part is not None and part != "":
            parts.append(part)
    return Template(tuple(parts), lexeme.span)


def _part(lexeme: Lexeme, match: re.Match[str]) -> str | Expr | None:
    reading = lexeme.reading
    if match["text"]:
        return unescaped(lexeme, match.start(), match.end())
    if match["stray"]:
        place = Span(reading.source, lexeme.start + match.start(), lexeme.start + match.end())
        reading.add(stray_brace(match["stray"], place))
        return None
    if match["expression"] is None:
        return match.group()[0]
    begin = lexeme.start + match.start("expression")
    expr: Expr | None = tree_at("expression", reading, begin, begin + len(match["expression"]))
    return expr
