"""The memory that a contender takes, in a process: `python -m tests.benchmarks.footprint NAME CONTENDER SIZE`."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.benchmark import Benchmark, Contender

ROOT = Path(__file__).resolve().parents[2]
MODULE = "tests.benchmarks.footprint"
KILOBYTES = 1_024  # in a megabyte


def peak_mb(benchmark: Benchmark, contender: Contender, size: int) -> float:
    """How much the largest memory of a process grows while the contender does its work once."""
    return float(said_by_process("-m", MODULE, benchmark.name, contender.name, str(size)))


def said_by_process(*arguments: str, cache: str = "off") -> str:
    """The last line that Python prints when it is run anew with these arguments, from the root of the repository.

    `cache` is where compiled rulesets are kept: nobody's own cache is read or filled.
    """
    # What a library says of itself at its end is of no interest; a failure is.
    environment = os.environ | {"NEUROSYM_CACHE": cache}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return next(line for line in reversed(done.stdout.splitlines()) if line.strip())


def largest_mb() -> float:
    """The largest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES


def resident_mb() -> float:
    """The resident memory of this process now (Linux; elsewhere the largest so far)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return largest_mb()
    line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / KILOBYTES


def main(name: str, contender: str, size: str) -> None:
    """Print by how much the memory grew."""
    from tests.benchmarks.catalogue import BENCHMARKS  # noqa: PLC0415 - the catalogue needs this module

    benchmark = BENCHMARKS[name]
    chosen = next(each for each in benchmark.contenders if each.name == contender)
    trial = chosen.prepare(benchmark.work(int(size)))()
    before = resident_mb()
    answer = trial()
    sys.stdout.write(f"{max(0.0, largest_mb() - before)}\n")
    del answer


if __name__ == "__main__":
    main(*sys.argv[1:])
