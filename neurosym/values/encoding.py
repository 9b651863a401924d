"""Values as JSON: plain for people and wires where the type is known, tagged where it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeAlias, assert_never

from neurosym.values.canonical import SAFE_INTEGER_MAX, Json, canonical_bytes
from neurosym.values.number import number_text
from neurosym.values.temporal import Duration, Months, temporal_text
from neurosym.values.unknown import (
    Asked,
    Between,
    Domain,
    Failed,
    Item,
    Listed,
    MissingFact,
    MissingType,
    MissingValue,
    NoneOf,
    OneOf,
    Reason,
    RestsOn,
    Unknown,
)
from neurosym.values.value import Fact, Range, Record, Reference, Value

KeyNames: TypeAlias = Mapping[str, tuple[str, ...]]
NO_NAMES: KeyNames = {}


def wire(value: Value, key_names: KeyNames = NO_NAMES) -> Json:
    """The value as contracts.md writes it: numbers beyond 2^53-1 and decimals as text, keys for references.

    `key_names` holds the key fields of the fact types; a key of several fields is an object by them, else a list.
    """
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if -SAFE_INTEGER_MAX <= value <= SAFE_INTEGER_MAX else number_text(value)
        case Decimal():
            return number_text(value)
        case datetime() | date() | time() | Duration() | Months():
            return temporal_text(value)
        case tuple():
            return [wire(item, key_names) for item in value]
        case Range():
            return {
                "low": wire(value.low, key_names),
                "high": wire(value.high, key_names),
                "open": [value.low_open, value.high_open],
            }
        case Record():
            return {name: wire(item, key_names) for name, item in value.items}
        case Fact() if value.unnamed:
            return {"unnamed": value.type}
        case Reference() | Fact():
            return _wire_key(value, key_names)
        case Unknown():
            return {"unknown": [reason_json(reason) for reason in sorted_reasons(value.reasons)]}
        case _:
            assert_never(value)


def _wire_key(of: Reference | Fact, key_names: KeyNames) -> Json:
    parts = [wire(part, key_names) for part in of.key]
    if len(parts) == 1:
        return parts[0]
    names = key_names.get(of.type)
    return parts if names is None else dict(zip(names, parts, strict=True))


def tagged(value: Value) -> Json:
    """The value so that its JSON tells its type: what digests are made of."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if -SAFE_INTEGER_MAX <= value <= SAFE_INTEGER_MAX else {"number": number_text(value)}
        case Decimal():
            return {"number": number_text(value)}
        case datetime():
            return {"datetime": temporal_text(value)}
        case date():
            return {"date": temporal_text(value)}
        case time():
            return {"time": temporal_text(value)}
        case Duration():
            return {"duration": temporal_text(value)}
        case Months():
            return {"months": temporal_text(value)}
        case tuple():
            return [tagged(item) for item in value]
        case Range():
            bounds = [tagged(value.low), tagged(value.high)]
            return {"range": [*bounds, value.low_open, value.high_open]}
        case Record():
            return {"record": [[name, tagged(item)] for name, item in value.items]}
        case Reference():
            return {"reference": [value.type, *(tagged(part) for part in value.key)]}
        case Fact():
            return fact_json(value)
        case Unknown():
            reasons: list[Json] = [reason_json(reason) for reason in sorted_reasons(value.reasons)]
            return {"unknown": reasons, "domain": domain_json(value.domain)}
        case _:
            assert_never(value)


def fact_json(fact: Fact) -> Json:
    """A fact with its type and all its fields, tagged."""
    if fact.unnamed:
        return {"fact": fact.type, "unnamed": True}
    return {"fact": fact.type, "fields": {name: tagged(value) for name, value in fact.fields.items()}}


def domain_json(domain: Domain) -> Json:
    """What an unknown value may still be."""
    match domain:
        case Between():
            return {"between": [tagged(domain.low), tagged(domain.high)]}
        case OneOf():
            return {"one of": sort_json([tagged(value) for value in domain.values])}
        case NoneOf():
            return {"none of": sort_json([tagged(value) for value in domain.values])}
        case Listed():
            return {"list of": [_item_json(item) for item in domain.items]}
        case _:
            assert_never(domain)


def _item_json(item: Item) -> Json:
    """An item of a list, with why it is only possible."""
    doubts: list[Json] = [reason_json(reason) for reason in sorted_reasons(item.doubts)]
    standing = "certain" if item.is_certain else "any number" if item.is_any_number else "possible"
    return {"value": tagged(item.value), "standing": standing, "reasons": doubts}


def reason_json(reason: Reason) -> dict[str, Json]:
    """One reason, with what it is about."""
    match reason:
        case Asked():
            args: dict[str, Json] = {name: tagged(arg) for name, arg in reason.question.args}
            return {
                "kind": "question",
                "judgment": reason.question.judgment,
                "args": args,
                "standing": reason.standing.value,
            }
        case MissingValue():
            return {"kind": "missing value", "of": tagged(reason.of), "field": reason.field}
        case MissingFact():
            return {"kind": "missing fact", "of": tagged(reason.of)}
        case MissingType():
            return {"kind": "missing type", "type": reason.type}
        case Failed():
            return {"kind": "failed", "message": reason.message}
        case RestsOn():
            of = reason.of if isinstance(reason.of, str) else tagged(reason.of)
            return {"kind": "rests on", "of": of}
        case _:
            assert_never(reason)


def sorted_reasons(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons in an order that depends on their content alone."""
    return sorted(reasons, key=lambda reason: canonical_bytes(reason_json(reason)))


def sort_json(documents: list[Json]) -> list[Json]:
    """The documents ordered by their canonical bytes."""
    return sorted(documents, key=canonical_bytes)
