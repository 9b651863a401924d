"""Running contenders in turn: first whether they agree, then how long each takes."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from time import perf_counter_ns
from typing import Any

from tests.benchmarks.benchmark import Benchmark, Contender
from tests.benchmarks.trial import Measured, Ready, Trial

NANOSECONDS = 1_000_000  # in a millisecond
DIFFERENT_SHOWN_MAX = 200  # characters of an answer


class DisagreementError(Exception):
    """Two contenders answer differently, so that nothing of them can be compared."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how: at most so many rounds, and fewer when they would take longer than the seconds for a size, but
    a few unless even that is too much.
    """

    rounds_max: int = 15
    rounds_min: int = 3
    seconds: float = 60
    seed: int = 1
    has_collector: bool = True  # whether Python's garbage collector may run while a trial does

    def rounds(self, seconds_of_one: float) -> int:
        """How many there are when one takes so long."""
        in_time = int(self.seconds / max(seconds_of_one, 1e-9))
        return min(self.rounds_max, max(self.rounds_min, in_time))


Samples = Mapping[str, Sequence[float]]  # of each contender, in the unit of the benchmark and for one operation


def measured(benchmark: Benchmark, size: int, contenders: Sequence[Contender], pace: Pace) -> Samples:
    """What each contender takes at a size; DisagreementError when their answers differ.

    Rounds run all contenders once, in an order drawn anew, so that a busy minute of the machine is everybody's.
    """
    work = benchmark.work(size)
    ready = {each.name: each.prepare(work) for each in contenders}
    once = agreeing(benchmark, work, ready)
    return in_turn(ready, pace.rounds(once), pace, benchmark.count(work))


def in_turn(ready: Mapping[str, Ready[Any]], rounds: int, pace: Pace, count: int = 1) -> Samples:
    """What each takes for one of `count` operations, round by round."""
    chance = Random(pace.seed)  # noqa: S311 - no secret
    samples: dict[str, list[float]] = {name: [] for name in ready}
    for _ in range(rounds):
        for name in chance.sample(sorted(ready), len(ready)):
            samples[name].append(_run(ready[name](), pace) / count)
    return samples


def agreeing(benchmark: Benchmark, work: Any, ready: Mapping[str, Ready[Any]]) -> float:
    """The seconds that one run of each took; DisagreementError unless all answers are the same, and proven."""
    first: tuple[str, object] | None = None
    began = perf_counter_ns()
    for name, make in ready.items():
        answer = _answer_of(make()())
        found = benchmark.canonical(answer)
        first = first or (name, found)
        if not benchmark.is_proven(work, answer):
            raise DisagreementError(f"{benchmark.name}: a proof of {name} does not hold")
        if found != first[1]:
            raise DisagreementError(f"{benchmark.name}: {_difference(first, (name, found))}")
    return (perf_counter_ns() - began) / NANOSECONDS / 1_000


def _run(trial: Trial[Any], pace: Pace) -> float:
    """What a trial took. What was there before is no garbage to look through meanwhile."""
    gc.collect()
    gc.freeze()
    if not pace.has_collector:
        gc.disable()
    try:
        began = perf_counter_ns()
        found = trial()
        elapsed = (perf_counter_ns() - began) / NANOSECONDS
    finally:
        gc.enable()
        gc.unfreeze()
    return found.value if isinstance(found, Measured) else elapsed


def _answer_of(found: Any) -> Any:
    return found.answer if isinstance(found, Measured) else found


def _difference(one: tuple[str, object], other: tuple[str, object]) -> str:
    """Two names, and where their answers part."""
    (name, mine), (second, theirs) = one, other
    if isinstance(mine, list) and isinstance(theirs, list):
        apart = next(
            ((a, b) for a, b in zip(mine, theirs, strict=False) if a != b), (f"{len(mine)} in all", len(theirs))
        )
        mine, theirs = apart
    shown = DIFFERENT_SHOWN_MAX
    return f"{name} answers {str(mine)[:shown]}, {second} answers {str(theirs)[:shown]}"
