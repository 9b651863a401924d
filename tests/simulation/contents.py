"""What a simulated store holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from neurosym.audit.frontier import Frontier, Node
from neurosym.audit.store import Batch, EntryRow, Identity, Lookup, PayloadRow, State
from neurosym.text.failure import LogError
from neurosym.values.canonical import Digest


@dataclass(frozen=True, slots=True)
class Erased:
    """A payload is removed."""

    digest: Digest


@dataclass(frozen=True, slots=True)
class Committed:
    """What was written since the last of these belongs together, and is valid."""


Record: TypeAlias = EntryRow | PayloadRow | Node | Lookup | Erased | State | Committed
K = TypeVar("K")
V = TypeVar("V")
COMMITTED = Committed()
EMPTY_STATE = State(Frontier(), b"")


def records_of(batch: Batch) -> Iterator[Record]:
    """What is written of a batch, but for the word that it is whole."""
    yield from batch.entries
    yield from batch.payloads
    yield from batch.nodes
    yield from batch.lookups
    for digest in batch.erased:
        yield Erased(digest)
    yield batch.state


@dataclass(frozen=True, slots=True)
class Contents:
    """The tables of a log. It never changes: what is written makes another."""

    identity: Identity
    state: State = EMPTY_STATE
    entries: Mapping[int, EntryRow] = field(default_factory=dict)
    payloads: Mapping[Digest, PayloadRow] = field(default_factory=dict)
    nodes: Mapping[tuple[int, int], Node] = field(default_factory=dict)
    lookups: Mapping[tuple[str, bytes], Lookup] = field(default_factory=dict)

    def with_records(self, records: Sequence[Record]) -> Contents:
        """The tables with these rows; LogError when a row stands there already."""
        state, entries, payloads = self.state, dict(self.entries), dict(self.payloads)
        nodes, lookups = dict(self.nodes), dict(self.lookups)
        for record in records:
            match record:
                case EntryRow(seq=seq):
                    _put(entries, seq, record)
                case PayloadRow(digest=digest):
                    payloads.setdefault(digest, record)
                case Node(level=level, index=index):
                    _put(nodes, (level, index), record)
                case Lookup(kind=kind, key=key):
                    _put(lookups, (kind, key), record)
                case Erased(digest=digest):
                    payloads.pop(digest, None)
                case State():
                    state = record
                case Committed():
                    pass
        return replace(self, state=state, entries=entries, payloads=payloads, nodes=nodes, lookups=lookups)


def _put(table: dict[K, V], key: K, row: V) -> None:
    if key in table:
        raise LogError("what is to be written stands there already")
    table[key] = row
