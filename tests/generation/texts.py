"""Texts and choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.generation.production import Production, built_in, either, operation
from tests.generation.scope import Scope, Want

if TYPE_CHECKING:
    from tests.generation.expression import Writer

WRITABLE = ("number", "boolean", "date", "datetime", "duration", "months", "word")


def _written(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    return built_in("string", writer.one_of(WRITABLE))(writer, want, scope, depth)


# A word is one of these itself, and no part of it: none of them makes it deeper.
def _text(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    return writer.expression(Want("text", want.solid), scope, depth + 1)


def open_text(writer: Writer, scope: Scope, depth: int) -> str:
    """A text that may be any text, whatever it is compared with."""
    want = Want("text")
    made = built_in("string", writer.one_of(WRITABLE))(writer, want, scope, depth)
    match writer.below(4):
        case 0:
            return operation("+", "word", "word")(writer, want, scope, depth)
        case 1:
            return f"(if {writer.condition(scope, depth)} then {made} else {writer.expression(want, scope, depth)})"
        case _ if paths := writer.paths_to(want, scope):
            return writer.one_of(paths)
        case _:
            return made


def _answer(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    options = [each for each in writer.judgments if each.answer is not None]
    if not options:
        return ""
    judgment = writer.one_of(options)
    arguments = [writer.expression(Want(of), scope, depth) for _, of in judgment.parameters]
    return f"{judgment.name}({', '.join(arguments)})" if all(arguments) else ""


def _choice(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    return writer.expression(Want("choice", want.solid), scope, depth + 1)


TEXTS = (
    Production("joined", operation("+", "word", "word")),
    Production("string", _written, is_leaf=True),
)
CHOICES = (Production("if", either),)
# Whatever may stand for a text: a text, a choice, an answer.
WORDING = (
    Production("text", _text, is_leaf=True, is_end=True, weight=3),
    Production("choice", _choice, is_leaf=True, is_end=True, weight=2),
    Production("answer", _answer, is_leaf=True),
)
