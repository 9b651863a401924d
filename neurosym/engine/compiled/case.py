"""Cases: a conclusion of a provision with the join it rests on, and the functions generated for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from neurosym.engine.compiled.expression import Code
from neurosym.engine.compiled.loops import FactWriting, Source
from neurosym.engine.compiled.order import Binding, Order
from neurosym.engine.compiled.source import CASE_PARAMETERS, Given, Line, NotCompiledError, looking
from neurosym.engine.firing import Provisions
from neurosym.feel.typed import And, Join, TypedExpr
from neurosym.feel.types import Basic, FactOf, without_null
from neurosym.program.rule import ConcludeFact, Conclusion, Provision, RuleException
from neurosym.text.span import Span

# Types whose values Python orders as facts are ordered (`feel.order.fact_order`).
KEPT = "new, doubts"  # what a function of a case collects
NATIVE_KEYS = frozenset({Basic.TEXT, Basic.NUMBER, Basic.BOOLEAN, Basic.DATE, Basic.DURATION, Basic.MONTHS})


@dataclass(frozen=True)
class Case:
    """What concludes something: a rule, or an exception together with all that it belongs to (`join` is of them all).

    `number` orders cases as their provisions' names do. `is_alone` when no other case of its provision concludes the
    same type of fact.
    """

    number: int
    is_alone: bool
    provision: Provision
    conclusion: Conclusion
    join: Join
    above: tuple[Provision, ...] = ()  # what an exception belongs to, from the rule down
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(sorted(name for name, _ in self.join.variables)))

    @property
    def span(self) -> Span:
        """Where it is declared."""
        return self.provision.span

    @property
    def concluded(self) -> str:
        """The type of the facts that it concludes, where it concludes facts."""
        assert isinstance(self.conclusion, ConcludeFact)
        return self.conclusion.type


def cases_of(provisions: Provisions) -> list[Case]:
    """Every case of the provisions, ordered by their names."""
    found: list[tuple[Provision, Conclusion, Join, tuple[Provision, ...]]] = []
    for rule in provisions.rules:
        found += [(rule, each, rule.join, ()) for each in rule.conclusions]
    for exception in provisions.exceptions:
        for above in _paths(provisions, exception):
            join = _joined([*above, exception])
            found += [(exception, each, join, above) for each in exception.conclusions]
    found.sort(key=lambda each: each[0].id)
    count = Counter((of.id, type(conclusion), conclusion.target) for of, conclusion, _, _ in found)
    return [
        Case(number, count[of.id, type(conclusion), conclusion.target] == 1, of, conclusion, join, above)
        for number, (of, conclusion, join, above) in enumerate(found)
    ]


def _paths(provisions: Provisions, exception: RuleException) -> Iterator[tuple[Provision, ...]]:
    """The ways from a rule down to an exception."""
    for target in exception.targets:
        for other in provisions.by_id.get(target.of, ()):
            if isinstance(other, RuleException):
                for above in _paths(provisions, other):
                    yield (*above, other)
            else:
                yield (other,)


def _joined(provisions: Sequence[Provision]) -> Join:
    variables = tuple(each for of in provisions for each in of.join.variables)
    parts = tuple(of.join.condition for of in provisions if of.join.condition is not None)
    condition = And(parts, Basic.BOOLEAN, provisions[-1].span) if parts else None
    return Join(variables, condition)


@dataclass(frozen=True)
class CaseWriting:
    """Writes the functions of a case.

    Each takes the rows of its first variable, the number of the round, why each fact of the concluded type is certain
    and the list of those that are new, both of which it adds to, and a list for the bindings that the general evaluator
    must look at: the place of the variable bound last, and the rows of all that are.
    """

    writing: FactWriting
    provisions: Provisions
    case: Case

    def written(self, name: str, order: Order) -> None:
        """Write the function that binds the case's variables in this order; NotCompiledError when there are none."""
        if not order.bindings:
            raise NotCompiledError
        self.writing.module.function(name, CASE_PARAMETERS, self._lines(order), self.case.span)

    def written_bound(self, name: str, order: Order) -> None:
        """Write the function that tests bindings as they are, instead of the rows of a first variable."""
        self.writing.module.function(name, CASE_PARAMETERS, self._bound_lines(order), self.case.span)

    def _bound(self, writing: FactWriting, tests: Sequence[TypedExpr]) -> tuple[FactWriting, Sequence[TypedExpr]]:
        """The surroundings in which a whole binding is tested, and the tests as they are written there."""
        return writing, tests

    def _bound_lines(self, order: Order) -> Iterator[Line]:
        writing = self.writing
        rows = []
        for binding in order.bindings:
            row, writing = writing.bound(binding.name)
            rows.append(row.text)
        doubt = f"doubts.append(({len(rows) - 1}, {', '.join(rows)}))"
        yield looking(0, "rows", KEPT, self.case.span)
        yield Line(0, f"for {', '.join(rows)}, in rows:", self.case.span, width=Given.ROWS)
        writing, parts = self._bound(writing, order.bindings[-1].parts)
        tests, is_exact = _tested(writing, parts, doubt, self.case.span)
        for line in (*tests, *(self._concluded(writing, doubt) if is_exact else ())):
            yield line.inside(1)

    def _lines(self, order: Order) -> Iterator[Line]:
        writing, bound, depth = self.writing, "", 0
        for at, binding in enumerate(order.bindings):
            source = Source("rows", (), (), (), width=Given.ROWS) if at == 0 else writing.source(binding)
            row, inner = writing.bound(binding.name)
            span = binding.parts[0].span if binding.parts else self.case.span
            before = bound
            bound = f"{bound}, {row.text}"
            for line in self._opened(source, binding, row, at, before):
                yield line.inside(depth, span)
            depth += 2 if source.is_choice else 1
            writing = inner
            tests = [each for each in binding.parts if each not in source.covered]
            if at == 0:
                tests = [*order.first, *tests]
            lines, is_exact = _tested(writing, tests, f"doubts.append(({at}{bound}))", span)
            for line in lines:
                yield line.inside(depth)
            if not is_exact:
                return
        inside = self._concluded(writing, f"doubts.append(({len(order.bindings) - 1}{bound}))")
        for line in inside:
            yield line.inside(depth)

    def _opened(self, source: Source, of: Binding, row: Code, at: int, before: str) -> Iterator[Line]:
        """The loop over a variable's rows; what has no exact key is left to the general evaluator."""
        if not source.columns:
            yield looking(0, source.rows, KEPT)
            yield Line(0, f"for {row.text} in {source.rows}:", width=source.width)
            return
        key = self.writing.module.name("key")
        loose = any(map(self.writing.layouts[of.type].may_be_unknown, source.columns))
        given = source.choices if source.is_choice else source.key
        if source.may_fail:
            yield Line(0, "try:")
            yield Line(1, f"{key} = {given}")
            yield Line(0, "except INEXACT:")
            yield Line(1, f"doubts.append(({at - 1}{before}))")
            yield Line(1, "continue")
        else:
            yield Line(0, f"{key} = {given}")
        if loose:
            yield Line(0, f"doubts.extend([({at}{before}, loose) for loose in {source.rows}.loose])")
        if source.is_choice:
            each = self.writing.module.name("each")
            yield Line(0, f"for {each} in {key}:", width=len(source.keys))
            for line in self.writing.over(source, each, row, KEPT):
                yield line.inside(1)
        else:
            yield from self.writing.over(source, key, row, KEPT)

    def _concluded(self, writing: FactWriting, doubt: str) -> list[Line]:
        """What is concluded of a binding that satisfies the condition."""
        case = self.case
        span = case.conclusion.span
        defeat = self._defeat(writing)
        if not isinstance(case.conclusion, ConcludeFact):
            rows = "".join(f", {writing.names[name].text}" for name in case.names)
            if defeat is None:
                return [Line(0, f"new.append((True{rows}))", span)]
            defeated = _guarded([f"is_undefeated = not {defeat.text}"], doubt, span)
            return [*defeated, Line(0, f"new.append((is_undefeated{rows}))", span)]
        fields = [self._field(writing, name, value) for name, value in case.conclusion.fields]
        row = writing.module.name("row")
        made = f"{row} = ({''.join(f'{each.text}, ' for each in fields)})"
        lines: list[Line] = []
        if defeat is not None:
            lines += _guarded([f"if {defeat.text}: continue"], doubt, span)
        if any(each.may_fail for each in fields):
            lines += _guarded([made], doubt, span)
        else:
            lines.append(Line(0, made, span))
        return [*lines, *self._kept(writing, row, span)]

    def _field(self, writing: FactWriting, name: str, value: TypedExpr) -> Code:
        """The value of a field of the concluded fact; outside what the field declares it has none."""
        conclusion = self.case.conclusion
        assert isinstance(conclusion, ConcludeFact)
        layout = writing.layouts[conclusion.type]
        field_ = layout.of.by_name[name]
        code = writing.solid(value) if field_.is_key else writing.plain(value)
        code = writing.keyed(value, code)
        if not field_.tests:
            return code
        admitted = writing.module.constant(field_)
        return Code(f"admitted({admitted}, {code.text})", code.form, may_fail=True)

    def _kept(self, writing: FactWriting, row: str, span: Span) -> list[Line]:
        """Keep what is new, with the least of its derivations."""
        case = self.case
        rows = [writing.names[name] for name in case.names]
        why = f"({case.number}, number{''.join(f', {each.text}' for each in rows)})"
        held = writing.module.name("held")
        less = self._less(writing, rows, held)
        return [
            Line(0, f"{held} = whys.get({row})", span),
            Line(0, f"if {held} is None:", span),
            Line(1, f"whys[{row}] = {why}", span),
            Line(1, f"new.append({row})", span),
            Line(0, f"elif {held}[1] == number and {less}:", span),
            Line(1, f"whys[{row}] = {why}", span),
        ]

    def _less(self, writing: FactWriting, rows: Sequence[Code], held: str) -> str:
        """Python source that tells whether this derivation comes before the one held."""
        types = dict(self.case.join.variables)
        keys = [types[name] for name in self.case.names]
        if not self.case.is_alone or not all(_is_native(writing, of) for of in keys):
            given = "".join(f"{each.text}, " for each in rows)
            return f"precedes({self.case.number}, ({given}), {held})"
        mine = "".join(f"{writing.key(of, row)}, " for of, row in zip(keys, rows, strict=True))
        theirs = "".join(f"{writing.key(of, Code(f'{held}[{at + 2}]'))}, " for at, of in enumerate(keys))
        number = self.case.number
        return f"({held}[0] > {number} if {held}[0] != {number} else ({mine}) < ({theirs}))"

    # --- exceptions

    def _defeat(self, writing: FactWriting) -> Code | None:
        """Python source that tells whether an exception is in effect; None when there is no exception."""
        target = self.case.conclusion.target
        found = [self._effect(writing, each) for each in self.provisions.to(self.case.provision.id, target)]
        return Code(f"({' or '.join(found)})", may_fail=True) if found else None

    def _effect(self, writing: FactWriting, exception: RuleException) -> str:
        """A call that tells whether the exception is in effect for some extension of a binding."""

        def inside(inner: FactWriting) -> list[Line]:
            lifted = [self._effect(inner, each) for each in self.provisions.to(exception.id, None)]
            if lifted:
                return [Line(0, f"if not ({' or '.join(lifted)}): return True", exception.span)]
            return [Line(0, "return True", exception.span)]

        mentioned = writing.passed(*_mentioned(self.provisions, exception))
        inner = writing.only(mentioned)
        lines = [*inner.loops(exception.join, inside), Line(0, "return False", exception.span)]
        return writing.function(exception.id, lines, mentioned, exception.span)


def _mentioned(provisions: Provisions, exception: RuleException) -> Iterator[TypedExpr | Join]:
    """The joins of an exception and of all exceptions to it."""
    yield exception.join
    for each in provisions.to(exception.id, None):
        yield from _mentioned(provisions, each)


def _tested(writing: FactWriting, tests: Sequence[TypedExpr], doubt: str, span: Span) -> tuple[list[Line], bool]:
    """Go on where the tests hold; what is not exactly known is left to the general evaluator. False with it when every
    binding is, because it alone knows one of the tests.
    """
    exact: list[Code] = []
    for test in tests:
        with suppress(NotCompiledError):
            exact.append(writing.solid(test))
    lines: list[Line] = []
    if exact:
        condition = " and ".join(each.text for each in exact)
        if any(each.may_fail for each in exact):
            lines += _guarded([f"if not ({condition}): continue"], doubt, tests[0].span)
        else:
            lines.append(Line(0, f"if not ({condition}): continue", tests[0].span))
    is_exact = len(exact) == len(tests)
    return lines if is_exact else [*lines, Line(0, doubt, span)], is_exact


def _guarded(lines: Sequence[str], doubt: str, span: Span) -> list[Line]:
    return [
        Line(0, "try:", span),
        *(Line(1, line, span) for line in lines),
        Line(0, "except INEXACT:", span),
        Line(1, doubt, span),
        Line(1, "continue", span),
    ]


def _is_native(writing: FactWriting, of: str) -> bool:
    """True when rows of the type can be ordered by their keys as they stand, and keys tell them apart."""
    if writing.layouts[of].of.is_derived and writing.layouts[of].has_values:
        return False
    for field_ in writing.layouts[of].of.key_fields:
        bare = without_null(field_.type)
        if isinstance(bare, FactOf):
            if not _is_native(writing, bare.name):
                return False
        elif bare not in NATIVE_KEYS and not hasattr(bare, "values"):
            return False
    return True
