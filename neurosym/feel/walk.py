"""Walks over typed expressions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from neurosym.feel.typed import ITEM, Filtered, Join, Local, TypedExpr, TypedTest


def parts(node: TypedExpr | TypedTest | Join) -> Iterator[TypedExpr | TypedTest | Join]:
    """The expressions, tests and joins directly below a node, in the author's order."""
    for member in fields(node):
        yield from _nodes(getattr(node, member.name))


def _nodes(value: object) -> Iterator[TypedExpr | TypedTest | Join]:
    if isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
    elif is_dataclass(value) and type(value).__module__ == "neurosym.feel.typed":
        yield value  # type: ignore[misc]


def descendants(node: TypedExpr | TypedTest | Join) -> Iterator[TypedExpr | TypedTest | Join]:
    """The node and everything below it."""
    yield node
    for part in parts(node):
        yield from descendants(part)


def mentions_item(node: TypedExpr | TypedTest | Join) -> bool:
    """True when the node means the item of the filter that it stands in; a filter inside it has an item of its own."""
    if isinstance(node, Local):
        return node.name == ITEM
    below = (node.items,) if isinstance(node, Filtered) else parts(node)
    return any(map(mentions_item, below))


def locals_in(node: TypedExpr | TypedTest | Join) -> frozenset[str]:
    """Every local name that is mentioned below the node, those bound inside it included."""
    return frozenset(found.name for found in descendants(node) if isinstance(found, Local))
