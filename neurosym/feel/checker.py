"""Author's tree -> typed tree: names resolved, types checked, sugar gone. Problems go to the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from neurosym.feel import problems, tree, typed
from neurosym.feel.calls import typed_call
from neurosym.feel.operators import operation_type
from neurosym.feel.scope import Scope
from neurosym.feel.syntax import unsupported
from neurosym.feel.types import (
    EMPTY_LIST,
    ORDERED,
    UNTYPED,
    Basic,
    Choice,
    FactOf,
    ListOf,
    Nullable,
    RangeOf,
    RecordOf,
    Type,
    common,
    comparable,
    without_null,
)
from neurosym.feel.walk import locals_in, mentions_item
from neurosym.text.diagnostic import Report
from neurosym.text.span import Span
from neurosym.values.temporal import Duration, Months
from neurosym.values.value import type_name


class Checker:
    """Types expressions in a scope."""

    def __init__(self, scope: Scope, report: Report) -> None:
        self.scope = scope
        self.report = report

    def check(self, expr: tree.Expr) -> typed.TypedExpr:
        """The expression with types; where something is wrong, a part of type UNTYPED."""
        return self.cases[type(expr)](self, expr)

    def condition(self, expr: tree.Expr) -> typed.TypedExpr:
        """The expression as a condition."""
        found = self.check(expr)
        if without_null(found.type) not in (Basic.BOOLEAN, UNTYPED):
            self.report.add(problems.not_boolean(found.type, expr.span))
        return found

    def inside(self, more: Mapping[str, Type]) -> Checker:
        """A checker with more local names in sight."""
        return Checker(self.scope.within(more), self.report)

    def allowing_known(self) -> Checker:
        """A checker for a place where `known` may stand."""
        return Checker(replace(self.scope, allows_known=True), self.report)

    def broken(self, span: Span) -> typed.TypedExpr:
        """Stands for what was already reported."""
        return typed.Constant(None, UNTYPED, span)

    # --- names and literals

    def _literal(self, expr: tree.Literal) -> typed.TypedExpr:
        return typed.Constant(expr.value, literal_type(expr.value), expr.span)

    def _name(self, expr: tree.Name) -> typed.TypedExpr:
        if expr.name in self._members_of_item():
            return self._path(tree.Path(tree.Name(typed.ITEM, expr.span), tree.Word(expr.name, expr.span), expr.span))
        if expr.name in self.scope.locals:
            return typed.Local(expr.name, self.scope.locals[expr.name], expr.span)
        if expr.name in self.scope.parameters:
            return typed.ParameterValue(expr.name, self.scope.parameters[expr.name], expr.span)
        self.report.add(problems.unknown_name(expr.name, expr.span, self.scope.names))
        return self.broken(expr.span)

    def _members_of_item(self) -> Mapping[str, Type]:
        """What an item of the filter around has: there, a member's name alone means it (OMG DMN 1.5 §10.3.2.5). ITEM is
        the item itself, whatever its members are called.
        """
        match without_null(self.scope.item) if self.scope.item is not None else None:
            case FactOf(of):
                members = dict(self.scope.fields[of])
            case RecordOf(listed):
                members = dict(listed)
            case _:
                members = {}
        return {name: of for name, of in members.items() if name != typed.ITEM}

    def _path(self, expr: tree.Path) -> typed.TypedExpr:
        base = self.check(expr.base)
        of = without_null(base.type)
        match of:
            case FactOf():
                members, owner = self.scope.fields[of.name], of.name
            case RecordOf():
                members, owner = dict(of.members), "record"
            case _:
                if of != UNTYPED:
                    self.report.add(problems.no_fields(of, expr.member.span))
                return self.broken(expr.span)
        name = expr.member.text
        if name not in members:
            self.report.add(problems.unknown_field(name, expr.member.span, owner, tuple(members)))
            return self.broken(expr.span)
        # Behind a reference that may be null there may be nothing, whatever the field itself allows.
        found = Nullable(without_null(members[name])) if isinstance(base.type, Nullable) else members[name]
        return typed.Member(base, name, found, expr.span)

    # --- operators

    def _negation(self, expr: tree.Negation) -> typed.TypedExpr:
        operand = self.check(expr.operand)
        bare = without_null(operand.type)
        if bare not in (Basic.NUMBER, Basic.DURATION, Basic.MONTHS, UNTYPED):
            self.report.add(problems.wrong_type("number, duration or months", operand.type, expr.operand.span))
            return self.broken(expr.span)
        return typed.Minus(operand, bare, expr.span)

    def _arithmetic(self, expr: tree.Arithmetic) -> typed.TypedExpr:
        left, right = self.check(expr.left), self.check(expr.right)
        found = operation_type(expr.op, left.type, right.type)
        if found is None:
            self.report.add(problems.no_operation(expr.op, left.type, right.type, expr.span))
            return self.broken(expr.span)
        return typed.Operation(expr.op, left, right, found, expr.span)

    def _comparison(self, expr: tree.Comparison) -> typed.TypedExpr:
        left, right = self.check(expr.left), self.check(expr.right)
        self._check_comparison(expr.op, left, right, expr.span)
        return typed.Compare(expr.op, left, right, Basic.BOOLEAN, expr.span)

    def _check_comparison(self, op: str, left: typed.TypedExpr, right: typed.TypedExpr, at: Span) -> None:
        if UNTYPED in (without_null(left.type), without_null(right.type)):
            return
        if op in ("=", "!="):
            self._check_equality(left, right, at)
            return
        for side in (left, right):
            if without_null(side.type) not in ORDERED:
                self.report.add(problems.no_order(side.type, side.span))
                return
        if without_null(left.type) != without_null(right.type):
            self.report.add(problems.incomparable(left.type, right.type, at))

    def _check_equality(self, left: typed.TypedExpr, right: typed.TypedExpr, at: Span) -> None:
        if not comparable(left.type, right.type):
            for one, other in ((left, right), (right, left)):
                choice = without_null(other.type)
                if isinstance(one, typed.Constant) and isinstance(one.value, str) and isinstance(choice, Choice):
                    self.report.add(problems.outside_choice(one.value, one.span, choice.values))
                    return
            self.report.add(problems.incomparable(left.type, right.type, at))
        elif isinstance(left.type, Nullable) and isinstance(right.type, Nullable):
            self.report.add(problems.nullable_equality(at))

    def _logical(self, expr: tree.Logical) -> typed.TypedExpr:
        parts = tuple(self.condition(operand) for operand in expr.operands)
        if expr.op == "implies":
            premise = typed.Negated(parts[0], Basic.BOOLEAN, parts[0].span)
            return typed.Or((premise, parts[1]), Basic.BOOLEAN, expr.span)
        if expr.op == "and":
            return typed.And(parts, Basic.BOOLEAN, expr.span)
        return typed.Or(parts, Basic.BOOLEAN, expr.span)

    def _not(self, expr: tree.Not) -> typed.TypedExpr:
        return typed.Negated(self.condition(expr.operand), Basic.BOOLEAN, expr.span)

    def _conditional(self, expr: tree.Conditional) -> typed.TypedExpr:
        condition = self.condition(expr.condition)
        left, right = self.check(expr.consequence), self.check(expr.alternative)
        found = common(left.type, right.type)
        if found is None:
            self.report.add(problems.branches_differ(left.type, right.type, expr.span))
            return self.broken(expr.span)
        return typed.IfElse(condition, left, right, found, expr.span)

    # --- ranges, lists, tests

    def _between(self, expr: tree.Between) -> typed.TypedExpr:
        container = tree.Interval(expr.low, expr.high, low_open=False, high_open=False, span=expr.span)
        return self._membership(tree.Membership(expr.operand, (tree.ValueTest(container, expr.span),), expr.span))

    def _interval(self, expr: tree.Interval) -> typed.TypedExpr:
        low, high = self.check(expr.low), self.check(expr.high)
        before = len(self.report.diagnostics)
        self._check_comparison("<", low, high, expr.span)
        end = without_null(low.type) if len(self.report.diagnostics) == before else UNTYPED
        return typed.RangeValue(low, high, expr.low_open, expr.high_open, RangeOf(end), expr.span)

    def _membership(self, expr: tree.Membership) -> typed.TypedExpr:
        operand = self.check(expr.operand)
        tests = tuple(self.test(test, operand) for test in expr.tests)
        return typed.In(operand, tests, Basic.BOOLEAN, expr.span)

    def test(self, test: tree.Test, operand: typed.TypedExpr) -> typed.TypedTest:
        """A unary test of the operand."""
        match test:
            case tree.UnaryComparison():
                value = self.check(test.operand)
                self._check_comparison(test.op, operand, value, test.span)
                return typed.OrderTest(test.op, value)
            case tree.ValueTest():
                value = self.check(test.value)
                bare = without_null(value.type)
                if isinstance(bare, (RangeOf, ListOf)) and not isinstance(without_null(operand.type), type(bare)):
                    item = bare.end if isinstance(bare, RangeOf) else bare.item
                    sample = typed.Constant(None, item, value.span)
                    op = "<" if isinstance(bare, RangeOf) else "="
                    self._check_comparison(op, operand, sample, test.span)
                    return typed.WithinTest(value)
                self._check_comparison("=", operand, value, test.span)
                return typed.EqualTest(value)

    def _list(self, expr: tree.ListLiteral) -> typed.TypedExpr:
        parts = tuple(self.check(item) for item in expr.items)
        if not parts:
            return typed.Items((), EMPTY_LIST, expr.span)
        of = parts[0].type
        for part in parts[1:]:
            found = common(of, part.type)
            if found is None:
                self.report.add(problems.branches_differ(of, part.type, part.span))
                return self.broken(expr.span)
            of = found
        return typed.Items(parts, ListOf(of), expr.span)

    # --- quantifiers and totals

    def _listed(self, expr: tree.Expr) -> tuple[typed.TypedExpr, Type]:
        """The expression as a list, and the type of its items."""
        items = self.check(expr)
        bare = without_null(items.type)
        if not isinstance(bare, ListOf) and bare != UNTYPED:
            self.report.add(problems.wrong_type("list", items.type, expr.span))
        return items, bare.item if isinstance(bare, ListOf) else UNTYPED

    def _iterating(
        self, iterators: Iterable[tuple[tree.Word, tree.Expr]]
    ) -> tuple[Checker, tuple[tuple[str, typed.TypedExpr], ...]]:
        """A checker in whose scope the names stand for items, and the lists."""
        checker, found = self, []
        for name, over in iterators:
            items, item = checker._listed(over)
            found.append((name.text, items))
            checker = checker.inside(checker.fresh([(name, item)]))
        return checker, tuple(found)

    def _each_item(self, expr: tree.ForReturn) -> typed.TypedExpr:
        checker, iterators = self._iterating(expr.iterators)
        body = checker.check(expr.body)
        return typed.EachItem(iterators, body, ListOf(body.type), expr.span)

    def _filter(self, expr: tree.Filter) -> typed.TypedExpr:
        items, item = self._listed(expr.items)
        if typed.ITEM in self.scope.names and self.scope.item is None:
            self.report.add(problems.shadowed(typed.ITEM, expr.condition.span))
        inner = Checker(replace(self.scope.within({typed.ITEM: item}), item=item), self.report)
        condition = inner.check(expr.condition)
        match without_null(condition.type):
            case Basic.NUMBER if not mentions_item(condition):
                return typed.ItemAt(items, condition, Nullable(without_null(item)), expr.span)
            case Basic.BOOLEAN:
                return typed.Filtered(items, condition, ListOf(item), expr.span)
            case other:
                if other != UNTYPED:
                    self.report.add(problems.wrong_type("condition or place", other, expr.condition.span))
                return self.broken(expr.span)

    def _some_item(self, expr: tree.QuantifiedList) -> typed.TypedExpr:
        checker, iterators = self._iterating(expr.iterators)
        is_every = expr.quantifier == "every"
        condition = self._flip(checker.condition(expr.condition), is_every=is_every)
        return self._flip(typed.SomeItem(iterators, condition, Basic.BOOLEAN, expr.span), is_every=is_every)

    def _some_fact(self, expr: tree.QuantifiedFacts) -> typed.TypedExpr:
        checker = self.bind(expr.variables)
        is_every = expr.quantifier == "every"
        condition = self._flip(checker.condition(expr.condition), is_every=is_every)
        some = typed.SomeFact(typed.Join(self.variables(expr.variables), condition), Basic.BOOLEAN, expr.span)
        return self._flip(some, is_every=is_every)

    def _flip(self, expr: typed.TypedExpr, *, is_every: bool) -> typed.TypedExpr:
        return typed.Negated(expr, Basic.BOOLEAN, expr.span) if is_every else expr

    def _total(self, expr: tree.Total) -> typed.TypedExpr:
        checker = self.bind(expr.variables)
        item = checker.check(expr.item)
        function, bare = expr.function.text, without_null(item.type)
        if function in ("sum", "mean") and bare not in (Basic.NUMBER, UNTYPED):
            self.report.add(problems.wrong_type("number", item.type, expr.item.span))
        if function in ("min", "max") and bare not in (*ORDERED, UNTYPED):
            self.report.add(problems.no_order(item.type, expr.item.span))
            return self.broken(expr.span)
        condition = checker.condition(expr.condition) if expr.condition is not None else None
        mentioned = locals_in(item)
        keys = tuple(each.name.text for each in expr.variables if each.name.text in mentioned)
        if not keys and item.type != UNTYPED:
            self.report.add(problems.total_without_variable(expr.item.span))
        join = typed.Join(self.variables(expr.variables), condition)
        return typed.Aggregate(function, item, keys, join, total_type(function, item.type), expr.span)

    def bind(self, variables: tuple[tree.Variable, ...]) -> Checker:
        """A checker in whose scope the variables stand for facts."""
        types: list[tuple[tree.Word, Type]] = []
        for each in variables:
            if each.type.text in self.scope.fields:
                types.append((each.name, FactOf(each.type.text)))
            else:
                self.report.add(problems.unknown_type(each.type.text, each.type.span, self.scope.fields))
                types.append((each.name, UNTYPED))
        return self.inside(self.fresh(types))

    def variables(self, variables: tuple[tree.Variable, ...]) -> tuple[tuple[str, str], ...]:
        """Names and fact types of the variables."""
        return tuple((each.name.text, each.type.text) for each in variables)

    def fresh(self, types: Iterable[tuple[tree.Word, Type]]) -> dict[str, Type]:
        """The new local names; one that already has a meaning is reported."""
        found: dict[str, Type] = {}
        for word, of in types:
            if word.text in self.scope.names or word.text in found:
                self.report.add(problems.shadowed(word.text, word.span))
            found[word.text] = of
        return found

    def _record(self, expr: tree.RecordLiteral) -> typed.TypedExpr:
        self.report.add(unsupported("contexts are", expr.span))
        return self.broken(expr.span)

    def _call(self, expr: tree.Call) -> typed.TypedExpr:
        return typed_call(self, expr)

    cases: ClassVar[Mapping[type, Callable[[Any, Any], typed.TypedExpr]]] = {
        tree.Literal: _literal,
        tree.Name: _name,
        tree.Path: _path,
        tree.Call: _call,
        tree.Negation: _negation,
        tree.Arithmetic: _arithmetic,
        tree.Comparison: _comparison,
        tree.Logical: _logical,
        tree.Not: _not,
        tree.Conditional: _conditional,
        tree.Between: _between,
        tree.Interval: _interval,
        tree.Membership: _membership,
        tree.ListLiteral: _list,
        tree.RecordLiteral: _record,
        tree.QuantifiedList: _some_item,
        tree.ForReturn: _each_item,
        tree.Filter: _filter,
        tree.QuantifiedFacts: _some_fact,
        tree.Total: _total,
    }


def total_type(function: str, item: Type) -> Type:
    """What a total over facts gives: of none there is no least, no greatest and no mean."""
    match function:
        case "min" | "max" | "mean":
            return Nullable(without_null(item))
        case "collect":
            return ListOf(item)
        case _:
            return Basic.NUMBER


def literal_type(value: object) -> Type:
    """The type of a literal; a text is the choice of just itself."""
    if isinstance(value, str):
        return Choice((value,))
    if value is None:
        return Basic.NULL
    if isinstance(value, (Duration, Months)):
        return Basic.DURATION if isinstance(value, Duration) else Basic.MONTHS
    return Basic(type_name(value))
