"""The facts of one type, certain and possible, with indexes on their fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.engine.derivation import Derivation
from neurosym.feel.extent import equal, plain
from neurosym.values.unknown import Reason, RestsOn, Unknown
from neurosym.values.value import Fact, Record, Truth, Value

Content: TypeAlias = tuple[object, ...]


@dataclass(slots=True)
class Entry:
    """One content held for a key: certain, or possible for reasons."""

    fact: Fact
    is_certain: bool
    reasons: frozenset[Reason] = frozenset()
    derivation: Derivation | None = None  # None: given

    @property
    def truth(self) -> Truth:
        """Whether the fact holds."""
        return True if self.is_certain else Unknown(self.reasons)

    @property
    def name(self) -> RestsOn:
        """What stands for this entry's reasons until they are known."""
        return RestsOn(self.fact.type if self.fact.unnamed else self.fact.reference)


def content(fact: Fact) -> Content:
    """What tells two contents of one key apart: values, and for unknown ones why and what they may be.

    The unnamed fact of a type is one, whatever it is unknown for.
    """
    return () if fact.unnamed else tuple(fact.fields.values())


def must_differ(one: Fact, other: Fact) -> bool:
    """True when no values that their unknowns may have make two contents of one key the same."""
    return any(equal(mine, other.fields[name]) is False for name, mine in one.fields.items())


class Extension:
    """The entries of a fact type. The unnamed fact of an incomplete type is one of them."""

    def __init__(self) -> None:
        self.by_key: dict[tuple[Value, ...], dict[Content, Entry]] = {}
        self.unnamed: Entry | None = None
        self._indexes: dict[str, dict[Value, list[Entry]]] = {}
        self._unindexed: dict[str, list[Entry]] = {}

    def __iter__(self) -> Iterator[Entry]:
        for contents in self.by_key.values():
            yield from contents.values()
        if self.unnamed is not None:
            yield self.unnamed

    def __len__(self) -> int:
        return sum(len(contents) for contents in self.by_key.values()) + (self.unnamed is not None)

    def find(self, fact: Fact) -> Entry | None:
        """The entry with this key and content."""
        return self.unnamed if fact.unnamed else self.by_key.get(fact.key, {}).get(content(fact))

    def add(self, entry: Entry) -> None:
        """Hold one more content."""
        if entry.fact.unnamed:
            self.unnamed = entry
            return
        self.by_key.setdefault(entry.fact.key, {})[content(entry.fact)] = entry
        for field in self._indexes:
            self._index(field, entry)

    def with_key(self, key: tuple[Value, ...]) -> Iterator[Entry]:
        """The entries that have this key, or may have it."""
        yield from self.by_key.get(key, {}).values()
        if self.unnamed is not None:
            yield self.unnamed

    def with_value(self, field: str, value: Value) -> Iterator[Entry]:
        """The entries whose field has this value, or may have it."""
        if field not in self._indexes:
            self._indexes[field], self._unindexed[field] = {}, []
            for contents in self.by_key.values():
                for entry in contents.values():
                    self._index(field, entry)
        yield from self._indexes[field].get(value, ())
        yield from self._unindexed[field]
        if self.unnamed is not None:
            yield self.unnamed

    def _index(self, field: str, entry: Entry) -> None:
        value = plain(entry.fact.fields[field])
        if isinstance(value, (Unknown, tuple, Record)):
            self._unindexed[field].append(entry)
        else:
            self._indexes[field].setdefault(value, []).append(entry)
