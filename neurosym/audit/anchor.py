"""Anchors: places outside of a log that remember what it said of itself.

Inside, a log proves nothing against whoever holds its key. What was put elsewhere cannot be taken back: it shows that a
log was cut off, restored from a copy, or written anew.
"""

from __future__ import annotations

from typing import Protocol

from neurosym.audit.checkpoint import Checkpoint, parse_checkpoint
from neurosym.audit.key_change import keys_at, keys_of
from neurosym.audit.note import Note
from neurosym.audit.reader import LogReader
from neurosym.audit.tree_path import root_of
from neurosym.text.failure import LogCorruptError

ADVICE = "to go on, begin a log that follows it: neurosym log succeed"


class Anchor(Protocol):
    """A place that remembers checkpoints of a log."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    def check(self, log: LogReader) -> None:
        """LogCorruptError when what is remembered there contradicts the log; LogError when it cannot be asked."""
        ...

    def submit(self, log: LogReader) -> str:
        """What came of having the newest checkpoint remembered there, in a few words. Errors as of `check`."""
        ...


def check_contains(log: LogReader, note: Note, place: str) -> Checkpoint:
    """The checkpoint of a note that was kept at a place outside. LogCorruptError when it is not one of this log, or the
    log as it stands does not contain it.
    """
    checkpoint = parse_checkpoint(note.text)
    origin = log.identity.origin
    if checkpoint.origin != origin:
        raise LogCorruptError(f"{place}: the checkpoint is of the log `{checkpoint.origin}` and not of `{origin}`")
    size = log.size()
    if checkpoint.size > size:
        raise LogCorruptError(
            f"{place}: there is a checkpoint of {checkpoint.size} entries and the log has {size}: it was restored from "
            f"an older copy, or cut off; {ADVICE}"
        )
    if not any(note.is_signed_by(key) for key in keys_at(keys_of(log), checkpoint.size)):
        raise LogCorruptError(f"{place}: the checkpoint of {checkpoint.size} entries is not signed by the log's key")
    with log.store.reading() as reading:
        root = root_of(reading, checkpoint.size)
    if root != checkpoint.root:
        raise LogCorruptError(
            f"{place}: one of the first {checkpoint.size} entries is not what it was: the log was written anew; "
            f"{ADVICE}"
        )
    return checkpoint
