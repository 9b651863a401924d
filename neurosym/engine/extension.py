"""The facts of one type, certain and possible, with indexes on their fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.engine.derivation import Derivation
from neurosym.feel.extent import equal, plain
from neurosym.values.unknown import Reason, RestsOn, Unknown
from neurosym.values.value import Fact, Record, Reference, Truth, Value

Content: TypeAlias = tuple[object, ...]
Key: TypeAlias = tuple[Value, ...]
# The last step of the proof of a certain fact: its key, the provision, and the keys of the facts of its binding in the
# order of their variables' names. A part of a key that is a reference stands as the key it holds, as on the wire.
ProofStep: TypeAlias = tuple[tuple[object, ...], str, tuple[tuple[object, ...], ...]]


@dataclass(slots=True)
class Entry:
    """One content held for a key: certain, or possible for reasons."""

    fact: Fact
    is_certain: bool
    reasons: frozenset[Reason] = frozenset()
    derived: Derivation | Callable[[], Derivation] | None = None  # None: given; a function until somebody asks
    round: int = 0  # of its stratum, in which it was first held; 0: given

    @property
    def derivation(self) -> Derivation | None:
        """How the fact was concluded; None when it was given."""
        if callable(self.derived):
            self.derived = self.derived()
        return self.derived

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
        self._by_key: dict[Key, dict[Content, Entry]] = {}
        self._unnamed: Entry | None = None
        self._indexes: dict[str, dict[Value, list[Entry]]] = {}
        self._unindexed: dict[str, list[Entry]] = {}

    def __iter__(self) -> Iterator[Entry]:
        for contents in self._by_key.values():
            yield from contents.values()
        if self.unnamed is not None:
            yield self.unnamed

    def __len__(self) -> int:
        return sum(len(contents) for contents in self._by_key.values()) + (self.unnamed is not None)

    @property
    def unnamed(self) -> Entry | None:
        """The entry of the unnamed fact, or None."""
        return self._unnamed

    def find(self, fact: Fact) -> Entry | None:
        """The entry with this key and content."""
        return self.unnamed if fact.unnamed else self._by_key.get(fact.key, {}).get(content(fact))

    def steps(self) -> Iterator[ProofStep]:
        """The last step of each certain fact that was concluded."""
        for entry in self:
            if entry.is_certain and entry.derivation is not None:
                binding = [fact for _, fact in sorted(entry.derivation.binding.items()) if isinstance(fact, Fact)]
                premises = tuple(_bare(fact.key) for fact in binding)
                yield _bare(entry.fact.key), entry.derivation.provision, premises

    def known_keys(self) -> Iterable[Key]:
        """The keys for which something is held."""
        return self._by_key.keys()

    def contents(self, key: Key) -> Collection[Entry]:
        """The contents that stand side by side for a key."""
        return self._by_key.get(key, {}).values()

    def add(self, entry: Entry) -> None:
        """Hold one more content."""
        if entry.fact.unnamed:
            self._unnamed = entry
            return
        self._by_key.setdefault(entry.fact.key, {})[content(entry.fact)] = entry
        for field, index in self._indexes.items():
            _index(field, entry, index, self._unindexed[field])

    def remove(self, fact: Fact) -> None:
        """Hold a named content no more."""
        contents = self._by_key[fact.key]
        del contents[content(fact)]
        if not contents:
            del self._by_key[fact.key]
        self._indexes.clear()
        self._unindexed.clear()

    def with_key(self, key: Key) -> Iterator[Entry]:
        """The entries that have this key, or may have it."""
        yield from self.contents(key)
        if self.unnamed is not None:
            yield self.unnamed

    def with_value(self, field: str, value: Value) -> Iterator[Entry]:
        """The entries whose field has this value, or may have it."""
        if field not in self._indexes:
            self._build_index(field)
        yield from self._indexes[field].get(value, ())
        yield from self._unindexed[field]
        if self.unnamed is not None:
            yield self.unnamed

    def _build_index(self, field: str) -> None:
        # INVARIANT: a finished extension is read by several threads, so an index appears when it is whole.
        index: dict[Value, list[Entry]] = {}
        unindexed: list[Entry] = []
        for contents in self._by_key.values():
            for entry in contents.values():
                _index(field, entry, index, unindexed)
        self._unindexed[field] = unindexed
        self._indexes[field] = index


def _bare(key: Key) -> tuple[object, ...]:
    return tuple(_bare_part(part) for part in key)


def _bare_part(part: Value) -> object:
    if not isinstance(part, Reference):
        return part
    inner = _bare(part.key)
    return inner if len(inner) > 1 else inner[0]


def _index(field: str, entry: Entry, index: dict[Value, list[Entry]], unindexed: list[Entry]) -> None:
    value = plain(entry.fact.fields[field])
    if isinstance(value, (Unknown, tuple, Record)):
        unindexed.append(entry)
    else:
        index.setdefault(value, []).append(entry)
