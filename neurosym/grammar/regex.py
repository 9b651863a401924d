"""Patterns as regular expressions, written so that Python, Rust and llama.cpp read the same."""

from __future__ import annotations

import string
from collections.abc import Iterable

from neurosym.grammar.pattern import ASCII, Chars, Choice, Concatenation, Pattern, Times

WRITTEN = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
SPECIAL = frozenset(string.punctuation) - frozenset("_ ,;:!@%'<>=`\"")  # `"` needs no escape between slashes


def regex(pattern: Pattern) -> str:
    """The regular expression of a pattern."""
    match pattern:
        case Chars():
            return _chars(pattern)
        case Concatenation():
            return "".join(grouped(regex(part), is_group=isinstance(part, Choice)) for part in pattern.parts)
        case Choice():
            return "|".join(map(regex, pattern.options))
        case Times(of, low, high):
            return grouped(regex(of), is_group=not isinstance(of, Chars)) + times(low, high)


def times(low: int, high: int) -> str:
    """`?`, `{3}` or `{1,4}`."""
    if (low, high) == (0, 1):
        return "?"
    return f"{{{low}}}" if low == high else f"{{{low},{high}}}"


def grouped(text: str, *, is_group: bool) -> str:
    """The text, in parentheses where it has to be one thing."""
    return f"({text})" if is_group else text


def _chars(chars: Chars) -> str:
    if chars.others:
        return char_class(ASCII - chars.ascii, is_negated=True)
    if len(chars.ascii) == 1:
        (char,) = chars.ascii
        return _escaped(char)
    return char_class(chars.ascii, is_negated=False)


def char_class(chars: Iterable[str], *, is_negated: bool) -> str:
    """`[a-z]`, or `[^a-z]`."""
    return f"[{'^' if is_negated else ''}{''.join(map(_run, runs(chars)))}]"


def _run(run: tuple[str, str]) -> str:
    first, last = run
    if first == last:
        return _escaped(first)
    sign = "-" if ord(last) > ord(first) + 1 else ""
    return f"{_escaped(first)}{sign}{_escaped(last)}"


def _escaped(char: str) -> str:
    if char in WRITTEN:
        return WRITTEN[char]
    if not char.isprintable():
        return f"\\x{ord(char):02x}"
    return f"\\{char}" if char in SPECIAL else char


def runs(chars: Iterable[str]) -> list[tuple[str, str]]:
    """The characters as runs of neighbours, in their order."""
    found: list[tuple[str, str]] = []
    for char in sorted(chars):
        if found and ord(char) == ord(found[-1][1]) + 1:
            found[-1] = (found[-1][0], char)
        else:
            found.append((char, char))
    return found
