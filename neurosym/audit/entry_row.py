"""The entry of a stored row."""

from __future__ import annotations

from neurosym.audit.entry import Entry, parse_entry
from neurosym.audit.store import EntryRow
from neurosym.audit.tree import leaf_hash
from neurosym.text.failure import LogCorruptError


def read_row(row: EntryRow) -> Entry:
    """The entry of a stored row; LogCorruptError naming it when it is not what was logged there."""
    if leaf_hash(row.envelope) != row.leaf:
        raise LogCorruptError(f"entry {row.seq}: the envelope was changed after it was logged")
    try:
        entry = parse_entry(row.envelope)
    except LogCorruptError as error:
        raise LogCorruptError(f"entry {row.seq}: {error}") from error
    if entry.seq != row.seq:
        raise LogCorruptError(f"entry {row.seq}: `seq` is {entry.seq}")
    return entry
