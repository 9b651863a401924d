"""`python -m tests.simulation --seed N` runs the world of a seed again and prints what happens in it; `--worlds FIRST
COUNT` runs as many as one likes and prints the seeds in which something broke.
"""

from __future__ import annotations

import argparse
import sys

from tests.simulation.world import World


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--seed", type=int)
    wanted.add_argument("--worlds", type=int, nargs=2, metavar=("FIRST", "COUNT"))
    given = parser.parse_args()
    return _one(given.seed) if given.worlds is None else _many(*given.worlds)


def _one(seed: int) -> int:
    world = World(seed)
    try:
        world.run()
    except AssertionError as error:
        world.trace.append(f"BROKEN: {error}")
        return 1
    finally:
        sys.stdout.write("".join(f"{number:5} {line}\n" for number, line in enumerate(world.trace)))
    return 0


def _many(first: int, count: int) -> int:
    broken = 0
    for seed in range(first, first + count):
        try:
            World(seed).run()
        except AssertionError as error:
            broken += 1
            sys.stdout.write(f"seed {seed}: {error}\n")
    sys.stdout.write(f"{count - broken} of {count} worlds hold\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
