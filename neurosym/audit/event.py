"""Entries of the kinds of which a log has few, found without reading the others."""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.audit.batch import EVENT_DIGITS, event_key
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.entry_row import read_row
from neurosym.audit.store import LookupKind, Reading
from neurosym.text.failure import LogCorruptError

EVENTS_MAX = 2**62  # all there are


def events_in(reading: Reading, kind: EntryKind) -> Iterator[Entry]:
    """The entries of a kind of which a log has few (`batch.EVENTS`), in order. LogCorruptError when one is not there,
    or is of another kind.
    """
    for seq in event_places(reading, kind):
        row = reading.entry(seq)
        if row is None:
            raise LogCorruptError(f"entry {seq} is missing")
        yield event(read_row(row), kind)


def event_places(reading: Reading, kind: EntryKind) -> Iterator[int]:
    """The numbers of these entries, in order, as the log says where nothing proves it."""
    beginning = event_key(kind)
    for each in reading.starting(LookupKind.EVENT, beginning, EVENTS_MAX):
        if len(each.key) == len(beginning) + EVENT_DIGITS:  # else of a kind whose name begins like this one's
            yield each.seq


def event(entry: Entry, kind: EntryKind) -> Entry:
    """The entry, once it is found to be of the kind; LogCorruptError otherwise."""
    if entry.kind is not kind:
        raise LogCorruptError(f"entry {entry.seq} is not of the kind `{kind.value}`, as the log says elsewhere")
    return entry
