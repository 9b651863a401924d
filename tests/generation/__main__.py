"""`python -m tests.generation [COUNT]`: what generated cases cover; `... digests FILE`: the digests of cases."""

from __future__ import annotations

import sys
from pathlib import Path
from time import process_time

from tests.generation.case import Case
from tests.generation.coverage import covered
from tests.generation.digest import case_digest, read
from tests.generation.facts import cases

COUNT_DEFAULT = 300


def drawn(count: int) -> list[Case]:
    """That many cases, the same ones each time."""
    return [case for _, case in cases(count)]


def _report(count: int) -> str:
    start, found = process_time(), list(cases(count))
    speed, seeds = count / (process_time() - start), 1 + max(seed for seed, _ in found)
    report = covered(case for _, case in found).report()
    return f"{report}\n{seeds - count} of {seeds} seeds gave no case; {speed:.0f} cases per second\n"


if __name__ == "__main__":
    if sys.argv[1:2] == ["digests"]:
        for each in read(Path(sys.argv[2]).read_text(encoding="utf-8")):
            sys.stdout.write(case_digest(each) + "\n")
    else:
        sys.stdout.write(_report(int(sys.argv[1]) if sys.argv[1:] else COUNT_DEFAULT))
