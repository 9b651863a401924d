"""Sections: the declarations of a text that does not parse as a whole, one by one."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.feel.explanation import DECLARATIONS
from neurosym.feel.lexeme import LABEL, TEXT, WORD, Lexeme

BEGINNINGS = DECLARATIONS | {"table"}
# A word before one of these is an operand, not the beginning of a declaration.
JOINING = frozenset({"and", "or", "implies", "in", "between", "then", "else", "satisfies", "where", "return"})


def sections(found: Sequence[Lexeme]) -> list[Sequence[Lexeme]]:
    """The lexemes, divided where a declaration seems to begin: at its word, when that stands first in its line.

    Line ends carry no meaning in the language; they serve to find the problems of several declarations at once.
    """
    starts = [at for at in range(1, len(found)) if _begins_declaration(found, at)]
    return [found[start:end] for start, end in zip([0, *starts], [*starts, len(found)], strict=True)]


def _begins_declaration(found: Sequence[Lexeme], at: int) -> bool:
    lexeme = found[at]
    if lexeme.kind != WORD or lexeme.text not in BEGINNINGS:
        return False
    if "\n" not in lexeme.reading.source.text[found[at - 1].end : lexeme.start]:
        return False
    following = found[at + 1] if at + 1 < len(found) else None
    if following is None:
        return True
    # A concluded or expected duty is applied to arguments, a declared one is not.
    is_applied = at + 2 < len(found) and found[at + 2].text == "("
    if lexeme.text == "duty" and is_applied:
        return False
    return following.kind in {LABEL, TEXT} or (following.kind == WORD and following.text not in JOINING)
