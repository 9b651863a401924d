"""Which entries belong to decisions that somebody chose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from neurosym.audit.entry import Entry
from neurosym.audit.reader import LogReader
from neurosym.decision import recorder as names
from neurosym.decision.case_record import read_case_record
from neurosym.text.failure import LogCorruptError, LogError, ReplayError


def entries_of(log: LogReader, decisions: Sequence[Entry]) -> frozenset[int]:
    """The decisions' entries, and those that they refer to: answers, ruleset, tiers, and whatever names a decision as
    its own, such as a review. LogCorruptError when the log is damaged.
    """
    ids = {entry.decision for entry in decisions}
    found = {seq for entry in decisions for seq in _referred(log, entry)}
    found.update(entry.seq for entry in log.entries() if entry.decision is not None and entry.decision in ids)
    return frozenset(found)


def _referred(log: LogReader, entry: Entry) -> Iterator[int]:
    yield entry.seq
    yield from entry.effects
    try:
        case = read_case_record(log.content(entry, names.CASE))
    except LogCorruptError:
        raise
    except (LogError, ReplayError):
        return  # erased, not to be opened here, or of another version: then nobody can tell
    yield case.ruleset
    if case.configuration is not None:
        yield case.configuration
