"""`neurosym log prove`: that a decision is in the log, in one file."""

from __future__ import annotations

import click

from neurosym.audit.address import Address
from neurosym.audit.inclusion import proof_of
from neurosym.audit.reader import LogReader
from neurosym.cli.explain import decision_beginning
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import LOG
from neurosym.cli.output import current_output


@click.command(
    short_help="Prove that a decision is in the log.",
    epilog=examples("neurosym log prove decisions.db 4be1c0 > decision.proof"),
)
@LOG
@click.argument("name", metavar="ID")
def prove(path: Address, name: str) -> None:
    """Print a proof that the decision ID is in LOG: a file of its own (C2SP tlog-proof) that others can check with the
    log's verifier key, without the log and without asking anybody.
    """
    with LogReader.open(path) as log:
        proof = proof_of(log, decision_beginning(log, name).seq)
    current_output().verbatim(str(proof).encode("utf-8"))
