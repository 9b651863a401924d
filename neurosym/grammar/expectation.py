"""What may come next: after every piece of text, the next characters have to say how to go on.

The grammar is taken as one regular expression over its pieces (literals and terminals), each with a place of its own.
It is deterministic when no two places that may come next have pieces of which one begins like the other, and every pair
of neighbours comes about in one way (Brueggemann-Klein and Wood, One-unambiguous regular languages, 1998). Then greedy
lexers, LALR and Earley parsers and token masks all find the same derivation of a text, and there is one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

from neurosym.grammar import problems
from neurosym.grammar.automaton import automaton, begins_alike
from neurosym.grammar.pattern import Pattern, of_text
from neurosym.grammar.tree import START, Alternatives, Body, GrammarTree, Literal, Repeated, Sequence, Use
from neurosym.text.diagnostic import Report
from neurosym.text.span import Span

PIECES_MAX = 3_000
DIFFERENT = "let the alternatives begin with different texts, or write what they share once, before them"
DELIMITED = "put a literal between them whose first character the terminal does not have"


class _TooManyError(Exception):
    """There are more pieces than are looked at."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A literal or a terminal as the author wrote it."""

    leaf: Literal | Use
    pattern: Pattern

    @property
    def shown(self) -> str:
        """The piece in the author's words."""
        return self.leaf.span.text


@dataclass(slots=True)
class _Part:
    """Where the texts of a part of the grammar begin and end."""

    first: dict[int, None]
    last: dict[int, None]
    is_empty: bool


@dataclass
class _Places:
    """The places of a grammar, with what may follow each."""

    tree: GrammarTree
    report: Report
    pieces: list[Piece] = field(default_factory=list)
    follow: list[dict[int, None]] = field(default_factory=list)

    def part(self, body: Body) -> _Part:
        match body:
            case Literal():
                return self.place(Piece(body, of_text(body.text)))
            case Use(name) if body.is_terminal:
                return self.place(Piece(body, self.tree.terminals[name].pattern))
            case Use(name):
                return self.part(self.tree.rules[name].body)
            case Sequence():
                return self.sequence(body)
            case Alternatives():
                return self.alternatives(body)
            case Repeated():
                return self.repeated(body)

    def place(self, piece: Piece) -> _Part:
        if len(self.pieces) >= PIECES_MAX:
            raise _TooManyError
        at = len(self.pieces)
        self.pieces.append(piece)
        self.follow.append({})
        return _Part({at: None}, {at: None}, is_empty=False)

    def sequence(self, body: Sequence) -> _Part:
        found = _Part({}, {}, is_empty=True)
        for item in body.items:
            part = self.part(item)
            self.link(found.last, part.first, item.span)
            first = found.first | part.first if found.is_empty else found.first
            last = part.last | found.last if part.is_empty else part.last
            found = _Part(first, last, found.is_empty and part.is_empty)
        return found

    def alternatives(self, body: Alternatives) -> _Part:
        options = [self.part(option) for option in body.options]
        empty = [option.span for part, option in zip(options, body.options, strict=True) if part.is_empty]
        if len(empty) > 1:
            self.twice_empty(empty[0], empty[1])
        first = {at: None for option in options for at in option.first}
        last = {at: None for option in options for at in option.last}
        return _Part(first, last, bool(empty))

    def repeated(self, body: Repeated) -> _Part:
        part = self.part(body.item)
        if part.is_empty:
            self.twice_empty(body.item.span, body.span)
        if body.high > 1:
            self.link(part.last, part.first, body.span)
        return _Part(part.first, part.last, part.is_empty or body.low == 0)

    def link(self, last: dict[int, None], first: dict[int, None], at: Span) -> None:
        for left in last:
            for right in first:
                if right in self.follow[left]:
                    message = (
                        f"a text can be read in two ways: {self.pieces[right].shown} may go on here, or begin anew"
                    )
                    advice = "repeat it in one place"
                    self.report.add(problems.ambiguous(message, self.pieces[right].leaf.span, at, advice))
                self.follow[left][right] = None

    def twice_empty(self, at: Span, other: Span) -> None:
        message = "nothing at all can be read in two ways"
        self.report.add(problems.ambiguous(message, at, other, "let only one of them be left out"))


def check_expectations(tree: GrammarTree, report: Report) -> None:
    """Report where a text could go on in two ways (NS639), or that there are too many pieces (NS640)."""
    places = _Places(tree, report)
    try:
        start = places.part(tree.rules[START].body)
    except _TooManyError:
        at = tree.rules[START].span
        message = f"more than {PIECES_MAX} pieces of text"
        report.add(problems.too_large(message, at, "use fewer alternatives, or rules in fewer places"))
        return
    for expected in (start.first, *places.follow):
        for left, right in combinations(expected, 2):
            _compare(places.pieces[left], places.pieces[right], report)
    for merged in _merged(places):
        for one, other in combinations(merged, 2):
            if one.pattern != other.pattern:
                _compare(one, other, report)
    for place, expected in enumerate(places.follow):
        _check_end(places.pieces[place], [places.pieces[each] for each in expected], report)


def _merged(places: _Places) -> list[list[Piece]]:
    """What follows a piece in any of its places: a lexer that knows no more than the rule has these before it."""
    found: dict[int, dict[tuple[int, int], Piece]] = {}
    for at, expected in enumerate(places.follow):
        merged = found.setdefault(id(places.pieces[at].leaf), {})
        for each in expected:
            span = places.pieces[each].leaf.span
            merged[span.start, span.end] = places.pieces[each]
    return [[*merged.values()] for merged in found.values()]


def _compare(left: Piece, right: Piece, report: Report) -> None:
    if begins_alike(left.pattern, right.pattern):
        message = f"what comes next may begin alike: {left.shown} and {right.shown}"
        report.add(problems.ambiguous(message, right.leaf.span, left.leaf.span, DIFFERENT))


def _check_end(piece: Piece, expected: list[Piece], report: Report) -> None:
    """A terminal ends where the next piece begins: it could not go on with its first character."""
    further = automaton(piece.pattern).further_chars
    for each in expected:
        if further.meets(automaton(each.pattern).first_chars):
            message = f"{piece.shown} may swallow what follows it: {each.shown}"
            report.add(problems.ambiguous(message, piece.leaf.span, each.leaf.span, DELIMITED))
