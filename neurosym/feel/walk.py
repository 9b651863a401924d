"""Walks over typed expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import TypeVar

from neurosym.feel.typed import ITEM, EachItem, Filtered, Join, Local, SomeItem, TypedExpr, TypedTest

NodeT = TypeVar("NodeT", bound=TypedExpr | TypedTest | Join)
WITHOUT_NODES = ("span", "type")  # every expression has these two, and walks are often made


@cache
def _members_of(kind: type) -> tuple[str, ...] | None:
    """The names of the fields of a class of nodes in which there may be nodes; None for every other class."""
    if not is_dataclass(kind) or kind.__module__ != "neurosym.feel.typed":
        return None
    return tuple(member.name for member in fields(kind) if member.name not in WITHOUT_NODES)


def _members(value: object) -> tuple[str, ...] | None:
    kind: type = type(value)  # annotated, because mypy takes a union of classes for something without a hash
    return _members_of(kind)


def parts(node: TypedExpr | TypedTest | Join) -> Iterator[TypedExpr | TypedTest | Join]:
    """The expressions, tests and joins directly below a node, in the author's order."""
    return _nodes([getattr(node, name) for name in _members(node) or ()])


def _nodes(values: Iterable[object]) -> Iterator[TypedExpr | TypedTest | Join]:
    for value in values:
        if isinstance(value, tuple):
            yield from _nodes(value)
        elif _members(value) is not None:
            yield value  # type: ignore[misc]


def descendants(node: TypedExpr | TypedTest | Join) -> Iterator[TypedExpr | TypedTest | Join]:
    """The node and everything below it."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting += reversed([*parts(found)])


def with_locals(node: NodeT, given: Mapping[str, TypedExpr]) -> NodeT:
    """The node with expressions in the place of local names, those aside that it binds itself."""
    if isinstance(node, Local):
        return given.get(node.name, node)  # type: ignore[return-value]
    if isinstance(node, (SomeItem, EachItem)):
        own = {name for name, _ in node.iterators}
        given = {name: expr for name, expr in given.items() if name not in own}
    changed = {name: _replaced(getattr(node, name), given) for name in _members(node) or ()}
    return replace(node, **changed)  # type: ignore[arg-type]


def with_parts(node: NodeT, given: Mapping[TypedExpr, TypedExpr]) -> NodeT:
    """The node with some of the expressions below it, or itself, replaced by others."""
    if node in given:
        return given[node]  # type: ignore[index, return-value]
    changed = {name: _with_parts(getattr(node, name), given) for name in _members(node) or ()}
    return replace(node, **changed)  # type: ignore[arg-type]


def _with_parts(value: object, given: Mapping[TypedExpr, TypedExpr]) -> object:
    if isinstance(value, tuple):
        return tuple(_with_parts(item, given) for item in value)
    return with_parts(value, given) if _members(value) is not None else value  # type: ignore[type-var]


def _replaced(value: object, given: Mapping[str, TypedExpr]) -> object:
    if isinstance(value, tuple):
        return tuple(_replaced(item, given) for item in value)
    return with_locals(value, given) if _members(value) is not None else value  # type: ignore[type-var]


def mentions_item(node: TypedExpr | TypedTest | Join) -> bool:
    """True when the node means the item of the filter that it stands in; a filter inside it has an item of its own."""
    if isinstance(node, Local):
        return node.name == ITEM
    below = (node.items,) if isinstance(node, Filtered) else parts(node)
    return any(map(mentions_item, below))


def locals_in(node: TypedExpr | TypedTest | Join) -> frozenset[str]:
    """Every local name that is mentioned below the node, those bound inside it included."""
    return frozenset(found.name for found in descendants(node) if isinstance(found, Local))
