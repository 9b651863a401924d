"""`python -m tests.generation [COUNT]`: which constructs generated cases have; `... digests FILE`: their digests."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.generation.case import Case
from tests.generation.digest import case_digest, read
from tests.generation.facts import cases

COUNT_DEFAULT = 300


def drawn(count: int) -> list[Case]:
    """That many cases, the same ones each time."""
    return [case for _, case in cases(count)]


def coverage(found: list[Case]) -> str:
    """A table: each construct, the cases that have it, and how often it stands in all of them."""
    total, having = Counter[str](), Counter[str]()
    for case in found:
        total.update(case.constructs)
        having.update(name for name, count in case.constructs.items() if count)
    lines = [f"{name:36}{having[name]:8}{total[name]:8}" for name in sorted(total)]
    return "\n".join([f"{'construct':36}{'cases':>8}{'uses':>8}", *lines, f"{'all':36}{len(found):8}"])


if __name__ == "__main__":
    if sys.argv[1:2] == ["digests"]:
        for each in read(Path(sys.argv[2]).read_text(encoding="utf-8")):
            sys.stdout.write(case_digest(each) + "\n")
    else:
        sys.stdout.write(coverage(drawn(int(sys.argv[1]) if sys.argv[1:] else COUNT_DEFAULT)) + "\n")
