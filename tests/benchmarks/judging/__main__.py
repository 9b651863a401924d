"""`python -m tests.benchmarks.judging`: the same scripted cases put to a model by us, by pydantic-ai (in the extra
`peers`) and by the `openai` package alone: wrong answers acted on, calls, tokens, and the time that each adds.

The model answers in this process, so that all time is the contender's own. Each runs all cases in turn, several times;
the ratios are of the medians of one run. Cases without a fault come first: there all have to agree.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from importlib import import_module
from statistics import median
from time import perf_counter_ns

from tests.benchmarks.judging.contender import Judging
from tests.benchmarks.judging.scripted import CASES, TRUTH, Script, fault_of

CONTENDERS = ("neurosym", "agent", "bare")
NAMES = {"neurosym": "neurosym", "agent": "pydantic-ai", "bare": "openai"}
ROUNDS = 7
WARM_UP = 20


def made(name: str) -> Callable[[Script], Judging]:
    """The contender of that name."""
    found: Callable[[Script], Judging] = getattr(import_module(f"tests.benchmarks.judging.{name}"), name)
    return found


async def judged(judge: Judging) -> list[str | None]:
    """What it acts on in every case."""
    return [await judge(number) for number in range(CASES)]


async def time_us(judge: Judging) -> float:
    """What a case takes, one after another."""
    began = perf_counter_ns()
    for number in range(CASES):
        await judge(number)
    return (perf_counter_ns() - began) / CASES / 1000


def wrongly_accepted(answers: list[str | None]) -> Counter[str]:
    """How often it acted on a wrong answer, by the fault that it did not see."""
    return Counter(fault_of(number).name for number, answer in enumerate(answers) if answer not in (None, TRUTH))


async def main() -> int:
    """0 when all agree where nothing is wrong."""
    times: Mapping[str, list[float]] = {name: [] for name in CONTENDERS}
    behaved = {name: made(name)(Script(is_faulty=False)) for name in CONTENDERS}
    for name, judge in behaved.items():
        if set(await judged(judge)) != {TRUTH}:
            sys.stderr.write(f"{NAMES[name]} does not answer every case without a fault\n")
            return 1
    for _ in range(ROUNDS):
        for name, judge in behaved.items():
            times[name].append(await time_us(judge))
    ours = median(times["neurosym"])
    sys.stdout.write("contender    wrong answers  unanswered  calls  tokens   us a case  ours over it\n")
    for name in CONTENDERS:
        script = Script()
        answers = await judged(made(name)(script))
        wrong = wrongly_accepted(answers)
        calls, taken = script.calls.total(), median(times[name])
        line = f"{wrong.total():>13}  {answers.count(None):>10}  {calls:>5}  {script.tokens:>6}  {taken:>10.0f}"
        sys.stdout.write(f"{NAMES[name]:<11}  {line}  {ours / taken:>12.2f}\n")
        for fault, count in wrong.most_common():
            sys.stdout.write(f"    {count:>3} {fault}\n")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
