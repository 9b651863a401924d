"""What verification gathers on its way through the entries and payloads of a log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from neurosym.audit.draft import REQUEST
from neurosym.audit.entry import Entry, EntryKind, parse_entry
from neurosym.audit.frontier import Frontier
from neurosym.audit.payload import open_payload
from neurosym.audit.store import EntryRow, Reading
from neurosym.audit.tree import leaf_hash
from neurosym.audit.verdict import Findings
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Digest

PAGE = 256


@dataclass(slots=True)
class Trail:
    """The log as its envelopes have it.

    `computed` is the tree of the stored envelopes and the one that counts. `recorded` is the tree of the stored leaf
    hashes: when it alone has the signed root, the entries where the two differ are the ones that were changed.
    """

    computed: Frontier = field(default_factory=Frontier)
    recorded: Frontier = field(default_factory=Frontier)
    start: Entry | None = None
    differing: list[int] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    links: dict[Digest, tuple[int, str]] = field(default_factory=dict)
    decisions: list[tuple[str, int]] = field(default_factory=list)
    requests: list[tuple[bytes, int]] = field(default_factory=list)
    payloads: int = 0


def follow_entries(
    reading: Reading, trail: Trail, findings: Findings, sizes: frozenset[int], tick: Callable[[], None]
) -> None:
    """Read every entry into the trail, and the root of the tree at each of the sizes."""
    expected = 0
    while rows := reading.entries(expected, PAGE):
        for row in rows:
            if row.seq != expected:
                findings.add(_missing(expected, row.seq), "missing")
            _follow_entry(row, trail, findings)
            if trail.computed.size in sizes:
                trail.roots[trail.computed.size] = trail.computed.root()
            expected = row.seq + 1
            tick()
    if reading.entry_count() != trail.computed.size:
        findings.add("entries", "there are more than can be read in order")
    if trail.start is None or trail.start.kind is not EntryKind.START:
        findings.add("entry 0", "is not the start of a log")


def follow_payloads(reading: Reading, trail: Trail, findings: Findings, tick: Callable[[], None]) -> None:
    """Check every payload against the entry that names it."""
    seen: set[Digest] = set()
    for payload in reading.payloads():
        trail.payloads += 1
        tick()
        seen.add(payload.digest)
        link = trail.links.get(payload.digest)
        if link is None:
            findings.add(f"payload {payload.digest}", "belongs to no entry")
            continue
        seq, name = link
        try:
            content = open_payload(payload.stored, payload.digest)
        except LogCorruptError:
            findings.add(f"entry {seq}", f"payload `{name}` does not hash to its digest")
            continue
        if name == REQUEST:
            trail.requests.append((content, seq))
    for digest, (seq, name) in trail.links.items():
        if digest not in seen:
            findings.add(f"entry {seq}", f"payload `{name}` is missing")


def _missing(first: int, after: int) -> str:
    return f"entry {first}" if after - first == 1 else f"entries {first} to {after - 1}"


def _follow_entry(row: EntryRow, trail: Trail, findings: Findings) -> None:
    leaf = leaf_hash(row.envelope)
    trail.computed = trail.computed.append(leaf)
    trail.recorded = trail.recorded.append(row.leaf)
    if leaf != row.leaf:
        trail.differing.append(row.seq)
    try:
        entry = parse_entry(row.envelope)
    except LogCorruptError as error:
        findings.add(f"entry {row.seq}", str(error))
        return
    if entry.seq != row.seq:
        findings.add(f"entry {row.seq}", f"`seq` is {entry.seq}")
    if row.seq == 0:
        trail.start = entry
    if entry.kind is EntryKind.DECISION and entry.decision is not None:
        trail.decisions.append((entry.decision, row.seq))
    for link in entry.payloads:
        trail.links.setdefault(link.digest, (row.seq, link.name))
