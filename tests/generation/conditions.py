"""Conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.generation.growing import growing_total
from tests.generation.listing import iterated
from tests.generation.production import ORDERED, ORDERS, Production, built_in
from tests.generation.scope import Scope, Want
from tests.generation.texts import open_text
from tests.generation.totals import JOINS_MAX, declared

if TYPE_CHECKING:
    from tests.generation.expression import Writer

EQUALITIES = ("=", "=", "!=")


def _order(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    want = Want(writer.one_of(ORDERED))
    sides = [writer.open(want, scope, depth), writer.expression(want, scope, depth)]
    if writer.below(3) == 2:
        sides.reverse()
    return f"({sides[0]} {writer.one_of(ORDERS)} {sides[1]})"


def _equality(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    kind, op = writer.kind_of_something(scope), writer.one_of(EQUALITIES)
    if kind == "choice":
        return _choice_equality(writer, op, scope, depth)
    if kind == "text":
        return f"({open_text(writer, scope, depth)} {op} {writer.expression(Want('word'), scope, depth)})"
    left, right = writer.open(Want(kind), scope, depth), writer.expression(Want(kind), scope, depth)
    if kind == "list of number" and writer.below(4) == 3:
        right = "[]"
    return f"({left} {op} {right})" if left and right else ""


def _choice_equality(writer: Writer, op: str, scope: Scope, depth: int) -> str:
    """One side is any value of the choice, so that the other may be any of them."""
    paths = writer.paths_to(Want("choice"), scope)
    left = writer.one_of(paths) if paths else f'(if {writer.condition(scope, depth)} then "x" else "y")'
    return f"({left} {op} {writer.expression(Want('choice'), scope, depth)})"


def _null_test(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    paths = writer.paths(scope, lambda of: of.is_nullable)
    if writer.below(2) and depth > 0:
        kind = writer.kind_of_something(scope)
        paths = [text] if (text := writer.expression(Want(kind), scope, depth)) else paths
    return f"({writer.one_of(paths)} {writer.one_of(EQUALITIES)} null)" if paths else ""


def _member_of_range(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    kind = writer.one_of(ORDERED)
    left = writer.open(Want(kind), scope, depth)
    return f"({left} in {writer.expression(Want(f'range of {kind}'), scope, depth)})"


def _member_of_tests(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    kind = writer.one_of((*ORDERED, *writer.facts_in_sight(scope), *writer.records(scope), "boolean", "text"))
    left = open_text(writer, scope, depth) if kind == "text" else writer.open(Want(kind), scope, depth)
    tests = [_test(writer, kind, scope, depth) for _ in range(1 + writer.below(3))]
    return f"({left} in ({', '.join(tests)}))" if left and all(tests) else ""


def _test(writer: Writer, kind: str, scope: Scope, depth: int) -> str:
    if kind in ORDERED and writer.below(2):
        if writer.below(3) == 2:
            return writer.expression(Want(f"range of {kind}"), scope, depth)
        return f"{writer.one_of(ORDERS)} {writer.expression(Want(kind), scope, depth)}"
    return writer.expression(Want("word" if kind == "text" else kind), scope, depth)


def _member_of_list(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    kind = writer.kind_of_items(scope)
    if kind == "text":
        left = open_text(writer, scope, depth)
        return f"({left} in ({writer.expression(Want('list of text'), scope, depth)}))"
    left, right = writer.expression(Want(kind), scope, depth), writer.expression(Want(f"list of {kind}"), scope, depth)
    return f"({left} in ({right}))" if left and right else ""


def _between(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    want = Want(writer.one_of(ORDERED))
    left = writer.open(want, scope, depth)
    low, high = writer.expression(want, scope, depth), writer.expression(want, scope, depth)
    return f"({left} between {low} and {high})"


def _and(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    return f"({' and '.join(writer.condition(scope, depth) for _ in range(2 + (writer.below(4) == 3)))})"


def _or(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    return f"({' or '.join(writer.condition(scope, depth) for _ in range(2 + (writer.below(4) == 3)))})"


def _not(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    return f"not({writer.condition(scope, depth)})"


def _implies(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    return f"({writer.condition(scope, depth)} implies {writer.condition(scope, depth)})"


def _some_fact(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    if scope.joins >= JOINS_MAX:
        return ""
    names = {writer.fresh(): writer.one_of((*scope.growing, *scope.growing, *scope.strict))}
    if scope.joins == 0 and writer.below(4) == 3:
        names[writer.fresh()] = writer.one_of(scope.strict)
    return f"(some {declared(names)} satisfies {writer.condition(scope.joined(names), depth)})"


def _every_fact(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    if scope.joins >= JOINS_MAX:
        return ""
    names = {writer.fresh(): writer.one_of(scope.strict)}
    return f"(every {declared(names)} satisfies {writer.condition(scope.joined(names), depth)})"


def _items(quantifier: str) -> Production:
    def write(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
        names, over = dict[str, str](), []
        for _ in range(1 + (writer.below(4) == 3)):
            kind = writer.kind_of_items(scope)
            if not (items := iterated(writer, kind, scope, depth)):
                return ""
            name = writer.fresh()
            over.append(f"{name} in {items}")
            scope = scope.with_variables({name: kind})
            names[name] = kind
        return f"({quantifier} {', '.join(over)} satisfies {writer.condition(scope, depth)})"

    return Production(f"{quantifier} of a list", write)


def judged(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    """A condition that a question decides, where there is one to ask."""
    if not writer.judgments:
        return ""
    judgment = writer.one_of(writer.judgments)
    arguments = [
        writer.expression(Want(of), scope, depth if writer.below(3) == 2 else 0) for _, of in judgment.parameters
    ]
    if not all(arguments):
        return ""
    call = f"{judgment.name}({', '.join(arguments)})"
    return call if judgment.answer is None else f"({call} {writer.one_of(('=', '!='))} {judgment.answer})"


def _list_contains(writer: Writer, _want: Want, scope: Scope, depth: int) -> str:
    kind = writer.kind_of_items(scope)
    items = writer.expression(Want(f"list of {kind}"), scope, depth)
    item = writer.expression(Want(kind), scope, depth)
    return f"list contains({items}, {item})" if items and item else ""


CONDITIONS = (
    Production("order", _order, is_leaf=True, weight=3),
    Production("equality", _equality, is_leaf=True, weight=3),
    Production("null test", _null_test, is_leaf=True),
    Production("in a range", _member_of_range, is_leaf=True),
    Production("in tests", _member_of_tests, is_leaf=True),
    Production("in a list", _member_of_list),
    Production("between", _between),
    Production("judgment", judged, is_leaf=True, weight=4),
    Production("and", _and, grows=True, weight=2),
    Production("or", _or, grows=True, weight=2),
    Production("not", _not, weight=2),
    Production("implies", _implies, weight=2),
    Production("some", _some_fact, grows=True, weight=4),
    Production("every", _every_fact, weight=3),
    Production("growing total", growing_total, grows=True, weight=4),
    _items("some"),
    _items("every"),
    Production("list contains", _list_contains),
    *(Production(name, built_in(name, "word", "word")) for name in ("contains", "starts with", "ends with")),
)
