"""What a store of the log keeps and how it is reached; SQLite is one, PostgreSQL another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeAlias

from neurosym.audit.frontier import Frontier, Node
from neurosym.values.canonical import Digest


@dataclass(frozen=True, slots=True)
class Identity:
    """Which log this is: the origin its checkpoints name, the text of the key that verifies them, and the id of the key
    store that its payloads are encrypted under.
    """

    origin: str
    vkey: str
    keys: str


@dataclass(frozen=True, slots=True)
class State:
    """Where the tree stands, and the note that vouches for it."""

    frontier: Frontier
    note: bytes


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as stored.

    The leaf hash can be computed from the envelope. It is kept to tell *which* envelope was changed when the root no
    longer fits, and for proofs; nothing is trusted because of it.
    """

    seq: int
    envelope: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class PayloadRow:
    """A payload as stored, with the first entry that names it."""

    seq: int
    digest: Digest
    stored: bytes


class LookupKind(Enum):
    """What leads to an entry."""

    DECISION = "decision"  # its id
    REQUEST = "request"  # the tag of its name; before there were tags, the name
    ERASED = "erased"  # the digest of a payload that is no more
    EVENT = "event"  # of the kinds that are rare: the kind and the number, in twenty digits


Key: TypeAlias = tuple[LookupKind, bytes]


@dataclass(frozen=True, slots=True, order=True)
class Lookup:
    """The way to an entry: for finding and not for proving, so that verification derives it again from the entries."""

    seq: int
    kind: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction adds, and the payloads that it removes: all of it becomes durable or nothing does."""

    entries: tuple[EntryRow, ...]
    payloads: tuple[PayloadRow, ...]
    nodes: tuple[Node, ...]
    lookups: tuple[Lookup, ...]
    state: State
    vkey: str | None = None  # the key that signs from now on, where it is another

    @property
    def erased(self) -> tuple[Digest, ...]:
        """The payloads to be removed."""
        return tuple(Digest(each.key.decode()) for each in self.lookups if each.kind == LookupKind.ERASED.value)


class Reading(Protocol):
    """One unchanging view of a store; all methods raise LogError, LogCorruptError where the content is at fault.

    What several methods return by `first` and `count` belongs to the entries from `first` on, `count` of them, and is
    in order.
    """

    def identity(self) -> Identity:
        """Which log this is."""

    def state(self) -> State:
        """Where the tree stands."""

    def checkpoint(self) -> bytes:
        """The note alone."""

    def entries(self, first: int, count: int) -> Sequence[EntryRow]:
        """At most `count` entries from `first`, in order."""

    def entry(self, seq: int) -> EntryRow | None:
        """One entry."""

    def entry_count(self) -> int:
        """How many entries are stored."""

    def hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Hashes of a level of the tree, as tiles have them: of leaves, or of whole subtrees of `256**level` of them.

        LogCorruptError when some are not there.
        """

    def nodes(self, first: int, count: int) -> Sequence[Node]:
        """The hashes above the leaves that came to be with these entries."""

    def node_count(self) -> int:
        """How many hashes above the leaves are stored."""

    def payload(self, digest: Digest) -> bytes | None:
        """What is stored for a digest, salt and all, unchecked."""

    def payloads(self, first: int, count: int) -> Iterator[PayloadRow]:
        """The payloads that these entries are the first to name, unchecked, in any order."""

    def payload_places(self, digests: Collection[Digest]) -> Mapping[Digest, int]:
        """The first entry that names each of the payloads, of those that are stored."""

    def payload_count(self) -> int:
        """How many payloads are stored."""

    def lookup(self, kind: LookupKind, key: bytes) -> int | None:
        """The entry that a key leads to."""

    def found(self, keys: Collection[Key]) -> Mapping[Key, int]:
        """The entries that keys lead to, of those keys that lead to one; asked for together."""

    def starting(self, kind: LookupKind, beginning: bytes, count: int) -> Sequence[Lookup]:
        """At most `count` ways to entries whose keys begin like this, in the order of their keys."""

    def lookups(self, first: int, count: int) -> Sequence[Lookup]:
        """What leads to these entries."""

    def lookup_count(self) -> int:
        """How many ways to entries are stored."""

    def damage(self) -> Iterator[str]:
        """What the store itself finds wrong with its file, and what in it does not belong to a log."""


Plan: TypeAlias = Callable[[Reading], Batch]


class ReadableStore(Protocol):
    """A store that can be read."""

    def reading(self) -> AbstractContextManager[Reading]:
        """A view that stays the same while others write."""

    def close(self) -> None:
        """Give back file and connection."""


class Store(ReadableStore, Protocol):
    """A store that can be written, by one writer at a time."""

    def commit(self, plan: Plan, wanted: Collection[Key] = ()) -> Batch:
        """The batch the plan made from what the store holds, durable when this returns.

        No other writer comes between the plan's reading and the writing. LogError, and nothing written, otherwise;
        where the store cannot know whether it is, the error says to look. `wanted` are keys that the plan will look up:
        a store that is far away asks for them at once.
        """
