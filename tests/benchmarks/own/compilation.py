"""How long rules take from text to a checked program."""

from __future__ import annotations

from tests.benchmarks import ours
from tests.benchmarks.contenders.neurosym import conditions_rules, more_rules
from tests.benchmarks.trial import Ready, repeatable
from tests.benchmarks.work import conditions

SIZES = (1_250, 10_000, 20_000)  # rules
RULES_OF_A_FILE = 1_000

Work = tuple[str, ...]


def work(size: int) -> Work:
    """Rules as texts of files, as people spread them."""
    rules = conditions.work(size).rules
    further = (rules[at : at + RULES_OF_A_FILE] for at in range(RULES_OF_A_FILE, size, RULES_OF_A_FILE))
    more = (f"ruleset conditions\n{more_rules(each)}" for each in further)
    return (conditions_rules(rules[:RULES_OF_A_FILE]), *more)


def compiled_run(work: Work) -> Ready[int]:
    """Compiled to a program; how many rules it has."""
    return repeatable(lambda: len(ours.compiled(*work).rules))
