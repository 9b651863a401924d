"""What a case reads beside the facts of its variables, and for which of its bindings: inside totals, `some` and
`every`, exceptions and paths from fact to fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.loops import FactWriting
from neurosym.engine.compiled.needs import reached, types_read
from neurosym.engine.compiled.order import Order, order_of
from neurosym.engine.compiled.source import Given, Line, NotCompiledError, looking
from neurosym.engine.firing import Provisions
from neurosym.engine.join import conjuncts
from neurosym.feel.typed import (
    Aggregate,
    And,
    Compare,
    DefinitionCall,
    Join,
    JudgmentCall,
    Local,
    Member,
    SomeFact,
    TypedExpr,
    TypedTest,
)
from neurosym.feel.types import Basic, FactOf, without_null
from neurosym.feel.walk import descendants, locals_in, parts, with_locals
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeFact

NODES_MAX = 2_000  # looked at for one case: definitions within definitions are written out
Node = TypedExpr | TypedTest | Join


@dataclass(frozen=True, slots=True)
class Touch:
    """A row of a type, and the bindings that it may bear on: those of the join in which `name` stands for it. `total`
    is the one that it is an item of, where that stands in the case's own condition and not inside something else.
    """

    name: str
    type: str
    join: Join
    total: Aggregate | None = None


@dataclass(slots=True)
class Touches:
    """All of a case. Of the types in `unfollowed` it cannot be told which bindings a row bears on."""

    found: list[Touch] = field(default_factory=list)
    unfollowed: frozenset[str] = frozenset()
    called: dict[TypedExpr, TypedExpr] = field(default_factory=dict)  # calls of definitions, and what they stand for

    def of(self, types: Sequence[str]) -> list[Touch]:
        """Those of rows of the types; none where one of them is not followed."""
        if not self.unfollowed.isdisjoint(types):
            return []
        return [each for each in self.found if each.type in types]


def touches_of(program: Program, provisions: Provisions, case: Case) -> Touches:
    """What a case reads beside the facts of its variables."""
    walk = _Walk(program, provisions, case.join.variables)
    scope = _Scope(case.join.variables, plain_parts(case.join.condition))
    if case.join.condition is not None:
        walk.node(case.join.condition, scope)
    if isinstance(case.conclusion, ConcludeFact):
        for _, value in case.conclusion.fields:
            walk.node(value, scope)
    walk.exceptions(case.provision.id, case.conclusion.target, scope)
    return walk.touches


@dataclass(frozen=True, slots=True)
class _Scope:
    """The variables that stand for facts at some place, and what is true of them there."""

    variables: tuple[tuple[str, str], ...]
    parts: tuple[TypedExpr, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.variables)

    def inside(self, join: Join) -> _Scope:
        return _Scope((*self.variables, *join.variables), (*self.parts, *plain_parts(join.condition)))

    def join(self) -> Join:
        """Its bindings."""
        names = self.names
        told = tuple(part for part in self.parts if locals_in(part) <= names)
        return Join(self.variables, And(told, Basic.BOOLEAN, told[0].span) if told else None)


@dataclass(slots=True)
class _Walk:
    program: Program
    provisions: Provisions
    variables: tuple[tuple[str, str], ...]  # the case's
    touches: Touches = field(default_factory=Touches)
    count: int = 0

    def node(self, node: Node, scope: _Scope) -> None:
        self.count += 1
        if self.count > NODES_MAX:
            self._give_up(node)
            return
        match node:
            case SomeFact() | Aggregate():
                self._join(node, scope)
                return
            case DefinitionCall():
                self._definition(node, scope)
            case JudgmentCall():
                self._give_up(node)
            case Member():
                self._member(node, scope)
        for part in parts(node):
            self.node(part, scope)

    def exceptions(self, of: str, target: str | None, scope: _Scope) -> None:
        """What exceptions read, and exceptions to them."""
        for exception in self.provisions.to(of, target):
            inner = self._variables(exception.join, scope)
            if inner is None:
                self._give_up(exception.join)
            else:
                if exception.join.condition is not None:
                    self.node(exception.join.condition, inner)
                self.exceptions(exception.id, None, inner)

    def _join(self, node: SomeFact | Aggregate, scope: _Scope) -> None:
        inner = self._variables(node.join, scope, node if isinstance(node, Aggregate) else None)
        if inner is None:
            self._give_up(node)
            return
        if node.join.condition is not None:
            self.node(node.join.condition, inner)
        if isinstance(node, Aggregate):
            self.node(node.item, inner)

    def _variables(self, join: Join, scope: _Scope, total: Aggregate | None = None) -> _Scope | None:
        """The scope inside a join, once its own variables are told of; None where a name has two meanings."""
        if not scope.names.isdisjoint(name for name, _ in join.variables):
            return None
        inner = scope.inside(join)
        is_own = scope.variables == self.variables and total is not None and locals_in(total) <= inner.names
        own = total if is_own else None
        self.touches.found += [Touch(name, of, inner.join(), own) for name, of in join.variables]
        return inner

    def _definition(self, node: DefinitionCall, scope: _Scope) -> None:
        called = self.program.definitions[node.name]
        given = dict(zip(called.parameters, node.arguments, strict=True))
        bound = {name for each in descendants(called.body) if isinstance(each, Join) for name, _ in each.variables}
        if bound & (scope.names | locals_in(node)):  # a fact of the body would be taken for one of the rule
            self._give_up(node)
        else:
            body = self.touches.called[node] = with_locals(called.body, given)
            self.node(body, scope)

    def _member(self, node: Member, scope: _Scope) -> None:
        """A path to another fact: the bindings in which it leads to the row."""
        of = without_null(node.base.type)
        if not isinstance(of, FactOf) or (isinstance(node.base, Local) and node.base.name in scope.names):
            return
        if not locals_in(node.base) <= scope.names or any(map(_is_opaque, descendants(node.base))):
            self._give_up(node)
            return
        name = _free("read", scope.names)
        leads = Compare("=", node.base, Local(name, FactOf(of.name), node.span), Basic.BOOLEAN, node.span)
        around = _Scope((*scope.variables, (name, of.name)), (*scope.parts, leads))
        self.touches.found.append(Touch(name, of.name, around.join()))

    def _give_up(self, node: Node) -> None:
        below = frozenset[str]().union(*(types_read(self.program, each) for each in reached(self.program, node)))
        self.touches.unfollowed |= below


def plain_parts(condition: TypedExpr | None) -> tuple[TypedExpr, ...]:
    """The conjuncts that speak of the facts of variables alone, so that they stay as they are while these do."""
    return tuple(part for part in conjuncts(condition) if not any(map(_looks_further, descendants(part))))


def _looks_further(node: Node) -> bool:
    if isinstance(node, Member):
        return isinstance(without_null(node.base.type), FactOf) and not isinstance(node.base, Local)
    return isinstance(node, (Join, DefinitionCall, JudgmentCall))


def _is_opaque(node: Node) -> bool:
    return isinstance(node, (Join, DefinitionCall, JudgmentCall))


def _free(wish: str, taken: frozenset[str]) -> str:
    while wish in taken:
        wish += "_"
    return wish


# --- code


def write_touch(writing: FactWriting, case: Case, touch: Touch, name: str, *, may_be_doubtful: bool) -> None:
    """Write the function that gives the bindings of the case that rows bear on. With `may_be_doubtful` it raises where
    a variable that is not the case's may stand for a doubtful fact.
    """

    def kept(inner: FactWriting) -> list[Line]:
        return [Line(0, f"found[{rows_of(inner, case)}] = True", case.span)]

    order = order_of(touch.join, [touch.name])
    found = touching(writing, case, order, _told, kept, may_be_doubtful=may_be_doubtful)
    writing.module.function(name, ["rows"], [Line(0, "found = {}"), *found, Line(0, "return found")], case.span)


def rows_of(writing: FactWriting, case: Case) -> str:
    """Python source of a binding of the case."""
    return "".join(f"{writing.names[name].text}, " for name, _ in case.join.variables)


def touching(
    writing: FactWriting,
    case: Case,
    order: Order,
    told: Callable[[FactWriting, Sequence[TypedExpr]], Iterable[str]],
    inside: Callable[[FactWriting], Sequence[Line]],
    *,
    may_be_doubtful: bool,
) -> Iterator[Line]:
    """The loops from `rows` to bindings of the case, with the tests that are `told` and what stands inside the last."""
    outer, depth = dict(case.join.variables), 0
    for at, binding in enumerate(order.bindings):
        row, inner = writing.bound(binding.name)
        tests = binding.parts
        if at == 0:
            tests = (*order.first, *tests)
            yield looking(depth, "rows", "found", case.span)
            yield Line(depth, f"for {row.text} in rows:", case.span, width=Given.ROWS)
        else:
            source = writing.source(binding)
            may_be = may_be_doubtful and binding.name not in outer
            for line in writing.opened(source, binding, row, "found", may_be_doubtful=may_be):
                yield line.inside(depth)
            depth += 1 if source.is_choice else 0
            tests = tuple(part for part in tests if part not in source.covered)
        depth += 1
        writing = inner
        for text in told(writing, tests):
            yield Line(depth, f"if not {text}: continue", case.span)
    for line in inside(writing):
        yield line.inside(depth)


def _told(writing: FactWriting, tests: Sequence[TypedExpr]) -> Iterator[str]:
    """Code for the tests that need nothing but the rows: what they rule out is ruled out for good."""
    for test in tests:
        with suppress(NotCompiledError):
            yield writing.solid(test).text


def bound_order(case: Case) -> Order:
    """The order of a binding that is there already: everything is tested at once."""
    order = order_of(case.join)
    by_name = {each.name: each for each in order.bindings}
    bindings = [by_name[name] for name, _ in case.join.variables]
    condition = tuple(conjuncts(case.join.condition))
    bare = [replace(each, equations=(), choice=None, parts=()) for each in bindings]
    return Order((), (*bare[:-1], replace(bare[-1], parts=condition)))
