"""Unknown, and why: a missing fact and an unanswered question are the same thing with different reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

if TYPE_CHECKING:
    from neurosym.text.span import Span
    from neurosym.values.value import Reference, Value


class Standing(Enum):
    """How far the asking of a question has come."""

    OPEN = "open"
    WAITING = "waiting"  # a person has it
    EXHAUSTED = "exhausted"  # no tier is left


@dataclass(frozen=True, slots=True)
class Question:
    """A judgment, the facts it is about and the contents it reads; what stands there is part of the question.

    `content` holds one pair per field read, in declared order, such as `("customer.born", date(1971, 3, 2))`;
    ABSENT where an optional field was not supplied.
    """

    judgment: str
    args: tuple[tuple[str, Reference], ...]
    content: tuple[tuple[str, Value | Absent], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question without an accepted answer."""

    question: Question
    standing: Standing = Standing.OPEN


@dataclass(frozen=True, slots=True)
class MissingValue:
    """An optional field that nobody supplied."""

    of: Reference
    field: str


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A key that something refers to and nobody supplied."""

    of: Reference


@dataclass(frozen=True, slots=True)
class MissingType:
    """A fact type of which nobody said what there is."""

    type: str


@dataclass(frozen=True, slots=True)
class Failed:
    """An operation without a value, such as a division by zero, at its place in the source."""

    message: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RestsOn:
    """Stands for the reasons of a possible fact while its stratum is being evaluated; never leaves the engine."""

    of: Reference | str  # a fact, or the type of an unnamed one


Reason: TypeAlias = Asked | MissingValue | MissingFact | MissingType | Failed | RestsOn


def is_askable(reason: Reason) -> bool:
    """True while a tier or a person may still answer the question."""
    return isinstance(reason, Asked) and reason.standing is not Standing.EXHAUSTED


def is_suppliable(reason: Reason) -> bool:
    """True when the caller could have supplied what is missing."""
    match reason:
        case MissingValue() | MissingFact() | MissingType():
            return True
        case Asked() | Failed() | RestsOn():
            return False
        case _:
            assert_never(reason)


@dataclass(frozen=True, slots=True)
class Between:
    """Every value from `low` to `high`, both included; None at an end means unbounded there."""

    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of finitely many values."""

    values: frozenset[Value]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Any value of the type but these."""

    values: frozenset[Value]


@dataclass(frozen=True, slots=True)
class Item:
    """A value that a list holds for certain, or perhaps; some stand for any number of items, at any places."""

    value: Value
    is_certain: bool = True
    doubts: frozenset[Reason] = frozenset()  # why it is only possible
    is_any_number: bool = False

    @property
    def truth(self) -> Literal[True] | Unknown:
        """Whether it is in the list."""
        return True if self.is_certain else Unknown(self.doubts)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of the certain ones of these items and any of the others, in their order, and of nothing else."""

    items: tuple[Item, ...]


Domain: TypeAlias = Between | OneOf | NoneOf | Listed
ANYTHING = NoneOf(frozenset())


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known: why, and what it may still be."""

    reasons: frozenset[Reason]
    domain: Domain = ANYTHING


class Absent(Enum):
    """The content of an optional field that nobody supplied, as a question sees it."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT
