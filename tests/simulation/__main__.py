"""`python -m tests.simulation --seed N` runs the world of a seed again and prints what happens in it."""

from __future__ import annotations

import argparse
import sys

from tests.simulation.world import World


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, required=True)
    world = World(parser.parse_args().seed)
    try:
        world.run()
    except AssertionError as error:
        world.trace.append(f"BROKEN: {error}")
        return 1
    finally:
        sys.stdout.write("".join(f"{number:5} {line}\n" for number, line in enumerate(world.trace)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
