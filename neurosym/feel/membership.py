"""Whether a value lies in a range or a list."""

from __future__ import annotations

from neurosym.feel.extent import Edge, equal, failed, less, reasons_of
from neurosym.feel.kleene import both, disjunction
from neurosym.text.span import Span
from neurosym.values.unknown import Unknown
from neurosym.values.value import Range, Truth, Value


def within(operand: Value, container: Value, span: Span) -> Truth:
    """Whether a value lies in a range or a list."""
    match container:
        case Range():
            return in_range(operand, container, span)
        case tuple():
            return disjunction(equal(operand, item) for item in container)
        case Unknown():
            return Unknown(container.reasons | reasons_of(operand))
        case _:
            return failed("null holds nothing", span)


def in_range(operand: Value | Edge, container: Range, span: Span) -> Truth:
    """Whether a value lies between the ends of a range."""
    return both(
        less(container.low, operand, span, or_equal=not container.low_open),
        less(operand, container.high, span, or_equal=not container.high_open),
    )
