"""Whether a value lies in a range or a list."""

from __future__ import annotations

from neurosym.feel.extent import Edge, equal, failed, less, reasons_of
from neurosym.feel.kleene import both, disjunction
from neurosym.feel.listing import has_item
from neurosym.text.span import Span
from neurosym.values.unknown import Listed, Unknown
from neurosym.values.value import Range, Truth, Value


def within(operand: Value, container: Value, span: Span) -> Truth:
    """Whether a value lies in a range or a list."""
    match container:
        case Range():
            return in_range(operand, container, span)
        case tuple():
            return disjunction(equal(operand, item) for item in container)
        case Unknown(domain=Listed(items)):
            return has_item(items, operand)
        case Unknown():
            return Unknown(container.reasons | reasons_of(operand))
        case _:
            return failed("null holds nothing", span)


def in_range(operand: Value | Edge, container: Range, span: Span) -> Truth:
    """Whether a value lies between the ends of a range; beyond one it does not, whatever the other is."""
    no_end: Truth = failed("null is no end of a range", span)
    return both(
        no_end if container.low is None else less(container.low, operand, span, or_equal=not container.low_open),
        no_end if container.high is None else less(operand, container.high, span, or_equal=not container.high_open),
    )
