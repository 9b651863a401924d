"""The diagnostics of input, one constructor each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from neurosym.program.schema import FactType
from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.span import JsonPath
from neurosym.text.suggestion import did_you_mean
from neurosym.values.encoding import wire
from neurosym.values.temporal import Date
from neurosym.values.value import Reference

SHOWN_LENGTH_MAX = 60


def _error(code: str, message: str, at: JsonPath, label: str = "", advice: str | None = None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, Label(at, label), help=advice)


def unknown_member(name: str, owner: str, known: Sequence[str], at: JsonPath) -> Diagnostic:
    """A key that the type does not have."""
    label = f"`{owner}` has: {', '.join(known)}"
    return _error("NS504", f"unknown key `{name}` of `{owner}`", at, label, did_you_mean(name, known))


def missing_member(name: str, owner: str, at: JsonPath) -> Diagnostic:
    """A required key that is not there."""
    return _error("NS505", f"`{owner}` needs `{name}`", at, "", f'add `"{name}": ...`')


def wrong_type(wanted: str, given: object, at: JsonPath) -> Diagnostic:
    """A value of another type."""
    return _error("NS506", f"a {wanted} is wanted here, this is {_shown(given)}", at, "", _advice(wanted))


def unreadable(wanted: str, given: object, why: str, at: JsonPath) -> Diagnostic:
    """A text that is no number, date or duration."""
    return _error("NS506", f"{_shown(given)} is no {wanted}: {why}", at, "", _advice(wanted))


def wrong_key(of: FactType, given: object, at: JsonPath) -> Diagnostic:
    """A reference without exactly the key fields."""
    names = ", ".join(f'"{field.name}": ...' for field in of.key_fields)
    return _error("NS506", f"a `{of.name}` is named by its key, this is {_shown(given)}", at, "", f"write {{{names}}}")


def outside(field: str, given: object, at: JsonPath) -> Diagnostic:
    """A value that the field's declaration forbids."""
    return _error("NS507", f"{_shown(given)} lies outside what `{field}` allows", at)


def outside_choice(given: object, known: Sequence[str], at: JsonPath) -> Diagnostic:
    """A value that the choice does not have."""
    label = "one of: " + ", ".join(f'"{each}"' for each in known)
    advice = did_you_mean(given, known) if isinstance(given, str) else None
    return _error("NS507", f"{_shown(given)} is not one of the choices", at, label, advice)


def two_contents(of: Reference, at: JsonPath, first: JsonPath) -> Diagnostic:
    """Two facts with one key and different contents."""
    message = f"two different contents for {of.type} {named_key(of)}"
    found = _error("NS508", message, at, "this one", "keep the one that is true; neither is preferred")
    return Diagnostic(found.code, found.severity, message, found.primary, (Label(first, "and this one"),), found.help)


def unknown_type(name: str, known: Iterable[str], at: JsonPath) -> Diagnostic:
    """A fact type that the ruleset does not declare."""
    names = sorted(known)
    return _error(
        "NS509", f"unknown type `{name}`", at, f"the ruleset has: {', '.join(names)}", did_you_mean(name, names)
    )


def derived_given(name: str, at: JsonPath) -> Diagnostic:
    """Facts of a type that only rules conclude."""
    return _error("NS510", f"`{name}` is concluded by rules and cannot be given", at)


def nobody(of: Reference, at: JsonPath) -> Diagnostic:
    """A reference to a fact that nobody supplied."""
    message = f"no {of.type} {named_key(of)}"
    advice = f"add it to the facts of `{of.type}`; until then all of it is unknown"
    return Diagnostic("NS511", Severity.WARNING, message, Label(at, "referred to here"), help=advice)


def wrong_shape(what: str, at: JsonPath) -> Diagnostic:
    """A document of another shape."""
    return _error("NS512", f"{what} is wanted here", at)


def half_character(at: JsonPath) -> Diagnostic:
    """A text with a lone surrogate."""
    return _error("NS501", "a lone surrogate is not a character", at)


def binary_float(given: float, at: JsonPath) -> Diagnostic:
    """A binary float."""
    return _error("NS503", f"binary float {given!r}", at, "", f'write "{given!r}"')


def unknown_decision(name: str, known: Iterable[str]) -> Diagnostic:
    """A decision that the ruleset does not have."""
    names = sorted(known)
    advice = did_you_mean(name, names) or f"the ruleset has: {', '.join(names)}"
    return Diagnostic("NS513", Severity.ERROR, f"unknown decision `{name}`", help=advice)


def no_such_row(row: int, first: int, last: int) -> Diagnostic:
    """A row that a batch does not have."""
    message = f"the batch has no row {row}"
    return Diagnostic("NS518", Severity.ERROR, message, help=f"its rows are {first} to {last}")


def unreadable_rows(name: str, why: str) -> Diagnostic:
    """Rows that cannot be read."""
    said = why.splitlines()[0] if why else "for no reason that is told"
    advice = "give a Parquet, Arrow IPC or JSON Lines file that its writer closed"
    return _error("NS517", f"the rows cannot be read: {said}", JsonPath(name), "", advice)


def other_request(request_id: str) -> Diagnostic:
    """A request id that was used for another request."""
    message = f"the request id `{request_id}` was used for another request"
    return Diagnostic("NS530", Severity.ERROR, message, help="give every request an id of its own; a retry repeats it")


def not_in_force(ruleset: str, day: Date) -> Diagnostic:
    """A day on which the ruleset is not in force."""
    message = f"the ruleset `{ruleset}` is not in force on {day.isoformat()}"
    return Diagnostic("NS516", Severity.ERROR, message, help="decide by the version of that day")


def no_day(decision: str) -> Diagnostic:
    """The day of the decision is not known."""
    message = f"the day of `{decision}` is not known"
    return Diagnostic("NS514", Severity.ERROR, message, help="supply the subject in full, or pin the day with `--on`")


def not_held(of: Reference, at: JsonPath) -> Diagnostic:
    """A fact to be retracted that a session does not hold."""
    message = f"the session holds no {of.type} {named_key(of)}"
    return _error("NS531", message, at, "", "name a fact that was added and not retracted since, by its key")


def of_graph(of: Reference, at: JsonPath) -> Diagnostic:
    """A fact of a graph that was to change alone."""
    message = f"{of.type} {named_key(of)} comes from the session's graph"
    return _error("NS532", message, at, "", "begin another session with the new graph")


def no_snapshot(why: str) -> Diagnostic:
    """Bytes that are no snapshot of a session."""
    advice = "restore from the bytes that `session.snapshot()` gave"
    return Diagnostic("NS533", Severity.ERROR, f"no snapshot of a session: {why}", help=advice)


def named_key(of: Reference) -> str:
    """The key as people read it."""
    parts = [str(wire(part)) for part in of.key]
    return f"`{', '.join(parts)}`"


def _shown(given: object) -> str:
    match given:
        case None:
            return "null"
        case bool():
            return "true" if given else "false"
        case str():
            text = given if len(given) <= SHOWN_LENGTH_MAX else given[:SHOWN_LENGTH_MAX] + "..."
            return f'"{text}"'
        case int():
            return str(given) if abs(given) < 10**SHOWN_LENGTH_MAX else "a very long number"
        case dict():
            return "an object"
        case list() | tuple():
            return "a list"
        case _:
            return f"a {type(given).__name__}"


def _advice(wanted: str) -> str | None:
    return {
        "number": 'write an integer, or a decimal as text: "49.99"',
        "date": 'write "2026-03-01"',
        "duration": 'write "P10D" or "PT1H"',
        "months": 'write "P1Y2M"',
    }.get(wanted)
