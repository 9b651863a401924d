"""Values and facts as an author would write them; a text inside quotes cannot pretend to end them."""

from __future__ import annotations

from datetime import datetime, time

from neurosym.decision.wording import value_text
from neurosym.values.temporal import Duration, Months, temporal_text
from neurosym.values.unknown import Absent, Between, Listed, MissingValue, NoneOf, OneOf, Unknown
from neurosym.values.value import Fact, Range, Record, Reference, Value

CHOICES_SHOWN_MAX = 8  # of what an unknown value may be; a list of hundreds says no more than "unknown"


def written(value: Value | Absent) -> str:
    """The value as it would stand in a rule; an unknown one says what it may be."""
    match value:
        case Absent():
            return "not supplied"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case datetime() | time() | Duration() | Months():
            return f'@"{temporal_text(value)}"'
        case tuple():
            return f"[{_several(value)}]"
        case Range():
            return _range(value)
        case Record():
            return "{" + ", ".join(f"{name}: {written(item)}" for name, item in value.items) + "}"
        case Fact() if value.unnamed:
            return f"some {value.type} that nobody named"
        case Reference() | Fact():
            return written_key(value.key)
        case Unknown():
            return _unknown(value)
        case _:
            return value_text(value)


def written_key(key: tuple[Value, ...]) -> str:
    """A key: its one part, or a list of several."""
    return written(key[0] if len(key) == 1 else key)


def written_fact(fact: Fact) -> str:
    """A fact with its members."""
    if fact.unnamed:
        return written(fact)
    members = (f"{name}: {written_member(fact, name)}" for name in fact.fields)
    return f"{fact.type}({', '.join(members)})"


def written_call(name: str, members: tuple[tuple[str, Value], ...]) -> str:
    """A name with labelled values, as `Blocked(party: "A")`."""
    return f"{name}({', '.join(f'{label}: {written(value)}' for label, value in members)})"


def written_member(fact: Fact, name: str) -> str:
    """The value of a field; of one that nobody supplied, that."""
    value = fact.fields[name]
    is_absent = isinstance(value, Unknown) and value.reasons == {MissingValue(fact.reference, name)}
    return written(Absent.ABSENT) if is_absent else written(value)


def _several(values: tuple[Value, ...]) -> str:
    return ", ".join(written(each) for each in values)


def _range(value: Range) -> str:
    first, last = "(" if value.low_open else "[", ")" if value.high_open else "]"
    return f"{first}{written(value.low)}..{written(value.high)}{last}"


def _unknown(value: Unknown) -> str:
    match value.domain:
        case Between():
            return "unknown" + _bounds(value.domain)
        case OneOf() if len(value.domain.values) <= CHOICES_SHOWN_MAX:
            return f"unknown, one of {', '.join(sorted(written(each) for each in value.domain.values))}"
        case OneOf() | NoneOf() | Listed():
            return "unknown"


def _bounds(domain: Between) -> str:
    low = "" if domain.low is None else f", at least {written(domain.low)}"
    return low + ("" if domain.high is None else f", at most {written(domain.high)}")
