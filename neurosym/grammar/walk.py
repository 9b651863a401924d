"""Texts that a grammar accepts, written by walking through it, and texts that are nearly such."""

from __future__ import annotations

from neurosym.grammar.chance import Chance
from neurosym.grammar.pattern import Chars, Choice, Concatenation, Pattern, Times
from neurosym.grammar.tree import START, Alternatives, Body, GrammarTree, Literal, Repeated, Sequence, Use

OTHERS = (
    "\u00e9\u00df\u0130\u017f\u0301\u05d0\u0637\u0928\u4e2d\ud55c\u200d\u2028\u3000\ufeff\uffff\U0001f600\U0010ffff"
)
SLIPS = "\"\\\n ;:,.-~'\t\x000Az" + OTHERS


def walk(tree: GrammarTree, chance: Chance) -> str:
    """A text that the grammar accepts."""
    return _body(tree.rules[START].body, tree, chance)


def slip(text: str, chance: Chance) -> str:
    """The text with one character left out, doubled, put in, or written otherwise, or without its end."""
    at = chance.below(len(text) + 1)
    before, here, after = text[:at], text[at : at + 1], text[at + 1 :]
    match chance.below(5):
        case 0:
            return before + after
        case 1:
            return before + here + here + after
        case 2:
            return before + chance.of(SLIPS) + here + after
        case 3:
            return before + chance.of(SLIPS) + after
        case _:
            return before


def _body(body: Body, tree: GrammarTree, chance: Chance) -> str:
    match body:
        case Literal(text):
            return text
        case Use(name):
            return (
                _pattern(tree.terminals[name].pattern, chance)
                if body.is_terminal
                else _body(tree.rules[name].body, tree, chance)
            )
        case Sequence(items):
            return "".join(_body(item, tree, chance) for item in items)
        case Alternatives(options):
            return _body(chance.of(options), tree, chance)
        case Repeated(item, low, high):
            return "".join(_body(item, tree, chance) for _ in range(_count(low, high, chance)))


def _pattern(pattern: Pattern, chance: Chance) -> str:
    match pattern:
        case Chars():
            return _char(pattern, chance)
        case Concatenation(parts):
            return "".join(_pattern(part, chance) for part in parts)
        case Choice(options):
            return _pattern(chance.of(options), chance)
        case Times(of, low, high):
            return "".join(_pattern(of, chance) for _ in range(_count(low, high, chance)))


def _char(chars: Chars, chance: Chance) -> str:
    if chars.others and (not chars.ascii or not chance.below(4)):
        return chance.of(OTHERS)
    return chance.of(sorted(chars.ascii))


def _count(low: int, high: int, chance: Chance) -> int:
    """The least, one more, the greatest, or something between: what goes wrong goes wrong at the ends."""
    between = low + chance.below(min(high - low, 20) + 1)
    return chance.of((low, min(low + 1, high), between, between, between, high))
