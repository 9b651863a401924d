"""Joins as nested loops: inside an expression, where whatever is in doubt raises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from neurosym.engine.compiled.expression import Code, Form, Writing
from neurosym.engine.compiled.order import Binding, order_of
from neurosym.engine.compiled.source import (
    DoubtsOf,
    Horizon,
    IndexOf,
    Line,
    NotCompiledError,
    RowsOf,
    SoleOf,
    WhysOf,
    Width,
    looking,
)
from neurosym.engine.join import conjuncts
from neurosym.feel import typed
from neurosym.feel.typed import TypedExpr
from neurosym.feel.types import Basic, without_null
from neurosym.feel.walk import locals_in, parts, with_parts

COMPUTED = (typed.Operation, typed.Minus, typed.BuiltIn, typed.DefinitionCall)
EDGES = {"min": "ABOVE", "max": "BELOW"}  # of nothing, where they are compared by order
NATIVE_EXTREMES = frozenset({Basic.NUMBER, Basic.DATE, Basic.DURATION, Basic.MONTHS})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a variable's rows come from: `columns` must have the values `keys` (none: every row)."""

    rows: str
    columns: tuple[int, ...]
    keys: tuple[Code, ...]
    covered: tuple[TypedExpr, ...]  # the conjuncts that the index answers
    is_choice: bool = False
    width: Width = 1

    @property
    def key(self) -> str:
        """The key of the index."""
        return self.keys[0].text if len(self.keys) == 1 else f"({', '.join(each.text for each in self.keys)})"

    @property
    def choices(self) -> str:
        """Python source of the different keys that a choice is between."""
        return f"dict.fromkeys(({', '.join(each.text for each in self.keys)},))"

    @property
    def may_fail(self) -> bool:
        """True when the key may have no known value."""
        return any(each.may_fail for each in self.keys)


@dataclass(frozen=True)
class FactWriting(Writing):
    """Expressions with joins in them, which see of the `moving` types only what is held since before the horizon."""

    moving: frozenset[str] = frozenset()

    def source(self, of: Binding) -> Source:
        """Where the rows of a variable come from."""
        columns: dict[int, Code] = {}
        covered: list[TypedExpr] = []
        for equation in of.equations:
            found = self._columns(of.type, equation.field, equation.value)
            if found is not None and not any(at in columns for at, _ in found):
                columns.update(found)
                covered.append(equation.part)
        if columns:
            ordered = tuple(sorted(columns))
            index = self.module.resource(IndexOf(of.type, ordered))
            is_single = self.layouts[of.type].tells_apart(ordered)
            width = 1 if is_single else IndexOf(of.type, ordered)
            return Source(index, ordered, tuple(columns[at] for at in ordered), tuple(covered), width=width)
        if of.choice is not None:
            chosen = [self._columns(of.type, of.choice.field, each) for each in of.choice.values]
            if all(each is not None and len(each) == 1 for each in chosen):
                pairs = [each[0] for each in chosen if each]
                of_index = IndexOf(of.type, (pairs[0][0],))
                keys = tuple(code for _, code in pairs)
                return Source(
                    self.module.resource(of_index), of_index.columns, keys, (), is_choice=True, width=of_index
                )
        return Source(self.module.resource(RowsOf(of.type)), (), (), (), width=RowsOf(of.type))

    def _columns(self, of: str, field: str | None, value: TypedExpr) -> list[tuple[int, Code]] | None:
        """The columns that an equation fixes, with their values; None where the value cannot be compiled."""
        layout = self.layouts[of]
        try:
            code = self.plain(value)
        except NotCompiledError:
            return None
        if field is not None:
            return [(layout.column[field], code)]
        if len(layout.key_columns) == 1:
            return [(layout.key_columns[0], code)]
        return [(at, Code(f"{code.text}[{n}]", may_fail=True)) for n, at in enumerate(layout.key_columns)]

    def bound(self, name: str) -> tuple[Code, Self]:
        """A Python name for a variable's row, and the surroundings that know it."""
        code = Code(self.module.name(name), Form.ROW)
        return code, self.within({name: code})

    # --- loops that raise

    def loops(
        self, join: typed.Join, inside: Callable[[FactWriting], Sequence[Line]], kept: str = "()"
    ) -> Iterator[Line]:
        """The loops over a join's bindings, with what stands inside the last; `kept` is what they collect."""
        order = order_of(join)
        writing, depth = self, 0
        if order.first:
            tests = " and ".join(writing.solid(part).text for part in order.first)
            yield Line(0, f"if {tests}:", order.first[0].span)
            depth = 1
        once: dict[TypedExpr, TypedExpr] = {}
        for expr in dict.fromkeys(self._invariant(join)):
            local = typed.Local(f"{len(once)} once", expr.type, expr.span)  # no author can write such a name
            code, name = self.code(expr), self.module.name("once")
            yield Line(depth, f"{name} = {code.text}", expr.span)
            once[expr] = local
            writing = writing.within({local.name: replace(code, text=name, may_fail=False)})
        for binding in order.bindings:
            source = writing.source(binding)
            row, inner = writing.bound(binding.name)
            for line in writing.opened(source, binding, row, kept):
                yield line.inside(depth)
            depth += 2 if source.is_choice else 1
            writing = inner
            for line in self._seen(binding.type, row):
                yield line.inside(depth, self.module.span)
            left = [part for part in binding.parts if part not in source.covered]
            if left:
                text = " and ".join(writing.solid(with_parts(part, once)).text for part in left)
                yield Line(depth, f"if {text}:", left[0].span)
                depth += 1
        for line in inside(writing):
            yield line.inside(depth)

    def _seen(self, of: str, row: Code) -> Iterator[Line]:
        """Lines that pass over rows that are not seen yet."""
        if of in self.moving:
            whys, horizon = self.module.resource(WhysOf(of)), self.module.resource(Horizon())
            yield Line(0, f"if {whys}[{row.text}][1] >= {horizon}[0]: continue")

    def _invariant(self, join: typed.Join) -> Iterator[TypedExpr]:
        """What is computed in the join's condition and is the same for all its bindings: once will do."""
        known = self.names.keys() - {name for name, _ in join.variables}
        waiting: list[TypedExpr | typed.TypedTest | typed.Join] = [*conjuncts(join.condition)]
        while waiting:
            node = waiting.pop()
            if isinstance(node, COMPUTED) and locals_in(node) <= known:
                yield node
            else:
                waiting += parts(node)

    def opened(
        self, source: Source, of: Binding, row: Code, kept: str, *, may_be_doubtful: bool = True
    ) -> Iterator[Line]:
        """The loop over a variable's rows, once no doubtful fact may be one of them."""
        doubts = self.module.resource(DoubtsOf(of.type)) if may_be_doubtful else ""
        span = of.parts[0].span if of.parts else self.module.span
        if not source.columns:
            if doubts:
                yield Line(0, f"if {doubts}: raise InexactError", span)
            yield looking(0, source.rows, kept, span)
            yield Line(0, f"for {row.text} in {source.rows}:", span, width=source.width)
            return
        key, depth = self.module.name("key"), 0
        if source.is_choice:
            yield Line(0, f"for {key} in {source.choices}:", span, width=len(source.keys))
            depth = 1
        else:
            yield Line(0, f"{key} = {source.key}", span)
        if doubts:
            match = f"{doubts} and {doubts}.may_match({source.columns!r}, {key})"
            yield Line(depth, f"if {match}: raise InexactError", span)
        if any(map(self.layouts[of.type].may_be_unknown, source.columns)):
            yield Line(depth, f"if {source.rows}.loose: raise InexactError", span)
        for line in self.over(source, key, row, kept):
            yield line.inside(depth, span)

    def over(self, source: Source, key: str, row: Code, kept: str) -> Iterator[Line]:
        """The loop over the rows that have a key."""
        found = f"{source.rows}.get({key}, ())"
        if self.module.counts and source.width != 1:  # one is no more than what was looked at before
            several = self.module.name("several")
            yield Line(0, f"{several} = {found}")
            yield looking(0, several, kept)
            found = several
        yield Line(0, f"for {row.text} in {found}:", width=source.width)

    # --- expressions over facts

    def function(self, name: str, lines: Sequence[Line], passed: Mapping[str, Code], span: Any) -> str:
        """A call of a new function with these lines."""
        function = self.module.name(name)
        names = [each.text for each in passed.values()]
        self.module.function(function, names, lines, span)
        return f"{function}({', '.join(names)})"

    def _some_fact(self, expr: typed.SomeFact) -> Code:
        lines = [*self.loops(expr.join, lambda _: [Line(0, "return True", expr.span)]), Line(0, "return False")]
        return Code(self.function("some", lines, self.passed(expr.join), expr.span), may_fail=True)

    def _aggregate(self, expr: typed.Aggregate) -> Code:
        return self._total(expr, of_none="None")

    def ordered(self, expr: TypedExpr) -> Code:
        """Code for the expression where it is compared by order: the greatest of none lies below everything there."""
        if isinstance(expr, typed.Aggregate) and expr.function in EDGES:
            return self._total(expr, of_none=EDGES[expr.function])
        if isinstance(expr, typed.Local) and self.names[expr.name].edge:
            code = self.names[expr.name]
            return replace(code, text=f"or_edge({code.text}, {code.edge})")
        return self.solid(expr)

    def _total(self, expr: typed.Aggregate, of_none: str) -> Code:
        name = self.module.name("found")
        lines = [
            Line(0, f"{name} = {{}}" if self._may_repeat(expr) else f"{name} = []", expr.span),
            *self.loops(expr.join, lambda inner: inner.taken(expr, name), name),
            *self._result(expr, f"{name}.values()" if self._may_repeat(expr) else name, of_none),
        ]
        return Code(self.function(expr.function, lines, self.passed(expr.join, expr.item), expr.span), may_fail=True)

    def gathered(self, expr: typed.Aggregate) -> Code:
        """The items of a total by the facts that make them different."""
        name = self.module.name("found")
        lines = [
            Line(0, f"{name} = {{}}", expr.span),
            *self.loops(expr.join, lambda inner: inner.gathered_item(expr, name), name),
            Line(0, f"return {name}", expr.span),
        ]
        return Code(self.function(expr.function, lines, self.passed(expr.join, expr.item), expr.span), may_fail=True)

    def gathered_item(self, expr: typed.Aggregate, found: str) -> list[Line]:
        """Lines that take the item of a binding under the facts that make it different."""
        types = dict(expr.join.variables)
        keys = "".join(f"{self.key(types[name], self.names[name])}, " for name in expr.keys)
        return [*self._told_apart(expr), Line(0, f"{found}[{keys}] = {self._item(expr).text}", expr.span)]

    def _may_repeat(self, expr: typed.Aggregate) -> bool:
        """True when one combination may be found by several bindings."""
        return len(expr.keys) < len(expr.join.variables)

    def taken(self, expr: typed.Aggregate, found: str) -> list[Line]:
        """Lines that take the item of a binding, once for each combination of facts."""
        if self._may_repeat(expr):
            return self.gathered_item(expr, found)
        return [*self._told_apart(expr), Line(0, f"{found}.append({self._item(expr).text})", expr.span)]

    def _told_apart(self, expr: typed.Aggregate) -> Iterator[Line]:
        """Lines that stop where the key of a fact does not tell it apart."""
        for name, of in expr.join.variables:
            layout = self.layouts[of]
            if name in expr.keys and layout.of.is_derived and layout.has_values:
                row, sole = self.names[name], self.module.resource(SoleOf(of))
                yield Line(0, f"sole({sole}, {self.key(of, row)}, {row.text})", expr.span)

    def _item(self, expr: typed.Aggregate) -> Code:
        return Code("1") if expr.function == "count" else self.keyed(expr.item, self.solid(expr.item))

    def _result(self, expr: typed.Aggregate, found: str, of_none: str) -> list[Line]:
        of = without_null(expr.item.type)
        empty = [Line(0, f"if not {found}: return {of_none}", expr.span)]
        match expr.function:
            case "count":
                return [Line(0, f"return len({found})", expr.span)]
            case "sum":
                return [Line(0, f"return total({found})", expr.span)]
            case "mean":
                return [*empty, Line(0, f"return mean([*{found}])", expr.span)]
            case "min" | "max" if of in NATIVE_EXTREMES:
                return [*empty, Line(0, f"return {expr.function}({found})", expr.span)]
            case _:
                raise NotCompiledError

    cases: ClassVar[Mapping[type, Callable[[Any, Any], Code]]] = {
        **Writing.cases,
        typed.SomeFact: _some_fact,
        typed.Aggregate: _aggregate,
    }
