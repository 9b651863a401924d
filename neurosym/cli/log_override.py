"""`neurosym log override`: a person sets a decision aside."""

from __future__ import annotations

from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.cli.argument import text_argument
from neurosym.cli.explain import decision_beginning
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import BY, DATA_KEYS, LOG, LOG_KEY, opened_log
from neurosym.cli.output import Output, format_option
from neurosym.decision.override import override_decision


@click.command(
    short_help="Set a decision aside.",
    epilog=examples(
        'neurosym log override decisions.db 4be1c0 --outcome release --reason "the licence came late" --as "J. Doe"'
    ),
)
@LOG
@click.argument("name", metavar="ID")
@click.option("--outcome", metavar="OUTCOME", type=text_argument, required=True, help="What holds instead.")
@click.option("--reason", metavar="TEXT", type=text_argument, required=True, help="Why; encrypted like the decision.")
@BY
@LOG_KEY
@DATA_KEYS
@format_option
def override(
    *,
    path: Address,
    name: str,
    outcome: str,
    reason: str,
    by: str,
    log_key: Path | None,
    data_keys: Address | None,
    output: Output,
) -> None:
    """Set the decision ID of LOG aside: from now on OUTCOME holds, by an entry that names who said so and why.

    The decision stays as it was made and replays as before. It may be set aside again. ID may be the beginning of one.
    """
    with opened_log(path, log_key, data_keys) as log:
        made = override_decision(log, decision_beginning(log, name), outcome, reason, by)
    output.document({"decision": made.decision, **made.json})
    output.title(f'overridden: "{made.outcome}" holds for decision {made.decision}, by entry {made.seq}')
