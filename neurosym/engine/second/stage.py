"""A join variable by variable: where the facts of one are looked for, and what can be tested once it is bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from neurosym.engine.second.encoding import is_joined_on
from neurosym.engine.second.holding import Holding, Holdings
from neurosym.feel.extent import plain
from neurosym.feel.typed import And, Compare, Join, Local, Member, TypedExpr
from neurosym.feel.walk import locals_in
from neurosym.values.unknown import Unknown
from neurosym.values.value import Fact, Record, Value

Tests = tuple[TypedExpr, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One variable: its type, what a member of it must equal where that is known (`wanted`), and the tests."""

    name: str
    type: str
    member: str | None
    wanted: TypedExpr | None
    tests: Tests


@dataclass(frozen=True, slots=True)
class Stages:
    """The tests that need no variable, and the variables in the author's order."""

    first: Tests
    each: tuple[Stage, ...]


def staged(join: Join) -> Stages:
    """The join as stages. Every part of the condition is tested, whether facts were looked up by it or not."""
    names = [name for name, _ in join.variables]
    tests: list[list[TypedExpr]] = [[] for _ in range(len(names) + 1)]
    parts = join.condition.parts if isinstance(join.condition, And) else (join.condition,)
    for part in parts:
        if part is not None:
            tests[max((names.index(name) + 1 for name in locals_in(part) if name in names), default=0)].append(part)
    stages = (_stage(name, of, tuple(each)) for (name, of), each in zip(join.variables, tests[1:], strict=True))
    return Stages(tuple(tests[0]), tuple(stages))


def _stage(name: str, of: str, tests: Tests) -> Stage:
    for test in tests:
        if isinstance(test, Compare) and test.op == "=":
            for own, other in ((test.left, test.right), (test.right, test.left)):
                match own:
                    case Member(base=Local(name=base)) if base == name and is_joined_on(own.type):
                        if name not in locals_in(other):
                            return Stage(name, of, own.name, other, tests)
    return Stage(name, of, None, None, tests)


@dataclass(slots=True)
class FieldIndex:
    """The facts of a type by the value of a member, as far as they have come; those whose value is not known apart."""

    member: str
    count: int = 0
    by_value: dict[Value, list[Holding]] = field(default_factory=dict)
    others: list[Holding] = field(default_factory=list)

    def equal_to(self, value: Value, of: list[Holding]) -> Iterator[Holding]:
        """Those whose member equals the value, or may."""
        for held in of[self.count :]:
            own = plain(held.fact.fields[self.member])
            if is_exact(own):
                self.by_value.setdefault(own, []).append(held)
            else:
                self.others.append(held)
        self.count = len(of)
        yield from self.by_value.get(value, ())
        yield from self.others


def is_exact(value: Value) -> bool:
    """True when equal values, and no others, equal it."""
    return not isinstance(value, (Unknown, Fact, tuple, Record))


def candidates(
    holdings: Holdings, indexes: dict[tuple[str, str], FieldIndex], stage: Stage, wanted: Value
) -> Iterator[Holding]:
    """The facts that the variable of the stage may stand for, where its member must equal `wanted`."""
    of = holdings.of(stage.type)
    if stage.member is None or not is_exact(wanted):
        return iter(of)
    index = indexes.setdefault((stage.type, stage.member), FieldIndex(stage.member))
    return index.equal_to(wanted, of)
