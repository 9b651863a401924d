"""How long rules take from text to a checked program."""

from __future__ import annotations

from tests.benchmarks import ours
from tests.benchmarks.contenders.neurosym import conditions_rules
from tests.benchmarks.trial import Ready, repeatable
from tests.benchmarks.work import conditions

SIZES = (1_250, 10_000, 20_000)  # rules


def work(size: int) -> str:
    """Rules as text."""
    return conditions_rules(conditions.work(size).rules)


def compiled_run(work: str) -> Ready[int]:
    """Compiled to a program; how many rules it has."""
    return repeatable(lambda: len(ours.compiled(work).rules))
