"""The values of the language: exact, immutable, comparable by content."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from neurosym.values.temporal import Duration, Months
from neurosym.values.unknown import Unknown


@dataclass(frozen=True, slots=True)
class Range:
    """The values from `low` to `high`; an open end is left out."""

    low: Value
    high: Value
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Named values in the order of their type's declaration."""

    items: tuple[tuple[str, Value], ...]

    def get(self, name: str) -> Value:
        """The value of a member; KeyError when there is none."""
        for known, value in self.items:
            if known == name:
                return value
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Reference:
    """A fact's type and the values of its key fields, in their declared order."""

    type: str
    key: tuple[Value, ...]


class Fact:
    """A fact: a type, a key and a value for every declared field, absent ones being `Unknown`.

    The *unnamed* fact of an incomplete type stands for any number of facts of which nothing is known but that their
    key is none of `found` (language §5.6).
    """

    __slots__ = ("_hash", "_reference", "fields", "found", "key", "type", "unnamed")

    def __init__(
        self,
        type: str,  # noqa: A002 - the field's word for it
        key: tuple[Value, ...],
        fields: Mapping[str, Value],
        *,
        unnamed: bool = False,
        found: frozenset[tuple[Value, ...]] = frozenset(),
    ) -> None:
        self.type = type
        self.key = key
        self.fields = fields
        self.unnamed = unnamed
        self.found = found
        self._hash = hash((type, key, unnamed))
        self._reference: Reference | None = None

    @property
    def reference(self) -> Reference:
        """The reference that names this fact, the same one each time."""
        if self._reference is None:
            self._reference = Reference(self.type, self.key)
        return self._reference

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fact) and (
            self is other
            or (
                self.type == other.type
                and self.key == other.key
                and self.unnamed == other.unnamed
                and self.fields == other.fields
            )
        )

    def __hash__(self) -> int:
        return self._hash

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return iter(self.fields.items())

    def __reduce__(self) -> tuple[Callable[[], Fact], tuple[()]]:
        """Made anew where it is read: hashes of texts differ from process to process."""
        fields = dict(self.fields)
        return partial(Fact, self.type, self.key, fields, unnamed=self.unnamed, found=self.found), ()

    def __repr__(self) -> str:
        return f"Fact({self.type!r}, {'unnamed' if self.unnamed else self.key!r})"


# What an expression can be: a value, a fact bound to a variable, or unknown. `None` is null.
Value: TypeAlias = (
    None
    | bool
    | int
    | Decimal
    | str
    | date
    | datetime
    | time
    | Duration
    | Months
    | tuple["Value", ...]
    | Range
    | Record
    | Reference
    | Fact
    | Unknown
)
Truth: TypeAlias = bool | Unknown


def type_name(value: object) -> str:
    """The language's word for the type of a plain value."""
    match value:
        case bool():
            return "boolean"
        case int() | Decimal():
            return "number"
        case str():
            return "text"
        case datetime():
            return "datetime"
        case date():
            return "date"
        case time():
            return "time"
        case Duration():
            return "duration"
        case Months():
            return "months"
        case _:
            raise AssertionError(value)
