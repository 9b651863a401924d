"""Why the parser cannot go on, in the author's words."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Lark

from neurosym.feel.lexeme import LABEL, TEXT, WORD, Lexeme
from neurosym.feel.syntax import flipped_brackets, unexpected, unfinished, unknown_declaration, unsupported
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.span import Span
from neurosym.text.suggestion import did_you_mean

EXPECTED_MAX = 8
COMPARATORS = frozenset({"=", "!=", "<", "<=", ">", ">="})
# The words that begin a declaration of the rules language; none of them means anything in an expression.
DECLARATIONS = frozenset(
    {
        "ruleset",
        "fact",
        "derived",
        "duty",
        "parameter",
        "define",
        "rule",
        "exception",
        "decision",
        "judgment",
        "scenario",
    }
)
OPERATORS = COMPARATORS | {"implies", "or", "and", "between", "in", "instance", "+", "-", "*", "/", "**", ".", "["}
STARTS = frozenset({"(", "[", "{", "-", "if", "some", "every", "for", "function", "not", "true", "false", "null"})
VALUES = frozenset({"NAME", "TEXT", "NUMBER", "DATE", "AT_LITERAL", "FUNCTION_NAME", "IN_OPEN"})
KINDS = {
    "NAME": "a name",
    "LABEL": "a label such as `name:`",
    "TEXT": 'a text in `"..."`',
    "NUMBER": "a number",
    "DATE": "a date such as `2026-03-01`",
    "AT_LITERAL": 'a literal such as `@"P10D"`',
    "QNAME": "a name of the graph such as `own:holder`",
}


def explanation(lark: Lark, start: str, found: Sequence[Lexeme], at: int, end: Span) -> Diagnostic:
    """NS100, NS101, NS118, NS119 or NS120 for the lexeme number `at`, where the parser stopped.

    `at` is past the last lexeme when the text ended too early; `end` is its end.
    """
    accepted = acceptable(lark, start, found[:at])
    expected = f"expected {_listed(accepted)}" if accepted else ""
    if bracket := _flipped_bracket(found, at, accepted):
        return flipped_brackets(bracket.span)
    if at == len(found):
        last = found[-1].end if found else end.start
        return unfinished(Span(end.source, last, last), expected)
    if found[at].text == "table" and accepted >= DECLARATIONS:
        return unsupported("decision tables are", found[at].span)
    advice = _advice(found, at, accepted) or _suggestion(lark, found[at], accepted)
    if at == 0 and accepted >= DECLARATIONS:
        return unknown_declaration(found[at], expected, advice)
    return unexpected(found[at], expected, advice)


def acceptable(lark: Lark, start: str, found: Sequence[Lexeme]) -> frozenset[str]:
    """What may follow these lexemes: the fixed text of keywords and signs, the name of other terminals."""
    parser = lark.parse_interactive(found, start=start)
    parser.exhaust_lexer()
    fixed = _fixed_texts(lark)
    return frozenset(fixed.get(name, name) for name in parser.accepts())  # type: ignore[no-untyped-call]


def _fixed_texts(lark: Lark) -> dict[str, str]:
    return {terminal.name: str(terminal.pattern.value) for terminal in lark.terminals}


def _suggestion(lark: Lark, lexeme: Lexeme, accepted: frozenset[str]) -> str | None:
    """The acceptable keyword most like a word that is none."""
    words = _fixed_texts(lark).values()
    if lexeme.kind != WORD or lexeme.text in words:
        return None
    return did_you_mean(lexeme.text, accepted.intersection(word for word in words if word.isalpha()))


def _listed(accepted: frozenset[str]) -> str:
    rest = set(accepted)
    phrases: list[str] = []
    if {"NAME", "NUMBER", "("} <= rest:
        phrases.append("an expression")
        rest -= VALUES | STARTS
    elif {"NUMBER", "[", "<"} <= rest:
        phrases.append("a constraint such as `[0..1]`")
        rest -= VALUES | STARTS | COMPARATORS
    phrases += [phrase for kind, phrase in KINDS.items() if kind in rest]
    if {"+", "*"} <= rest:
        phrases.append("an operator")
        rest -= OPERATORS | {"("}
    if rest >= DECLARATIONS:
        phrases.append("a declaration")
        rest -= DECLARATIONS
    literals = sorted(rest - set(KINDS) - VALUES - {"$END"}, key=lambda literal: (literal.isalpha(), literal))
    phrases += [f"`{literal}`" for literal in literals]
    if len(phrases) > EXPECTED_MAX:
        phrases = [*phrases[:EXPECTED_MAX], "..."]
    elif "$END" in rest:
        phrases.append("the end")
    return " or ".join(part for part in (", ".join(phrases[:-1]), phrases[-1]) if part)


def _advice(found: Sequence[Lexeme], at: int, accepted: frozenset[str]) -> str | None:
    lexeme, before = found[at], found[at - 1].text if at else ""
    following = found[at + 1].text if at + 1 < len(found) else ""
    if before == "not" and accepted == {"("}:
        return "`not` takes brackets: `not(...)`"
    if before == "for" and at > 1 and found[at - 2].text == "reuse":
        return "a duration follows: `P30D`, `PT12H`"
    if lexeme.text == "=" and "is" in accepted:
        return "an outcome is concluded with `is`"
    if lexeme.text in COMPARATORS and "and" in accepted:
        return "comparisons do not chain: join two of them with `and`"
    if (lexeme.text, following) == ("or", "null"):
        return "`or null` stands right after the type, before its range"
    if lexeme.kind == LABEL and "NAME" in accepted:
        return f"leave out the colon: `{lexeme.text}` is a name here and labels nothing"
    if lexeme.kind == TEXT and "DATE" in accepted:
        return "a date is written without quotes: `2026-03-01`"
    if lexeme.kind == WORD and accepted == {"TEXT"}:
        return f'a text stands in quotes: `"{lexeme.text}"`'
    return None


def _flipped_bracket(found: Sequence[Lexeme], at: int, accepted: frozenset[str]) -> Lexeme | None:
    """The bracket of FEEL's `]a..b[`: `]` where an operand is due, or the open `[` behind the upper end of a range."""
    if at < len(found) and found[at].text == "]" and "NUMBER" in accepted:
        return found[at]
    signs = [lexeme for lexeme in found[: at + 1] if lexeme.text in {"[", "]", "(", ")", ",", ".."}]
    closed = 0
    while signs and (signs[-1].text != "[" or closed):
        closed += {"[": -1, "]": 1}.get(signs.pop().text, 0)
    return signs[-1] if len(signs) > 1 and signs[-2].text == ".." else None
