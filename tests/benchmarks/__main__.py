"""`python -m tests.benchmarks [NAME...] [--peers] [--format json]`: how fast we are, and who else.

Exits with 1 when two contenders disagree: then nothing can be compared.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click

from tests.benchmarks.catalogue import BENCHMARKS
from tests.benchmarks.measuring import DisagreementError, Pace
from tests.benchmarks.outcome import run_benchmark
from tests.benchmarks.report import document, head_lines, outcome_lines

PACE = Pace()


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1, type=click.Choice(list(BENCHMARKS)))
@click.option("--peers", is_flag=True, help="Beside other engines, as far as they are installed (the extra `peers`).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--size", "sizes", type=int, multiple=True, help="Only this size; any number will do. May be repeated.")
@click.option("--rounds", type=click.IntRange(1), default=PACE.rounds_max, show_default=True)
@click.option("--seconds", type=float, default=PACE.seconds, show_default=True, help="For a size; rounds get fewer.")
@click.option("--seed", type=int, default=PACE.seed, show_default=True, help="Of the order of the runs.")
@click.option("--no-collector", is_flag=True, help="Time without Python's garbage collector.")
@click.option("--no-memory", is_flag=True, help="Leave out the peak memory, which takes a process for each contender.")
def main(  # noqa: PLR0913 - flags
    *,
    names: Sequence[str],
    peers: bool,
    form: str,
    sizes: Sequence[int],
    rounds: int,
    seconds: float,
    seed: int,
    no_collector: bool,
    no_memory: bool,
) -> None:
    """Run benchmarks: all of them, or those of the names."""
    pace = Pace(rounds, seconds=seconds, seed=seed, has_collector=not no_collector)
    chosen = [BENCHMARKS[name] for name in names or BENCHMARKS]
    try:
        outcomes = (
            run_benchmark(each, sorted(set(sizes)) or each.sizes, pace, _say, peers=peers, peaks=not no_memory)
            for each in chosen
        )
        if form == "json":
            click.echo(json.dumps(document(list(outcomes), pace), indent=2))
            return
        click.echo("\n".join(head_lines(chosen, pace)))
        for outcome in outcomes:
            click.echo("\n".join(outcome_lines(outcome)))
    except DisagreementError as error:
        raise click.ClickException(str(error)) from error


def _say(what: str) -> None:
    """Long work shows progress on a terminal, never in a pipe."""
    if sys.stderr.isatty():
        click.echo(what, err=True)


if __name__ == "__main__":
    main()
