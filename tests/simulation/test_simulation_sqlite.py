"""A log in SQLite whose power fails: whatever is left of what was not forced out, what callers were told holds."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("apsw")
from tests.simulation.sqlite_world import SqliteWorld

SEEDS, SEEDS_OF_SLOW = range(12), range(12, 112)
PART = 20
TRACE_LINES = 40


def assert_whole(seed: int, folder: Path) -> int:
    """How many power cuts the world of a seed met."""
    world = SqliteWorld(seed, folder / str(seed))
    try:
        world.run()
    except AssertionError as error:
        steps = "\n".join(world.trace[-TRACE_LINES:])
        raise AssertionError(f"python -m tests.simulation --sqlite --seed {seed}\n{steps}\n{error}") from error
    return len(world.snapshots)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_power_cut_loses_nothing_acknowledged(seed: int, tmp_path: Path) -> None:
    assert assert_whole(seed, tmp_path) > 0


@pytest.mark.slow
@pytest.mark.parametrize("first", SEEDS_OF_SLOW[::PART])
def test_hundreds_of_power_cuts_lose_nothing_acknowledged(first: int, tmp_path: Path) -> None:
    assert sum(assert_whole(seed, tmp_path) for seed in range(first, first + PART)) > PART
