r"""The regular expressions of terminals: the part that Python, Rust and llama.cpp read alike.

```
/[0-9]{4}-[0-9]{2}/     characters, classes of ASCII characters, bounded repetition
/[^"\\\n]{1,400}/       classes of all but some ASCII characters: letters of every script are in them
/-?[0-9]{1,9}(\.[0-9]{1,4})?/   groups, alternatives
```
Everything else is refused: what stands for other characters in another engine (`\d`, `.`, flags), and what can be
repeated without end.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

ASCII = frozenset(map(chr, range(128)))
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
PUNCTUATION = frozenset(string.punctuation)
LENGTH_MAX = 4_000  # characters of a text that a terminal accepts
PLACES_MAX = 20_000  # of characters in a pattern, each repetition written out
GROUPS_MAX = 40  # one within the other


@dataclass(frozen=True, slots=True)
class Chars:
    """One of these ASCII characters, or, with `others`, any that is not ASCII."""

    ascii: frozenset[str]
    others: bool = False

    def meets(self, other: Chars) -> bool:
        """True when a character is in both."""
        return (self.others and other.others) or not self.ascii.isdisjoint(other.ascii)


@dataclass(frozen=True, slots=True)
class Concatenation:
    """One after the other."""

    parts: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    options: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """From `low` to `high` times."""

    of: Pattern
    low: int
    high: int


Pattern: TypeAlias = Chars | Concatenation | Choice | Times


class PatternError(ValueError):
    """The pattern is not in the subset: what is wrong, how to mend it, and the offset at which it stands."""

    def __init__(self, message: str, advice: str, at: int) -> None:
        super().__init__(message)
        self.message, self.advice, self.at = message, advice, at


def length_max(pattern: Pattern) -> int:
    """The length of the longest text that the pattern accepts."""
    match pattern:
        case Chars():
            return 1
        case Concatenation():
            return sum(map(length_max, pattern.parts))
        case Choice():
            return max(map(length_max, pattern.options))
        case Times():
            return pattern.high * length_max(pattern.of)


def length_min(pattern: Pattern) -> int:
    """The length of the shortest text that the pattern accepts."""
    match pattern:
        case Chars():
            return 1
        case Concatenation():
            return sum(map(length_min, pattern.parts))
        case Choice():
            return min(map(length_min, pattern.options))
        case Times():
            return pattern.low * length_min(pattern.of)


def places(pattern: Pattern) -> int:
    """How many places of characters the pattern has, with each repetition written out."""
    match pattern:
        case Chars():
            return 1
        case Concatenation():
            return sum(map(places, pattern.parts))
        case Choice():
            return sum(map(places, pattern.options))
        case Times():
            return pattern.high * places(pattern.of)


def of_text(text: str) -> Concatenation:
    """The pattern of exactly this text; characters that are not ASCII count as one."""
    return Concatenation(tuple(exactly(char) for char in text))


def exactly(char: str) -> Chars:
    """The character; one that is not ASCII counts for all of them."""
    return Chars(frozenset(char)) if char in ASCII else Chars(frozenset(), others=True)


def read_pattern(text: str) -> Pattern:
    """The pattern between the slashes; PatternError when it is not in the subset."""
    reader = _Reader(text)
    pattern = reader.alternatives(0)
    if reader.at < len(text):
        reader.refuse("a `)` that opens nothing", "write `\\)` for the character")
    if not length_min(pattern):
        raise PatternError(
            "accepts the empty text", "let it accept one character or more, and make its use optional", 0
        )
    if length_max(pattern) > LENGTH_MAX:
        raise PatternError(f"accepts texts of more than {LENGTH_MAX} characters", "lower the bounds", 0)
    if places(pattern) > PLACES_MAX:
        raise PatternError("too many alternatives, repeated too often", "lower the bounds, or write a class", 0)
    return pattern


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def refuse(self, message: str, advice: str, back: int = 0) -> NoReturn:
        raise PatternError(message, advice, self.at - back)

    def here(self, width: int = 1) -> str:
        return self.text[self.at : self.at + width]

    def alternatives(self, depth: int) -> Pattern:
        if depth > GROUPS_MAX:
            self.refuse(f"more than {GROUPS_MAX} groups in one another", "write it flatter")
        options = [self.sequence(depth)]
        while self.here() == "|":
            self.at += 1
            options.append(self.sequence(depth))
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self, depth: int) -> Pattern:
        parts = []
        while self.here() not in ("", "|", ")"):
            parts.append(self.repeated(self.atom(depth)))
        if not parts:
            self.refuse("an empty alternative", "write `(...)?` for what may be left out")
        return parts[0] if len(parts) == 1 else Concatenation(tuple(parts))

    def atom(self, depth: int) -> Pattern:
        start = self.here()
        if start == "[":
            return self.char_class()
        if start == "(":
            return self.group(depth)
        if start == "\\":
            return exactly(self.escaped())
        if start in ("*", "+", "?", "{"):
            self.refuse(f"`{start}` repeats nothing", f"write `\\{start}` for the character")
        if start in (".", "^", "$"):
            advice = f"write `\\{start}` for the character, or a class such as `[^\\n]`"
            self.refuse(f"`{start}`, which not every engine reads alike", advice)
        self.at += 1
        if start not in ASCII:
            self.refuse("a character that is not ASCII", "put it into a literal of the rule, beside the terminal", 1)
        return exactly(start)

    def group(self, depth: int) -> Pattern:
        self.at += 1
        if self.here(2) == "?:":
            self.at += 2
        elif self.here() == "?":
            self.refuse("look-around, a flag or a named group", "groups have only alternatives and repetition", 1)
        found = self.alternatives(depth + 1)
        if self.here() != ")":
            self.refuse("a group that is not closed", "add `)`, or write `\\(` for the character")
        self.at += 1
        return found

    def escaped(self) -> str:
        """The character after the backslash at hand."""
        name = self.text[self.at + 1 : self.at + 2]
        if name not in ESCAPES and name not in PUNCTUATION:
            advice = "write the characters as a class, such as `[0-9]`, `[A-Za-z0-9_]` or `[ \\t]`"
            self.refuse(f"`\\{name}`, which not every engine reads alike", advice)
        self.at += 2
        return ESCAPES.get(name, name)

    def char_class(self) -> Chars:
        opened = self.at
        self.at += 1
        negated = self.here() == "^"
        self.at += negated
        found: set[str] = set()
        while self.here() != "]":
            if not self.here():
                self.at = opened
                self.refuse("a class that is not closed", "add `]`, or write `\\[` for the character")
            first = self.member()
            if self.here() == "-" and self.here(2) != "-]":
                self.at += 1
                last = self.member()
                if last < first:
                    self.refuse(f"a range from `{first}` back to `{last}`", f"write `{last}-{first}`", 1)
                found |= {chr(code) for code in range(ord(first), ord(last) + 1)}
            else:
                found.add(first)
        self.at += 1
        if not found:
            self.refuse("an empty class", "write the characters between the brackets", 1)
        return Chars(ASCII - found, others=True) if negated else Chars(frozenset(found))

    def member(self) -> str:
        char = self.here()
        if char == "\\":
            return self.escaped()
        if char == "[":
            self.refuse("`[` in a class, which not every engine reads alike", "write `\\[` for the character")
        if char not in ASCII:
            self.refuse("a character that is not ASCII", "classes have ASCII characters, or all but some of them")
        self.at += 1
        return char

    def repeated(self, of: Pattern) -> Pattern:
        sign, start = self.here(), self.at
        if sign in ("*", "+"):
            self.refuse(f"`{sign}`, which repeats without end", "write a bound: `{0,400}` or `{1,400}`")
        if sign not in ("?", "{"):
            return of
        low, high = (0, 1) if sign == "?" else self.bounds()
        self.at += sign == "?"
        if self.here() in ("?", "+", "*", "{"):
            self.refuse(f"`{self.text[start : self.at + 1]}`, lazy or twice repeated", "repeat it once, with one bound")
        if not high > 0 or low > high:
            self.refuse(
                f"`{self.text[start : self.at]}`", "the second bound is 1 or more, and no less than the first", 1
            )
        return Times(of, low, high)

    def bounds(self) -> tuple[int, int]:
        """The bounds of `{n}` or `{n,m}`."""
        end = self.text.find("}", self.at)
        inside = self.text[self.at + 1 : end] if end >= 0 else ""
        low, comma, high = inside.partition(",")
        high = high if comma else low
        if not _is_count(low) or not _is_count(high):
            self.refuse("a repetition without two bounds", "write `{1,400}`; for the character, `\\{`")
        self.at = end + 1
        return int(low), int(high)


def _is_count(text: str) -> bool:
    return 0 < len(text) <= 4 and text.isascii() and text.isdigit()
