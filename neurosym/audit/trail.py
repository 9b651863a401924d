"""The way of verification through a log: page by page, so that it takes no more room for a larger one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from neurosym.audit.belongings import Belongings
from neurosym.audit.ending import AFTER_THE_END
from neurosym.audit.entry import Entry, parse_entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.frontier import Frontier, Node
from neurosym.audit.sighting import Sighted, sighted
from neurosym.audit.store import EntryRow, Reading
from neurosym.audit.tree import leaf_hash
from neurosym.audit.verdict import PROBLEMS_MAX, Findings
from neurosym.text.failure import LogCorruptError

PAGE = 256
HOPELESS = 10 * PROBLEMS_MAX


@dataclass(slots=True)
class Trail:
    """The log as its envelopes have it.

    `computed` is the tree of the stored envelopes and the one that counts. `recorded` is the tree of the stored leaf
    hashes: when it alone has the signed root, the entries where the two differ are the ones that were changed.
    """

    computed: Frontier = field(default_factory=Frontier)
    apart: Frontier | None = None  # `recorded`, once it is another
    start: Entry | None = None
    changes: list[Entry] = field(default_factory=list)  # of the log's key
    differing: list[int] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)  # that came to be with the entries of this page
    time: str = ""  # of the last entry, without its zone
    went_back: list[int] = field(default_factory=list)  # entries of an earlier time than the one before; the first ones
    went_back_count: int = 0
    end: int | None = None  # the entry that ended the log

    @property
    def recorded(self) -> Frontier:
        """The tree of the stored leaf hashes."""
        return self.computed if self.apart is None else self.apart

    def grow(self, row: EntryRow) -> None:
        """Take a row into both trees."""
        leaf = leaf_hash(row.envelope)
        if leaf != row.leaf:
            self.differing.append(row.seq)
            self.apart = self.recorded
        if self.apart is not None:
            self.apart = self.apart.append(row.leaf)
        self.computed, nodes = self.computed.grown(leaf)
        self.nodes += nodes

    def note(self, entry: Sighted, row: EntryRow) -> None:
        """Keep what tells of the log's keys, and of its clock."""
        before, self.time = self.time, entry.time.removesuffix("Z")
        if self.time < before:
            self.went_back_count += 1
            self.went_back += [entry.seq] if self.went_back_count <= PROBLEMS_MAX else []
        if entry.seq == 0:
            self.start = parse_entry(row.envelope)
        if entry.kind is EntryKind.KEY_CHANGE:
            self.changes.append(parse_entry(row.envelope))
        if entry.kind is EntryKind.STOP and self.end is None:
            self.end = entry.seq


def follow_log(
    reading: Reading, findings: Findings, sizes: frozenset[int], tick: Callable[[int], None]
) -> tuple[Trail, Belongings]:
    """Every entry with what belongs to it, and the root of the tree at each of the sizes; `tick` is told how many
    entries and payloads were looked at.
    """
    trail, belongings = Trail(), Belongings(reading, findings)
    if 0 in sizes:
        trail.roots[0] = trail.computed.root()
    expected = 0
    # INVARIANT: nothing is read without end. A damaged table may hold as many rows as there are numbers.
    while findings.count < HOPELESS and (rows := reading.entries(expected, PAGE)):
        first, entries = expected, list[Sighted]()
        trail.nodes = []
        for row in rows:
            if row.seq != expected:
                findings.add(_missing(expected, row.seq), "missing")
            trail.grow(row)
            if trail.computed.size in sizes:
                trail.roots[trail.computed.size] = trail.computed.root()
            entry = _read(row, findings)
            if entry is not None:
                if trail.end is not None and entry.kind not in AFTER_THE_END:
                    findings.add(f"entry {entry.seq}", f"comes after the end of the log, which is entry {trail.end}")
                entries.append(entry)
                trail.note(entry, row)
            expected = row.seq + 1
        tick(len(rows) + belongings.check(first, expected - first, entries, trail.nodes))
    if findings.count >= HOPELESS:
        findings.add("entries", "too much is wrong to go on; the rest was not looked at")
        return trail, belongings
    belongings.check_ends(expected)
    if reading.entry_count() != trail.computed.size:
        findings.add("entries", "there are more than can be read in order")
    if trail.start is None or trail.start.kind is not EntryKind.START:
        findings.add("entry 0", "is not the start of a log")
    return trail, belongings


def _read(row: EntryRow, findings: Findings) -> Sighted | None:
    """The entry in a row; None, and a finding, when there is none."""
    try:
        entry = sighted(row.envelope) or parse_entry(row.envelope)
    except LogCorruptError as error:
        findings.add(f"entry {row.seq}", str(error))
        return None
    if entry.seq != row.seq:
        findings.add(f"entry {row.seq}", f"`seq` is {entry.seq}")
        return None
    return entry


def _missing(first: int, after: int) -> str:
    return f"entry {first}" if after - first == 1 else f"entries {first} to {after - 1}"
