"""What callers were told, and what the log must therefore hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from neurosym.audit.committer import INTERRUPTED
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.audit.verification import verify_log
from neurosym.text.failure import ErasedError
from neurosym.values.canonical import Digest

MARK = "mark"  # the payload that tells a draft of the simulation from all others


class Outcome(Enum):
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"


UNCERTAIN = (INTERRUPTED, "does not sync", "look whether the entry is there")


@dataclass(slots=True)
class Lot:
    """Drafts that were given to the log together, by their marks, and what came of them."""

    marks: tuple[str, ...]
    outcome: Outcome = Outcome.UNKNOWN
    first: int | None = None


@dataclass(slots=True)
class Ledger:
    """All that callers know."""

    lots: list[Lot] = field(default_factory=list)
    erased: set[Digest] = field(default_factory=set)  # or perhaps: who asked for it was not told
    kept: list[bytes] = field(default_factory=list)  # checkpoints

    def begin(self, marks: Sequence[str]) -> Lot:
        lot = Lot(tuple(marks))
        self.lots.append(lot)
        return lot

    def complaints(self, log: LogReader) -> list[str]:
        """What the log does not hold that it must, and what it holds that it must not."""
        verdict = verify_log(log, earlier=self.kept)
        found = [str(problem) for problem in verdict.problems]
        if found:
            return found
        entries = list(log.entries())
        places = self._places(log, entries)
        if len(places) != sum(entry.kind in (EntryKind.ANSWER, EntryKind.DECISION) for entry in entries):
            found.append("an entry is there twice")
        for lot in self.lots:
            found += _lot_complaints(lot, [places.get(mark) for mark in lot.marks])
        known = {mark for lot in self.lots for mark in lot.marks}
        found += [f"nobody gave `{mark}` to the log" for mark in places if mark not in known]
        return found + _twice(entries)

    def _places(self, log: LogReader, entries: Sequence[Entry]) -> Mapping[str, int]:
        """Where each mark stands. It is the actor of its entry, and the content of a payload that may be erased."""
        found: dict[str, int] = {}
        for entry in entries:
            for link in entry.payloads:
                if link.name != MARK:
                    continue
                assert entry.actor is not None
                found[entry.actor] = entry.seq
                try:
                    content = log.content(entry, MARK)
                except ErasedError:
                    assert link.digest in self.erased, f"entry {entry.seq}: erased, and nobody asked for it"
                else:
                    assert content == entry.actor.encode()
        return found


def note_of(log: LogReader) -> bytes:
    """The newest checkpoint."""
    return log.checkpoint().encode()


def _lot_complaints(lot: Lot, places: Sequence[int | None]) -> list[str]:
    present = [place for place in places if place is not None]
    match lot.outcome:
        case Outcome.ACKNOWLEDGED if lot.first is None or places != [*range(lot.first, lot.first + len(places))]:
            return [f"{lot.marks} was acknowledged at {lot.first} and stands at {places}"]
        case Outcome.REFUSED if present:
            return [f"{lot.marks} was refused and stands at {places}"]
        case Outcome.UNKNOWN if present and places != [*range(present[0], present[0] + len(places))]:
            return [f"{lot.marks} is there in part: {places}"]
    return []


def _twice(entries: Sequence[Entry]) -> list[str]:
    names = [f"request {entry.request}" for entry in entries if entry.request is not None]
    names += [f"decision {entry.decision}" for entry in entries if entry.kind is EntryKind.DECISION]
    return [f"{name} is there twice" for name in dict.fromkeys(names) if names.count(name) > 1]
