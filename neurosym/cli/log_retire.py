"""`neurosym log retire` and `reinstate`: which rulesets may decide."""

from __future__ import annotations

from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.entry import CLAIMED
from neurosym.audit.log import Log
from neurosym.audit.retirement import PROGRAM, reinstate_program, retire_program
from neurosym.cli.explain import decision_beginning
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import BY, DATA_KEYS, LOG, LOG_KEY, REASON, opened_log
from neurosym.cli.output import current_output
from neurosym.decision.ruleset import load
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Digest


@click.command(
    short_help="Take a ruleset out of use.",
    epilog=examples(
        'neurosym log retire decisions.db --ruleset rulesets/sanctions --reason "FAQ 401 changed" --as "J. Doe"',
        'neurosym log retire decisions.db --decision 4be1c0 --reason "a wrong threshold" --as "J. Doe"',
    ),
)
@LOG
@click.option("--ruleset", metavar="PATH", type=click.Path(path_type=Path), help="The ruleset as it stands here.")
@click.option("--decision", metavar="ID", help="The ruleset that made this decision; the beginning of its id will do.")
@REASON
@BY
@LOG_KEY
@DATA_KEYS
def retire(
    *,
    path: Address,
    ruleset: Path | None,
    decision: str | None,
    reason: str,
    by: str,
    log_key: Path | None,
    data_keys: Address | None,
) -> None:
    """Take a ruleset out of use: nothing is decided by it in LOG any more, by nobody, until it is reinstated.

    What it decided stays, replays and is explained as before. Another version of it is another ruleset.
    """
    if (ruleset is None) is (decision is None):
        raise click.UsageError("one of `--ruleset PATH` and `--decision ID`")
    program = None if ruleset is None else load(ruleset).digest
    with opened_log(path, log_key, data_keys) as log:
        entry = retire_program(log, program or _program_of(log, decision or ""), reason, f"{by}{CLAIMED}")
    output = current_output()
    output.title(f"retired: entry {entry.seq}")
    output.say(f"  `neurosym log reinstate LOG {entry.seq}` puts it in use again")


@click.command(
    short_help="Put a retired ruleset in use again.",
    epilog=examples('neurosym log reinstate decisions.db 81 --reason "FAQ 401 was withdrawn" --as "J. Doe"'),
)
@LOG
@click.argument("seq", metavar="ENTRY", type=click.IntRange(0))
@REASON
@BY
@LOG_KEY
@DATA_KEYS
def reinstate(
    *, path: Address, seq: int, reason: str, by: str, log_key: Path | None, data_keys: Address | None
) -> None:
    """Put the ruleset in use again that the entry ENTRY of LOG retired."""
    with opened_log(path, log_key, data_keys) as log:
        entry = reinstate_program(log, seq, reason, f"{by}{CLAIMED}")
    current_output().title(f"reinstated: entry {entry.seq}")


def _program_of(log: Log, name: str) -> Digest:
    entry = decision_beginning(log, name)
    if PROGRAM not in entry.digests:
        raise LogCorruptError(f"entry {entry.seq} does not say by which ruleset it was decided")
    return entry.digests[PROGRAM]
