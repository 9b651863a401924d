"""The diagnostics of building trees from text, one constructor each."""

from __future__ import annotations

from neurosym.feel.lexeme import LABEL, Lexeme
from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.span import Source, Span

# How deep an expression may nest: later passes follow it recursively, and no reader follows it further.
DEPTH_MAX = 100
SHOWN_MAX = 40


class RefusedError(Exception):
    """The text cannot be read on: carries the diagnostic that says why."""

    def __init__(self, found: Diagnostic) -> None:
        super().__init__(found.message)
        self.found = found


def unexpected(lexeme: Lexeme, expected: str, advice: str | None) -> Diagnostic:
    """NS100: a word or sign that cannot stand where it stands."""
    return _error("NS100", f"unexpected {shown(lexeme)} here", lexeme.word.span, expected, advice)


def unfinished(at: Span, expected: str) -> Diagnostic:
    """NS101: an expression or declaration that ends in its middle."""
    return _error("NS101", "something is missing at the end", at, expected, None)


def flipped_brackets(at: Span) -> Diagnostic:
    """NS119: FEEL's other notation for ranges without their ends."""
    advice = "a round bracket leaves the end out: `(1..10)`, `[1..10)`"
    return _error("NS119", "`]a..b[` is not how a range is written here", at, "", advice)


def shown(lexeme: Lexeme) -> str:
    """The lexeme in backticks; a long one is cut."""
    text = lexeme.text if len(lexeme.text) <= SHOWN_MAX else f"{lexeme.text[:SHOWN_MAX]}..."
    return f"`{text}:`" if lexeme.kind == LABEL else f"`{text}`"


def nested_too_deeply(at: Span) -> Diagnostic:
    """NS112: brackets, operators or types within one another beyond DEPTH_MAX."""
    advice = "give parts of it names with `define`, or use `sum`, `some` or a list"
    return _error("NS112", f"nested deeper than {DEPTH_MAX} levels", at, "", advice)


def unknown_escape(escape: str, at: Span) -> Diagnostic:
    """NS108: a backslash in a text before something that makes no character."""
    advice = 'a text knows `\\"`, `\\\\`, `\\/`, `\\n`, `\\r`, `\\t`, `\\b`, `\\f` and `\\u00e9`; a backslash is `\\\\`'
    return _error("NS108", f"`{escape}` is no character", at, "", advice)


def not_a_number(text: str, reason: str, at: Span) -> Diagnostic:
    """NS109: a number that would be rounded or cannot be held."""
    return _error("NS109", f"`{text[:40]}` cannot be held exactly: {reason}", at, "", None)


def not_a_date(text: str, reason: str, at: Span) -> Diagnostic:
    """NS110: a date that no calendar has."""
    return _error("NS110", f"`{text}` is not a date: {reason}", at, "", None)


def not_a_temporal(text: str, at: Span) -> Diagnostic:
    """NS111: a quoted date, time or duration that is none of them."""
    advice = (
        'write a date `@"2026-03-01"`, a time `@"12:00:00"`, both `@"2026-03-01T12:00:00"`, or a duration `@"P10D"`'
    )
    return _error("NS111", f"`{text[:40]}` is no date, time or duration", at, "", advice)


def too_large(source: Source, count_max: int, what: str) -> Diagnostic:
    """NS113: a text beyond what is read."""
    return _error("NS113", f"more than {count_max} {what}", Span(source, 0, 0), "", "divide the ruleset into files")


def given_twice(name: str, at: Span, first_name: str, first: Span) -> Diagnostic:
    """NS114: a clause or modifier that may stand once stands again, or beside one that excludes it."""
    same = name == first_name
    return Diagnostic(
        "NS114",
        Severity.ERROR,
        f"`{name}` is given twice" if same else f"`{first_name}` and `{name}` exclude each other",
        Label(at, "again here" if same else ""),
        (Label(first, "first given here"),),
        help="keep the one that is meant",
    )


def reserved_word(word: str, at: Span) -> Diagnostic:
    """NS116: a name that an expression could never mention, because the word begins something else there."""
    return _error("NS116", f"`{word}` is a word of expressions and cannot be this name", at, "", "choose another name")


def stray_brace(brace: str, at: Span) -> Diagnostic:
    """NS117: a brace of a template that opens or closes nothing."""
    advice = f"an expression stands between `{{` and `}}`; write `{brace * 2}` for the character itself"
    return _error("NS117", f"`{brace}` without its partner", at, "", advice)


def unsupported(what: str, at: Span, advice: str | None = None) -> Diagnostic:
    """NS120: part of the language that this version does not have."""
    return _error("NS120", f"{what} not supported yet", at, "", advice)


def too_many_problems(shown: int, at: Span) -> Diagnostic:
    """NS121: more problems in one text than are of use."""
    advice = "mend these first, and check again"
    return _error("NS121", f"more than {shown} problems in this text; the others are not shown", at, "", advice)


def unknown_declaration(lexeme: Lexeme, expected: str, advice: str | None) -> Diagnostic:
    """NS118: a word where a declaration must begin, that begins none."""
    return _error("NS118", f"{shown(lexeme)} begins no declaration", lexeme.word.span, expected, advice)


def _error(code: str, message: str, at: Span, label: str, advice: str | None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, Label(at, label), help=advice)
