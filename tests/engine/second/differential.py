"""`python -m tests.engine.second.differential [COUNT [FIRST]]`: generated programs through both implementations."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field

from neurosym.engine.reference import evaluate
from neurosym.engine.second.opinion import Disagrees, Opinion, Refused, SecondOpinion
from neurosym.testing.counter_example import counter_example
from tests.generation.case import Case
from tests.generation.facts import cases

COUNT_DEFAULT = 300


@dataclass
class Tally:
    """Programs by what became of them, and why some were refused."""

    programs: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{count:8} {kind}" for kind, count in self.programs.most_common()]
        lines += [f"{count:8} refused: {reason}" for reason, count in self.refusals.most_common(10)]
        return "\n".join([*lines, *self.differences])


def compared(count: int, first: int = 0) -> Tally:
    """So many generated programs from a seed on, each without burdens and with them."""
    tally = Tally()
    for seed, case in cases(count, first):
        found = opinions(case)
        for each in found:
            if isinstance(each, Refused):
                tally.refusals.update(refusal.reason for refusal in each.refusals)
            if isinstance(each, Disagrees):
                shown = counter_example(case.program, case.situation, each.differences)
                tally.differences.append(f"seed {seed}\n{case.rules}\n{shown}")
        kinds = {type(each).__name__ for each in found}
        tally.programs[" and ".join(sorted(kinds))] += 1
    return tally


def opinions(case: Case) -> list[Opinion]:
    """On the model of the case, and on that with burdens."""
    burdened = evaluate(case.program, case.situation, prior=case.model)
    with SecondOpinion(case.program) as second:
        return [second.on(model) for model in (case.model, burdened)]


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:3]] or [COUNT_DEFAULT]
    sys.stdout.write(f"{compared(*numbers)}\n")
