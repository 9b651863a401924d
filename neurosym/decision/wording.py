"""Reasons, questions and facts in words."""

from __future__ import annotations

from typing import assert_never

from neurosym.program.program import Program
from neurosym.values.encoding import wire
from neurosym.values.unknown import (
    Asked,
    Failed,
    MissingFact,
    MissingType,
    MissingValue,
    Question,
    Reason,
    RestsOn,
    Standing,
    Unknown,
)
from neurosym.values.value import Fact, Range, Record, Reference, Value

STANDINGS = {Standing.OPEN: "not asked", Standing.WAITING: "waiting for a person", Standing.EXHAUSTED: "no answer"}


def reason_text(program: Program, reason: Reason) -> str:
    """One reason for not knowing."""
    match reason:
        case Asked():
            return f"{question_text(reason.question)} ({STANDINGS[reason.standing]})"
        case MissingValue():
            return f"missing {reference_text(reason.of)}.{reason.field}"
        case MissingFact():
            return f"no {reference_text(reason.of)} was supplied"
        case MissingType():
            label = program.fact_types[reason.type].label
            return f"nobody said what there is of {reason.type}" + (f" ({label})" if label else "")
        case Failed():
            return reason.message
        case RestsOn():
            raise AssertionError(reason)
        case _:
            assert_never(reason)


def question_text(question: Question) -> str:
    """The question by its judgment and arguments."""
    args = ", ".join(f"{name}: {key_text(reference.key)}" for name, reference in question.args)
    return f"{question.judgment}({args})"


def reference_text(reference: Reference) -> str:
    """A fact by its type and key: `Party("A")`."""
    return f"{reference.type}({key_text(reference.key)})"


def fact_text(fact: Fact) -> str:
    """A fact with its members."""
    if fact.unnamed:
        return f"some {fact.type} that nobody named"
    members = ", ".join(f"{name}: {value_text(value)}" for name, value in fact.fields.items())
    return f"{fact.type}({members})"


def key_text(key: tuple[Value, ...]) -> str:
    """A key as an author would write it."""
    return ", ".join(value_text(part) for part in key)


def value_text(value: Value) -> str:
    """A value as an author would write it."""
    match value:
        case str():
            return f'"{value}"'
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Reference() | Fact():
            return key_text(value.key)
        case Unknown():
            return "unknown"
        case tuple():
            return "[" + ", ".join(value_text(item) for item in value) + "]"
        case Record():
            return "{" + ", ".join(f"{name}: {value_text(item)}" for name, item in value.items) + "}"
        case Range():
            opening, closing = "(" if value.low_open else "[", ")" if value.high_open else "]"
            return f"{opening}{value_text(value.low)}..{value_text(value.high)}{closing}"
        case _:
            return str(wire(value))
