"""What a store of the log keeps and how it is reached; SQLite is one, others can follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from neurosym.audit.frontier import Frontier
from neurosym.audit.payload import Payload
from neurosym.values.canonical import Digest


@dataclass(frozen=True, slots=True)
class Identity:
    """Which log this is: the origin its checkpoints name, and the text of the key that verifies them."""

    origin: str
    vkey: str


@dataclass(frozen=True, slots=True)
class State:
    """Where the tree stands, and the note that vouches for it."""

    frontier: Frontier
    note: bytes


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as stored.

    The leaf hash can be computed from the envelope. It is kept to tell *which* envelope was changed when the root no
    longer fits; nothing is trusted because of it.
    """

    seq: int
    envelope: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction adds: all of it becomes durable or nothing does.

    `decisions` and `requests` lead from a decision id and a request to its entry, for finding and not for proving:
    verification derives them again from the entries.
    """

    entries: tuple[EntryRow, ...]
    payloads: tuple[Payload, ...]
    decisions: tuple[tuple[str, int], ...]
    requests: tuple[tuple[bytes, int], ...]
    state: State


class Reading(Protocol):
    """One unchanging view of a store; all methods raise LogError, LogCorruptError where the content is at fault."""

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

    def payload(self, digest: Digest) -> bytes | None:
        """What is stored for a digest, salt and all, unchecked."""

    def payloads(self) -> Iterator[Payload]:
        """Every payload under the digest it is stored for, unchecked."""

    def payload_count(self) -> int:
        """How many payloads are stored."""

    def decision(self, decision: str) -> int | None:
        """The entry of a decision."""

    def request(self, request: bytes) -> int | None:
        """The entry of the decision that answered a request."""

    def decisions(self) -> Sequence[tuple[str, int]]:
        """Every decision and its entry, in the order of the log."""

    def requests(self) -> Sequence[tuple[bytes, int]]:
        """Every request and its entry, in the order of the log."""

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

    def commit(self, plan: Plan) -> Batch:
        """The batch the plan made from what the store holds, durable when this returns.

        No other writer comes between the plan's reading and the writing. LogError, and nothing written, otherwise.
        """
