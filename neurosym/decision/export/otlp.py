"""OTLP/JSON: the form in which spans are written (OpenTelemetry Protocol, "JSON Protobuf Encoding").

It is the JSON mapping of proto3 but for ids, which are hexadecimal, and enumerations, which are numbers. 64-bit numbers
are texts, and so are numbers with a fraction: no document of ours has a binary float.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from neurosym.decision.past import EARLIEST
from neurosym.values.canonical import Json


class SpanKind(IntEnum):
    """opentelemetry.proto.trace.v1.Span.SpanKind."""

    INTERNAL = 1
    CLIENT = 3


STATUS_ERROR = 2  # opentelemetry.proto.trace.v1.Status.StatusCode


@dataclass(frozen=True, slots=True)
class Fraction:
    """A number that OTLP has as a double: its digits."""

    digits: str


def attribute(name: str, value: Json | Fraction) -> dict[str, Json]:
    """One attribute: `{"key": ..., "value": {"stringValue": ...}}`."""
    return {"key": name, "value": any_value(value)}


def any_value(value: Json | Fraction) -> dict[str, Json]:
    """The value as opentelemetry.proto.common.v1.AnyValue; null is the value that is not set."""
    match value:
        case None:
            return {}
        case Fraction(digits):
            return {"doubleValue": digits}
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case str():
            return {"stringValue": value}
        case list():
            return {"arrayValue": {"values": [any_value(each) for each in value]}}
        case dict():
            return {"kvlistValue": {"values": [attribute(name, each) for name, each in value.items()]}}


def nanoseconds(moment: datetime) -> str:
    """The nanoseconds since 1970 in decimal digits."""
    return str((moment - EARLIEST) // timedelta(microseconds=1) * 1000)


def traces_document(
    resource: Iterable[dict[str, Json]], scope: str, schema_url: str, spans: Iterable[dict[str, Json]]
) -> dict[str, Json]:
    """opentelemetry.proto.trace.v1.TracesData with spans of one scope."""
    scoped: dict[str, Json] = {"scope": {"name": scope}, "spans": [*spans], "schemaUrl": schema_url}
    return {"resourceSpans": [{"resource": {"attributes": [*resource]}, "scopeSpans": [scoped]}]}
