"""Where and with what a run was made: the figures mean nothing without it."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.benchmark import Benchmark


def machine_document() -> dict[str, object]:
    """The processor, the memory, the system and the Python of this run."""
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count(),
        "memory": _first("/proc/meminfo", "MemTotal"),
        "system": platform.platform(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load": round(os.getloadavg()[0], 2),
    }


def versions(benchmarks: Iterable[Benchmark]) -> dict[str, str | None]:
    """The versions of neurosym and of all packages that contenders need; None: not installed."""
    packages = {each.package: each.version for of in benchmarks for each in of.contenders if each.package}
    own = {name: version(name) for name in ("neurosym", "pydantic")}
    return {**own, "sqlite3": sqlite3.sqlite_version, **dict(sorted(packages.items()))}


def _first(path: str, name: str) -> str | None:
    """The value of the first line of that name (Linux); None elsewhere."""
    file = Path(path)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), None)
