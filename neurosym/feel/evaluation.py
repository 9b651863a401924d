"""The meaning of expressions: one case per kind of node."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from neurosym.feel import builtin
from neurosym.feel.arithmetic import minus, operate
from neurosym.feel.extent import Edge, compare, equal, failed, in_order, plain, reasons_of, union
from neurosym.feel.extreme import extreme, is_extreme, may_be_null, mean, ordered_extreme
from neurosym.feel.kleene import both, disjunction, negation
from neurosym.feel.listing import Pick, item_at, items_of, listed
from neurosym.feel.membership import in_range, within
from neurosym.feel.order import binding_key
from neurosym.feel.total import Combination, Identity, candidates, collected, count, identity, identity_order, total
from neurosym.feel.typed import (
    ITEM,
    Aggregate,
    And,
    BuiltIn,
    Compare,
    Constant,
    DefinitionCall,
    EachItem,
    EqualTest,
    Filtered,
    IfElse,
    In,
    IsKnown,
    ItemAt,
    Items,
    Join,
    JudgmentCall,
    Local,
    Member,
    Minus,
    Negated,
    Operation,
    Or,
    OrderTest,
    ParameterValue,
    RangeValue,
    SomeFact,
    SomeItem,
    TypedExpr,
    TypedTest,
    WithinTest,
)
from neurosym.feel.types import FactOf
from neurosym.feel.world import NO_WORLD, AnswerRead, Environment, FactRead, Look, ParameterRead, Read, World, uncounted
from neurosym.text.failure import LimitError
from neurosym.text.span import Span
from neurosym.values.number import NumberError
from neurosym.values.unknown import ANYTHING, Item, Unknown
from neurosym.values.value import Fact, Range, Record, Reference, Truth, Value

ITEMS_MAX = 1_000_000


class Evaluator:
    """Evaluates expressions in a world. With `reads`, it also notes what the values rest on."""

    __slots__ = ("items_max", "look", "reads", "world")

    def __init__(
        self, world: World, reads: list[Read] | None = None, *, items_max: int = ITEMS_MAX, look: Look = uncounted
    ) -> None:
        """LimitError is raised where one expression looks at more than `items_max` combinations of items. `look`
        may raise it too: it is told how many facts and items are looked at.
        """
        self.world = world
        self.reads = reads
        self.items_max = items_max
        self.look = look

    def value(self, expr: TypedExpr, env: Environment) -> Value:
        """The value of the expression."""
        return self.cases[type(expr)](self, expr, env)

    def truth(self, expr: TypedExpr, env: Environment) -> Truth:
        """The truth of a boolean expression; null is unknown."""
        value = self.cases[type(expr)](self, expr, env)
        if value is None:
            return failed("null is neither true nor false", expr.span)
        assert isinstance(value, (bool, Unknown))
        return value

    # --- names

    def _constant(self, expr: Constant, _env: Environment) -> Value:
        return expr.value

    def _local(self, expr: Local, env: Environment) -> Value:
        return env[expr.name]

    def _parameter(self, expr: ParameterValue, _env: Environment) -> Value:
        self._note(ParameterRead(expr.name))
        return self.world.parameter(expr.name)

    def _member(self, expr: Member, env: Environment) -> Value:
        base = self.value(expr.base, env)
        match base:
            case Fact():
                return base.fields[expr.name]
            case Reference():
                self._note(FactRead(base))
                return self.world.member(base, expr.name)
            case Record():
                return base.get(expr.name)
            case Unknown():
                return self._member_of_unknown(expr, base)
            case _:
                return failed(f"`.{expr.name}` of null", expr.span)

    def _member_of_unknown(self, expr: Member, base: Unknown) -> Unknown:
        of = expr.base.type
        return Unknown(base.reasons, self.world.domain(of.name, expr.name) if isinstance(of, FactOf) else ANYTHING)

    # --- operations

    def _operation(self, expr: Operation, env: Environment) -> Value:
        return operate(expr.op, self.value(expr.left, env), self.value(expr.right, env), expr.span)

    def _minus(self, expr: Minus, env: Environment) -> Value:
        return minus(self.value(expr.operand, env), expr.span)

    def _compare(self, expr: Compare, env: Environment) -> Value:
        if expr.op in ("=", "!="):
            return compare(expr.op, self.value(expr.left, env), self.value(expr.right, env), expr.span)
        left, right = self._ordered(expr.left, env), self._ordered(expr.right, env)
        if may_be_null(expr.left, left, right):
            return Unknown(reasons_of(left))  # type: ignore[arg-type]
        if may_be_null(expr.right, right, left):
            return Unknown(reasons_of(right))  # type: ignore[arg-type]
        return in_order(expr.op, left, right, expr.span)

    def _ordered(self, expr: TypedExpr, env: Environment) -> Value | Edge:
        """The value where it is compared by order: there the greatest and the least of nothing have a place."""
        if is_extreme(expr):
            return _ordered_extreme(expr, self._combinations(expr, env))
        return self.value(expr, env)

    def _in(self, expr: In, env: Environment) -> Value:
        if is_extreme(expr.operand):
            found = self._combinations(expr.operand, env)
            operand, ordered = self._aggregated(expr.operand, found), _ordered_extreme(expr.operand, found)
        else:
            operand = ordered = self.value(expr.operand, env)
        return self._any(lambda test: self._passes(operand, ordered, test, env, expr.span), expr.tests)

    def passes(self, operand: Value, test: TypedTest, env: Environment, span: Span) -> Truth:
        """Whether the operand passes a unary test."""
        return self._passes(operand, operand, test, env, span)

    def _passes(self, operand: Value, ordered: Value | Edge, test: TypedTest, env: Environment, span: Span) -> Truth:
        value = self.value(test.operand, env)
        match test:
            case OrderTest():
                if may_be_null(test.operand, value, ordered):
                    return Unknown(reasons_of(value))
                return in_order(test.op, ordered, value, span)
            case EqualTest():
                return equal(operand, value)
            case WithinTest():
                if isinstance(value, Range):
                    return in_range(ordered, value, span)
                self._look_at(value)
                return within(operand, value, span)

    def _range(self, expr: RangeValue, env: Environment) -> Value:
        return Range(self.value(expr.low, env), self.value(expr.high, env), expr.low_open, expr.high_open)

    def _items(self, expr: Items, env: Environment) -> Value:
        return tuple(plain(self.value(part, env)) for part in expr.parts)

    # --- logic

    def _and(self, expr: And, env: Environment) -> Value:
        return negation(self._any(lambda part: negation(self.truth(part, env)), expr.parts))

    def _or(self, expr: Or, env: Environment) -> Value:
        return self._any(lambda part: self.truth(part, env), expr.parts)

    def _any(self, truth: Callable[[Any], Truth], parts: tuple[Any, ...]) -> Truth:
        """The disjunction of the parts; what a decisive part rests on is all that the whole rests on."""
        start = self._mark()
        found: list[Truth] = []
        for part in parts:
            before = self._mark()
            here = truth(part)
            if here is True:
                self._keep(start, before)
                return True
            found.append(here)
        return disjunction(found)

    def _negated(self, expr: Negated, env: Environment) -> Value:
        return negation(self.truth(expr.operand, env))

    def _if(self, expr: IfElse, env: Environment) -> Value:
        condition = self.truth(expr.condition, env)
        if isinstance(condition, Unknown):
            branches = (self.value(expr.consequence, env), self.value(expr.alternative, env))
            return union(branches, condition.reasons)
        return self.value(expr.consequence if condition else expr.alternative, env)

    def _some_item(self, expr: SomeItem, env: Environment) -> Value:
        found = self._combined(expr, env)
        return disjunction(
            here if isinstance(here, Unknown) else both(here.truth, self.truth(expr.condition, here.environment))
            for here in found
        )

    def _each_item(self, expr: EachItem, env: Environment) -> Value:
        every = list(self._combined(expr, env))
        doubts = [here for here in every if isinstance(here, Unknown)]
        if doubts:
            return Unknown(reasons_of(*doubts))
        return listed(
            here.item(plain(self.value(expr.body, here.environment))) for here in every if isinstance(here, Pick)
        )

    def _combined(self, expr: SomeItem | EachItem, env: Environment) -> Iterator[Pick | Unknown]:
        """The choices of an item of each list, so many at most; unknown where a list is."""
        for number, found in enumerate(self._iterated(expr.iterators, 0, Pick(env)), start=1):
            if number > self.items_max:
                raise LimitError(f"more than {self.items_max} combinations of items (items_max) at {expr.span}")
            yield found

    def _iterated(
        self, iterators: tuple[tuple[str, TypedExpr], ...], depth: int, pick: Pick
    ) -> Iterator[Pick | Unknown]:
        """The choices of an item of each list from `depth` on; unknown where a list is."""
        if depth == len(iterators):
            yield pick
            return
        name, over = iterators[depth]
        items = items_of(self.value(over, pick.environment), over.span)
        if isinstance(items, Unknown):
            yield items
            return
        self.look(len(items))
        for item in items:
            yield from self._iterated(iterators, depth + 1, pick.extended(name, item))

    def _filtered(self, expr: Filtered, env: Environment) -> Value:
        items = items_of(self.value(expr.items, env), expr.items.span)
        if isinstance(items, Unknown):
            return items
        self.look(len(items))
        picks = [Pick(env).extended(ITEM, item) for item in items]
        truths = [both(pick.truth, self.truth(expr.condition, pick.environment)) for pick in picks]
        found = [(item, truth) for item, truth in zip(items, truths, strict=True) if truth is not False]
        return listed(Item(item.value, truth is True, reasons_of(truth), item.is_any_number) for item, truth in found)

    def _item_at(self, expr: ItemAt, env: Environment) -> Value:
        held, place = self.value(expr.items, env), self.value(expr.place, env)
        items = items_of(held, expr.items.span)
        if isinstance(items, Unknown) or isinstance(place, Unknown):
            return Unknown(reasons_of(items if isinstance(items, Unknown) else held, place))
        if not isinstance(place, int):
            return failed("a place in a list is a whole number", expr.place.span)
        return item_at(items, place)

    # --- facts

    def _some_fact(self, expr: SomeFact, env: Environment) -> Value:
        if self.reads is None:
            return disjunction(truth for _, truth in self.world.bindings(expr.join, env))
        found = sorted(self.world.bindings(expr.join, env), key=lambda each: binding_key(expr.join, each[0]))
        witness = next((each for each in found if each[1] is True), None)
        for binding, _ in [witness] if witness else found:
            self._note_binding(expr.join, binding)
        return disjunction(truth for _, truth in found)

    def _aggregate(self, expr: Aggregate, env: Environment) -> Value:
        try:
            return self._aggregated(expr, self._combinations(expr, env))
        except NumberError as error:
            return failed(str(error), expr.span)

    def _aggregated(self, expr: Aggregate, found: list[Combination]) -> Value:
        match expr.function:
            case "count":
                return count(found)
            case "sum":
                return total(found, expr.span)
            case "collect":
                return collected(found)
            case "mean":
                return mean(candidates(found), expr.span)
            case "min" | "max":
                return extreme(candidates(found), expr.span, is_greatest=expr.function == "max")
            case _:
                raise AssertionError(expr.function)

    def _combinations(self, expr: Aggregate, env: Environment) -> list[Combination]:
        """What the total is taken over; of a list, in the order of the facts' keys."""
        combinations: dict[Identity, Combination] = {}
        for binding, truth in self.world.bindings(expr.join, env):
            facts = [binding[key] for key in expr.keys]
            of = identity(facts)
            if of not in combinations:
                combinations[of] = Combination(any(unnamed for _, _, unnamed in of))
            combinations[of].add(self.value(expr.item, binding), truth)
            self._note_binding(expr.join, binding)
        if expr.function != "collect":
            return list(combinations.values())
        return [combinations[of] for of in sorted(combinations, key=identity_order)]

    # --- calls

    def _built_in(self, expr: BuiltIn, env: Environment) -> Value:
        arguments = [self.value(each, env) for each in expr.arguments]
        self._look_at(*arguments)
        return builtin.apply(expr.name, arguments, expr.span)

    def _definition(self, expr: DefinitionCall, env: Environment) -> Value:
        called = self.world.definition(expr.name)
        arguments = [self.value(each, env) for each in expr.arguments]
        return self.value(called.body, dict(zip(called.parameters, arguments, strict=True)))

    def _judgment(self, expr: JudgmentCall, env: Environment) -> Value:
        arguments = tuple(self.value(each, env) for each in expr.arguments)
        if self.reads is not None:
            named = tuple(plain(each) for each in arguments)
            if all(isinstance(each, Reference) for each in named):
                self._note(AnswerRead(expr.name, named))  # type: ignore[arg-type]
        return self.world.answer(expr.name, arguments)

    def _known(self, expr: IsKnown, env: Environment) -> Value:
        return not isinstance(self.value(expr.operand, env), Unknown)

    def _look_at(self, *values: Value) -> None:
        """Count the items of lists that are looked at as wholes."""
        self.look(sum(len(value) for value in values if isinstance(value, tuple)))

    # --- notes

    def _note(self, read: Read) -> None:
        if self.reads is not None:
            self.reads.append(read)

    def _note_binding(self, join: Join, binding: Environment) -> None:
        """Note the facts of a binding and what its condition rests on, in the author's order."""
        if self.reads is None:
            return
        for name, _ in join.variables:
            fact = binding[name]
            assert isinstance(fact, Fact)
            self.reads.append(FactRead(fact))
        if join.condition is not None:
            self.truth(join.condition, binding)

    def _mark(self) -> int:
        return len(self.reads) if self.reads is not None else 0

    def _keep(self, start: int, decisive: int) -> None:
        """Forget what was noted from `start` until `decisive`."""
        if self.reads is not None:
            del self.reads[start:decisive]

    cases: ClassVar[Mapping[type, Callable[[Any, Any, Environment], Value]]] = {
        Constant: _constant,
        Local: _local,
        ParameterValue: _parameter,
        Member: _member,
        Operation: _operation,
        Minus: _minus,
        Compare: _compare,
        And: _and,
        Or: _or,
        Negated: _negated,
        IfElse: _if,
        RangeValue: _range,
        In: _in,
        Items: _items,
        SomeItem: _some_item,
        EachItem: _each_item,
        Filtered: _filtered,
        ItemAt: _item_at,
        SomeFact: _some_fact,
        Aggregate: _aggregate,
        BuiltIn: _built_in,
        DefinitionCall: _definition,
        JudgmentCall: _judgment,
        IsKnown: _known,
    }


def _ordered_extreme(expr: Aggregate, found: list[Combination]) -> Value | Edge:
    return ordered_extreme(candidates(found), expr.span, is_greatest=expr.function == "max")


def passes(value: Value, test: TypedTest) -> bool:
    """True when a known value passes a test made of constants."""
    from_nowhere = Evaluator(NO_WORLD)
    return from_nowhere.passes(value, test, {}, test.operand.span) is True
