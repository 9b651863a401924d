"""Reading what a simulated store holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from neurosym.audit.frontier import Node
from neurosym.audit.store import EntryRow, Identity, Key, Lookup, LookupKind, PayloadRow, State
from neurosym.audit.tile import completed, levels_of
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Digest
from tests.simulation.contents import Contents


class SimulatedReading:
    """A view of contents, which never change."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    def identity(self) -> Identity:
        return self._contents.identity

    def state(self) -> State:
        return self._contents.state

    def checkpoint(self) -> bytes:
        return self._contents.state.note

    def entries(self, first: int, count: int) -> Sequence[EntryRow]:
        found = self._contents.entries
        return [found[seq] for seq in sorted(found) if seq >= first][:count]

    def entry(self, seq: int) -> EntryRow | None:
        return self._contents.entries.get(seq)

    def entry_count(self) -> int:
        return len(self._contents.entries)

    def hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        places = range(first, first + count)
        try:
            if level:
                return [self._contents.nodes[level, place].hash for place in places]
            return [self._contents.entries[seq].leaf for seq in places]
        except KeyError as error:
            raise LogCorruptError(f"the hash {error} of level {level} is missing") from error

    def nodes(self, first: int, count: int) -> Sequence[Node]:
        places = {level: completed(level, first, count) for level in levels_of(first + count)}
        return [
            node
            for (level, place), node in sorted(self._contents.nodes.items())
            if place in places.get(level, range(0))
        ]

    def node_count(self) -> int:
        return len(self._contents.nodes)

    def payload(self, digest: Digest) -> bytes | None:
        row = self._contents.payloads.get(digest)
        return None if row is None else row.stored

    def payloads(self, first: int, count: int) -> Iterator[PayloadRow]:
        yield from (row for row in self._contents.payloads.values() if first <= row.seq < first + count)

    def payload_places(self, digests: Collection[Digest]) -> Mapping[Digest, int]:
        found = self._contents.payloads
        return {digest: found[digest].seq for digest in digests if digest in found}

    def payload_count(self) -> int:
        return len(self._contents.payloads)

    def lookup(self, kind: LookupKind, key: bytes) -> int | None:
        found = self._contents.lookups.get((kind.value, key))
        return None if found is None else found.seq

    def found(self, keys: Collection[Key]) -> Mapping[Key, int]:
        places = ((key, self.lookup(*key)) for key in keys)
        return {key: seq for key, seq in places if seq is not None}

    def starting(self, kind: LookupKind, beginning: bytes, count: int) -> Sequence[Lookup]:
        found = self._contents.lookups.values()
        ways = [each for each in found if each.kind == kind.value and each.key.startswith(beginning)]
        return sorted(ways, key=lambda each: each.key)[:count]

    def lookups(self, first: int, count: int) -> Sequence[Lookup]:
        return sorted(each for each in self._contents.lookups.values() if first <= each.seq < first + count)

    def lookup_count(self) -> int:
        return len(self._contents.lookups)

    def damage(self) -> Iterator[str]:
        return iter(())
