"""What a decision costs, as a whole and stage by stage, when it is made again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import deliberate
from neurosym.decision.engine import Engine
from neurosym.decision.intake import Document
from neurosym.decision.knowledge import Knowledge
from neurosym.decision.panel import NoPanel, SuppliedPanel
from neurosym.decision.plan import concluded, prepare
from neurosym.engine.evaluator import Evaluators
from neurosym.judgment.supplied import SuppliedAnswer
from neurosym.program.program import key_fields
from neurosym.values.canonical import Json

# Nanoseconds from any point on. The caller brings it: nothing here knows the time by itself.
Clock: TypeAlias = Callable[[], int]

INTAKE, ROAD, CONCLUSION = "intake", "evaluation and verdict", "proofs and decision"
STAGES = (INTAKE, ROAD, CONCLUSION)
SHARES = (50, 90, 99)
MICROSECOND = 1_000  # in nanoseconds


@dataclass(frozen=True, slots=True)
class Timed:
    """A decision that is to be made repeatedly. Nobody is asked anything: only given answers count."""

    engine: Engine
    decision: str
    request: Document
    knowledge: Knowledge
    answers: tuple[SuppliedAnswer, ...] = ()
    on: date | None = None
    evaluators: Evaluators = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "evaluators", Evaluators(self.engine.ruleset.program))

    def decided(self) -> Decision:
        """The decision as callers of the engine get it."""
        return self.engine.decide(self.decision, self.request, facts=self.knowledge, on=self.on, answers=self.answers)

    def laps(self, clock: Clock) -> tuple[Decision, Mapping[str, int]]:
        """The same decision step by step, with the nanoseconds of each stage."""
        ruleset, limits = self.engine.ruleset, self.engine.limits
        panel = SuppliedPanel(self.answers, key_fields(ruleset.program), NoPanel())
        began = clock()
        plan = prepare(ruleset.program, "bench", self.decision, self.request, self.knowledge, self.on)
        taken_in = clock()
        evaluate = self.evaluators.lent()
        found = deliberate(plan.case, panel, lambda _: None, limits, evaluate)
        self.evaluators.returned(evaluate)
        arrived = clock()
        decision = concluded(plan, found, ruleset.digest, limits)
        laps = (taken_in - began, arrived - taken_in, clock() - arrived)
        return decision, dict(zip(STAGES, laps, strict=True))


@dataclass(frozen=True, slots=True)
class Timing:
    """Nanoseconds of every round. The first decision is apart: it fills what later ones find."""

    decision: Decision
    first: int
    whole: tuple[int, ...]
    stages: Mapping[str, tuple[int, ...]]

    @property
    def json(self) -> dict[str, Json]:
        """The figures in microseconds."""
        return {
            "decision": self.decision.decision,
            "status": self.decision.status.value,
            "outcome": self.decision.outcome,
            "rounds": len(self.whole),
            "first_us": self.first // MICROSECOND,
            "whole_us": {**percentiles_us(self.whole)},
            "stages_us": {name: {**percentiles_us(of)} for name, of in self.stages.items()},
        }


def time_decisions(of: Timed, rounds_max: int, seconds_max: int, clock: Clock) -> Timing:
    """What the rounds took; fewer than `rounds_max`, but one at least, when the seconds are over. Whole decisions and
    stages take turns, so that a busy moment of the machine is not in the figures of one of them alone.
    """
    began = clock()
    decision = of.decided()
    first = clock() - began
    of.laps(clock)
    whole: list[int] = []
    stages: dict[str, list[int]] = {name: [] for name in STAGES}
    while len(whole) < rounds_max and (not whole or clock() - began < seconds_max * 1_000_000_000):
        start = clock()
        of.decided()
        whole.append(clock() - start)
        for name, lap in of.laps(clock)[1].items():
            stages[name].append(lap)
    return Timing(decision, first, tuple(whole), {name: tuple(laps) for name, laps in stages.items()})


def percentile(samples: Sequence[int], share: int) -> int:
    """The least sample that so many in a hundred do not exceed (nearest rank)."""
    rank = -(-len(samples) * share // 100)
    return sorted(samples)[max(rank, 1) - 1]


def percentiles_us(samples: Sequence[int]) -> dict[str, int]:
    """The percentiles that people ask for, and the maximum, in microseconds."""
    found = {f"p{share}": percentile(samples, share) // MICROSECOND for share in SHARES}
    return {**found, "max": max(samples) // MICROSECOND}
