"""Typed expressions as Python source: exact values only; whatever is not exactly known raises (`runtime.INEXACT`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, ClassVar, Self

from neurosym.engine.compiled.source import Line, Module, NotCompiledError, ParameterOf, SoleOf
from neurosym.engine.layout import Layout
from neurosym.feel import typed
from neurosym.feel.typed import TypedExpr, TypedTest
from neurosym.feel.types import Basic, Choice, FactOf, ListOf, Nullable, RangeOf, RecordOf, Type, without_null
from neurosym.feel.walk import locals_in
from neurosym.program.program import Program

NATIVE_ORDER = frozenset({Basic.NUMBER, Basic.DATE, Basic.DURATION, Basic.MONTHS})
DAYS = frozenset({Basic.DATE, Basic.DATETIME})
MOMENTS = frozenset({Basic.DATETIME, Basic.TIME})  # of which some have no order among them
NUMBER_OPERATIONS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "**": "power"}


class Form(Enum):
    """What Python code gives for an expression that is a fact: its row, or its key. Everything else is a value."""

    VALUE = "value"
    ROW = "row"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Code:
    """Python source of an expression; `is_doubtful` when it may give an unknown value, `may_fail` when it may raise.
    Where it is compared by order, `edge` stands for null, if there is one.
    """

    text: str
    form: Form = Form.VALUE
    is_doubtful: bool = False
    may_fail: bool = False
    edge: str = ""


@dataclass(frozen=True)
class Writing:
    """The surroundings of an expression: the module it goes to, and the code of the local names."""

    module: Module
    program: Program
    layouts: Mapping[str, Layout]
    names: Mapping[str, Code] = field(default_factory=dict)
    definitions: dict[tuple[str, tuple[Code, ...]], Code] = field(default_factory=dict)

    def within(self, more: Mapping[str, Code]) -> Self:
        """The same with more local names."""
        return replace(self, names={**self.names, **more})

    def only(self, names: Mapping[str, Code]) -> Self:
        """The same with no other local names."""
        return replace(self, names=names)

    # --- what a consumer wants

    def known(self, expr: TypedExpr) -> Code:
        """Code for the expression that gives a known value, perhaps null."""
        code = self.code(expr)
        return Code(f"known({code.text})", code.form, may_fail=True) if code.is_doubtful else code

    def solid(self, expr: TypedExpr) -> Code:
        """Code for the expression that gives a known value that is not null."""
        code = self.code(expr)
        if code.is_doubtful or isinstance(expr.type, Nullable) or expr.type is Basic.NULL:
            return Code(f"solid({code.text})", code.form, may_fail=True)
        return code

    def plain(self, expr: TypedExpr) -> Code:
        """Code for the known value as it stands in a row: of a fact, its key."""
        return self.keyed(expr, self.known(expr))

    def keyed(self, expr: TypedExpr, code: Code) -> Code:
        """The code with a fact's row replaced by its key."""
        if code.form is not Form.ROW:
            return code
        of = without_null(expr.type)
        assert isinstance(of, FactOf)
        return Code(self.key(of.name, code), Form.KEY, may_fail=code.may_fail)

    def key(self, of: str, row: Code) -> str:
        """Python source of the key of a row."""
        parts = [f"{row.text}[{at}]" for at in self.layouts[of].key_columns]
        return parts[0] if len(parts) == 1 else f"({', '.join(parts)})"

    def code(self, expr: TypedExpr) -> Code:
        """Code for the expression; NotCompiledError where only the general evaluator will do."""
        return self.cases[type(expr)](self, expr)

    # --- names

    def _constant(self, expr: typed.Constant) -> Code:
        if expr.value is None or isinstance(expr.value, (bool, str)) or type(expr.value) is int:
            return Code(repr(expr.value))
        if isinstance(expr.value, tuple):
            _refuse_facts(expr.type)
        return Code(self.module.constant(expr.value))

    def _local(self, expr: typed.Local) -> Code:
        return self.names[expr.name]

    def _parameter(self, expr: typed.ParameterValue) -> Code:
        _refuse_facts(expr.type)
        return Code(self.module.resource(ParameterOf(expr.name)))

    def _member(self, expr: typed.Member) -> Code:
        base, of = self.code(expr.base), without_null(expr.base.type)
        if not isinstance(of, FactOf):
            raise NotCompiledError
        layout = self.layouts[of.name]
        column = layout.column[expr.name]
        form = Form.KEY if isinstance(without_null(expr.type), FactOf) else Form.VALUE
        if form is Form.VALUE:
            _refuse_facts(expr.type)
        is_doubtful = layout.may_be_unknown(column)
        if base.form is Form.ROW:
            return Code(f"{base.text}[{column}]", form, is_doubtful, base.may_fail)
        sole = self.module.resource(SoleOf(of.name))
        return Code(f"{sole}[{base.text}][{column}]", form, is_doubtful, may_fail=True)

    # --- operations

    def _operation(self, expr: typed.Operation) -> Code:
        left, right = self.solid(expr.left), self.solid(expr.right)
        kinds = {without_null(expr.left.type), without_null(expr.right.type)}
        if kinds == {Basic.NUMBER}:
            return Code(f"{NUMBER_OPERATIONS[expr.op]}({left.text}, {right.text})", may_fail=True)
        if all(kind is Basic.TEXT or isinstance(kind, Choice) for kind in kinds):
            return Code(f"({left.text} + {right.text})", may_fail=left.may_fail or right.may_fail)
        if without_null(expr.left.type) in DAYS and without_null(expr.right.type) is Basic.DURATION:
            gap = right.text if expr.op == "+" else f"minus({right.text})"
            return Code(f"date_plus({left.text}, {gap})", may_fail=True)
        return Code(f"operation({expr.op!r}, {left.text}, {right.text})", may_fail=True)

    def _minus(self, expr: typed.Minus) -> Code:
        operand = self.solid(expr.operand)
        function = "negate" if without_null(expr.operand.type) is Basic.NUMBER else "minus"
        return Code(f"{function}({operand.text})", may_fail=operand.may_fail)

    def _compare(self, expr: typed.Compare) -> Code:
        if expr.op in ("=", "!="):
            equal = self._equal(self.plain(expr.left), expr.left.type, self.plain(expr.right), expr.right.type)
            return equal if expr.op == "=" else Code(f"(not {equal.text})", may_fail=equal.may_fail)
        left, right = self.ordered(expr.left), self.ordered(expr.right)
        return self._in_order(expr.op, left, right, expr.left.type)

    def ordered(self, expr: TypedExpr) -> Code:
        """Code for the expression where it is compared by order."""
        return self.solid(expr)

    def _equal(self, left: Code, mine: Type, right: Code, theirs: Type) -> Code:
        may_fail = left.may_fail or right.may_fail
        if _has_parts(mine) or _has_parts(theirs):
            return Code(f"is_equal({left.text}, {right.text})", may_fail=True)
        return Code(f"({left.text} == {right.text})", may_fail=may_fail)

    def _in_order(self, op: str, left: Code, right: Code, of: Type) -> Code:
        if without_null(of) in NATIVE_ORDER:
            return Code(f"({left.text} {op} {right.text})", may_fail=left.may_fail or right.may_fail)
        first, second = (left, right) if op in ("<", "<=") else (right, left)
        before = "is_earlier" if without_null(of) in MOMENTS else "is_before"
        return Code(f"{before}({first.text}, {second.text}, {op in ('<=', '>=')})", may_fail=True)

    def _in(self, expr: typed.In) -> Code:
        operand, of = self.plain(expr.operand), expr.operand.type
        values = _constants(expr.tests)
        if values is not None and not _has_parts(of):
            return Code(f"({operand.text} in {self.module.constant(values)})", may_fail=operand.may_fail)
        if "(" in operand.text:  # computed once, in a function of its own
            return self._called(operand, expr)
        tests = [self._test(operand, of, test) for test in expr.tests]
        may_fail = operand.may_fail or any(test.may_fail for test in tests)
        return Code(f"({' or '.join(test.text for test in tests)})", may_fail=may_fail)

    def _called(self, operand: Code, expr: typed.In) -> Code:
        """A call of a function that tests what it is given."""
        given = self.passed(*(test.operand for test in expr.tests))
        function, name = self.module.name("passes"), self.module.name("operand")
        tests = [self._test(replace(operand, text=name), expr.operand.type, test) for test in expr.tests]
        lines = [Line(0, f"return {' or '.join(test.text for test in tests)}", expr.span)]
        self.module.function(function, [name, *(each.text for each in given.values())], lines, expr.span)
        arguments = [operand.text, *(each.text for each in given.values())]
        return Code(f"{function}({', '.join(arguments)})", may_fail=True)

    def _test(self, operand: Code, of: Type, test: TypedTest) -> Code:
        match test:
            case typed.EqualTest():
                return self._equal(operand, of, self.plain(test.operand), test.operand.type)
            case typed.OrderTest():
                return self._in_order(test.op, _not_null(operand, of), self.solid(test.operand), of)
            case typed.WithinTest():
                return self._within(operand, of, test.operand)

    def _within(self, operand: Code, of: Type, container: TypedExpr) -> Code:
        if isinstance(container, typed.RangeValue) and without_null(of) in NATIVE_ORDER:
            low, high = self.solid(container.low), self.solid(container.high)
            first, second = "<" if container.low_open else "<=", "<" if container.high_open else "<="
            value = _not_null(operand, of)
            may_fail = low.may_fail or high.may_fail or value.may_fail
            return Code(f"({low.text} {first} {value.text} {second} {high.text})", may_fail=may_fail)
        if isinstance(container, typed.RangeValue) and without_null(of) in MOMENTS:
            value = _not_null(operand, of)
            low = self._in_order("<" if container.low_open else "<=", self.solid(container.low), value, of)
            high = self._in_order("<" if container.high_open else "<=", value, self.solid(container.high), of)
            return Code(f"({low.text} and {high.text})", may_fail=True)
        if isinstance(container, typed.Items) and container.parts:
            tests = [self._equal(operand, of, self.plain(part), part.type) for part in container.parts]
            text = " or ".join(test.text for test in tests)
            return Code(f"({text})", may_fail=any(test.may_fail for test in tests))
        if operand.form is not Form.VALUE:
            raise NotCompiledError
        return Code(f"is_within({operand.text}, {self._counted(container)})", may_fail=True)

    def _range(self, expr: typed.RangeValue) -> Code:
        raise NotCompiledError(expr)

    def _items(self, expr: typed.Items) -> Code:
        _refuse_facts(expr.type)
        parts = [self.known(part) for part in expr.parts]
        text = "".join(f"{part.text}, " for part in parts)
        return Code(f"({text})", may_fail=any(part.may_fail for part in parts))

    # --- logic

    def _and(self, expr: typed.And) -> Code:
        return self._joined(" and ", expr.parts)

    def _or(self, expr: typed.Or) -> Code:
        return self._joined(" or ", expr.parts)

    def _joined(self, word: str, parts: Sequence[TypedExpr]) -> Code:
        codes = [self.solid(part) for part in parts]
        return Code(f"({word.join(code.text for code in codes)})", may_fail=any(code.may_fail for code in codes))

    def _negated(self, expr: typed.Negated) -> Code:
        operand = self.solid(expr.operand)
        return Code(f"(not {operand.text})", may_fail=operand.may_fail)

    def _if(self, expr: typed.IfElse) -> Code:
        condition = self.solid(expr.condition)
        yes, no = self.code(expr.consequence), self.code(expr.alternative)
        if yes.form is not no.form:
            yes, no = self.keyed(expr.consequence, yes), self.keyed(expr.alternative, no)
        if yes.form is not no.form:
            raise NotCompiledError  # a fact in one branch, null in the other
        may_fail = condition.may_fail or yes.may_fail or no.may_fail
        text = f"({yes.text} if {condition.text} else {no.text})"
        return Code(text, yes.form, yes.is_doubtful or no.is_doubtful, may_fail)

    # --- lists

    def _some_item(self, expr: typed.SomeItem) -> Code:
        inner, clauses = self._iterated(expr.iterators)
        return Code(f"any({inner.solid(expr.condition).text} {clauses})", may_fail=True)

    def _each_item(self, expr: typed.EachItem) -> Code:
        _refuse_facts(expr.body.type)
        inner, clauses = self._iterated(expr.iterators)
        return Code(f"tuple([{inner.known(expr.body).text} {clauses}])", may_fail=True)

    def _iterated(self, iterators: Sequence[tuple[str, TypedExpr]]) -> tuple[Self, str]:
        if len(iterators) > 1:
            raise NotCompiledError  # the general evaluator bounds the combinations
        inner, clauses = self, []
        for name, over in iterators:
            items = inner.solid(over)
            local = self.module.name(name)
            clauses.append(f"for {local} in {self.module.looked_at(items.text)}")
            inner = inner.within({name: Code(local)})
        return inner, " ".join(clauses)

    def _filtered(self, expr: typed.Filtered) -> Code:
        items, local = self.solid(expr.items), self.module.name(typed.ITEM)
        condition = self.within({typed.ITEM: Code(local)}).solid(expr.condition)
        looked_at = self.module.looked_at(items.text)
        return Code(f"tuple([{local} for {local} in {looked_at} if {condition.text}])", may_fail=True)

    def _item_at(self, expr: typed.ItemAt) -> Code:
        items, place = self.solid(expr.items), self.solid(expr.place)
        return Code(f"item_at({items.text}, {place.text})", may_fail=True)

    # --- calls

    def _built_in(self, expr: typed.BuiltIn) -> Code:
        for each in expr.arguments:
            _refuse_facts(each.type)
        arguments = ", ".join(map(self._counted, expr.arguments))
        return Code(f"built_in_{expr.name.replace(' ', '_')}({arguments})", is_doubtful=True, may_fail=True)

    def _counted(self, expr: TypedExpr) -> str:
        """Python source of a value that is known and not null; a list is looked at as a whole."""
        text = self.solid(expr).text
        return self.module.looked_at(text) if isinstance(without_null(expr.type), ListOf) else text

    def _definition(self, expr: typed.DefinitionCall) -> Code:
        arguments = [self.code(each) for each in expr.arguments]
        given = tuple(Code("", each.form, each.is_doubtful) for each in arguments)
        body = self.definitions.get((expr.name, given))
        if body is None:
            body = self.definitions[expr.name, given] = self._defined(expr.name, given)
        may_fail = body.may_fail or any(each.may_fail for each in arguments)
        text = f"{body.text}({', '.join(each.text for each in arguments)})"
        return Code(text, body.form, body.is_doubtful, may_fail)

    def _defined(self, name: str, given: Sequence[Code]) -> Code:
        """The function that computes a definition for arguments of these forms, and what it gives."""
        called = self.program.definitions[name]
        inner = {
            formal: replace(code, text=self.module.name(formal))
            for formal, code in zip(called.parameters, given, strict=True)
        }
        body = replace(self, names=inner).code(called.body)
        function = self.module.name(name)
        lines = [Line(0, f"return {body.text}", called.body.span)]
        self.module.function(function, [each.text for each in inner.values()], lines, called.body.span)
        return replace(body, text=function)

    def _general(self, expr: TypedExpr) -> Code:
        raise NotCompiledError(expr)

    def passed(self, *nodes: TypedExpr | typed.Join) -> dict[str, Code]:
        """The local names that nodes mention, as arguments of a function of their own."""
        mentioned = frozenset[str]().union(*map(locals_in, nodes))
        return {name: code for name, code in self.names.items() if name in mentioned}

    cases: ClassVar[Mapping[type, Callable[[Any, Any], Code]]] = {
        typed.Constant: _constant,
        typed.Local: _local,
        typed.ParameterValue: _parameter,
        typed.Member: _member,
        typed.Operation: _operation,
        typed.Minus: _minus,
        typed.Compare: _compare,
        typed.And: _and,
        typed.Or: _or,
        typed.Negated: _negated,
        typed.IfElse: _if,
        typed.RangeValue: _range,
        typed.In: _in,
        typed.Items: _items,
        typed.SomeItem: _some_item,
        typed.EachItem: _each_item,
        typed.Filtered: _filtered,
        typed.ItemAt: _item_at,
        typed.BuiltIn: _built_in,
        typed.DefinitionCall: _definition,
        typed.JudgmentCall: _general,
        typed.IsKnown: _general,
    }


def _constants(tests: Sequence[TypedTest]) -> frozenset[Any] | None:
    """The values when the tests are for equality with several constants."""
    found = [test.operand for test in tests if isinstance(test, typed.EqualTest)]
    values = [each.value for each in found if isinstance(each, typed.Constant)]
    return frozenset(values) if len(values) == len(tests) and len(values) > 1 else None


def _not_null(operand: Code, of: Type) -> Code:
    return replace(operand, text=f"solid({operand.text})", may_fail=True) if isinstance(of, Nullable) else operand


def _has_parts(of: Type) -> bool:
    """True for values whose parts may be unknown, or of different kinds that Python holds equal."""
    return isinstance(without_null(of), (ListOf, RecordOf, RangeOf))


def _refuse_facts(of: Type) -> None:
    """Refuse what holds facts inside other values: they have no one form there."""
    match without_null(of):
        case ListOf(item=item):
            _refuse_facts(item)
            if isinstance(without_null(item), FactOf):
                raise NotCompiledError
        case RecordOf():
            raise NotCompiledError
        case FactOf():
            raise NotCompiledError
