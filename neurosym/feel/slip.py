"""Slips of the pen: signs of other languages, quotes of word processors, what is not closed or not a character here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from neurosym.feel.lexeme import Lexeme, Reading
from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.escape import printable
from neurosym.text.span import Span

# Controls move the cursor, bidirectional ones reorder what a reader sees (Unicode TR36 §2), surrogates are half
# characters: with them a rule can read otherwise than it runs.
HIDDEN = re.compile("\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Meant:
    """What a slip stands for in this language: the sign to go on with (none when it is dropped), and the advice."""

    sign: str
    advice: str


MEANT = {
    "==": Meant("=", "write `=`"),
    "<>": Meant("!=", "write `!=`"),
    "≠": Meant("!=", "write `!=`"),
    "=<": Meant("<=", "write `<=`"),
    "≤": Meant("<=", "write `<=`"),
    "=>": Meant(">=", "write `>=`, or `implies`"),
    "≥": Meant(">=", "write `>=`"),
    ":=": Meant("=", "write `=`: nothing is ever assigned"),
    "&&": Meant("and", "write `and`"),
    "&": Meant("and", "write `and`"),
    "||": Meant("or", "write `or`"),
    "!": Meant("", "write `not(...)`"),
    "×": Meant("*", "write `*`"),
    "÷": Meant("/", "write `/`"),
    "−": Meant("-", "write `-`"),
}


def slip_problem(lexeme: Lexeme) -> Diagnostic:
    """NS106: a sign of another language."""
    message = f"`{lexeme.text}` is not a sign of this language"
    return Diagnostic("NS106", Severity.ERROR, message, Label(lexeme.span), help=MEANT[lexeme.text].advice)


def character_problem(lexeme: Lexeme) -> Diagnostic:
    """What is wrong with a lexeme that has no repair: NS102, NS103, NS104, NS107, NS109 or NS110."""
    match lexeme.kind:
        case "OPEN_TEXT":
            advice = 'close it with `"` on the same line; `\\n` in a text is a line end'
            return _error("NS102", "this text is not closed", lexeme.span, "begins here", advice)
        case "OPEN_COMMENT":
            return _error(
                "NS103", "this comment is not closed", _head(lexeme.span, 2), "begins here", "close it with `*/`"
            )
        case "QUOTES":
            message, advice = "texts stand in straight double quotes", 'write `"..."`'
            return _error("NS107", message, lexeme.span, "", advice)
        case "BAD_NUMBER":
            advice = "write the digits alone, with a point before the fraction: `1250000.50`"
            return _error("NS109", f"`{lexeme.text[:40]}` is not a number", lexeme.span, "", advice)
        case "BAD_DATE":
            advice = (
                'a date is `2026-03-01`, a date and time `@"2026-03-01T12:00:00"`; to subtract, put blanks round `-`'
            )
            return _error("NS110", f"`{lexeme.text[:40]}` is not a date", lexeme.span, "", advice)
        case _:
            return _unknown_character(lexeme)


def report_hidden_characters(reading: Reading) -> None:
    """Report NS105 for each control, bidirectional or half character in the text; line ends and tabs are none."""
    for match in HIDDEN.finditer(reading.source.text):
        if reading.is_full:
            return
        message = f"hidden character `{printable(match.group())}`"
        place = Span(reading.source, match.start(), match.end())
        advice = f"remove it; inside a text write `\\u{ord(match.group()):04x}`"
        reading.add(_error("NS105", message, place, "it is not seen, or changes what is seen", advice))


def _unknown_character(lexeme: Lexeme) -> Diagnostic:
    advice = {
        "#": "a comment begins with `//`",
        ";": "nothing separates clauses; leave it out",
        "'": 'texts stand in `"..."`',
        "@": 'a date or duration in quotes follows: `@"P10D"`',
        "\\": "a backslash stands only inside a text",
    }.get(lexeme.text)
    return _error("NS104", f"`{lexeme.text}` has no meaning here", lexeme.span, "", advice)


def _head(span: Span, length: int) -> Span:
    return Span(span.source, span.start, span.start + length)


def _error(code: str, message: str, at: Span, label: str, advice: str | None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, Label(at, label), help=advice)
