"""Holds: data that may not be erased, whoever asks, until the hold is released.

A hold is an entry of the log, and so is its release, which names the hold as the earlier entry that it follows. What
is held is told in a payload that is not encrypted, so that whoever checks the log can read it.

```
{"keys": [ID], "payloads": [DIGEST], "reason": TEXT}        of a hold
{"reason": TEXT}                                            of its release
```
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.envelope import envelope_fields
from neurosym.audit.event import events_in
from neurosym.audit.log import Log
from neurosym.audit.payload import open_payload
from neurosym.audit.store import Reading
from neurosym.text.failure import HeldError, LogCorruptError, LogError
from neurosym.values.canonical import Digest, Json, canonical_bytes

HELD, RELEASED = "held", "released"


@dataclass(frozen=True, slots=True)
class Hold:
    """What an entry holds."""

    seq: int
    keys: frozenset[str]
    payloads: frozenset[Digest]
    reason: str


def place_hold(log: Log, keys: Collection[str], payloads: Collection[Digest], reason: str, actor: str) -> Entry:
    """The entry of a hold on what these keys open, and on these payloads. LogError when there is nothing to hold."""
    if not keys and not payloads:
        raise LogError("there is nothing to hold")
    content: Json = {"keys": [*sorted(keys)], "payloads": [*sorted(payloads)], "reason": reason}
    payload = log.salted(canonical_bytes(content))
    return log.record(Draft(kind=EntryKind.HOLD, actor=actor, outcome=HELD, payloads=((HELD, payload),)))


def release_hold(log: Log, seq: int, reason: str, actor: str) -> Entry:
    """The entry that releases the hold of entry `seq`. LogError when there is no such hold, or it was released."""

    def is_there(reading: Reading) -> None:
        if seq not in {each.seq for each in active_holds(reading)}:
            raise LogError(f"entry {seq} holds nothing, or was released")

    payload = log.salted(canonical_bytes({"reason": reason}))
    draft = Draft(kind=EntryKind.HOLD, actor=actor, outcome=RELEASED, previous=seq, payloads=((RELEASED, payload),))
    return log.record(draft, is_there)


def active_holds(reading: Reading) -> list[Hold]:
    """The holds that were not released, in order. LogCorruptError when an entry does not say what it holds."""
    entries = list(events_in(reading, EntryKind.HOLD))
    released = {entry.previous for entry in entries if entry.outcome == RELEASED}
    return [_hold(reading, entry) for entry in entries if entry.outcome == HELD and entry.seq not in released]


def stop_on_holds(reading: Reading, keys: Collection[str], payloads: Collection[Digest]) -> None:
    """HeldError when one of the keys or payloads is held."""
    for each in active_holds(reading):
        if not each.keys.isdisjoint(keys) or not each.payloads.isdisjoint(payloads):
            raise HeldError(f"entry {each.seq} holds what was to be erased: {each.reason}")


def _hold(reading: Reading, entry: Entry) -> Hold:
    link = entry.link(HELD)
    stored = reading.payload(link.digest)
    if stored is None or link.key is not None:
        raise LogCorruptError(f"entry {entry.seq} does not say what it holds")
    fields = envelope_fields(open_payload(stored, link, lambda _: b""))
    keys, payloads = fields.texts("keys"), fields.texts("payloads")
    return Hold(entry.seq, frozenset(keys), frozenset(map(Digest, payloads)), fields.text("reason"))
