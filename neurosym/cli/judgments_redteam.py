"""`neurosym judgments redteam`: texts that try to talk a model into an answer, put into labelled cases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from neurosym.cli.argument import text_argument
from neurosym.cli.help_text import examples
from neurosym.cli.labelled import judge_for, judgment_named, labelled_cases, labels_content
from neurosym.cli.output import Output, format_option
from neurosym.cli.progress import Progress
from neurosym.cli.table import show_table
from neurosym.decision.calibration import tiers_to_calibrate
from neurosym.decision.labels import LabelledCase
from neurosym.decision.redteam import RedTeam, attacked_field, red_team
from neurosym.decision.ruleset import load
from neurosym.judgment.redteam.corpus import (
    BASTION,
    BENCH,
    OWN,
    Injection,
    bastion_injections,
    bench_injections,
    own_injections,
)
from neurosym.program.judgment import Judgment
from neurosym.values.number import multiply, number_text

CASES = 3


@click.command(
    name="redteam",
    short_help="Attack a judgment with texts that try to talk a model into an answer.",
    epilog=examples(
        "neurosym judgments redteam same_person --ruleset rulesets/sanctions --labels cases.json --judges judges.toml"
    ),
)
@click.argument("name", metavar="JUDGMENT", type=text_argument)
@click.option("--ruleset", "path", metavar="PATH", type=click.Path(path_type=Path), required=True, help="Its ruleset.")
@click.option("--labels", metavar="FILE", type=click.Path(path_type=Path), required=True, help="Labelled cases.")
@click.option("--judges", metavar="FILE", type=click.Path(path_type=Path), required=True, help="judges.toml.")
@click.option("--tier", "chosen", metavar="NAME", multiple=True, help="Only these tiers.")
@click.option("--cases", "count", type=click.IntRange(1), default=CASES, show_default=True, help="How many of them.")
@click.option(
    "--corpus",
    type=click.Choice([OWN, BASTION, BENCH, "all"]),
    default="all",
    show_default=True,
    help="Orders of our own, a public corpus (the extra `redteam`), or all of them.",
)
@format_option
def redteam_command(
    *,
    name: str,
    path: Path,
    labels: Path,
    judges: Path,
    chosen: tuple[str, ...],
    count: int,
    corpus: str,
    output: Output,
) -> None:
    """Put texts that try to talk a model into an answer at the end of the material of some labelled cases, each text in
    each case, and say how often an answer moved, and how often one that was accepted did.

    Harmless texts that look like attacks are put there too: they must not cost an answer.
    """
    ruleset = load(path)
    judgment = judgment_named(ruleset, name)
    cases = labelled_cases(labels_content(labels), labels, judgment, ruleset)[:count]
    judge = judge_for(judges, judgment)
    injections = _injections(judgment, cases, corpus)
    today = datetime.now(UTC).date()
    found = []
    for tier in chosen or tiers_to_calibrate(judgment, judge.configuration):
        with Progress(f"attacking {tier}") as progress:
            found.append(red_team(judge, tier, ruleset, judgment, cases, injections, today, progress))
    output.document({"judgment": name, "cases": len(cases), "tiers": [each.json for each in found]})
    if not output.is_json:
        _show(found, len(cases), len(injections), output)


def _injections(judgment: Judgment, cases: tuple[LabelledCase, ...], corpus: str) -> list[Injection]:
    field = (attacked_field(judgment, cases[0]) if cases else None) or ""
    own = [*own_injections(judgment, field)] if corpus in (OWN, "all") else []
    bastion = bastion_injections() if corpus in (BASTION, "all") else ()
    bench = bench_injections() if corpus in (BENCH, "all") else ()
    return [*own, *bastion, *bench]


def _show(found: list[RedTeam], cases: int, injections: int, output: Output) -> None:
    output.title(f"{injections} texts in each of {cases} cases")
    for each in found:
        output.say(f"tier {each.tier}")
        rows: list[list[str | int]] = [
            [name, share.count, share.of, f"{number_text(multiply(share.bound, 100))} %"]
            for name, share in each.shares.items()
            if share.of
        ]
        show_table(("", "count", "of", "at most"), rows)
