"""What of a log goes into a bundle, as files; one view of the store, so that all of it is of one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.audit.bundle.index import FIRST_VERSION
from neurosym.audit.bundle.key_chain import CHANGE, chained, changed_keys, keys_text
from neurosym.audit.bundle.layout import CHECKPOINT, VKEYS, payload_path, proof_path
from neurosym.audit.bundle.payload_keys import key_line, payload_key
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.entry_row import read_row
from neurosym.audit.envelope import envelope_fields
from neurosym.audit.key import VerifierKey, parse_verifier_key
from neurosym.audit.key_store import ReadableKeyStore
from neurosym.audit.note import parse_note
from neurosym.audit.payload import PayloadLink, open_payload
from neurosym.audit.store import EntryRow, Reading
from neurosym.audit.tile import Tile, entry_bundle, tiles_of
from neurosym.audit.tlog_proof import InclusionProof
from neurosym.audit.trail import PAGE
from neurosym.audit.tree_path import inclusion_of
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Digest

File: TypeAlias = tuple[str, Iterable[bytes]]
Chosen: TypeAlias = "frozenset[int] | None"  # entries whose payloads are wanted; None of all


@dataclass(slots=True)
class Selection:
    """What is exported: the payloads, each with the first entry that names it, and the decisions."""

    payloads: dict[Digest, int] = field(default_factory=dict)
    decisions: list[int] = field(default_factory=list)
    changes: list[tuple[int, PayloadLink]] = field(default_factory=list)

    def take(self, row: EntryRow, chosen: Chosen, *, is_redacted: bool) -> None:
        """Take what is wanted of an entry."""
        entry = read_row(row)
        has_ciphers = envelope_fields(row.envelope).whole("v") > FIRST_VERSION
        is_chosen = chosen is None or entry.seq in chosen
        for link in entry.payloads:
            is_open = link.key is None and has_ciphers
            if is_open or (is_chosen and not is_redacted):
                self.payloads.setdefault(link.digest, entry.seq)
        if entry.kind is EntryKind.DECISION and is_chosen:
            self.decisions.append(entry.seq)
        elif entry.kind is EntryKind.KEY_CHANGE:
            self.changes.append((entry.seq, entry.link(CHANGE)))


def selection(reading: Reading, chosen: Chosen, *, is_redacted: bool) -> Selection:
    """What is exported of a log. LogCorruptError where an entry is not what was logged."""
    found = Selection()
    size = reading.state().frontier.size
    for first in range(0, size, PAGE):
        for row in reading.entries(first, min(PAGE, size - first)):
            found.take(row, chosen, is_redacted=is_redacted)
    return found


def key_files(reading: Reading, found: Selection) -> Iterator[File]:
    """The keys of the log and its checkpoint. LogCorruptError when the key changes do not lead to the present key."""
    identity = reading.identity()
    changes = []
    for seq, link in found.changes:
        stored = reading.payload(link.digest)
        if stored is None:
            raise LogCorruptError(f"entry {seq}: its payload `{link.name}` is missing")
        changes.append((seq, *changed_keys(open_payload(stored, link, lambda _: b""), identity.origin)))
    present = parse_verifier_key(identity.vkey)
    keys: Sequence[VerifierKey] = chained(changes[0][1], changes) if changes else (present,)
    if keys[0] != present:
        raise LogCorruptError("the entries of key changes do not lead to the key that the log names as its own")
    yield VKEYS, [keys_text(keys).encode()]
    yield CHECKPOINT, [reading.checkpoint()]


def tree_files(reading: Reading) -> Iterator[File]:
    """The tiles of the whole log."""
    for tile in tiles_of(reading.state().frontier.size):
        yield tile.path, [_tile(reading, tile)]


def _tile(reading: Reading, tile: Tile) -> bytes:
    if tile.level is None:
        return entry_bundle([row.envelope for row in reading.entries(tile.first, tile.width)])
    return b"".join(reading.hashes(tile.level, tile.first, tile.width))


def proof_files(reading: Reading, found: Selection) -> Iterator[File]:
    """The proof of each exported decision."""
    note = parse_note(reading.checkpoint())
    size = reading.state().frontier.size
    for seq in found.decisions:
        yield proof_path(seq), [str(InclusionProof(seq, inclusion_of(reading, seq, size), note)).encode()]


def payload_files(
    reading: Reading, found: Selection, keys: ReadableKeyStore | None, take_key: Callable[[bytes], None]
) -> Iterator[File]:
    """The payloads that are still there. `take_key` is told the line of each encrypted one whose key there is.

    LogCorruptError when one is not what its entry says, LogError when the key store cannot give a key.
    """
    for digest in sorted(found.payloads):
        stored = reading.payload(digest)
        if stored is None:
            continue  # verification of the log has found that an entry says so
        link = _link(reading, found.payloads[digest], digest)
        key = None if link.key is None else payload_key(stored, link, keys)
        if key is not None:
            take_key(key_line(digest, key))
        if link.key is None or key is not None:
            open_payload(stored, link, _given(key))
        yield payload_path(digest), [stored]


def _given(key: bytes | None) -> Callable[[bytes], bytes]:
    return lambda _: key or b""


def _link(reading: Reading, seq: int, digest: Digest) -> PayloadLink:
    return next(link for link in entry_at(reading, seq).payloads if link.digest == digest)


def entry_at(reading: Reading, seq: int) -> Entry:
    """One entry; LogCorruptError when it is not there as it was logged."""
    row = reading.entry(seq)
    if row is None:
        raise LogCorruptError(f"entry {seq} is missing")
    return read_row(row)
