"""A log's key changed for another: an entry that both have signed.

The payload of the entry is not encrypted. It is a signed note by the old key and by the new one; its text is

```
neurosym key change 1
ORIGIN
VERIFIER KEY until now
VERIFIER KEY from now on
```

The checkpoint over this entry is signed by both, every later one by the new key alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from neurosym.audit.entry import KEY, Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.key import SignerKey, VerifierKey, parse_verifier_key
from neurosym.audit.note import Note, parse_note, sign_note
from neurosym.audit.reader import LogReader
from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import Digest, digest_bytes

KEY_CHANGE, PREVIOUS_KEY = "key change", "previous key"
TITLE = "neurosym key change 1"


@dataclass(frozen=True, slots=True)
class Tenure:
    """A key of a log, and the entry that brought it: checkpoints over more entries than that are signed by it."""

    key: VerifierKey
    since: int


def key_change(origin: str, old: SignerKey, new: SignerKey) -> Note:
    """The note of a change."""
    return sign_note("\n".join((TITLE, origin, str(old.verifier), str(new.verifier), "")), old, new)


def key_digest(key: VerifierKey) -> Digest:
    """What envelopes say of a key."""
    return digest_bytes(str(key).encode())


def read_key_change(content: bytes, origin: str) -> tuple[VerifierKey, VerifierKey]:
    """The old key and the new one; LogCorruptError when the bytes are no change of this log's key, signed by both."""
    note = parse_note(content)
    lines = note.text.split("\n")
    if len(lines) != 5 or lines[:2] != [TITLE, origin]:
        raise LogCorruptError("what is said of the change of the key is not what a change says")
    try:
        old, new = parse_verifier_key(lines[2]), parse_verifier_key(lines[3])
    except LogError as error:
        raise LogCorruptError(f"the change of the key names what is no key: {error}") from error
    for key in (old, new):
        if not note.is_signed_by(key):
            raise LogCorruptError(f"the change of the key is not signed by `{key.name}`")
    return old, new


def keys_at(known: Sequence[Tenure], size: int) -> list[VerifierKey]:
    """The keys that may have signed a checkpoint of this size: one, or two where its last entry changed the key."""
    until = [each.since + 1 for each in known[1:]] + [max(size, 1)]
    return [each.key for each, last in zip(known, until, strict=True) if each.since < max(size, 1) <= last]


def keys_of(log: LogReader) -> Sequence[Tenure]:
    """The keys of a log by its own account, in order. LogCorruptError when its entries do not bear it out."""
    identity, start = log.identity, log.entry(0)
    changes = [(entry, log.content(entry, KEY_CHANGE)) for entry in log.events(EntryKind.KEY_CHANGE)]
    found = tenures(start, changes, identity.origin)
    own = parse_verifier_key(identity.vkey)
    if (key_digest(found[-1].key) if found else start.digests.get(KEY)) != key_digest(own):
        raise LogCorruptError("the log was begun with another key than the one it names as its own")
    return found or [Tenure(own, 0)]


def tenures(start: Entry, changes: Iterable[tuple[Entry, bytes]], origin: str) -> Sequence[Tenure]:
    """The keys that a log had one after the other, but for the first of a log whose key never changed, which its first
    entry names by its digest alone. LogCorruptError naming the entry that does not follow from what came before.
    """
    found: list[Tenure] = []
    expected = start.digests.get(KEY)
    for entry, content in changes:
        try:
            old, new = read_key_change(content, origin)
        except LogCorruptError as error:
            raise LogCorruptError(f"entry {entry.seq}: {error}") from error
        said = entry.digests.get(PREVIOUS_KEY), entry.digests.get(KEY)
        if key_digest(old) != expected or said != (key_digest(old), key_digest(new)):
            raise LogCorruptError(f"entry {entry.seq}: the key that it changes is not the one that the log had")
        found += [Tenure(new, entry.seq)] if found else [Tenure(old, start.seq), Tenure(new, entry.seq)]
        expected = key_digest(new)
    return found
