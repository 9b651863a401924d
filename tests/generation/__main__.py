"""`python -m tests.generation [COUNT]`: what generated cases cover; `... digests FILE`: the digests of cases;
`... compared COUNT [FIRST]`: so many programs by both evaluators, from a seed on.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import process_time

from tests.generation.case import Case
from tests.generation.coverage import covered
from tests.generation.digest import case_digest, read
from tests.generation.facts import cases
from tests.generation.theorem import compared

COUNT_DEFAULT = 300
SHOWN_EACH = 500  # programs


def drawn(count: int) -> list[Case]:
    """That many cases, the same ones each time."""
    return [case for _, case in cases(count)]


def _report(count: int) -> str:
    start, found = process_time(), list(cases(count))
    speed, seeds = count / (process_time() - start), 1 + max(seed for seed, _ in found)
    report = covered(case for _, case in found).report()
    return f"{report}\n{seeds - count} of {seeds} seeds gave no case; {speed:.0f} cases per second\n"


def _compared(count: int, first: int) -> Iterator[str]:
    """What was compared so far, now and then. AssertionError with the seed when the evaluators differ."""
    tally, start = Counter[str](), process_time()
    for at in range(0, count, SHOWN_EACH):
        for seed, case in cases(min(SHOWN_EACH, count - at), first):
            try:
                compared(tally, case)
            except Exception as error:
                raise AssertionError(f"seed {seed}") from error
        first = seed + 1
        yield f"{dict(tally)}, seeds below {first}, {process_time() - start:.0f} s"


if __name__ == "__main__":
    if sys.argv[1:2] == ["compared"]:
        for line in _compared(int(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else 0):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    elif sys.argv[1:2] == ["digests"]:
        for each in read(Path(sys.argv[2]).read_text(encoding="utf-8")):
            sys.stdout.write(case_digest(each) + "\n")
    else:
        sys.stdout.write(_report(int(sys.argv[1]) if sys.argv[1:] else COUNT_DEFAULT))
