"""`neurosym judgments calibrate`: labelled cases put to the tiers of a judgment, and what can be promised of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import click

from neurosym.cli.argument import text_argument
from neurosym.cli.exit_code import ExitCode
from neurosym.cli.help_text import examples
from neurosym.cli.labelled import judge_for, judgment_named, labelled_cases, labels_content
from neurosym.cli.output import Output, format_option
from neurosym.cli.progress import Progress
from neurosym.cli.whole_file import write_whole
from neurosym.decision.calibration import Grades, grades, tiers_to_calibrate, unlearnt
from neurosym.decision.ruleset import CALIBRATION, load
from neurosym.judgment.calibration.artefact import Artefact
from neurosym.judgment.calibration.calibrating import Shortfall, Terms, calibrated
from neurosym.judgment.local.problems import no_new_cases
from neurosym.judgment.plots.calibration_page import calibration_page
from neurosym.judgment.plots.figure import has_plots
from neurosym.judgment.plots.reliability import reliability_plot
from neurosym.program.judgment import Judgment, Risk
from neurosym.text.diagnostic import Diagnostic, Label, Severity
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Json, digest_bytes

DAYS = 180  # that a calibration holds, unless it is said


def day_argument(text: str) -> date:
    """The day that the argument is; a usage error when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter("a date, such as 2026-12-31") from error


@click.command(
    name="calibrate",
    short_help="Find out from which score on a tier's answers can be accepted.",
    epilog=examples(
        "neurosym judgments calibrate same_person --ruleset rulesets/sanctions --labels cases.json --judges judges.toml"
    ),
)
@click.argument("name", metavar="JUDGMENT", type=text_argument)
@click.option("--ruleset", "path", metavar="PATH", type=click.Path(path_type=Path), required=True, help="Its ruleset.")
@click.option("--labels", metavar="FILE", type=click.Path(path_type=Path), required=True, help="Labelled cases.")
@click.option("--judges", metavar="FILE", type=click.Path(path_type=Path), required=True, help="judges.toml.")
@click.option("--tier", "chosen", metavar="NAME", multiple=True, help="Only these tiers; they share the doubt.")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="Else `calibration` beside the rules.")
@click.option("--expires", metavar="DATE", type=day_argument, help=f"The last day it holds; else {DAYS} days.")
@format_option
@click.pass_context
def calibrate_command(  # noqa: PLR0913 - flags
    context: click.Context,
    *,
    name: str,
    path: Path,
    labels: Path,
    judges: Path,
    chosen: tuple[str, ...],
    out: Path | None,
    expires: date | None,
    output: Output,
) -> None:
    """Put labelled cases to the model tiers of JUDGMENT and find the lowest score from which on their answers can be
    accepted at the `risk` that it declares.

    Writes an artefact for each tier, and with the extra `plots` a page with its reliability plot. Exits with 1 when
    nothing can be promised of some tier.
    """
    ruleset = load(path)
    judgment = judgment_named(ruleset, name)
    risk = _with_risk(judgment)
    content = labels_content(labels)
    cases = labelled_cases(content, labels, judgment, ruleset)
    judge = judge_for(judges, judgment)
    tiers = chosen or tiers_to_calibrate(judgment, judge.configuration)
    made_on = datetime.now(UTC).date()
    terms = Terms(
        Fraction(risk.share),
        Fraction(risk.confidence),
        max(1, len(tiers)),
        digest_bytes(content),
        made_on,
        expires or made_on + timedelta(days=DAYS),
        judgment.name,
    )
    found: list[tuple[Grades, Artefact | Shortfall]] = []
    left_out: dict[str, int] = {}
    for tier in tiers:
        new = unlearnt(judge, tier, cases)
        if not new:
            raise InputError([no_new_cases(tier, JsonPath(str(labels)))])
        with Progress(f"asking {tier}") as progress:
            graded = grades(judge, tier, ruleset, judgment, new, made_on, progress)
        found.append((graded, calibrated(graded.key, graded.cases, terms)))
        left_out[tier] = len(cases) - len(new)
    _show(found, left_out, out or path / CALIBRATION, output)
    context.exit(ExitCode.DONE if all(isinstance(made, Artefact) for _, made in found) else ExitCode.PROBLEMS)


def _with_risk(judgment: Judgment) -> Risk:
    """What the judgment wants promised; InputError NS664 when it declares nothing."""
    if judgment.risk is None:
        advice = "write `risk at most 0.01 with confidence 0.95`"
        message = f"`{judgment.name}` declares no risk that a calibration could promise"
        raise InputError([Diagnostic("NS664", Severity.ERROR, message, Label(judgment.span), help=advice)])
    return judgment.risk


def _show(
    found: list[tuple[Grades, Artefact | Shortfall]], left_out: Mapping[str, int], folder: Path, output: Output
) -> None:
    """Write the artefacts, and say what was found."""
    documents: list[Json] = []
    for graded, made in found:
        output.title(f"tier {graded.tier} ({graded.key.model})")
        if left_out[graded.tier]:
            output.say(f"  left out: {left_out[graded.tier]} cases that it learnt from")
        output.say(f"  {made.statement}")
        written: list[Json] = [str(file) for file in _written(made, folder)] if isinstance(made, Artefact) else []
        output.say(*(f"  written: {file}" for file in written))
        artefact = made.json if isinstance(made, Artefact) else None
        documents.append(
            {
                "tier": graded.tier,
                "left_out": left_out[graded.tier],
                "statement": made.statement,
                "artefact": artefact,
                "files": written,
            }
        )
    if not found:
        output.say("the judgment's route has no tier of models")
    output.document({"tiers": documents})


def _written(artefact: Artefact, folder: Path) -> list[Path]:
    """The files of an artefact, each whole or not there: the artefact last, since it is what counts."""
    place = folder / f"{artefact.judgment}-{artefact.key.tier}"
    contents: list[tuple[Path, bytes]] = []
    if has_plots():
        plot = reliability_plot(artefact)
        contents += [(place.with_suffix(".png"), plot)]
        contents += [(place.with_suffix(".html"), calibration_page(artefact, plot).encode())]
    contents += [(place.with_suffix(".json"), artefact.content)]
    for file, content in contents:
        write_whole(file, content)
    return [file for file, _ in contents]
