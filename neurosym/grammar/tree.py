"""An author's grammar, as far as it is in the house subset; spans never affect equality."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.grammar.pattern import Pattern
from neurosym.text.span import Span

START = "start"


@dataclass(frozen=True, slots=True)
class Literal:
    """A text that stands there as it is."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Use:
    """A rule or a terminal by its name."""

    name: str
    span: Span = field(compare=False, repr=False)

    @property
    def is_terminal(self) -> bool:
        """True for the name of a terminal: it is written in capitals."""
        return self.name.isupper()


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    items: tuple[Body, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One of several."""

    options: tuple[Body, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Repeated:
    """`item~low..high`; `item?` is none or one."""

    item: Body
    low: int
    high: int
    span: Span = field(compare=False, repr=False)


Body: TypeAlias = Literal | Use | Sequence | Alternatives | Repeated


@dataclass(frozen=True, slots=True)
class Rule:
    """`name: body`."""

    name: str
    body: Body
    span: Span = field(compare=False, repr=False)  # of the name


@dataclass(frozen=True, slots=True)
class Terminal:
    """`NAME: /pattern/`."""

    name: str
    pattern: Pattern
    span: Span = field(compare=False, repr=False)  # of the name


@dataclass(frozen=True, slots=True)
class GrammarTree:
    """The rules and terminals by name, in the order of their declaration."""

    rules: dict[str, Rule]
    terminals: dict[str, Terminal]


def children(body: Body) -> tuple[Body, ...]:
    """What the body is made of."""
    match body:
        case Sequence():
            return body.items
        case Alternatives():
            return body.options
        case Repeated():
            return (body.item,)
        case Literal() | Use():
            return ()


def uses(body: Body) -> Iterator[Use]:
    """The names in a body, in their order."""
    if isinstance(body, Use):
        yield body
    for child in children(body):
        yield from uses(child)
