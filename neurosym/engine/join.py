"""Bindings of a join: the one way in which variables find their facts, through equality indexes where there are any."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.engine.extension import Entry, Extension
from neurosym.feel.evaluation import Evaluator
from neurosym.feel.extent import plain
from neurosym.feel.kleene import both
from neurosym.feel.typed import And, Compare, EqualTest, In, Join, Local, Member, TypedExpr
from neurosym.feel.types import FactOf, ListOf, RecordOf, without_null
from neurosym.feel.walk import locals_in
from neurosym.feel.world import Environment
from neurosym.values.unknown import Unknown
from neurosym.values.value import Fact, Reference, Truth, Value

Extensions: TypeAlias = Callable[[str], Extension]


@dataclass(frozen=True, slots=True)
class Lookup:
    """Facts whose `field` (None: whose key) equals one of the values; everything else makes the condition false."""

    field: str | None
    values: tuple[TypedExpr, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Bind one variable, then test the parts of the condition that have all their names."""

    name: str
    type: str
    lookup: Lookup | None
    tests: tuple[TypedExpr, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The order in which variables are bound."""

    first: tuple[TypedExpr, ...]
    steps: tuple[Step, ...]


def plan(join: Join) -> Plan:
    """Variables with a lookup on what is already bound come first, else the declared order; the meaning is the same."""
    parts = conjuncts(join.condition)
    waiting = dict(join.variables)
    free = [(part, locals_in(part) & waiting.keys()) for part in parts]
    first = tuple(part for part, names in free if not names)
    steps: list[Step] = []
    while waiting:
        name, lookup = _next(waiting, parts)
        of = waiting.pop(name)
        ready = tuple(part for part, names in free if name in names and not names & waiting.keys())
        steps.append(Step(name, of, lookup, ready))
    return Plan(first, tuple(steps))


def bindings(
    found: Plan, environment: Environment, extensions: Extensions, evaluator: Evaluator
) -> Iterator[tuple[Environment, Truth]]:
    """Every extension of the environment for which the join is true or unknown, with its truth."""
    truth = tested(True, found.first, environment, evaluator)
    if truth is not False:
        yield from continued(found.steps, 0, environment, truth, extensions, evaluator)


def continued(
    steps: tuple[Step, ...],
    depth: int,
    environment: Environment,
    truth: Truth,
    extensions: Extensions,
    evaluator: Evaluator,
) -> Iterator[tuple[Environment, Truth]]:
    """Every way to bind the steps from `depth` on, with the truth of all of it."""
    if depth == len(steps):
        yield environment, truth
        return
    step = steps[depth]
    for entry in _candidates(step, environment, extensions, evaluator):
        evaluator.look(1)
        extended: Mapping[str, Value] = {**environment, step.name: entry.fact}
        here = tested(both(truth, entry.truth), step.tests, extended, evaluator)
        if here is not False:
            yield from continued(steps, depth + 1, extended, here, extensions, evaluator)


def tested(truth: Truth, tests: tuple[TypedExpr, ...], environment: Environment, evaluator: Evaluator) -> Truth:
    """The truth together with that of the tests."""
    for test in tests:
        truth = both(truth, evaluator.truth(test, environment))
        if truth is False:
            return False
    return truth


def _candidates(step: Step, environment: Environment, extensions: Extensions, evaluator: Evaluator) -> Iterator[Entry]:
    extension = extensions(step.type)
    if step.lookup is None:
        yield from list(extension)
        return
    values = [plain(evaluator.value(each, environment)) for each in step.lookup.values]
    if any(not _is_exact(value) for value in values):
        yield from list(extension)
        return
    seen: set[int] = set()
    for value in values:
        for entry in _matching(extension, step, value):
            if id(entry) not in seen:
                seen.add(id(entry))
                yield entry


def _matching(extension: Extension, step: Step, value: Value) -> Iterator[Entry]:
    assert step.lookup is not None
    if step.lookup.field is not None:
        return extension.with_value(step.lookup.field, value)
    return extension.with_key(value.key) if isinstance(value, Reference) else iter(())


def _is_exact(value: Value) -> bool:
    """True when only equal values can equal it, so that an index finds them all."""
    return not isinstance(value, (Unknown, tuple, Fact))


def conjuncts(condition: TypedExpr | None) -> list[TypedExpr]:
    """The parts that must all hold."""
    if condition is None:
        return []
    if isinstance(condition, And):
        return [conjunct for part in condition.parts for conjunct in conjuncts(part)]
    return [condition]


def _next(waiting: Mapping[str, str], parts: list[TypedExpr]) -> tuple[str, Lookup | None]:
    for name, of in waiting.items():
        for part in parts:
            lookup = _lookup(part, name, of, waiting)
            if lookup is not None:
                return name, lookup
    return next(iter(waiting)), None


def _lookup(part: TypedExpr, name: str, of: str, waiting: Mapping[str, str]) -> Lookup | None:
    """The lookup that a conjunct allows for a variable, if the other side mentions only bound names."""
    for own, others in equations(part):
        if any(locals_in(other) & waiting.keys() for other in others):
            continue
        if isinstance(own, Local) and own.name == name and own.type == FactOf(of):
            return Lookup(None, others)
        if isinstance(own, Member) and is_indexed(own, name):
            return Lookup(own.name, others)
    return None


def equations(part: TypedExpr) -> list[tuple[TypedExpr, tuple[TypedExpr, ...]]]:
    """Pairs of an expression and the values, one of which it must equal."""
    if isinstance(part, Compare) and part.op == "=":
        return [(part.left, (part.right,)), (part.right, (part.left,))]
    if isinstance(part, In) and all(isinstance(test, EqualTest) for test in part.tests):
        return [(part.operand, tuple(test.operand for test in part.tests))]
    return []


def is_indexed(own: Member, name: str) -> bool:
    """True for a field of the variable whose values an index can find."""
    is_of_variable = isinstance(own.base, Local) and own.base.name == name
    return is_of_variable and not isinstance(without_null(own.type), (ListOf, RecordOf))
