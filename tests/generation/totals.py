"""Totals over facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tests.generation.scope import Scope, Want

if TYPE_CHECKING:
    from tests.generation.expression import Writer
    from tests.generation.production import Write

JOINS_MAX = 3
WORD = re.compile(r"\w+")


def variables(writer: Writer, scope: Scope, first: str | None = None) -> dict[str, str]:
    """One variable of a join, or two where not many are joined already."""
    found = {writer.fresh(): first or writer.one_of(scope.strict)}
    if scope.joins == 0 and writer.below(2):
        found[writer.fresh()] = writer.one_of(scope.strict)
    return found


def declared(names: Mapping[str, str]) -> str:
    """Variables as an author declares them."""
    return ", ".join(f"{name}: {of}" for name, of in names.items())


def total(function: str) -> Write:
    """A total of numbers, or a count of anything."""

    def write(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
        del want
        if scope.joins >= JOINS_MAX:
            return ""
        names = variables(writer, scope)
        inner = scope.joined(names)
        kind = "number" if function == "sum" else writer.kind_of_something(inner)
        item = mentioning(writer, Want(kind), inner, depth, names)
        if not item:
            return f"count({next(iter(names))} for {declared(names)}{_where(writer, inner, depth)})"
        return f"{function}({item} for {declared(names)}{_where(writer, inner, depth)})"

    return write


def bounded_total(function: str) -> Write:
    """The least, the greatest or the mean of values of the wanted kind."""

    def write(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
        if scope.joins >= JOINS_MAX:
            return ""
        names = variables(writer, scope)
        inner = scope.joined(names)
        item = mentioning(writer, Want(want.kind), inner, depth, names)
        return f"{function}({item} for {declared(names)}{_where(writer, inner, depth)})" if item else ""

    return write


def collected(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    """The list of what facts have, or of facts."""
    if scope.joins >= JOINS_MAX:
        return ""
    kind = want.kind.removeprefix("list of ")
    names = variables(writer, scope, kind if kind in scope.strict and writer.below(2) else None)
    inner = scope.joined(names)
    item = mentioning(writer, Want(kind, want.solid), inner, depth, names)
    return f"collect({item} for {declared(names)}{_where(writer, inner, depth)})" if item else ""


def mentioning(writer: Writer, want: Want, inner: Scope, depth: int, names: Mapping[str, str]) -> str:
    """An expression that mentions one of the variables, as a total must; empty where there is none."""
    own = Scope(names, inner.strict, joins=inner.joins)
    for _ in range(3):
        text = writer.expression(want, writer.one_of((inner, own)), max(1, depth))
        if not names.keys().isdisjoint(WORD.findall(text)):
            return text
    options = writer.references(own, want.kind, allow_null=not want.solid) or writer.paths_to(want, own)
    return writer.one_of(options) if options else ""


def _where(writer: Writer, inner: Scope, depth: int) -> str:
    return f" where {writer.condition(inner, depth)}" if writer.below(4) else ""
