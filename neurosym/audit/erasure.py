"""Erasure: payloads become unreadable for ever, and the tree over the entries stays as it is.

A key is destroyed, or ciphertexts are removed. The entry that says so is durable first: what is gone without a word of
the log is damage, what the log says is gone and is not can be finished (`finish_erasures`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erased import ERASED, erased_bytes, erased_keys
from neurosym.audit.hold import stop_on_holds
from neurosym.audit.log import Log
from neurosym.audit.payload import DataKey
from neurosym.audit.reader import LogReader
from neurosym.audit.store import Reading
from neurosym.text.failure import LogError
from neurosym.values.canonical import Digest

PAGE = 1_000
DIGEST = re.compile(rb"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased: its entry, the keys destroyed and the payloads removed."""

    entry: Entry
    keys: tuple[str, ...]
    payloads: tuple[Digest, ...]


def keys_of_subject(log: LogReader, subject: str) -> tuple[str, ...]:
    """The keys that a subject's data are under; LogError when it has none, or there is no key store at hand."""
    if log.keys is None:
        raise LogError("the log's key store is not at hand")
    found = tuple(log.keys.keys_with(subject))
    if not found:
        raise LogError("the key store has no key for this subject: nothing of it is encrypted, or it was erased")
    return found


def erase_subject(log: Log, subject: str, reason: str, actor: str) -> Erasure:
    """Destroy the keys of a data subject. HeldError when one is held; LogError when it has none.

    The entry names the keys and not the subject; `reason` stands in it for everybody to read.
    """
    keys = keys_of_subject(log, subject)
    entry = _recorded(log, keys, (), reason, actor)
    late = set(log.data_keys.destroy(keys)) - set(keys)  # made meanwhile, for the subject together with another
    if late:
        _recorded(log, tuple(late), (), reason, actor)
    return Erasure(entry, keys, ())


def erase_payloads(log: Log, payloads: Collection[Digest], reason: str, actor: str) -> Erasure:
    """Remove payloads. HeldError when one is held; LogError when one is not there."""
    with log.store.reading() as reading:
        missing = sorted(set(payloads) - reading.payload_places(payloads).keys())
    if missing or not payloads:
        raise LogError(f"the log has no payload {missing[0]}" if missing else "there is nothing to erase")
    found = tuple(sorted(set(payloads)))
    return Erasure(_recorded(log, (), found, reason, actor), (), found)


def own_payloads(log: LogReader, entry: Entry) -> tuple[Digest, ...]:
    """The payloads that this entry alone names, of those that are still there."""
    mine = {link.digest for link in entry.payloads}
    with log.store.reading() as reading:
        kept = reading.payload_places(mine)
        shared = {digest for digest, seq in kept.items() if seq != entry.seq}
        shared |= named_after(reading, entry.seq, mine)
    return tuple(sorted(kept.keys() - shared))


def named_after(reading: Reading, seq: int, digests: Collection[Digest]) -> set[Digest]:
    """Those of the digests that entries after `seq` name."""
    wanted, found = {digest.encode() for digest in digests}, set[bytes]()
    for envelope in _envelopes(reading, seq + 1):
        found |= wanted.intersection(DIGEST.findall(envelope))
    return {Digest(each.decode()) for each in found}


def finish_erasures(log: Log) -> tuple[str, ...]:
    """The keys that an entry says were destroyed and that were there still: they are destroyed now."""
    left = unfinished(log)
    if left:
        log.data_keys.destroy(left)
    return left


def unfinished(log: LogReader) -> tuple[str, ...]:
    """The keys that an entry says were destroyed and that are there; none where no key store is at hand."""
    if log.keys is None:
        return ()
    said = [key for entry in log.events(EntryKind.ERASURE) for key in erased_keys(log.content(entry, ERASED))]
    return tuple(key for key in dict.fromkeys(said) if isinstance(log.keys.key(key), DataKey))


def _recorded(log: Log, keys: Collection[str], payloads: tuple[Digest, ...], reason: str, actor: str) -> Entry:
    """The entry of an erasure; with it, in one transaction, the payloads are removed."""
    payload = log.salted(erased_bytes(keys, payloads, reason))
    draft = Draft(kind=EntryKind.ERASURE, actor=actor, payloads=((ERASED, payload),), erases=payloads)
    concerned = {*keys, *log.data_keys.owners_of(keys)}
    return log.record(draft, lambda reading: stop_on_holds(reading, concerned, payloads))


def _envelopes(reading: Reading, first: int) -> Iterator[bytes]:
    while rows := reading.entries(first, PAGE):
        for row in rows:
            yield row.envelope
        first = rows[-1].seq + 1
