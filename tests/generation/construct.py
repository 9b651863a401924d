"""Constructs of a checked expression: the name of every node, and the places below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from neurosym.feel import typed
from neurosym.feel.types import Basic, Choice, FactOf, ListOf, RangeOf, RecordOf, Type, without_null
from neurosym.feel.walk import parts

TOTALS = frozenset({"sum", "count", "min", "max", "mean", "collect"})


class Child(NamedTuple):
    """An expression and the place where it stands, such as `sum where`."""

    place: str
    node: typed.TypedExpr


def kind_of(of: Type) -> str:
    """The kind of the values of a type."""
    match without_null(of):
        case Basic() as basic:
            return basic.value
        case Choice():
            return "text"
        case FactOf():
            return "fact"
        case ListOf():
            return "list"
        case RangeOf():
            return "range"
        case RecordOf():
            return "record"
    raise AssertionError(of)


def construct(node: typed.TypedExpr) -> str:
    """The name of the node's construct. Sugar has no node: `every` is a negation of `some`, `between` a range."""
    match node:
        case typed.Local():
            return "fact variable" if kind_of(node.type) == "fact" else "variable"
        case typed.Member():
            if kind_of(node.base.type) == "record":
                return "member"
            return "field" if isinstance(node.base, typed.Local) else "navigation"
        case typed.Operation():
            sides = {kind_of(node.left.type), kind_of(node.right.type)}
            return f"{'temporal' if sides - {'number', 'text'} else sides.pop()} {node.op}"
        case typed.Compare():
            return "equality" if node.op in ("=", "!=") else "order"
        case typed.Aggregate():
            return node.function
        case typed.BuiltIn():
            return f"{node.name}()"
        case _:
            return NAMES[type(node)]


NAMES: dict[type, str] = {
    typed.Constant: "constant",
    typed.ParameterValue: "parameter",
    typed.Minus: "minus",
    typed.And: "and",
    typed.Or: "or",
    typed.Negated: "not",
    typed.IfElse: "if",
    typed.RangeValue: "range",
    typed.In: "in",
    typed.Items: "list",
    typed.SomeItem: "some of a list",
    typed.EachItem: "for",
    typed.Filtered: "filter",
    typed.ItemAt: "place",
    typed.SomeFact: "some",
    typed.DefinitionCall: "definition",
    typed.JudgmentCall: "judgment",
    typed.IsKnown: "known",
}


def children(node: typed.TypedExpr) -> Iterator[Child]:
    """What stands directly below the node."""
    name = construct(node)
    match node:
        case typed.IfElse():
            yield Child("if condition", node.condition)
            yield Child("if branch", node.consequence)
            yield Child("if branch", node.alternative)
        case typed.In():
            yield Child("in operand", node.operand)
            for test in node.tests:
                yield Child(TESTS[type(test)], test.operand)
        case typed.SomeItem() | typed.EachItem():
            yield from (Child(f"{name}, its list", items) for _, items in node.iterators)
            body = node.condition if isinstance(node, typed.SomeItem) else node.body
            yield Child(f"{name}, its body", body)
        case typed.Filtered():
            yield Child("filter, its list", node.items)
            yield Child("filter condition", node.condition)
        case typed.ItemAt():
            yield Child("place, its list", node.items)
            yield Child("place number", node.place)
        case typed.SomeFact():
            yield from condition_of(node.join, "some satisfies")
        case typed.Aggregate():
            yield Child(f"{name} item", node.item)
            yield from condition_of(node.join, f"{name} where")
        case _:
            yield from (Child(name, part) for part in parts(node))  # type: ignore[arg-type]


TESTS: dict[type, str] = {
    typed.OrderTest: "in, an order",
    typed.EqualTest: "in, a value",
    typed.WithinTest: "in, a range or list",
}


def condition_of(join: typed.Join, place: str) -> Iterator[Child]:
    """The condition of a join, where it has one."""
    if join.condition is not None:
        yield Child(place, join.condition)


def nodes(root: Child) -> Iterator[Child]:
    """The expression and every one below it, each with its place."""
    yield root
    for child in children(root.node):
        yield from nodes(child)
