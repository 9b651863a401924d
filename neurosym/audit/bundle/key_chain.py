"""The keys of a log, one after the other. A key change is an entry whose payload `key change` is not encrypted: a note

```
neurosym key change 1
ORIGIN
OLD VKEY
NEW VKEY
```

signed by both keys. The first entry of the log names the first key, so that no other chain fits the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from neurosym.audit.key import ED25519, VerifierKey, parse_verifier_key
from neurosym.audit.note import parse_note
from neurosym.text.failure import LogCorruptError, LogError

CHANGE = "key change"
FIRST_LINE = "neurosym key change 1"


def changed_keys(content: bytes, origin: str) -> tuple[VerifierKey, VerifierKey]:
    """The old and the new key of a key change of this log; LogCorruptError unless both have signed it."""
    note = parse_note(content)
    lines = note.text.split("\n")
    if len(lines) != 5 or lines[0] != FIRST_LINE or lines[4]:
        raise LogCorruptError(f"its note is none of `{FIRST_LINE}`")
    if lines[1] != origin:
        raise LogCorruptError(f"its note is of the log `{lines[1]}` and not of `{origin}`")
    old, new = parsed_key(lines[2]), parsed_key(lines[3])
    for key in (old, new):
        if not note.is_signed_by(key):
            raise LogCorruptError(f"its note is not signed by `{key}`")
    return old, new


def chained(first: VerifierKey, changes: Iterable[tuple[int, VerifierKey, VerifierKey]]) -> tuple[VerifierKey, ...]:
    """All keys of a log that was begun with `first`, the present one first. The changes are given in order, each with
    its entry; LogCorruptError where one does not follow from that before.
    """
    keys = [first]
    for seq, old, new in changes:
        if old != keys[0]:
            raise LogCorruptError(f"entry {seq} changes a key that was not the log's then")
        if new in keys:
            raise LogCorruptError(f"entry {seq} changes to a key that the log had before")
        keys.insert(0, new)
    return tuple(keys)


def keys_text(keys: Sequence[VerifierKey]) -> str:
    """The keys as `log.vkey` has them."""
    return "".join(f"{key}\n" for key in keys)


def parsed_key(text: str) -> VerifierKey:
    """The key in a line; LogCorruptError when it is none."""
    try:
        key = parse_verifier_key(text)
    except LogError as error:
        raise LogCorruptError(f"`{text[:100]}` is no Ed25519 verifier key") from error
    if str(key) != text or key.type != ED25519:
        raise LogCorruptError(f"`{text[:100]}` is no Ed25519 verifier key")
    return key
