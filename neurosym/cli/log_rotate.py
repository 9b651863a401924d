"""`neurosym log rotate`: another key signs from now on."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.entry import CLAIMED
from neurosym.audit.keyfile import beside, create_key, read_key
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import BY, DATA_KEYS, LOG, LOG_KEY, opened_log
from neurosym.cli.output import current_output


@click.command(
    short_help="Have another key sign the log.",
    epilog=examples('neurosym log rotate decisions.db --new-key 2027.key --as "J. Doe"'),
)
@LOG
@click.option(
    "--new-key",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="The key that signs from now on; it is made where there is none.",
)
@BY
@LOG_KEY
@DATA_KEYS
def rotate(*, path: Address, new_key: Path, by: str, log_key: Path | None, data_keys: Address | None) -> None:
    """Have another key sign the checkpoints of LOG. The entry that says so is signed by both, so that whoever knows the
    old key knows the new one. Programs that have the log open with the old key cannot write any more.
    """
    with opened_log(path, log_key, data_keys) as log:
        create_key(new_key, secrets.token_bytes, name=log.identity.origin)
        entry = log.change_key(read_key(new_key), f"{by}{CLAIMED}")
        vkey = log.identity.vkey
    output = current_output()
    output.title(f"changed: entry {entry.seq}")
    place = f", or move it to {beside(path)}" if isinstance(path, Path) else ""
    output.say(f"verifier key: {vkey}", f"from now on: --log-key {new_key}{place}")
