"""`neurosym log prove`: that a decision, or a row of a batch, is in the log, in one file."""

from __future__ import annotations

import click

from neurosym.audit.address import Address
from neurosym.audit.inclusion import proof_of
from neurosym.audit.reader import LogReader
from neurosym.cli.batch_named import batch_beginning
from neurosym.cli.explain import decision_beginning
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import LOG
from neurosym.cli.output import current_output
from neurosym.decision.batch.recorded_batch import RecordedBatch


@click.command(
    short_help="Prove that a decision, or a row, is in the log.",
    epilog=examples(
        "neurosym log prove decisions.db 4be1c0 > decision.proof",
        "neurosym log prove decisions.db 77aa02 --row 17 > row.proof",
        'neurosym log verify row.proof --key "$(cat decisions.vkey)"',
    ),
)
@LOG
@click.argument("name", metavar="ID")
@click.option("--row", type=click.IntRange(0), metavar="N", help="Of the batch ID: prove its row N, counted from 0.")
def prove(path: Address, name: str, row: int | None) -> None:
    """Print a proof that the decision ID is in LOG: a file of its own (C2SP tlog-proof) that others can check with the
    log's verifier key, without the log and without asking anybody.

    With `--row`, ID is of a batch: the proof holds the record of the row, what leads from it to the root in the batch's
    entry, and the proof of that entry. `neurosym log verify` checks it.
    """
    with LogReader.open(path) as log:
        if row is None:
            content = str(proof_of(log, decision_beginning(log, name).seq)).encode("utf-8")
        else:
            batch = RecordedBatch(log, batch_beginning(log, name))
            content = bytes(batch.proof(batch.record(row)))
    current_output().verbatim(content)
