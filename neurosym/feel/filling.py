"""Templates filled in: text for people."""

from __future__ import annotations

from neurosym.feel.evaluation import Evaluator
from neurosym.feel.extent import plain
from neurosym.feel.typed import TypedTemplate
from neurosym.feel.world import Environment
from neurosym.values.encoding import wire
from neurosym.values.number import Number, number_text
from neurosym.values.unknown import Unknown
from neurosym.values.value import Fact, Range, Record, Reference, Value


def filled(template: TypedTemplate, environment: Environment, evaluator: Evaluator) -> str:
    """The template with its values; what is unknown says so."""
    return "".join(
        part if isinstance(part, str) else shown(evaluator.value(part, environment)) for part in template.parts
    )


def shown(value: Value) -> str:
    """A value as people read it."""
    value = plain(value)
    match value:
        case Unknown() | Fact():
            return "(unknown)"
        case None:
            return "(none)"
        case bool():
            return "yes" if value else "no"
        case _ if isinstance(value, Number):
            return number_text(value)
        case tuple():
            return ", ".join(shown(item) for item in value)
        case Record():
            return ", ".join(f"{name}: {shown(item)}" for name, item in value.items)
        case Reference():
            return ", ".join(shown(part) for part in value.key)
        case Range():
            opening, closing = "(" if value.low_open else "[", ")" if value.high_open else "]"
            return f"{opening}{shown(value.low)}..{shown(value.high)}{closing}"
        case _:
            return str(wire(value))
