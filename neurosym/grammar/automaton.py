"""Patterns as automata: one state for each place of a character (Glushkov 1961), to compare what two accept.

V. M. Glushkov, The abstract theory of automata, Russian Mathematical Surveys 16 (1961).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import combinations

from neurosym.grammar.pattern import Chars, Choice, Concatenation, Pattern, Times


@dataclass(frozen=True)
class Automaton:
    """The places of a pattern: where a text may begin, what may follow each, where it may end."""

    chars: tuple[Chars, ...]
    first: frozenset[int]
    follow: tuple[frozenset[int], ...]
    last: frozenset[int]

    @cached_property
    def is_deterministic(self) -> bool:
        """True when every next character says at which place it stands: then no reader of it ever has to go back."""
        return not any(
            self.chars[left].meets(self.chars[right])
            for expected in (self.first, *self.follow)
            for left, right in combinations(expected, 2)
        )

    @cached_property
    def first_chars(self) -> Chars:
        """The characters that a text may begin with."""
        return _union(self.chars[place] for place in self.first)

    @cached_property
    def further_chars(self) -> Chars:
        """The characters that may make an accepted text the beginning of a longer one."""
        return _union(self.chars[place] for end in self.last for place in self.follow[end])


@dataclass(slots=True)
class _Part:
    """A part of the pattern while the automaton is built; `last` is taken over and added to, never shared."""

    first: set[int]
    last: set[int]
    is_empty: bool  # the empty text is among those of the part


@dataclass
class _Builder:
    chars: list[Chars] = field(default_factory=list)
    follow: list[set[int]] = field(default_factory=list)

    def part(self, pattern: Pattern) -> _Part:
        match pattern:
            case Chars():
                place = len(self.chars)
                self.chars.append(pattern)
                self.follow.append(set())
                return _Part({place}, {place}, is_empty=False)
            case Choice():
                options = [self.part(option) for option in pattern.options]
                first = set[int]().union(*(option.first for option in options))
                last = set[int]().union(*(option.last for option in options))
                return _Part(first, last, any(option.is_empty for option in options))
            case Concatenation():
                found = _Part(set(), set(), is_empty=True)
                for each in reversed(pattern.parts):
                    found = self.joined(self.part(each), found)
                return found
            case Times():
                return self.times(pattern)

    def times(self, pattern: Times) -> _Part:
        """`x{1,3}` as `x(x(x)?)?`: what follows a place stays few."""
        found = _Part(set(), set(), is_empty=True)
        for number in range(pattern.high, 0, -1):
            found = self.joined(self.part(pattern.of), found)
            if number > pattern.low:
                found.is_empty = True
        return found

    def joined(self, left: _Part, right: _Part) -> _Part:
        for place in left.last:
            self.follow[place] |= right.first
        last = right.last
        if right.is_empty:
            last |= left.last
        first = left.first | right.first if left.is_empty else left.first
        return _Part(first, last, left.is_empty and right.is_empty)


@cache
def automaton(pattern: Pattern) -> Automaton:
    """The automaton of a pattern that does not accept the empty text."""
    builder = _Builder()
    part = builder.part(pattern)
    follow = tuple(map(frozenset, builder.follow))
    return Automaton(tuple(builder.chars), frozenset(part.first), follow, frozenset(part.last))


@cache
def begins_alike(left: Pattern, right: Pattern) -> bool:
    """True when a text of the one is the beginning of a text of the other, or equal to it."""
    a, b = automaton(left), automaton(right)
    todo = [(x, y) for x in a.first for y in b.first]
    seen = set(todo)
    while todo:
        x, y = todo.pop()
        if not a.chars[x].meets(b.chars[y]):
            continue
        if x in a.last or y in b.last:
            return True
        further = {(p, q) for p in a.follow[x] for q in b.follow[y]} - seen
        seen |= further
        todo += sorted(further)
    return False


def _union(chars: Iterable[Chars]) -> Chars:
    found: set[str] = set()
    others = False
    for each in chars:
        found |= each.ascii
        others = others or each.others
    return Chars(frozenset(found), others)
