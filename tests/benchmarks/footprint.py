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
    # Linux's other figure, `ru_maxrss`, is that of the parent if the parent is larger.
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES
    lines = status.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / KILOBYTES


def forget_largest() -> None:
    """Let the largest memory be that of now (Linux; elsewhere it stays)."""
    references = Path("/proc/self/clear_refs")
    if references.exists():
        references.write_text("5", encoding="ascii")


def main(name: str, contender: str, size: str) -> None:
    """Print by how much the memory grew."""
    from tests.benchmarks.catalogue import BENCHMARKS  # noqa: PLC0415 - the catalogue needs this module

    benchmark = BENCHMARKS[name]
    chosen = next(each for each in benchmark.contenders if each.name == contender)
    trial = chosen.prepare(benchmark.work(int(size)))()
    forget_largest()
    before = largest_mb()
    answer = trial()
    sys.stdout.write(f"{largest_mb() - before}\n")
    del answer


if __name__ == "__main__":
    main(*sys.argv[1:])
