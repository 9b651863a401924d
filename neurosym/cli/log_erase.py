"""`neurosym log erase`, `hold` and `release`: what becomes unreadable for ever, and what may not."""

from __future__ import annotations

from pathlib import Path

import click

from neurosym.audit.address import Address
from neurosym.audit.entry import CLAIMED, Entry
from neurosym.audit.erasure import erase_payloads, erase_subject, finish_erasures, keys_of_subject, own_payloads
from neurosym.audit.hold import active_holds, place_hold, release_hold
from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.cli.argument import text_argument
from neurosym.cli.explain import decision_beginning
from neurosym.cli.help_text import examples
from neurosym.cli.log_options import BY, DATA_KEYS, LOG, LOG_KEY, REASON, opened_log
from neurosym.cli.output import current_output
from neurosym.cli.progress import Progress
from neurosym.values.canonical import Digest

SUBJECT = click.option(
    "--subject", metavar="NAME", type=text_argument, help="A data subject, as a field with `subject` names it."
)
DECISION = click.option("--decision", metavar="ID", help="A decision; the beginning of its id will do.")


@click.command(
    short_help="Make data unreadable for ever.",
    epilog=examples(
        'neurosym log erase decisions.db --subject CUST-7 --reason "Art. 17 GDPR, request 81" --as "J. Doe"',
        'neurosym log erase decisions.db --decision 4be1c0 --reason "entered by mistake" --as "J. Doe"',
    ),
)
@LOG
@SUBJECT
@DECISION
@REASON
@BY
@LOG_KEY
@DATA_KEYS
def erase(
    *,
    path: Address,
    subject: str | None,
    decision: str | None,
    reason: str,
    by: str,
    log_key: Path | None,
    data_keys: Address | None,
) -> None:
    """Make data in LOG unreadable for ever: of a data subject, by destroying its keys, or what one decision alone
    recorded, by removing it. That it was decided, by which rules and with which outcome, stays, and so does the proof
    that nothing else was changed.

    Entries that a hold keeps are not erased. Copies of the key store, of the review queue and of exports are not
    reached from here. What was interrupted is finished when the command is given again.
    """
    _one_of(subject, decision)
    output = current_output()
    with opened_log(path, log_key, data_keys) as log:
        finished = finish_erasures(log)
        if finished:
            output.say(f"finished an earlier erasure of {_number(len(finished), 'key')}")
        if subject is not None:
            with Progress("looking for what is affected") as progress:
                affected = _entries_under(log, keys_of_subject(log, subject), progress)
            done = erase_subject(log, subject, reason, f"{by}{CLAIMED}")
            output.title(f"erased: {_number(len(done.keys), 'key')} destroyed")
            output.say(f"  what {_number(affected, 'entry', 'entries')} recorded cannot be read any more")
        else:
            payloads = _payloads_of(log, decision or "")
            done = erase_payloads(log, payloads, reason, f"{by}{CLAIMED}")
            output.title(f"erased: {_number(len(done.payloads), 'payload')} removed")
        output.say(f"  entry {done.entry.seq} says so")


@click.command(
    short_help="Keep data from being erased.",
    epilog=examples('neurosym log hold decisions.db --subject CUST-7 --reason "case 12/26" --as "J. Doe"'),
)
@LOG
@SUBJECT
@DECISION
@REASON
@BY
@LOG_KEY
@DATA_KEYS
def hold(
    *,
    path: Address,
    subject: str | None,
    decision: str | None,
    reason: str,
    by: str,
    log_key: Path | None,
    data_keys: Address | None,
) -> None:
    """Keep the data of a subject, or what a decision recorded, from being erased by anybody until the hold is released.

    The hold is an entry of LOG; its number releases it.
    """
    _one_of(subject, decision)
    with opened_log(path, log_key, data_keys) as log:
        held = _held_of(decision_beginning(log, decision)) if decision is not None else None
        keys, payloads = held or (keys_of_subject(log, subject or ""), ())
        entry = place_hold(log, keys, payloads, reason, f"{by}{CLAIMED}")
    current_output().title(f"held: entry {entry.seq}")


@click.command(
    short_help="Release a hold, or list those that there are.",
    epilog=examples('neurosym log release decisions.db 81 --reason "case 12/26 is closed" --as "J. Doe"'),
)
@LOG
@click.argument("seq", metavar="ENTRY", type=click.IntRange(0))
@REASON
@BY
@LOG_KEY
@DATA_KEYS
def release(*, path: Address, seq: int, reason: str, by: str, log_key: Path | None, data_keys: Address | None) -> None:
    """Release the hold that the entry ENTRY of LOG is."""
    with opened_log(path, log_key, data_keys) as log:
        entry = release_hold(log, seq, reason, f"{by}{CLAIMED}")
        with log.store.reading() as reading:
            left = len(active_holds(reading))
    output = current_output()
    output.title(f"released: entry {entry.seq}")
    output.say(f"  {_number(left, 'hold')} left")


def _one_of(subject: str | None, decision: str | None) -> None:
    if (subject is None) is (decision is None):
        raise click.UsageError("one of `--subject NAME` and `--decision ID`")


def _payloads_of(log: Log, name: str) -> tuple[Digest, ...]:
    """What a decision and its answers recorded, and no other entry names."""
    entry = decision_beginning(log, name)
    return tuple(
        digest
        for each in (entry, *map(log.entry, entry.effects))
        if each.decision == entry.decision
        for digest in own_payloads(log, each)
    )


def _held_of(entry: Entry) -> tuple[tuple[str, ...], tuple[Digest, ...]]:
    """The keys and the payloads that a decision is read with."""
    keys = dict.fromkeys(link.key for link in entry.payloads if link.key is not None)
    return tuple(keys), tuple(link.digest for link in entry.payloads)


def _entries_under(log: LogReader, keys: tuple[str, ...], progress: Progress) -> int:
    wanted, size, count = set(keys), log.size(), 0
    for entry in log.entries():
        count += any(link.key in wanted for link in entry.payloads)
        progress(entry.seq + 1, size)
    return count


def _number(count: int, one: str, several: str | None = None) -> str:
    return f"{count} {one if count == 1 else several or one + 's'}"
