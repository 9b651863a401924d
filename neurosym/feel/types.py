"""The types of expressions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, assert_never


class Basic(Enum):
    """Types without parts; the value is the word an author writes."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    DURATION = "duration"
    MONTHS = "months"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some texts, in the order of their declaration."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactOf:
    """A fact of the named type, or a reference to one."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose items have one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class RangeOf:
    """A range whose ends have one type."""

    end: Type


@dataclass(frozen=True, slots=True)
class RecordOf:
    """Named values, in the order of their declaration."""

    members: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class Nullable:
    """The type, or null."""

    of: Type


Type: TypeAlias = Basic | Choice | FactOf | ListOf | RangeOf | RecordOf | Nullable

ORDERED = frozenset({Basic.NUMBER, Basic.DATE, Basic.TIME, Basic.DATETIME, Basic.DURATION, Basic.MONTHS})


def type_text(of: Type) -> str:
    """The type as an author writes it."""
    match of:
        case Basic():
            return of.value
        case Choice():
            return " | ".join(f'"{value}"' for value in of.values)
        case FactOf():
            return of.name
        case ListOf():
            return f"list of {type_text(of.item)}"
        case RangeOf():
            return f"range of {type_text(of.end)}"
        case RecordOf():
            return "record {" + ", ".join(f"{name}: {type_text(member)}" for name, member in of.members) + "}"
        case Nullable():
            return f"{type_text(of.of)} or null"
        case _:
            assert_never(of)


def without_null(of: Type) -> Type:
    """The type without `or null`."""
    return of.of if isinstance(of, Nullable) else of


def fits(given: Type, wanted: Type) -> bool:
    """True when every value of `given` is a value of `wanted`."""
    match given, wanted:
        case _ if given == wanted or UNTYPED in {given, wanted}:
            return True
        case Basic.NULL, Nullable():
            return True
        case Nullable(), Nullable():
            return fits(given.of, wanted.of)
        case _, Nullable():
            return fits(given, wanted.of)
        case Choice(), Basic.TEXT:
            return True
        case Choice(), Choice():
            return set(given.values) <= set(wanted.values)
        case ListOf(), ListOf():
            return given == EMPTY_LIST or fits(given.item, wanted.item)
        case RangeOf(), RangeOf():
            return fits(given.end, wanted.end)
        case RecordOf(), RecordOf():
            return [name for name, _ in given.members] == [name for name, _ in wanted.members] and all(
                fits(mine, theirs) for (_, mine), (_, theirs) in zip(given.members, wanted.members, strict=True)
            )
        case _:
            return False


def common(left: Type, right: Type) -> Type | None:
    """The smallest type that holds the values of both, or None."""
    if fits(left, right):
        return right
    if fits(right, left):
        return left
    if isinstance(left, Nullable) or isinstance(right, Nullable) or Basic.NULL in {left, right}:
        parts = [without_null(part) for part in (left, right) if part is not Basic.NULL]
        inner = parts[0] if len(parts) == 1 else common(parts[0], parts[1])
        return None if inner is None else Nullable(inner) if not isinstance(inner, Nullable) else inner
    match left, right:
        case Choice(), Choice():
            return Choice(tuple(dict.fromkeys(left.values + right.values)))
        case ListOf(), ListOf():
            item = common(left.item, right.item)
            return None if item is None else ListOf(item)
        case _:
            return None


def comparable(left: Type, right: Type) -> bool:
    """True when some value of one may equal some value of the other."""
    if Basic.NULL in {left, right}:
        return True
    mine, theirs = without_null(left), without_null(right)
    if isinstance(mine, Choice) and isinstance(theirs, Choice):
        return bool(set(mine.values) & set(theirs.values))
    return common(mine, theirs) is not None


# An empty list literal fits every list.
EMPTY_LIST = ListOf(Basic.NULL)
# The type of an expression that was already reported: it fits everywhere, so that one slip gives one diagnostic.
UNTYPED = Choice(())
