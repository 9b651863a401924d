"""What can be wrong with an answer grammar."""

from __future__ import annotations

import json

from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.span import Place, Span


def no_grammar_text(at: Span, expected: str) -> Diagnostic:
    """NS630: the text is no Lark grammar."""
    return _error("NS630", "not a grammar in Lark's notation", at, expected or None)


def outside(what: str, at: Span, advice: str) -> Diagnostic:
    """NS631: Lark has it, and other engines have it not, or otherwise."""
    return _error("NS631", f"{what} not in the subset that every engine reads alike", at, advice)


def unfit_pattern(message: str, at: Span, advice: str) -> Diagnostic:
    """NS632: a regular expression beyond the subset."""
    return _error("NS632", f"the pattern has {message}", at, advice)


def unknown_name(name: str, at: Place, advice: str | None) -> Diagnostic:
    """NS633: a rule or terminal that nobody declares."""
    kind = "terminal" if name.isupper() else "rule"
    return _error("NS633", f"no {kind} `{name}`", at, advice)


def declared_twice(name: str, at: Span, first: Span) -> Diagnostic:
    """NS634: a name with two meanings."""
    found = _error("NS634", f"`{name}` is declared twice", at, "write the alternatives in one declaration, with `|`")
    return Diagnostic(found.code, found.severity, found.message, found.primary, (Label(first, "first"),), found.help)


def endless(sign: str, at: Span, repeats_max: int) -> Diagnostic:
    """NS635: what can be repeated without end, or too often."""
    advice = f"write a bound of at most {repeats_max}: `~0..20`, or `~1..20`"
    return _error("NS635", f"`{sign}` repeats too often", at, advice)


def recursive(name: str, at: Span) -> Diagnostic:
    """NS636: a rule that contains itself."""
    return _error(
        "NS636", f"`{name}` contains itself", at, "answers are records of a fixed depth: write each level out"
    )


def unused(name: str, at: Span) -> Diagnostic:
    """NS637: nothing leads there. A warning."""
    advice = "use it, or delete it"
    return Diagnostic("NS637", Severity.WARNING, f"nothing uses `{name}`", Label(at), help=advice)


def shapeless(message: str, at: Span, advice: str) -> Diagnostic:
    """NS638: a rule that stands for no kind of value."""
    return _error("NS638", message, at, advice)


def ambiguous(message: str, at: Span, other: Span, advice: str) -> Diagnostic:
    """NS639: a place where the next characters do not say how to go on."""
    return Diagnostic("NS639", Severity.ERROR, message, Label(at), (Label(other, "or this"),), help=advice)


def too_large(message: str, at: Span, advice: str) -> Diagnostic:
    """NS640: a grammar or its texts beyond the limits."""
    return _error("NS640", message, at, advice)


def refused(engine: str, message: str, at: Span) -> Diagnostic:
    """NS641: an engine that does not take the grammar."""
    advice = "write the rule that it names more simply"
    return _error("NS641", f"{engine} does not take the grammar: {message}", at, advice)


def disagreement(takes: str, refuses: str, witness: str, at: Span) -> Diagnostic:
    """NS642: a text that one engine takes and another does not."""
    shown = json.dumps(witness, ensure_ascii=False)
    advice = "put literals around what varies, so that each part ends where the next begins"
    return _error("NS642", f"{takes} takes a text that {refuses} refuses: {shown}", at, advice)


def _error(code: str, message: str, at: Place, advice: str | None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, Label(at), help=advice)
