"""`neurosym judgments labels`: what persons answered, as labelled cases."""

from __future__ import annotations

import json
from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.reader import LogReader
from neurosym.cli.argument import text_argument
from neurosym.cli.help_text import examples
from neurosym.cli.labelled import judgment_named
from neurosym.cli.log_options import DATA_KEYS, log_address
from neurosym.cli.output import current_output
from neurosym.cli.progress import Progress
from neurosym.cli.whole_file import write_whole
from neurosym.decision.logged_answers import label_json, logged_answers
from neurosym.decision.ruleset import load


@click.command(
    name="labels",
    short_help="Write what persons answered as labelled cases.",
    epilog=examples(
        "neurosym judgments labels same_person decisions.db --ruleset rulesets/sanctions --out labels.json"
    ),
)
@click.argument("name", metavar="JUDGMENT", type=text_argument)
@click.argument("log_path", metavar="LOG", type=log_address)
@click.option("--ruleset", "path", metavar="PATH", type=click.Path(path_type=Path), required=True, help="Its ruleset.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), required=True, help="Where the cases go.")
@DATA_KEYS
def labels_command(*, name: str, log_path: Address, path: Path, out: Path, data_keys: Address | None) -> None:
    """Write the answers that persons gave to JUDGMENT, as `calibrate`, `distill` and `redteam` read them.

    Answers to another text of the judgment are left out. What is written holds what the judgment reads, personal data
    among it, in clear.
    """
    ruleset = load(path)
    judgment = judgment_named(ruleset, name)
    with LogReader.open(log_path, data_keys=data_keys) as log, Progress("reading decisions") as progress:
        found = logged_answers(log, judgment, progress)
    cases = [label_json(ruleset.program, case) for case in found.cases if case.by]
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    write_whole(out, f"[\n{lines}\n]\n".encode())
    output = current_output()
    if found.unreadable:
        output.warn(f"{len(found.unreadable)} decisions cannot be executed again and are left out")
    output.say(f"written: {out} with {len(cases)} {'case' if len(cases) == 1 else 'cases'}")
