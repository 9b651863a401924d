"""What embedding costs: `python -m tests.embedding_cost [ROUNDS]`.

Imports in fresh processes, taking turns, so that whatever else the machine does meets all of them; loading within one
process whose parser tables are built, which favours the compiler. Medians.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from neurosym.decision.ruleset import load
from neurosym.text.shipped import shipped_path

ROUNDS = 21
SANCTIONS = shipped_path("rulesets", "sanctions")
IMPORTS: Mapping[str, str] = {
    "nothing": "pass",
    "pydantic": "import pydantic",
    "neurosym": "import neurosym",
    "load, kept": f"import neurosym; neurosym.load({str(SANCTIONS)!r})",
    "engine, kept": f"import neurosym as ns; ns.Engine(ns.load({str(SANCTIONS)!r}), log=None)",
}


def taken(work: Callable[[], object]) -> float:
    """Milliseconds."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def medians(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(taken(work))
    return {name: median(several) for name, several in times.items()}


def fresh(statement: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", statement], check=True)


def main(rounds: int) -> None:
    with TemporaryDirectory() as folder:
        os.environ["NEUROSYM_CACHE"] = f"{folder}/cache"
        load(SANCTIONS)
        found = medians({name: fresh(statement) for name, statement in IMPORTS.items()}, rounds)
        loads = medians({"compiled": lambda: load(SANCTIONS, afresh=True), "kept": lambda: load(SANCTIONS)}, rounds)
    lines = [f"{name:14}{each:9.1f} ms" for name, each in {**found, **loads}.items()]
    lines.append(f"import neurosym / import pydantic: {found['neurosym'] / found['pydantic']:.2f} (at most 1.5)")
    lines.append(f"loading what is kept / compiling: {loads['kept'] / loads['compiled']:.3f} (at most 0.1)")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
