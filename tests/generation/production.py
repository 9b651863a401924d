"""Ways to write an expression of some kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.generation.scope import Scope, Want

if TYPE_CHECKING:
    from tests.generation.expression import Writer

    # Gets what is wanted, where, and how deep its parts may be; an empty text where it cannot be written.
    Write = Callable[[Writer, Want, Scope, int], str]

ORDERED = (*("number", "number", "date", "duration", "months") * 2, "time", "datetime")
BOTTOM = -2  # the depth below which nothing has parts any more
ORDERS = ("<", "<=", ">", ">=")


@dataclass(frozen=True)
class Production:
    """A construct that gives values of a kind. A leaf stands at the bottom, and one that is an end below that, too; a
    solid one never has a type with null; one that grows takes care of the types of a cycle itself, all others see
    finished strata alone.
    """

    name: str
    write: Write
    is_leaf: bool = False
    is_end: bool = False
    is_solid: bool = True
    grows: bool = False
    weight: int = 1

    def suits(self, want: Want, depth: int) -> bool:
        """True where it may stand."""
        is_low_enough = depth > 0 or self.is_end or (self.is_leaf and depth > BOTTOM)
        return is_low_enough and (self.is_solid or not want.solid)


def built_in(name: str, *kinds: str, last: tuple[str, ...] = (), solid: bool = False) -> Write:
    """A call of a built-in function with arguments of these kinds, and with some written as they are."""

    def write(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
        del want
        arguments = [writer.expression(Want(kind, solid=solid), scope, depth) for kind in kinds]
        return f"{name}({', '.join([*arguments, *last])})" if all(arguments) else ""

    return write


def either(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    """A conditional."""
    condition = writer.condition(scope, depth)
    branches = [writer.expression(want, scope, depth) for _ in range(2)]
    if not want.solid and want.kind != "boolean" and writer.below(8) == 7:
        branches[writer.below(2)] = "null"
    return f"(if {condition} then {branches[0]} else {branches[1]})" if all(branches) else ""


def called(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    """A call of a definition that reads only what may be read here."""
    callable_ = [each for each in writer.definitions if set(each.reads) <= set(scope.strict)]
    options = [each for each in callable_ if each.kind == want.kind and each.solid >= want.solid]
    if not options:
        return ""
    definition = writer.one_of(options)
    arguments = [writer.expression(Want(kind, solid=True), scope, depth) for kind in definition.parameters]
    return f"{definition.name}({', '.join(arguments)})" if all(arguments) else ""


def operation(op: str, left: str, right: str) -> Write:
    """An operation on values of these kinds."""

    def write(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
        del want
        sides = writer.expression(Want(left), scope, depth), writer.expression(Want(right), scope, depth)
        return f"({sides[0]} {op} {sides[1]})" if all(sides) else ""

    return write


def minus(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    """What is as much below nothing."""
    return f"(-{writer.expression(Want(want.kind), scope, depth)})"
