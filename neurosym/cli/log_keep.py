"""`neurosym log seal` and `expire`: periods, and what is let go when its time is over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.entry import CLAIMED
from neurosym.audit.retention import CLASSES, check_keep, let_go, overdue
from neurosym.audit.segment import seal_segment, segments
from neurosym.cli.argument import text_argument
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import BY, DATA_KEYS, LOG, LOG_KEY, opened_log
from neurosym.cli.output import current_output
from neurosym.cli.progress import Progress
from neurosym.text.failure import LogError
from neurosym.values.temporal import Months, TemporalError, parse_duration

DAY_LENGTH = len("2026-03-02")


@click.command(
    short_help="End a period, so that what is in it can be let go some day.",
    epilog=examples('neurosym log seal decisions.db --period 2026-11 --as "J. Doe"'),
)
@LOG
@click.option("--period", metavar="TEXT", type=text_argument, required=True, help="What the period is called.")
@BY
@LOG_KEY
@DATA_KEYS
def seal(*, path: Address, period: str, by: str, log_key: Path | None, data_keys: Address | None) -> None:
    """End a period of LOG: what was logged since the last seal becomes the segment of that name."""
    with opened_log(path, log_key, data_keys) as log:
        entry = seal_segment(log, period, f"{by}{CLAIMED}")
        made = segments(log)[-1]
    current_output().title(f"sealed: {period}, {made.count} entries, by entry {entry.seq}")


def kept(text: str) -> tuple[str, Months]:
    """A class and for how long it is kept; a usage error when the argument does not say it."""
    name, _, period = text.partition("=")
    try:
        found = parse_duration(period)
        if isinstance(found, Months):
            check_keep({name: found})
            return name, found
    except (TemporalError, LogError) as error:
        raise click.BadParameter(str(error)) from error
    raise click.BadParameter(f"`{period}` is not a number of months or years: write P2Y or P18M")


@click.command(
    short_help="Let go what need not be kept any more.",
    epilog=examples(
        'neurosym log expire decisions.db --keep answers=P2Y --keep decisions=P7Y --as "J. Doe" --dry-run',
    ),
)
@LOG
@click.option(
    "--keep",
    "keep",
    metavar="CLASS=PERIOD",
    type=kept,
    multiple=True,
    required=True,
    help=f"How long a class is kept: {', '.join(CLASSES)}.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be let go, and let nothing go.")
@BY
@LOG_KEY
@DATA_KEYS
def expire(
    *,
    path: Address,
    keep: tuple[tuple[str, Months], ...],
    dry_run: bool,
    by: str,
    log_key: Path | None,
    data_keys: Address | None,
) -> None:
    """Remove from the sealed segments of LOG what need not be kept any more, by the log's clock: prompts and responses
    (`answers`), what was decided about whom and why (`decisions`), and what is known of `failures`.

    The entries stay, and with them the proof that nothing else was changed. Nothing is let go in its first six months.
    """
    output = current_output()
    count = 0
    with opened_log(path, log_key, data_keys) as log, Progress("looking at segments") as progress:
        today = date.fromisoformat(log.clock.stamp().time[:DAY_LENGTH])
        for each in list(overdue(log, dict(keep), today, progress)):
            if each.payloads and not dry_run:
                let_go(log, each, f"{by}{CLAIMED}")
            count += len(each.payloads)
            held = f", {each.held} held" if each.held else ""
            output.say(f"{each.segment.period}: {len(each.payloads)} of {each.name}{held}")
    output.title(f"{count} payloads {'would be' if dry_run else 'were'} removed")
