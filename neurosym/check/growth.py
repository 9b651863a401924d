"""What an expression reads, and whether more facts can only make it true (language §5.3, §5.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from neurosym.check.constants import constant_value
from neurosym.feel import typed
from neurosym.feel.types import FactOf, ListOf, without_null
from neurosym.feel.walk import descendants, parts
from neurosym.program.schema import FactType
from neurosym.text.span import Span
from neurosym.values.number import Number
from neurosym.values.unknown import Between, Domain

FLIP = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


@dataclass(frozen=True, slots=True)
class Dependency:
    """A read of a fact type; a strict one looks only at finished strata. `total` is the function of the growing total
    through which it is read.
    """

    type: str
    is_strict: bool
    span: Span = field(compare=False, repr=False)
    total: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Finds what expressions read. `types` are all fact types, `definitions` those that may be called."""

    types: Mapping[str, FactType]
    definitions: Mapping[str, typed.Definition]
    _called: dict[tuple[str, bool], tuple[Dependency, ...]] = field(default_factory=dict)

    def join(self, join: typed.Join, at: Span, *, is_strict: bool) -> Iterator[Dependency]:
        """What binding the variables and testing the condition read."""
        for _, of in join.variables:
            yield from self._read(of, at, is_strict=is_strict)
        if join.condition is not None:
            yield from self.condition(join.condition, is_strict=is_strict)

    def condition(self, expr: typed.TypedExpr, *, is_strict: bool) -> Iterator[Dependency]:
        """What a condition reads; not strict where more facts can only make it true."""
        match expr:
            case typed.And() | typed.Or() if not is_strict:
                for part in expr.parts:
                    yield from self.condition(part, is_strict=False)
            case typed.SomeFact():
                yield from self.join(expr.join, expr.span, is_strict=is_strict)
            case typed.Compare() if not is_strict and (found := self._growing(expr)) is not None:
                total, bound = found
                yield from self._total(total)
                yield from self.condition(bound, is_strict=True)
            case typed.DefinitionCall():
                yield from self._arguments(expr)
                yield from self._body(expr.name, is_strict=is_strict)
            case _:
                yield from self._strictly(expr)

    def _body(self, name: str, *, is_strict: bool) -> tuple[Dependency, ...]:
        """What a definition reads, found once however often it is called."""
        found = self._called.get((name, is_strict))
        if found is None:
            body = self.definitions[name].body
            found = self._called[name, is_strict] = distinct(self.condition(body, is_strict=is_strict))
        return found

    def _strictly(self, expr: typed.TypedExpr) -> Iterator[Dependency]:
        """Everything below the expression, read strictly."""
        if isinstance(expr, typed.Member):
            yield from self._navigation(expr)
        if isinstance(expr, (typed.SomeFact, typed.Aggregate)):
            for _, of in expr.join.variables:
                yield from self._read(of, expr.span, is_strict=True)
        if isinstance(expr, (typed.SomeItem, typed.EachItem, typed.Filtered)):
            yield from self._of_items(expr)
        if isinstance(expr, typed.DefinitionCall):
            yield from self._body(expr.name, is_strict=True)
        if isinstance(expr, (typed.DefinitionCall, typed.JudgmentCall)):
            yield from self._arguments(expr)
            return
        for part in _expressions(parts(expr)):
            yield from self._strictly(part)

    def _of_items(self, expr: typed.SomeItem | typed.EachItem | typed.Filtered) -> Iterator[Dependency]:
        """An item that is a reference is followed inside, and so is the fact it names read."""
        lists = [expr.items] if isinstance(expr, typed.Filtered) else [items for _, items in expr.iterators]
        for items in lists:
            of = without_null(items.type)
            item = without_null(of.item) if isinstance(of, ListOf) else of
            if isinstance(item, FactOf):
                yield from self._read(item.name, items.span, is_strict=True)

    def _arguments(self, expr: typed.DefinitionCall | typed.JudgmentCall) -> Iterator[Dependency]:
        """A reference handed on is followed inside, so it reads the fact it names; a bound fact is at hand."""
        for argument in expr.arguments:
            of = without_null(argument.type)
            if isinstance(of, FactOf) and not isinstance(argument, typed.Local):
                yield from self._read(of.name, argument.span, is_strict=True)
            yield from self._strictly(argument)

    def _navigation(self, expr: typed.Member) -> Iterator[Dependency]:
        """Following a reference reads the fact that it names."""
        of = without_null(expr.base.type)
        if isinstance(of, FactOf) and not isinstance(expr.base, typed.Local):
            yield from self._read(of.name, expr.span, is_strict=True)

    def _read(self, of: str, at: Span, *, is_strict: bool) -> Iterator[Dependency]:
        if of in self.types and self.types[of].is_derived:
            yield Dependency(of, is_strict, at)

    # --- growing totals

    def _growing(self, expr: typed.Compare) -> tuple[typed.TypedExpr, typed.TypedExpr] | None:
        """The total and its bound, when the comparison can only become true as facts are added: the total rises to the
        bound, or falls to it.
        """
        if expr.op not in FLIP:
            return None
        upper, lower = _oriented(expr)
        if self._is_growing(upper) and _is_fixed(lower):
            return upper, lower
        if isinstance(lower, typed.Aggregate) and lower.function == "min" and _is_fixed(upper):
            return lower, upper
        return None

    def _is_growing(self, expr: typed.TypedExpr) -> bool:
        """True for a total that more facts can only raise."""
        match expr:
            case typed.Aggregate(function="count" | "max"):
                return True
            case typed.Aggregate(function="sum"):
                return self._is_non_negative(expr.item)
            case typed.Operation(op="+"):
                return self._is_growing(expr.left) and self._is_growing(expr.right)
            case typed.Operation(op="*"):
                return (self._is_growing(expr.left) and _is_non_negative_constant(expr.right)) or (
                    _is_non_negative_constant(expr.left) and self._is_growing(expr.right)
                )
            case _:
                return _is_non_negative_constant(expr)

    def _is_non_negative(self, expr: typed.TypedExpr) -> bool:
        match expr:
            case typed.Member():
                of = without_null(expr.base.type)
                return isinstance(of, FactOf) and _starts_at_zero(self.types[of.name].by_name[expr.name].domain)
            case typed.Operation(op="+" | "*"):
                return self._is_non_negative(expr.left) and self._is_non_negative(expr.right)
            case _:
                return _is_non_negative_constant(expr)

    def _total(self, expr: typed.TypedExpr) -> Iterator[Dependency]:
        match expr:
            case typed.Aggregate():
                for read in self.join(expr.join, expr.span, is_strict=False):
                    yield read if read.is_strict or read.total else replace(read, total=expr.function)
                yield from self._strictly(expr.item)
            case typed.Operation():
                yield from self._total(expr.left)
                yield from self._total(expr.right)
            case _:
                yield from self._strictly(expr)


def distinct(reads: Iterable[Dependency]) -> tuple[Dependency, ...]:
    """The reads, each place once."""
    return tuple({(read, read.span): read for read in reads}.values())


def _is_fixed(bound: typed.TypedExpr) -> bool:
    """True for a bound that no further fact moves."""
    moving = (typed.Aggregate, typed.SomeFact, typed.DefinitionCall)
    return not any(isinstance(part, moving) for part in descendants(bound))


def _oriented(expr: typed.Compare) -> tuple[typed.TypedExpr, typed.TypedExpr]:
    """The total and what it must reach: `total >= bound`, whichever way round it was written."""
    return (expr.left, expr.right) if expr.op in (">", ">=") else (expr.right, expr.left)


def _is_non_negative_constant(expr: typed.TypedExpr) -> bool:
    value = constant_value(expr)
    return isinstance(value, Number) and not isinstance(value, bool) and value >= 0


def _starts_at_zero(domain: Domain) -> bool:
    low = domain.low if isinstance(domain, Between) else None
    return isinstance(low, Number) and low >= 0


def _expressions(nodes: Iterable[object]) -> Iterator[typed.TypedExpr]:
    """The expressions among the nodes, and inside the tests and joins among them."""
    for node in nodes:
        if isinstance(node, typed.Join):
            if node.condition is not None:
                yield node.condition
        elif isinstance(node, (typed.OrderTest, typed.EqualTest, typed.WithinTest)):
            yield node.operand
        else:
            yield node  # type: ignore[misc]
