"""Logs under faults: whatever a seed brings, what callers were told holds."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.meta.package_code import ROOT
from tests.simulation.planted import PLANTED
from tests.simulation.world import Parts, World

SEEDS, SEEDS_OF_SLOW = range(50), range(50, 250)
PART = 50  # seeds of one test
SEEDS_OF_PLANTED = range(100)
TRACE_LINES = 40


def complaint(seed: int, parts: Parts = Parts()) -> str | None:  # noqa: B008 - it never changes
    """What did not hold, with the last steps before."""
    world = World(seed, parts)
    try:
        world.run()
    except AssertionError as error:
        steps = "\n".join(world.trace[-TRACE_LINES:])
        return f"python -m tests.simulation --seed {seed}\n{steps}\n{type(error).__name__}: {error}"
    return None


def assert_nothing_breaks(seeds: range) -> None:
    for seed in seeds:
        found = complaint(seed)
        assert found is None, found


@pytest.mark.parametrize("first", SEEDS[::PART])
def test_what_callers_were_told_holds_whatever_fails(first: int) -> None:
    assert_nothing_breaks(range(first, first + PART))


@pytest.mark.slow
@pytest.mark.parametrize("first", SEEDS_OF_SLOW[:: 4 * PART])
def test_what_callers_were_told_holds_whatever_fails_in_hundreds_of_worlds(first: int) -> None:
    assert_nothing_breaks(range(first, first + 4 * PART))


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(bug: str) -> None:
    assert any(complaint(seed, PLANTED[bug]) for seed in SEEDS_OF_PLANTED)


def test_worlds_differ_and_meet_every_fault() -> None:
    traces = []
    for seed in range(60):
        world = World(seed)
        world.run()
        traces.append("\n".join(world.trace))
    assert len(set(traces)) == len(traces)
    everything = "\n".join(traces)
    for what in (
        "is killed",
        "the power fails",
        "is interrupted",
        "waits in the line",
        "a backup of",
        "fault: the disk is full",
        "fault: the disk does not sync",
        "fault: it may only be read",
        "fault: another program",
        "a late request reaches the witness",
        "signed by `witness",
        "is refused: entry",
        "erased the payload",
    ):
        assert what in everything, what


def test_a_seed_gives_the_same_run_in_every_process() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-m", "tests.simulation", "--seed", "7"],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0].splitlines()) > 50
