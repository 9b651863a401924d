"""A key store in memory, and clock and entropy of a seed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from random import Random

from neurosym.audit.key_store import Destroyed, Subjects
from neurosym.audit.payload import DataKey, Entropy, tag
from neurosym.values.clock import TIME_FORMAT, Stamp

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def seeded_entropy(seed: int) -> Entropy:
    """Bytes that differ from call to call and not from run to run."""
    calls = count()
    return lambda size: sha256(b"%d %d" % (seed, next(calls))).digest()[:size]


class JumpingClock:
    """Goes on, and sometimes back."""

    def __init__(self, random: Random, step: Callable[[str], None]) -> None:
        self._random = random
        self._step = step
        self._seconds = 0

    def stamp(self) -> Stamp:
        self._step("looks at the clock")
        self._seconds += self._random.choice([0, 1, 1, 1, 60, -3_600])
        return Stamp((NOON + timedelta(seconds=self._seconds)).strftime(TIME_FORMAT), "jumping")


class MemoryKeys:
    """Keys that outlive every process: what is lost with them is not what is simulated here."""

    id = "simulated"

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._keys: dict[str, tuple[Subjects, DataKey]] = {}
        self._gone: dict[str, Destroyed] = {}

    def key(self, key_id: str) -> DataKey | Destroyed | None:
        held = self._keys.get(key_id)
        return self._gone.get(key_id) if held is None else held[1]

    def request_tag(self, request: bytes) -> str:
        return tag(b"request", request)

    def keys_with(self, subject: str) -> Sequence[str]:
        found = [(len(subjects), key.id) for subjects, key in self._keys.values() if subject in subjects]
        return [key_id for _, key_id in sorted(found)]

    def owners_of(self, key_ids: Collection[str]) -> frozenset[str]:
        everybody = {name for key_id in key_ids if key_id in self._keys for name in self._keys[key_id][0]}
        return frozenset(
            key.id for subjects, key in self._keys.values() if len(subjects) == 1 and subjects <= everybody
        )

    def key_of(self, subjects: Subjects) -> DataKey:
        for owners, key in self._keys.values():
            if owners == subjects:
                return key
        made = DataKey(f"k{len(self._keys) + len(self._gone)}", self._entropy(32))
        self._keys[made.id] = (subjects, made)
        return made

    def keys_of(self, several: Collection[Subjects]) -> Mapping[Subjects, DataKey]:
        return {each: self.key_of(each) for each in several}

    def destroy(self, key_ids: Collection[str]) -> tuple[str, ...]:
        owners = {name for key_id in key_ids if key_id in self._keys for name in self._keys[key_id][0]}
        gone = [
            key.id
            for subjects, key in self._keys.values()
            if key.id in key_ids or (len(subjects) > 1 and subjects & owners)
        ]
        for key_id in gone:
            del self._keys[key_id]
            self._gone[key_id] = Destroyed(key_id)
        return tuple(gone)

    def close(self) -> None:
        pass
