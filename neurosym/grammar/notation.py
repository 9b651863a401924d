"""Grammars as text: in Lark's notation for engines and digests, and as Lark builds them best."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from neurosym.grammar.regex import regex
from neurosym.grammar.tree import Alternatives, Body, GrammarTree, Literal, Repeated, Sequence, Use

HELPER = "_part"  # lark puts what such a rule holds into the rule that uses it


def normal_text(tree: GrammarTree) -> str:
    """The grammar without comments, in one way of writing: what engines get, and what a digest is of."""
    rules = [f"{rule.name}: {body_text(rule.body)}" for rule in tree.rules.values()]
    return "\n".join([*rules, *_terminals(tree)]) + "\n"


def lark_text(tree: GrammarTree) -> str:
    """The same grammar with a rule for each part that is optional or repeated.

    Lark writes out the combinations of what is optional in a rule, which are as many as the powers of two.
    """
    helpers = _Helpers()
    rules = [f"{rule.name}: {helpers.body(rule.body)}" for rule in tree.rules.values()]
    return "\n".join([*rules, *helpers.rules, *_terminals(tree)]) + "\n"


def _terminals(tree: GrammarTree) -> list[str]:
    return [f"{terminal.name}: /{regex(terminal.pattern)}/" for terminal in tree.terminals.values()]


def literal_text(text: str) -> str:
    """A text between double quotes."""
    return json.dumps(text, ensure_ascii=False)


def body_text(body: Body, *, is_whole: bool = True) -> str:
    """The body of a rule; in parentheses where it is a part of another and has several parts."""
    match body:
        case Literal():
            return literal_text(body.text)
        case Use():
            return body.name
        case Repeated(item, low, high):
            return body_text(item, is_whole=False) + _count(low, high)
        case Sequence():
            text = " ".join(body_text(item, is_whole=False) for item in body.items)
        case Alternatives():
            text = " | ".join(body_text(option) for option in body.options)
    return text if is_whole else f"({text})"


def _count(low: int, high: int) -> str:
    if (low, high) == (0, 1):
        return "?"
    return f"~{low}" if low == high else f"~{low}..{high}"


@dataclass
class _Helpers:
    rules: list[str] = field(default_factory=list)

    def body(self, body: Body) -> str:
        """The body with only names and texts in it, or one of those repeated."""
        match body:
            case Sequence():
                return " ".join(map(self.symbol, body.items))
            case Alternatives():
                return " | ".join(self.body(option) for option in body.options)
            case Repeated(item, low, high):
                return self.symbol(item) + _count(low, high)
            case Literal() | Use():
                return self.symbol(body)

    def symbol(self, body: Body) -> str:
        if isinstance(body, Literal | Use):
            return body_text(body)
        content = self.body(body)
        name = f"{HELPER}{len(self.rules) + 1}"
        self.rules.append(f"{name}: {content}")
        return name
