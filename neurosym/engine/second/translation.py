"""A program as rulesets of durable-rules: the variables of a rule are its patterns, equalities between them its joins.

A *road* is a rule, or a rule with an exception to it, an exception to that, and so on: one ruleset rule each. What is
no equality between two variables is a guard, which is evaluated on the matched facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from neurosym.engine.second.box import EQUATIONS_MAX, FIELD, PENDING_MAX, Extent, OutsideBoxError, outside
from neurosym.engine.second.encoding import SELF, is_joined_on
from neurosym.feel.typed import And, Compare, Local, Member, TypedExpr
from neurosym.program.program import Program
from neurosym.program.rule import Provision, RuleException
from neurosym.text.span import Span
from neurosym.values.canonical import Json
from neurosym.values.temporal import Date

Loose = frozenset[tuple[str, str]]  # fact type and field of a message: where values occur that have no codes


@dataclass(frozen=True, slots=True)
class Side:
    """A field of the fact that a variable stands for."""

    place: int  # of the variable on its road
    field: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One provision of a road: its own variables, and the part of its condition that is no join."""

    provision: Provision
    places: tuple[int, ...]
    guards: tuple[TypedExpr, ...]


@dataclass(frozen=True, slots=True)
class Road:
    """A chain of provisions, from a rule to an exception; `name` is the ids of them all."""

    name: str
    variables: tuple[tuple[str, str], ...]
    legs: tuple[Leg, ...]
    joins: tuple[tuple[Side, Side], ...]  # the earlier variable first

    @property
    def last(self) -> Provision:
        """The provision whose bindings the matches are."""
        return self.legs[-1].provision

    @property
    def above(self) -> str:
        """The name of the road without its last provision."""
        return "/".join(leg.provision.id for leg in self.legs[:-1])


@dataclass(frozen=True, slots=True)
class Translation:
    """The roads, and the networks that match them: definitions, and the types whose facts each is told."""

    roads: Mapping[str, Road]
    networks: tuple[Json, ...]
    types: tuple[frozenset[str], ...]
    conditions: Mapping[str, int]


def translated(program: Program, on: Date, loose: Loose) -> Translation:
    """What durable-rules is asked; OutsideBoxError where that is more, or other, than it can take."""
    roads = {road.name: road for road in sorted(_roads(program, on, loose), key=lambda road: road.name)}
    refusals = list(outside(_extent(program, roads)))
    if refusals:
        raise OutsideBoxError(refusals)
    conditions = {name: number for number, name in enumerate(sorted(program.fact_types), start=1)}
    shards = list(_shards(road for road in roads.values() if road.variables))
    networks = tuple({road.name: _definition(road, conditions) for road in shard} for shard in shards)
    types = tuple(frozenset(of for road in shard for _, of in road.variables) for shard in shards)
    return Translation(roads, networks, types, conditions)


# --- roads


def _roads(program: Program, on: Date, loose: Loose) -> Iterator[Road]:
    if not program.period.includes(on):
        return
    exceptions = [each for each in program.exceptions if each.period.includes(on)]
    for rule in program.rules:
        if rule.period.includes(on):
            yield from _from(_road((rule,), loose), exceptions, loose)


def _from(road: Road, exceptions: list[RuleException], loose: Loose) -> Iterator[Road]:
    """The road, and every one that goes on from it."""
    yield road
    for each in exceptions:
        if any(target.of == road.last.id for target in each.targets):
            provisions = (*(leg.provision for leg in road.legs), each)
            yield from _from(_road(provisions, loose), exceptions, loose)


def _road(provisions: tuple[Provision, ...], loose: Loose) -> Road:
    variables = tuple(variable for each in provisions for variable in each.join.variables)
    places = {name: place for place, (name, _) in enumerate(variables)}
    legs, joins, used = [], [], Counter[int]()
    for each in provisions:
        guards = []
        for part in _conjuncts(each.join.condition):
            join = _join(part, variables, places, loose)
            if join is None or used[join[1].place] == EQUATIONS_MAX:
                guards.append(part)
            else:
                joins.append(join)
                used[join[1].place] += 1
        legs.append(Leg(each, tuple(places[name] for name, _ in each.join.variables), tuple(guards)))
    return Road("/".join(each.id for each in provisions), variables, tuple(legs), tuple(joins))


def _conjuncts(condition: TypedExpr | None) -> list[TypedExpr]:
    match condition:
        case None:
            return []
        case And():
            return [part for each in condition.parts for part in _conjuncts(each)]
        case _:
            return [condition]


def _join(
    part: TypedExpr, variables: tuple[tuple[str, str], ...], places: Mapping[str, int], loose: Loose
) -> tuple[Side, Side] | None:
    """The two sides of an equality between two variables whose values all have codes; None for anything else."""
    if not isinstance(part, Compare) or part.op != "=":
        return None
    sides = sorted(
        (side for each in (part.left, part.right) if (side := _side(each, places))), key=lambda side: side.place
    )
    if len(sides) != 2 or sides[0].place == sides[1].place:
        return None
    if any((variables[side.place][1], side.field) in loose for side in sides):
        return None
    return sides[0], sides[1]


def _side(of: TypedExpr, places: Mapping[str, int]) -> Side | None:
    match of:
        case Local(name=name) if name in places:
            return Side(places[name], SELF)
        case Member(base=Local(name=name), name=field) if name in places and is_joined_on(of.type):
            return Side(places[name], FIELD + field)
        case _:
            return None


# --- what the library is given


def _definition(road: Road, conditions: Mapping[str, int]) -> Json:
    patterns: list[Json] = [
        {
            f"v{place}": {"$and": [{"t": conditions[of]}, *tests]}
            if (tests := _tests(road, place))
            else {"t": conditions[of]}
        }
        for place, (_, of) in enumerate(road.variables)
    ]
    # `dist`: two variables may stand for one fact.
    return {"all": patterns, "dist": 0}


def _tests(road: Road, place: int) -> list[Json]:
    return [
        {later.field: {f"v{earlier.place}": earlier.field}} for earlier, later in road.joins if later.place == place
    ]


def _shards(roads: Iterable[Road]) -> Iterator[list[Road]]:
    """The roads in networks of their own, so that no message satisfies more conditions at once than are followed up."""
    shard: list[Road] = []
    pending = Counter[str]()
    for road in roads:
        own = _pending(road)
        if any((pending + own)[of] > PENDING_MAX for of in own) and shard:
            yield shard
            shard, pending = [], Counter[str]()
        shard.append(road)
        pending += own
    if shard:
        yield shard


def _pending(road: Road) -> Counter[str]:
    """How many conditions a message of each type may satisfy on the road, beyond that it is of the type."""
    return Counter(road.variables[later.place][1] for _, later in road.joins)


def _extent(program: Program, roads: Mapping[str, Road]) -> Extent:
    read = Counter(of for road in roads.values() for _, of in road.variables)
    fields: dict[str, Span] = {
        FIELD + field.name: field.span for name in read for field in program.fact_types[name].fields
    }
    return Extent(
        {name: (len(road.variables), road.last.span) for name, road in roads.items()},
        {name: (count, program.fact_types[name].span) for name, count in read.items()},
        {name: (max(_pending(road).values(), default=0), road.last.span) for name, road in roads.items()},
        fields,
    )
