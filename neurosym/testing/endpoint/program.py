"""The endpoint as a program."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from neurosym.testing.endpoint.misbehaviour import Misbehaviour
from neurosym.testing.endpoint.server import Endpoint

ABOUT = "An endpoint on loopback that speaks responses, chat completions and decisions, and misbehaves on demand."


def main(arguments: Sequence[str]) -> int:
    """0 once it was stopped; prints the line for judges.toml first."""
    known = ", ".join(each.value for each in Misbehaviour)
    parser = argparse.ArgumentParser(prog="python -m neurosym.testing.endpoint", description=ABOUT)
    parser.add_argument("--port", type=int, default=0, help="0 for any free one")
    parser.add_argument("--misbehave", default="", help=f"a list, gone through again and again: {known}")
    chosen = parser.parse_args(arguments)
    try:
        misbehaviours = [Misbehaviour(name) for name in chosen.misbehave.split(",") if name]
    except ValueError:
        parser.error(f"--misbehave takes {known}")
    with Endpoint(*misbehaviours, port=chosen.port) as endpoint:
        sys.stdout.write(f'base_url = "{endpoint.base_url}"\n')
        sys.stdout.flush()
        try:
            endpoint.closing.wait()
        except KeyboardInterrupt:
            return 0
    return 0
