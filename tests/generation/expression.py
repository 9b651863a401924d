"""Expressions as text, drawn so that they are well typed and stratified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tests.generation.dice import Dice
from tests.generation.schema import DAYS, FieldSpec, Schema

T = TypeVar("T")
ORDERS = ("<", "<=", ">", ">=", "=", "!=")
GROWING = (">=", ">")


@dataclass(frozen=True)
class Judgment:
    """A judgment; `answer` is what a condition compares it with (None: it is a condition itself)."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    answer: str | None


@dataclass(frozen=True)
class Scope:
    """Variables with their types; types that may be read anywhere; types of the cycle, read only where they grow."""

    variables: Mapping[str, str]
    strict: tuple[str, ...]
    growing: tuple[str, ...] = ()

    def with_variables(self, more: Mapping[str, str]) -> Scope:
        return replace(self, variables={**self.variables, **more})

    @property
    def finished(self) -> Scope:
        """Where nothing of the cycle may be read any more."""
        return replace(self, growing=())


@dataclass
class Writer:
    """Draws expressions over a schema and counts the constructs used."""

    dice: Dice
    schema: Schema
    judgments: Sequence[Judgment] = ()
    definitions: Sequence[str] = ()  # of one number each, from a fact of type A
    has_parameter: bool = False
    constructs: Counter[str] = field(default_factory=Counter)
    names: int = 0

    def one_of(self, options: Sequence[T]) -> T:
        return self.dice.one_of(options)

    def below(self, count: int) -> int:
        return self.dice.below(count)

    def fresh(self, prefix: str = "v") -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    def note(self, construct: str) -> None:
        self.constructs[construct] += 1

    # --- paths

    def paths(self, scope: Scope, wanted: Callable[[FieldSpec], bool]) -> list[str]:
        """Fields of variables, and of what they refer to, that are wanted."""
        found = []
        for name, of in scope.variables.items():
            for each in self.schema[of].fields:
                if wanted(each):
                    found.append(f"{name}.{each.name}")
                if each.kind in scope.strict:
                    found += [f"{name}.{each.name}.{inner.name}" for inner in self._behind(each) if wanted(inner)]
        return found

    def _behind(self, reference: FieldSpec) -> list[FieldSpec]:
        """The fields behind a reference; behind one that may be null they may be null."""
        fields = self.schema[reference.kind].fields
        return [replace(each, is_nullable=each.is_nullable or reference.is_nullable) for each in fields]

    def references(self, scope: Scope, to: str, *, allow_null: bool = True) -> list[str]:
        """Variables of the type and fields that refer to it."""

        def leads_there(of: FieldSpec) -> bool:
            return of.kind == to and (allow_null or not of.is_nullable)

        return [name for name, of in scope.variables.items() if of == to] + self.paths(scope, leads_there)

    # --- conditions

    def condition(self, scope: Scope, depth: int) -> str:
        """A condition; in a scope with growing types, one that more facts can only make true."""
        options = [self._number_test, self._number_test, self._value_test, self._value_test, self._reference_test]
        options += [self._list_test, self._called_test, self._judged]
        if depth > 0:
            options += [self._and, self._or, self._not, self._implies, self._if, self._some, self._some, self._every]
            options += [self._total_test, self._total_test, self._some_item, self._between]
        if scope.growing and self.below(2):
            options = [self._and, self._or, self._some, self._total_test] if depth > 0 else [self._some]
        return options[self.below(len(options))](scope, depth)

    def _and(self, scope: Scope, depth: int) -> str:
        self.note("and")
        return f"({self.condition(scope, depth - 1)} and {self.condition(scope, depth - 1)})"

    def _or(self, scope: Scope, depth: int) -> str:
        self.note("or")
        return f"({self.condition(scope, depth - 1)} or {self.condition(scope, depth - 1)})"

    def _not(self, scope: Scope, depth: int) -> str:
        self.note("not")
        return f"not({self.condition(scope.finished, depth - 1)})"

    def _implies(self, scope: Scope, depth: int) -> str:
        self.note("implies")
        inner = scope.finished
        return f"({self.condition(inner, depth - 1)} implies {self.condition(inner, depth - 1)})"

    def _if(self, scope: Scope, depth: int) -> str:
        self.note("if")
        parts = [self.condition(scope.finished, depth - 1) for _ in range(3)]
        return f"(if {parts[0]} then {parts[1]} else {parts[2]})"

    def _some(self, scope: Scope, depth: int) -> str:
        readable = (*scope.growing, *scope.growing, *scope.strict)
        of, name = self.one_of(readable), self.fresh()
        self.note("some over a cycle" if of in scope.growing else "some over facts")
        return f"(some {name}: {of} satisfies {self.condition(scope.with_variables({name: of}), max(0, depth - 1))})"

    def _every(self, scope: Scope, depth: int) -> str:
        self.note("every over facts")
        of, name = self.one_of(scope.strict), self.fresh()
        inner = scope.finished.with_variables({name: of})
        return f"(every {name}: {of} satisfies {self.condition(inner, depth - 1)})"

    def _some_item(self, scope: Scope, depth: int) -> str:
        self.note("some over a list")
        name, items = self.fresh(), [self.number(scope.finished, 0) for _ in range(2)]
        quantifier, op = self.one_of(("some", "every")), self.one_of(ORDERS)
        bound = self.number(scope.finished, depth - 1)
        return f"({quantifier} {name} in [{', '.join(items)}] satisfies {name} {op} {bound})"

    def _between(self, scope: Scope, depth: int) -> str:
        self.note("between")
        scope = scope.finished
        low, high = self.number(scope, 0), self.number(scope, 0)
        return f"({self.number(scope, depth - 1)} between {low} and {high})"

    def _list_test(self, scope: Scope, depth: int) -> str:
        scope = scope.finished
        paths = self.paths(scope, lambda of: of.kind == "list" and not of.is_nullable)
        if not paths:
            return self._number_test(scope, depth)
        self.note("list")
        path, item, name = self.one_of(paths), self.number(scope, 0), self.fresh()
        return self.one_of(
            (
                f"({item} in {path})",
                f"list contains({path}, {item})",
                f"(count({path}) {self.one_of(ORDERS)} {self.below(3)})",
                f"(sum({path}) {self.one_of(ORDERS)} {item})",
                f"(some {name} in {path} satisfies {name} > {item})",
                f"({path}[item {self.one_of(ORDERS)} {item}] = {path})",
                f"({path}[{self.below(4) - 2}] {self.one_of(ORDERS)} {item})",
                f"({self.one_of(('min', 'max', 'mean'))}({path}) {self.one_of(ORDERS)} {item})",
                f"(sum(for {name} in {path} return {name} + {item}) {self.one_of(ORDERS)} {item})",
                f"(every {name} in {path} satisfies {name} > {item})",
                f"({path} {self.one_of(('=', '!='))} {self.one_of(paths)})",
            )
        )

    def _called_test(self, scope: Scope, depth: int) -> str:
        """What a built-in says of texts or of days."""
        scope = scope.finished
        texts = self.paths(scope, lambda of: of.kind == "text" and not of.is_nullable)
        days = self.paths(scope, lambda of: of.kind == "date")
        if not (texts and (self.below(2) or not days)):
            return self._day_test(days) if days else self._number_test(scope, depth)
        self.note("built-in of texts")
        left, right = self.one_of(texts), self.one_of((*texts, '"x"'))
        return self.one_of(
            (
                f"contains({left}, {right})",
                f"starts with({left}, {right})",
                f"ends with({right}, {left})",
                f"(string length({left}) {self.one_of(ORDERS)} {self.below(3)})",
                f"(similar({left}, {right}) {self.one_of(ORDERS)} 0.5)",
                f'({left} + {right} = "xx")',
            )
        )

    def _day_test(self, days: Sequence[str]) -> str:
        self.note("built-in of days")
        day, op, given = self.one_of(days), self.one_of(ORDERS), self.one_of(DAYS)
        return self.one_of(
            (
                f'(business_days_after({day}, {self.below(3)}, "US") {op} {given})',
                f'({day} + duration("P1D") {op} {given})',
                f'({day} - {given} {op} duration("P1D"))',
            )
        )

    def _total_test(self, scope: Scope, depth: int) -> str:
        if scope.growing and self.below(3):
            return self._growing_total(scope, depth)
        op = self.one_of(ORDERS)
        return f"({self.total(scope.finished, depth)} {op} {self.number(scope.finished, 0)})"

    def _growing_total(self, scope: Scope, depth: int) -> str:
        self.note("growing total")
        first = self.one_of(scope.growing)
        if self.below(4) == 3 and (found := self._growing_extreme(scope, depth, first)):
            return found
        total = self._rising(scope, depth, first)
        if self.below(4) == 3:
            total = f"(2 * {total})"
        if self.below(3) == 2:
            return f"({self.below(4)} <= {total})"
        return f"({total} {self.one_of(GROWING)} {self.below(4)})"

    def _rising(self, scope: Scope, depth: int, first: str) -> str:
        """A count or a sum that more facts can only raise."""
        types = [first, *([self.one_of(scope.strict)] if self.below(2) else [])]
        names = {self.fresh(): of for of in types}
        over = ", ".join(f"{name}: {of}" for name, of in names.items())
        inner = scope.with_variables(names)
        where = f" where {self.condition(inner, depth - 1)}" if self.below(4) else ""
        paths = self._never_negative(inner, names)
        if paths and self.below(3):
            self.note("sum")
            return f"sum({self._item(paths)} for {over}{where})"
        self.note("count")
        return f"count({self.one_of([*names])} for {over}{where})"

    def _growing_extreme(self, scope: Scope, depth: int, first: str) -> str:
        """The greatest that must reach a bound, the least that must fall to one; empty where there is no number."""
        names = {self.fresh(): first}
        inner = scope.with_variables(names)
        own = replace(inner, variables=names, growing=())
        paths = self.paths(own, lambda of: of.kind in ("number", "signed"))
        if not paths:
            return ""
        over = ", ".join(f"{name}: {of}" for name, of in names.items())
        where = f" where {self.condition(inner, depth - 1)}" if self.below(4) else ""
        function, op = self.one_of((("max", ">="), ("max", ">"), ("min", "<="), ("min", "<")))
        self.note(f"growing {function}")
        return f"({function}({self._item(paths)} for {over}{where}) {op} {self.below(4)})"

    def _never_negative(self, inner: Scope, names: Mapping[str, str]) -> list[str]:
        own = replace(inner, variables=names, growing=())
        return self.paths(own, lambda of: of.kind == "number" and not of.is_nullable)

    def _number_test(self, scope: Scope, _depth: int) -> str:
        scope = scope.finished
        left = self.number(scope, 1)
        match self.below(4):
            case 0:
                self.note("in a range")
                low = self.below(3)
                start, end = self.one_of(("[", "(")), self.one_of(("]", ")"))
                return f"({left} in {start}{low}..{low + 1 + self.below(2)}{end})"
            case 1:
                self.note("in tests")
                return f"({left} in (< {self.below(3)}, {self.number(scope, 0)}, >= {self.below(3) + 1}))"
            case _:
                self.note("comparison")
                return f"({left} {self.one_of(ORDERS)} {self.number(scope, 0)})"

    def _value_test(self, scope: Scope, depth: int) -> str:
        scope = scope.finished
        kind = self.one_of(("choice", "boolean", "text", "date"))
        paths = self.paths(scope, lambda of: of.kind == kind)
        if not paths:
            return self._reference_test(scope, depth)
        path = self.one_of(paths)
        self.note(f"{kind} test")
        match kind:
            case "boolean":
                return self.one_of((path, f"({path} = false)", f"({path} != true)"))
            case "date":
                return f"({path} {self.one_of(ORDERS)} {self.one_of(DAYS)})"
            case _ if self.below(3) == 2:
                return f"({path} {self.one_of(('=', '!='))} {self.one_of(paths)})"
            case _:
                values = ('"x"', '"y"')
                return f"({path} {self.one_of(('=', '!=', 'in'))} {self.one_of(values)})"

    def _reference_test(self, scope: Scope, _depth: int) -> str:
        scope = scope.finished
        to = self.one_of([*dict.fromkeys([*scope.variables.values(), "A"])])
        sides = self.references(scope, to)
        if len(sides) < 2:
            return self._number_test(scope, 0)
        left, right = self.one_of(sides), self.one_of(sides)
        self.note("reference test")
        match self.below(4):
            case 0 if len(sides) > 2:
                return f"({left} in ({right}, {self.one_of(sides)}))"
            case 1:
                return f"({left} != {right})"
            case _:
                return f"({left} = {right})"

    def judged(self, scope: Scope) -> str:
        """A condition that a question decides, where there is one to ask."""
        return self._judged(scope, 0)

    def _judged(self, scope: Scope, depth: int) -> str:
        if not self.judgments:
            return self._number_test(scope, depth)
        judgment = self.dice.one_of(self.judgments)
        arguments = []
        for _, of in judgment.parameters:
            options = self.references(scope, of)
            if not options:
                return self._number_test(scope, depth)
            arguments.append(self.one_of(options))
        self.note("judgment")
        call = f"{judgment.name}({', '.join(arguments)})"
        return call if judgment.answer is None else f"({call} {self.one_of(('=', '!='))} {judgment.answer})"

    # --- numbers

    def number(self, scope: Scope, depth: int) -> str:
        """A term that is a number, over finished strata."""
        paths = self.paths(scope, lambda of: of.kind in ("number", "signed"))
        options: list[Callable[[], str]] = [lambda: self.one_of(paths)] * 3 if paths else []
        if depth == 0 or not paths:
            options.append(lambda: str(self.below(4)))
        if self.has_parameter:
            options.append(self._parameter)
        if depth > 0:
            options += [lambda: self._arithmetic(scope, depth)] * 2
            options += [lambda: self._choice_of_numbers(scope, depth), lambda: self.total(scope, depth)]
            options += [lambda: self._call(scope)] * bool(self.definitions and self.references(scope, "A"))
        return options[self.below(len(options))]()

    def _parameter(self) -> str:
        self.note("parameter")
        return "limit"

    def _arithmetic(self, scope: Scope, depth: int) -> str:
        op = self.one_of(("+", "-", "*", "/"))
        self.note("arithmetic")
        left, right = self.number(scope, depth - 1), self.number(scope, depth - 1)
        forms = [f"({left} {op} {right})", f"abs({left} {op} {right})", f"(-{left})"]
        forms += [
            f"floor({left} / 2)",
            f"ceiling({left} {op} {right})",
            f"decimal({left} / 3, 1)",
            f"modulo({left}, 2)",
        ]
        return self.one_of(forms)

    def _choice_of_numbers(self, scope: Scope, depth: int) -> str:
        self.note("if")
        parts = self.number(scope, depth - 1), self.number(scope, depth - 1)
        return f"(if {self.condition(scope, 0)} then {parts[0]} else {parts[1]})"

    def _call(self, scope: Scope) -> str:
        self.note("definition")
        return f"{self.one_of(self.definitions)}({self.one_of(self.references(scope, 'A'))})"

    def total(self, scope: Scope, depth: int) -> str:
        """A total over one or two variables."""
        types = [self.one_of(scope.strict)]
        if self.below(2):
            types.append(self.one_of(scope.strict))
        names = {self.fresh(): of for of in types}
        inner = scope.with_variables(names)
        own = replace(inner, variables=names, growing=())
        paths = self.paths(own, lambda of: of.kind in ("number", "signed"))
        over = ", ".join(f"{name}: {of}" for name, of in names.items())
        where = f" where {self.condition(inner, depth - 1)}" if self.below(4) else ""
        if paths and self.below(3):
            function = self.one_of(("sum", "sum", "min", "max", "mean"))
            self.note(function)
            return f"{function}({self._item(paths)} for {over}{where})"
        if paths and self.below(6) == 5:
            self.note("collect")
            return f"count(collect({self._item(paths)} for {over}{where}))"
        self.note("count")
        counted = self.one_of([*names, *(path for path in self.paths(own, lambda _: True))])
        return f"count({counted} for {over}{where})"

    def _item(self, paths: Sequence[str]) -> str:
        match self.below(5):
            case 3:
                return f"2 * {self.one_of(paths)}"
            case 4:
                return f"{self.one_of(paths)} + {self.one_of(paths)}"
            case _:
                return self.one_of(paths)
