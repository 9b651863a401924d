"""What belongs to the entries of a log: hashes above the leaves, payloads, and ways that lead to entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from neurosym.audit.batch import lookups_of
from neurosym.audit.draft import REQUEST
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erased import ERASED, erased_digests
from neurosym.audit.frontier import Node
from neurosym.audit.payload import PayloadLink, open_payload
from neurosym.audit.sighting import Sighted
from neurosym.audit.store import Lookup, LookupKind, Reading
from neurosym.audit.verdict import PROBLEMS_MAX, Findings
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Digest, digest_bytes

BEYOND = 2**62  # no entry has such a number
# INVARIANT: nothing is read without end. A damaged index of a store may lead round in a circle.
STRAY_MAX = 100_000


class Belongings:
    """Checks what a store holds beside the entries, for some entries after the other."""

    def __init__(self, reading: Reading, findings: Findings) -> None:
        self._reading = reading
        self._findings = findings
        self.payloads = 0
        self._nodes = 0
        self._lookups = 0

    def check(self, first: int, count: int, entries: Sequence[Sighted], nodes: Sequence[Node]) -> int:
        """How many payloads were looked at: those that the entries from `first` on, `count` of them, are the first to
        name. `nodes` are the hashes that came to be with these entries.
        """
        self._check_nodes(first, count, nodes)
        links = [(entry.seq, link) for entry in entries for link in entry.payloads]
        before = self.payloads
        held = dict(self._held(first, count, links))
        self._check_links(links, held)
        self._check_lookups(first, count, entries)
        return self.payloads - before

    def check_ends(self, size: int) -> None:
        """What the store holds of no entry at all."""
        for first, count in ((size, BEYOND), (-BEYOND, BEYOND)):
            for row in islice(self._reading.payloads(first, count), STRAY_MAX):
                self.payloads += 1
                self._findings.add(f"payload {row.digest}", "belongs to no entry")
        if self._reading.payload_count() != self.payloads:
            self._findings.add("payloads", "there are more than belong to entries")
        if self._reading.node_count() != self._nodes:
            self._findings.add("tiles", "there are more hashes than the tree has")
        if self._reading.lookup_count() != self._lookups:
            self._findings.add("database", "more leads to entries than there is")

    def _check_nodes(self, first: int, count: int, expected: Sequence[Node]) -> None:
        found = sorted(self._reading.nodes(first, count), key=_place)
        self._nodes += len(found)
        if found != sorted(expected, key=_place):
            self._findings.add("tiles", f"the hashes above the entries {first} to {first + count - 1} are not theirs")

    def _held(self, first: int, count: int, links: Sequence[tuple[int, PayloadLink]]) -> Iterator[tuple[Digest, int]]:
        """The payloads that are kept for these entries, each with its entry; those that are not what they should be are
        told.
        """
        names = {(seq, link.digest): link.name for seq, link in links}
        for row in islice(self._reading.payloads(first, count), len(links) + PROBLEMS_MAX):
            self.payloads += 1
            name = names.get((row.seq, row.digest))
            if name is None:
                self._findings.add(f"payload {row.digest}", f"does not belong to entry {row.seq}, which it is kept for")
                continue
            if digest_bytes(row.stored) != row.digest:
                self._findings.add(f"entry {row.seq}", f"payload `{name}` does not hash to its digest")
            yield row.digest, row.seq

    def _check_links(self, links: Sequence[tuple[int, PayloadLink]], held: dict[Digest, int]) -> None:
        """Every payload that is named is there, for this entry or an earlier one, or was erased."""
        others = {link.digest for _, link in links} - held.keys()
        earlier = self._reading.payload_places(others) if others else {}
        for seq, link in links:
            place = held.get(link.digest, earlier.get(link.digest))
            if place is None:
                if self._reading.lookup(LookupKind.ERASED, link.digest.encode()) is None:
                    self._findings.add(f"entry {seq}", f"payload `{link.name}` is missing")
            elif place > seq:
                self._findings.add(f"entry {seq}", f"payload `{link.name}` is kept for entry {place}")

    def _check_lookups(self, first: int, count: int, entries: Sequence[Sighted]) -> None:
        expected = {each for entry in entries for each in self._lookups_of(entry)}
        rows = self._reading.lookups(first, count)
        self._lookups += len(rows)
        if len(rows) > len(expected) + PROBLEMS_MAX:
            self._findings.add(
                "database", f"far more leads to the entries {first} to {first + count - 1} than there is"
            )
            return
        found = set(rows)
        for each in sorted(expected ^ found):
            does = "does not lead" if each in expected else "leads"
            self._findings.add("database", f"the table `lookup` {does} to entry {each.seq} as {_shown(each)}")

    def _lookups_of(self, entry: Sighted) -> Iterator[Lookup]:
        yield from lookups_of(entry, self._erased(entry))
        for link in entry.payloads:
            if link.name == REQUEST and link.key is None:  # of version 1
                content = self._salted(link)
                if content is not None:
                    yield Lookup(entry.seq, LookupKind.REQUEST.value, content)

    def _erased(self, entry: Sighted) -> Sequence[Digest]:
        """The payloads that an entry says were erased."""
        if entry.kind is not EntryKind.ERASURE:
            return ()
        for link in entry.payloads:
            content = self._salted(link) if link.name == ERASED else None
            if content is not None:
                try:
                    return erased_digests(content)
                except LogCorruptError as error:
                    self._findings.add(f"entry {entry.seq}", str(error))
        return ()

    def _salted(self, link: PayloadLink) -> bytes | None:
        """The content of a payload that is not encrypted; None where it is not there or damaged, which is told
        elsewhere.
        """
        stored = self._reading.payload(link.digest)
        try:
            return None if stored is None or link.key is not None else open_payload(stored, link, lambda _: b"")
        except LogCorruptError:
            return None


def _place(node: Node) -> tuple[int, int]:
    return node.level, node.index


def _shown(lookup: Lookup) -> str:
    return f"{lookup.kind} `{lookup.key.decode('utf-8', 'backslashreplace')}`"
