"""What a program is evaluated over: facts, answers, the day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from neurosym.values.temporal import Date
from neurosym.values.unknown import Question, Standing
from neurosym.values.value import Fact, Reference, Value

# Nobody can change these, so that a situation before anybody was asked may be kept as it is.
NO_ANSWERS: Mapping[Question, Value] = MappingProxyType({})
NO_STANDINGS: Mapping[Question, Standing] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Situation:
    """The input of an evaluation. A fact type in `incomplete` may have more facts than those given; facts that the
    request names (`named`) are referred to, whether they were given or not.

    `answers` holds accepted answers, `standings` how far the asking of other questions has come (open by default).
    """

    facts: Collection[Fact]  # each key once; a `FactSet` is shared by the situations that differ in little
    on: Date
    incomplete: frozenset[str] = frozenset()
    answers: Mapping[Question, Value] = field(default_factory=lambda: NO_ANSWERS)
    standings: Mapping[Question, Standing] = field(default_factory=lambda: NO_STANDINGS)
    named: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of an evaluation. Each is far above honest use and well below what exhausts a machine."""

    rounds_max: int = 20_000  # the longest chain of conclusions in one stratum
    facts_max: int = 2_000_000  # derived facts, certain and possible, and applications of rules held at once
    # Facts and items of lists that one rule looks at in one evaluation: a minute or two, if there is much to compute.
    looked_max: int = 100_000_000
    items_max: int = 1_000_000  # combinations of items that one `some`, `every` or `for` over lists looks at
    proof_steps_max: int = 1_000_000  # facts that the proof of one decision shows
    seconds_max: int = 600  # of one decision, looked at between its evaluations; replay needs as long as it needs
    questions_max: int = 10_000  # of one decision, each asked at every tier of its route at most
    # What unknowns may be, tried to see whether all of it leads to one outcome: six questions of two answers each.
    combinations_max: int = 64


LIMITS = Limits()
