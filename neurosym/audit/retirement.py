"""Retirement: a ruleset goes out of use, so that nothing is decided by it any more until it is reinstated.

A retirement is an entry of the log, and so is its end, which names the retirement as the earlier entry that it follows.
Both bear the digest of the program. Why is told in a payload that is not encrypted: `{"reason": TEXT}`.
"""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.envelope import envelope_fields
from neurosym.audit.event import events_in
from neurosym.audit.log import Log
from neurosym.audit.payload import open_payload
from neurosym.audit.store import Reading
from neurosym.text.failure import LogCorruptError, LogError, RetiredError
from neurosym.values.canonical import Digest, canonical_bytes

PROGRAM = "program"  # the digest of an envelope that says by which rules
RETIRED, REINSTATED, REASON = "retired", "reinstated", "reason"


@dataclass(frozen=True, slots=True)
class Retirement:
    """What an entry retires."""

    seq: int
    program: Digest
    reason: str


def retire_program(log: Log, program: Digest, reason: str, actor: str) -> Entry:
    """The entry that retires a program. LogError when nothing in the log was decided by it, or it is retired."""
    installed = [entry.seq for entry in log.events(EntryKind.RULESET) if entry.digests.get(PROGRAM) == program]
    if not installed:
        raise LogError("nothing in the log was decided by this ruleset")

    def is_in_use(reading: Reading) -> None:
        for each in active_retirements(reading):
            if each.program == program:
                raise LogError(f"entry {each.seq} retired this ruleset already")

    return log.record(_draft(log, RETIRED, program, installed[-1], reason, actor), is_in_use)


def reinstate_program(log: Log, seq: int, reason: str, actor: str) -> Entry:
    """The entry that ends the retirement of entry `seq`. LogError when there is no such retirement, or it was ended."""
    with log.store.reading() as reading:
        found = {each.seq: each for each in active_retirements(reading)}
    if seq not in found:
        raise LogError(f"entry {seq} retires nothing, or was ended")

    def is_retired(reading: Reading) -> None:
        if seq not in {each.seq for each in active_retirements(reading)}:
            raise LogError(f"entry {seq} was ended")

    return log.record(_draft(log, REINSTATED, found[seq].program, seq, reason, actor), is_retired)


def active_retirements(reading: Reading) -> list[Retirement]:
    """The retirements that were not ended, in order. LogCorruptError when an entry does not say what it retires."""
    entries = list(events_in(reading, EntryKind.RULESET_RETIRED))
    ended = {entry.previous for entry in entries if entry.outcome == REINSTATED}
    return [_retirement(reading, entry) for entry in entries if entry.outcome == RETIRED and entry.seq not in ended]


def stop_on_retired(reading: Reading, program: Digest) -> None:
    """RetiredError when the program is retired. It costs next to nothing where none ever was."""
    for each in active_retirements(reading):
        if each.program == program:
            raise RetiredError(
                f"the ruleset was retired by entry {each.seq}: {each.reason}; decide by another, or have it "
                f"reinstated (neurosym log reinstate LOG {each.seq})"
            )


def _draft(log: Log, outcome: str, program: Digest, previous: int, reason: str, actor: str) -> Draft:
    return Draft(
        kind=EntryKind.RULESET_RETIRED,
        actor=actor,
        digests={PROGRAM: program},
        outcome=outcome,
        previous=previous,
        payloads=((REASON, log.salted(canonical_bytes({REASON: reason}))),),
    )


def _retirement(reading: Reading, entry: Entry) -> Retirement:
    link = entry.link(REASON)
    stored = reading.payload(link.digest)
    if stored is None or link.key is not None or PROGRAM not in entry.digests:
        raise LogCorruptError(f"entry {entry.seq} does not say what it retires")
    reason = envelope_fields(open_payload(stored, link, lambda _: b"")).text(REASON)
    return Retirement(entry.seq, entry.digests[PROGRAM], reason)
