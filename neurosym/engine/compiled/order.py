"""The order in which a join binds its variables: what has most fields fixed by what is bound comes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from neurosym.engine.join import Lookup, Step, conjuncts, equations, is_indexed
from neurosym.feel.typed import Join, Local, Member, TypedExpr
from neurosym.feel.types import FactOf
from neurosym.feel.walk import locals_in


@dataclass(frozen=True, slots=True)
class Equation:
    """A field of a variable (None: its key) that must equal a value; `part` is the conjunct that says so."""

    field: str | None
    value: TypedExpr
    part: TypedExpr


@dataclass(frozen=True, slots=True)
class Binding:
    """One variable with what fixes its fields, or else a choice of values for one, and the conjuncts to test then."""

    name: str
    type: str
    equations: tuple[Equation, ...]
    choice: Lookup | None
    parts: tuple[TypedExpr, ...]

    @property
    def step(self) -> Step:
        """The same for the general evaluator."""
        lookup = self.choice
        if self.equations:
            first = self.equations[0]
            lookup = Lookup(first.field, (first.value,))
        return Step(self.name, self.type, lookup, self.parts)


@dataclass(frozen=True, slots=True)
class Order:
    """The conjuncts that need no variable, then the variables."""

    first: tuple[TypedExpr, ...]
    bindings: tuple[Binding, ...]


def order_of(join: Join, start: Sequence[str] = ()) -> Order:
    """The order for a join of which the variables `start` are bound first, in that order."""
    waiting = dict(join.variables)
    free = [(part, locals_in(part) & waiting.keys()) for part in conjuncts(join.condition)]
    parts = [part for part, _ in free]
    first = tuple(part for part, names in free if not names)
    bindings: list[Binding] = []
    given = list(start)
    while waiting:
        chosen = given.pop(0) if given else _best(waiting, parts)
        of = waiting[chosen]
        found = () if chosen in start else tuple(_fixed(chosen, of, waiting, parts))
        choice = None if found or chosen in start else _choice(chosen, of, waiting, parts)
        del waiting[chosen]
        ready = tuple(part for part, names in free if chosen in names and not names & waiting.keys())
        bindings.append(Binding(chosen, of, found, choice, ready))
    return Order(first, tuple(bindings))


def _best(waiting: Mapping[str, str], parts: Sequence[TypedExpr]) -> str:
    """The variable with its key fixed, else with most fields fixed, else with a choice, else the first."""

    def rank(name: str) -> tuple[int, int]:
        found = list(_fixed(name, waiting[name], waiting, parts))
        if any(each.field is None for each in found):
            return 2, 0
        has_choice = not found and _choice(name, waiting[name], waiting, parts) is not None
        return (1 if found or has_choice else 0), len(found)

    return max(waiting, key=rank)


def _fixed(name: str, of: str, waiting: Mapping[str, str], parts: Iterable[TypedExpr]) -> Iterator[Equation]:
    """The fields that an equation with bound names fixes, each once."""
    seen: set[str | None] = set()
    for part in parts:
        for own, others in equations(part):
            found = _own(own, name, of)
            is_bound = len(others) == 1 and not locals_in(others[0]) & waiting.keys()
            if found is not None and is_bound and found.field not in seen:
                seen.add(found.field)
                yield Equation(found.field, others[0], part)


def _choice(name: str, of: str, waiting: Mapping[str, str], parts: Iterable[TypedExpr]) -> Lookup | None:
    """A field that must be one of several values."""
    for part in parts:
        for own, others in equations(part):
            found = _own(own, name, of)
            if found is not None and not any(locals_in(other) & waiting.keys() for other in others):
                return Lookup(found.field, others)
    return None


@dataclass(frozen=True, slots=True)
class Own:
    """A field of a variable (None: its key)."""

    field: str | None


def _own(expr: TypedExpr, name: str, of: str) -> Own | None:
    """The field of the variable that an expression is, if it is one."""
    if isinstance(expr, Local) and expr.name == name and expr.type == FactOf(of):
        return Own(None)
    return Own(expr.name) if isinstance(expr, Member) and is_indexed(expr, name) else None
