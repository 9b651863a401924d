"""`neurosym log end`: the last entry of a log."""

from __future__ import annotations

from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.entry import CLAIMED
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import BY, DATA_KEYS, LOG, LOG_KEY, REASON, opened_log
from neurosym.cli.output import current_output


@click.command(
    short_help="End a log.",
    epilog=examples('neurosym log end decisions.db --reason "a log for each year" --as "J. Doe"'),
)
@LOG
@REASON
@BY
@LOG_KEY
@DATA_KEYS
def end(*, path: Address, reason: str, by: str, log_key: Path | None, data_keys: Address | None) -> None:
    """End LOG: nothing is decided in it any more, by no program that has it open. Data can still be erased and held.

    `neurosym log succeed` begins a log that goes on in its place.
    """
    with opened_log(path, log_key, data_keys) as log:
        entry = log.end(reason, f"{by}{CLAIMED}")
    current_output().title(f"ended: entry {entry.seq}")
