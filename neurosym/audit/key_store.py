"""The key store: the secrets that payloads are encrypted under, apart from the log.

Each data subject has a key, each set of subjects whose data stand together has one of its own, and what is nobody's
data is under the key of the house. Who destroys a subject's keys makes every payload unreadable that holds the
subject's data, and no other. The log stays as it is: it holds ciphertexts, and the ids of keys.

One key store may serve several logs. What is encrypted under it is lost with it. Keep copies of it apart from copies
of the log, and no longer than you may: a key that is destroyed here and lives on in a copy is not destroyed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from neurosym.audit.payload import DataKey

Subjects: TypeAlias = frozenset[str]
NOBODY: Subjects = frozenset()


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A key that is no more."""

    id: str


class ReadableKeyStore(Protocol):
    """Keys to read with. Threads may share it. Every method raises LogError when it cannot be used."""

    @property
    def id(self) -> str:
        """Which key store this is; a log names its own."""
        ...

    def key(self, key_id: str) -> DataKey | Destroyed | None:
        """The key of an id; None of one that was never here."""
        ...

    def request_tag(self, request: bytes) -> str:
        """What stands for the name of a request where it has to be found again and nobody may read it."""
        ...

    def keys_with(self, subject: str) -> Sequence[str]:
        """The ids of the keys that the subject's data are under: its own first, then those of sets that it is in."""
        ...

    def owners_of(self, key_ids: Collection[str]) -> frozenset[str]:
        """The keys of those subjects, one by one, whose sets have these keys."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...


class KeyStore(ReadableKeyStore, Protocol):
    """Where keys are made and destroyed: a file, or a service."""

    def key_of(self, subjects: Subjects) -> DataKey:
        """The key of the data of these subjects together, made and durable if there was none."""
        ...

    def keys_of(self, several: Collection[Subjects]) -> Mapping[Subjects, DataKey]:
        """As `key_of` for each of them; those that are to be made become durable together."""
        ...

    def destroy(self, key_ids: Collection[str]) -> tuple[str, ...]:
        """The keys that are forgotten, with whose they were: these, and those of sets that their owners are in. Durable
        when this returns.
        """
        ...
