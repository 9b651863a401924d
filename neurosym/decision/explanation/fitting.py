"""Text in boxes of a drawing, where nothing wraps by itself: widths are estimates, in whole pixels at 13 pixels."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

NARROW, BROAD = frozenset("iIjlftr.,:;'|!()[]{} /\\-`\""), frozenset("mwMWOQG@%&")
MORE = "…"


def width_of(text: str) -> int:
    """About how wide a reader sees the text."""
    return sum(map(_advance, text))


def clipped(text: str, width: int) -> str:
    """The text, or as much of its beginning as there is room for."""
    if width_of(text) <= width:
        return text
    kept, used = 0, width_of(MORE)
    for char in text:
        used += _advance(char)
        if used > width:
            break
        kept += 1
    return text[:kept].rstrip() + MORE


def wrapped(text: str, width: int, lines_max: int) -> list[str]:
    """The text in at most so many lines, broken at blanks; what has no room is left out, and the last line says so."""
    lines = [*_lines(text.split(), width)]
    if len(lines) <= lines_max:
        return [clipped(line, width) for line in lines]
    last = clipped(lines[lines_max - 1], width - width_of(MORE)).removesuffix(MORE)
    return [*(clipped(line, width) for line in lines[: lines_max - 1]), last + MORE]


def _lines(words: list[str], width: int) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if line and width_of(longer) > width:
            yield line
            line = word
        else:
            line = longer
    yield from [line] if line else []


def _advance(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF":
        return 14
    if char in NARROW:
        return 5
    if char in BROAD:
        return 11
    return 10 if char.isupper() else 8
