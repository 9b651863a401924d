"""The end of a log: an entry after which nothing is decided, answered or changed any more.

Duties outlive a log: data that has to be erased is erased, and what may not be is held. Entries of these kinds may
follow the end, and no others.
"""

from __future__ import annotations

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.event import event_places
from neurosym.audit.store import Reading
from neurosym.text.failure import EndedError

AFTER_THE_END = frozenset({EntryKind.ERASURE, EntryKind.HOLD})


def end_of(reading: Reading) -> int | None:
    """The number of the entry that ended the log; None while it goes on."""
    return next(event_places(reading, EntryKind.STOP), None)


def stop_on_end(kind: EntryKind, end: int | None) -> None:
    """EndedError when an entry of this kind may not follow the end."""
    if end is not None and kind not in AFTER_THE_END:
        raise EndedError(
            f"the log was ended by entry {end}, and only erasures and holds may follow; `neurosym log succeed` begins "
            "a log that goes on in its place"
        )
