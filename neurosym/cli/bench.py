"""`neurosym bench`: what one decision costs by somebody's own ruleset."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter_ns

import click

from neurosym.cli.case_input import CaseFiles, CaseInput, read_case
from neurosym.cli.case_options import case_options
from neurosym.cli.help_text import examples
from neurosym.cli.output import Output, format_option
from neurosym.cli.progress import Progress
from neurosym.cli.table import show_table
from neurosym.decision.engine import Engine
from neurosym.decision.ruleset import Ruleset, load
from neurosym.decision.timing import MICROSECOND, Timed, Timing, percentiles_us, time_decisions

COLUMNS = ("microseconds", "p50", "p90", "p99", "max")


@click.command(
    epilog=examples(
        "neurosym bench rulesets/sanctions screen --input payment.json --facts parties.json",
        "neurosym bench rulesets/sanctions screen --input payment.json --graph world.ttl --rounds 1000 --format json",
    )
)
@case_options
@click.option("--rounds", type=click.IntRange(1), default=200, show_default=True, help="How often to decide at most.")
@click.option("--seconds", type=click.IntRange(1), default=20, show_default=True, help="When to stop before that.")
@format_option
def bench(*, path: Path, files: CaseFiles, rounds: int, seconds: int, output: Output) -> None:
    """Time a decision: DECISION, by the ruleset at PATH, made over and over. The file `-` is standard input.

    Facts and graphs are read once, as a warm engine holds them. Nobody is asked anything and nothing is logged: what a
    model or a disk takes is not measured.
    """
    with Progress("reading"):
        began = perf_counter_ns()
        ruleset = load(path)
        loaded_us = (perf_counter_ns() - began) // MICROSECOND
        case = read_case(files, ruleset.program)
    with Progress("deciding"):
        timing = time_decisions(_timed(ruleset, files, case), rounds, seconds, perf_counter_ns)
    output.warnings(timing.decision.warnings)
    output.document({"ruleset_us": loaded_us, **timing.json})
    if not output.is_json:
        _show(timing, loaded_us, output)


def _timed(ruleset: Ruleset, files: CaseFiles, case: CaseInput) -> Timed:
    engine = Engine(ruleset, log=None)
    return Timed(engine, files.decision, case.request, case.knowledge, case.answers, files.on)


def _show(timing: Timing, loaded_us: int, output: Output) -> None:
    decision, rounds = timing.decision, len(timing.whole)
    output.title(f"{decision.decision}: {decision.outcome or decision.status.value}, decided {rounds} times")
    parts = {"whole decision": timing.whole, **timing.stages}
    show_table(COLUMNS, [(name, *percentiles_us(of).values()) for name, of in parts.items()])
    output.say(f"the first decision took {timing.first // MICROSECOND}, loading the ruleset {loaded_us}")
