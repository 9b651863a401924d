"""The diagnostics of expressions, one constructor each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from neurosym.feel.types import Choice, Type, type_text
from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.span import Span
from neurosym.text.suggestion import did_you_mean


def _error(code: str, message: str, at: Span, label: str = "", advice: str | None = None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, Label(at, label), help=advice)


def unknown_name(name: str, at: Span, known: Iterable[str]) -> Diagnostic:
    """A name that is no variable, parameter or argument here."""
    return _error("NS201", f"unknown name `{name}`", at, "nothing here has this name", did_you_mean(name, known))


def unknown_type(name: str, at: Span, known: Iterable[str]) -> Diagnostic:
    """A fact type that is not declared."""
    names = sorted(known)
    return _error("NS202", f"unknown type `{name}`", at, "", did_you_mean(name, names))


def unknown_field(name: str, at: Span, owner: str, fields: Sequence[str]) -> Diagnostic:
    """A field that the type does not have."""
    label = f"`{owner}` has: {', '.join(fields)}"
    return _error("NS203", f"unknown field `{name}` of `{owner}`", at, label, did_you_mean(name, fields))


def unknown_function(name: str, at: Span, known: Iterable[str]) -> Diagnostic:
    """A call of something that is no built-in, definition or judgment."""
    advice = did_you_mean(name, known)
    return _error("NS204", f"unknown function `{name}`", at, "no built-in, definition or judgment", advice)


def shadowed(name: str, at: Span) -> Diagnostic:
    """A variable with the name of one that is already there."""
    return _error("NS211", f"`{name}` already has a meaning here", at, "", "choose another name for the variable")


def unknown_argument(name: str, at: Span, owner: str, known: Sequence[str]) -> Diagnostic:
    """An argument label that is not declared."""
    label = f"`{owner}` takes: {', '.join(known)}" if known else f"`{owner}` takes nothing"
    return _error("NS212", f"`{owner}` takes no `{name}`", at, label, did_you_mean(name, known))


def missing_argument(name: str, at: Span, owner: str) -> Diagnostic:
    """An argument that is not given."""
    return _error("NS213", f"`{owner}` needs `{name}`", at, "", f"add `{name}: ...`")


def repeated_argument(name: str, at: Span, owner: str) -> Diagnostic:
    """An argument given twice."""
    return _error("NS214", f"`{name}` of `{owner}` is given twice", at)


def incomparable(left: Type, right: Type, at: Span) -> Diagnostic:
    """Values of the two types are never equal."""
    return _error("NS301", f"a {_named(left)} is never equal to a {_named(right)}", at)


def outside_choice(value: str, at: Span, choice: Sequence[str]) -> Diagnostic:
    """A text that the choice does not have."""
    label = "one of: " + ", ".join(f'"{each}"' for each in choice)
    close = did_you_mean(value, choice)
    return _error("NS302", f'"{value}" is not one of the choices', at, label, close)


def no_operation(op: str, left: Type, right: Type, at: Span) -> Diagnostic:
    """The operator is not defined for these types."""
    return _error("NS303", f"`{op}` does not apply to a {_named(left)} and a {_named(right)}", at)


def not_boolean(given: Type, at: Span) -> Diagnostic:
    """A condition is wanted."""
    return _error("NS304", f"a condition is wanted here, this is a {_named(given)}", at)


def wrong_type(wanted: str, given: Type, at: Span) -> Diagnostic:
    """A value of another type is wanted."""
    return _error("NS305", f"a {wanted} is wanted here, this is a {_named(given)}", at)


def no_fields(given: Type, at: Span) -> Diagnostic:
    """A path goes through something without fields."""
    return _error("NS306", f"a {_named(given)} has no fields", at)


def branches_differ(left: Type, right: Type, at: Span) -> Diagnostic:
    """The branches of `if`, or the items of a list, have no common type."""
    return _error("NS307", f"these have no type in common: a {_named(left)} and a {_named(right)}", at)


def no_order(given: Type, at: Span) -> Diagnostic:
    """Values of the type are not ordered."""
    return _error("NS308", f"a {_named(given)} has no order", at, "", "numbers, dates, times and durations have one")


def known_in_rule(at: Span) -> Diagnostic:
    """`known` where knowing less could conclude more."""
    advice = "`known` may stand in `check`, `because` and scenarios"
    return _error("NS321", "`known` has no place in a rule: knowing less could then conclude more", at, "", advice)


def unknown_calendar(name: str, at: Span, known: Iterable[str]) -> Diagnostic:
    """A calendar that the library does not keep."""
    advice = did_you_mean(name, known) or "country codes such as `US`, or markets such as `ECB`"
    return _error("NS323", f"unknown calendar `{name}`", at, "", advice)


def no_clock(name: str, at: Span) -> Diagnostic:
    """Time or chance as a function."""
    advice = "make the day a field of the request, or use the decision's `on`"
    return _error("NS409", f"`{name}` is refused: a decision depends on its input alone", at, "", advice)


def total_without_variable(at: Span) -> Diagnostic:
    """A total whose item mentions none of its variables."""
    return _error("NS406", "what is totalled mentions none of the variables", at, "", "write `count(o for o: ...)`")


def nullable_equality(at: Span) -> Diagnostic:
    """Two values that may both be null are compared."""
    label = "true when both are null"
    advice = "add `and x != null` if two parties without the value should not match"
    message = "both sides may be null, and null equals null"
    return Diagnostic("NS904", Severity.WARNING, message, Label(at, label), help=advice)


def _named(of: Type) -> str:
    if isinstance(of, Choice):
        return f"text ({type_text(of)})" if len(of.values) < 5 else "text"
    return f"`{type_text(of)}`"
