"""A log to be read: by `explain`, `replay` and `log verify`, which need no key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from neurosym.audit.address import Address, checked_address
from neurosym.audit.batch import decision_key
from neurosym.audit.draft import REQUEST, request_bytes
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.entry_row import read_row
from neurosym.audit.event import event, event_places
from neurosym.audit.key_store import Destroyed, ReadableKeyStore
from neurosym.audit.keyfile import data_keys_beside
from neurosym.audit.newfile import stands
from neurosym.audit.payload import DataKey, PayloadLink, open_payload
from neurosym.audit.store import Identity, LookupKind, ReadableStore
from neurosym.audit.stores.opening import open_reader, read_key_store
from neurosym.text.failure import ErasedError, LogCorruptError, LogError

PAGE = 256  # entries read at once


class LogReader:
    """The entries and payloads of a log. Every method raises LogError; LogCorruptError where the log is at fault."""

    def __init__(self, store: ReadableStore, keys: ReadableKeyStore | None) -> None:
        """Without `keys` what is encrypted cannot be read; all else can."""
        self.store = store
        self.keys = keys

    @classmethod
    def open(cls, address: Address, *, data_keys: Address | None = None) -> Self:
        """The log in a file, or at a `postgresql://` address, which is not written to, with its key store at
        `data_keys`, either kind of place, or, if there is one, beside the file (`FILE.db.keys`). LogError when there is
        no such log, or the key store is another's.
        """
        found = checked_address(address)
        place = _data_keys(found, data_keys)
        with ExitStack() as opened:
            store = open_reader(found)
            opened.callback(store.close)
            keys = None if place is None else read_key_store(place)
            if keys is not None and place is not None:
                opened.callback(keys.close)
                with store.reading() as reading:
                    check_keys(reading.identity(), keys, place)
            opened.pop_all()
        return cls(store, keys)

    def close(self) -> None:
        """Give back the files."""
        self.store.close()
        if self.keys is not None:
            self.keys.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def identity(self) -> Identity:
        """The origin of the log's checkpoints, and the verifier key it says is its own."""
        with self.store.reading() as reading:
            return reading.identity()

    def size(self) -> int:
        """How many entries the log has, by its own account."""
        with self.store.reading() as reading:
            return reading.state().frontier.size

    def checkpoint(self) -> str:
        """The newest signed checkpoint, as text to be kept elsewhere."""
        with self.store.reading() as reading:
            return reading.checkpoint().decode("utf-8", "backslashreplace")

    def entries(self, first: int = 0) -> Iterator[Entry]:
        """Every entry from sequence number `first`, in order; LogCorruptError at the first that is damaged or gone."""
        expected = first
        while True:
            with self.store.reading() as reading:
                rows = reading.entries(expected, PAGE)
                size = reading.state().frontier.size
            for row in rows:
                if row.seq != expected:
                    raise LogCorruptError(f"entry {expected} is missing")
                yield read_row(row)
                expected += 1
            if not rows:
                break
        if expected < size:
            raise LogCorruptError(f"entry {expected} is missing")

    def first_since(self, time: str) -> int:
        """The sequence number of the first entry that was written at this time (as `Stamp` has it) or after it, by the
        clock that went on in between; how many entries there are when none was.
        """
        low, high = 0, self.size()
        while low < high:
            middle = (low + high) // 2
            if self.entry(middle).stamp.time < time:
                low = middle + 1
            else:
                high = middle
        return low

    def events(self, kind: EntryKind) -> Iterator[Entry]:
        """The entries of a kind of which a log has few (`batch.EVENTS`), in order."""
        with self.store.reading() as reading:
            found = list(event_places(reading, kind))
        for seq in found:
            yield event(self.entry(seq), kind)

    def decisions(self) -> Iterator[Entry]:
        """The entries of decisions, in order."""
        return (entry for entry in self.entries() if entry.kind is EntryKind.DECISION)

    def followed(self) -> frozenset[int]:
        """The sequence numbers of the decisions that a later one takes the place of."""
        return frozenset(entry.previous for entry in self.decisions() if entry.previous is not None)

    def newest_decisions(self) -> Iterator[Entry]:
        """The entries of the decisions that no later one takes the place of, in order; the log is read twice."""
        followed = self.followed()
        return (entry for entry in self.decisions() if entry.seq not in followed)

    def entry(self, seq: int) -> Entry:
        """One entry."""
        with self.store.reading() as reading:
            row = reading.entry(seq)
        if row is None:
            raise LogError(f"the log has no entry {seq}")
        return read_row(row)

    def payload(self, link: PayloadLink) -> bytes:
        """The content of a payload, once it is found to be what the link says. ErasedError when it was erased."""
        with self.store.reading() as reading:
            stored = reading.payload(link.digest)
            erasure = None if stored is not None else reading.lookup(LookupKind.ERASED, link.digest.encode())
        if erasure is not None:
            raise ErasedError(f"the payload `{link.name}` was erased (entry {erasure})")
        if stored is None:
            raise LogError(f"the log has no payload {link.digest}")
        return open_payload(stored, link, self.payload_key(link))

    def payload_key(self, link: PayloadLink) -> Callable[[bytes], bytes]:
        """What gives the key of an encrypted payload for its salt; ErasedError when it is called and the key was
        destroyed.
        """
        return lambda salt: self._data_key(link).payload_key(salt)

    def _data_key(self, link: PayloadLink) -> DataKey:
        if self.keys is None:
            raise LogError(
                f"the payload `{link.name}` is encrypted, and the log's key store is not at hand; say where it lies "
                "(--data-keys)"
            )
        assert link.key is not None
        match self.keys.key(link.key):
            case DataKey() as found:
                return found
            case Destroyed():
                raise ErasedError(f"the payload `{link.name}` was erased: its key `{link.key}` was destroyed")
            case None:
                raise LogError(f"the key store has no key `{link.key}`, under which the payload `{link.name}` is")

    def content(self, entry: Entry, name: str) -> bytes:
        """The content of the entry's payload of that name."""
        return self.payload(entry.link(name))

    def decision(self, decision: str) -> Entry:
        """The entry of a decision."""
        with self.store.reading() as reading:
            seq = reading.lookup(LookupKind.DECISION, decision_key(decision))
        entry = None if seq is None else self.entry(seq)
        if entry is None:
            raise LogError(f"the log has no decision `{decision}`")
        if entry.decision != decision:
            raise LogCorruptError(f"entry {entry.seq} is not of the decision `{decision}`, as the log says elsewhere")
        return entry

    def request(self, request: str) -> Entry | None:
        """The entry of the decision that answered a request, or None when none has."""
        name = request_bytes(request)
        keys = [name] if self.keys is None else [self.keys.request_tag(name).encode(), name]
        with self.store.reading() as reading:
            found = [reading.lookup(LookupKind.REQUEST, key) for key in keys]
        seq = next((each for each in found if each is not None), None)
        if seq is None:
            return None
        entry = self.entry(seq)
        told = self.content(entry, REQUEST) if entry.request is None else entry.request.encode()
        if told not in keys:
            raise LogCorruptError(f"entry {seq} is not of the request `{request}`, as the log says elsewhere")
        return entry


def _data_keys(address: str | Path, named: Address | None) -> str | Path | None:
    """Where the key store lies; None when there is none."""
    if named is not None:
        return checked_address(named)
    place = data_keys_beside(address) if isinstance(address, Path) else None
    return place if place is not None and stands(place) else None


def check_keys(identity: Identity, keys: ReadableKeyStore, place: str | Path) -> None:
    """LogError when the key store is not that of the log."""
    if identity.keys != keys.id:
        raise LogError(f"`{place}` is not the key store of the log `{identity.origin}`, but another's")
