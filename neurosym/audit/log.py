"""The log: append-only, tamper-evident, and no decision without its durable entry."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeAlias

from neurosym.audit.address import Address, checked_address
from neurosym.audit.anchor import Anchor
from neurosym.audit.anchors.folder import FolderAnchor
from neurosym.audit.batch import NextBatch, Signatory, signed_checkpoint
from neurosym.audit.checkpoint import Checkpoint
from neurosym.audit.committer import Allowed, Committer
from neurosym.audit.draft import Draft, ReadyDraft, ready_draft
from neurosym.audit.entry import KEY, KEYS, Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.frontier import Frontier
from neurosym.audit.key import SignerKey
from neurosym.audit.key_change import KEY_CHANGE, PREVIOUS_KEY, key_change, key_digest
from neurosym.audit.key_store import NOBODY, KeyStore, Subjects
from neurosym.audit.keyfile import anchors_beside, beside, create_key, data_keys_beside, read_key
from neurosym.audit.newfile import stands
from neurosym.audit.payload import DataKey, Entropy, Payload, PayloadLink, encrypt_payload, salt_payload
from neurosym.audit.predecessor import PREDECESSOR, predecessor_bytes
from neurosym.audit.reader import LogReader, check_keys
from neurosym.audit.store import Identity, LookupKind, Store
from neurosym.audit.stores.opening import (
    create_key_store,
    create_log,
    has_key_store,
    has_log,
    open_key_store,
    open_store,
)
from neurosym.audit.stores.sqlite_upgrade import has_format_1, upgrade_sqlite_log
from neurosym.text.failure import LogError
from neurosym.values.canonical import canonical_bytes, digest_bytes
from neurosym.values.clock import Clock, SystemClock

SYSTEM_CLOCK = SystemClock()
Place: TypeAlias = str | os.PathLike[str]


class Log(LogReader):
    """A log that can be appended to. Threads may share it, and several processes may open the same file."""

    def __init__(self, store: Store, keys: KeyStore, signatory: Signatory, clock: Clock, entropy: Entropy) -> None:
        super().__init__(store, keys)
        self.data_keys = keys
        self._clock = clock
        self._entropy = entropy
        self._committer = Committer(store, signatory, clock)

    @classmethod
    def open(
        cls,
        address: Address,
        *,
        key: Place | None = None,
        data_keys: Place | None = None,
        anchors: Sequence[Anchor] = (),
        clock: Clock = SYSTEM_CLOCK,
        entropy: Entropy = secrets.token_bytes,
    ) -> Self:
        """The log in a file, or at a `postgresql://` address, made when there is none, with its signing key at `key`
        and its key store at `data_keys`, either kind of place, or beside the file (`FILE.db.key`, `FILE.db.keys`).

        Both are made together with the log. LogError when the log is there and one of them is not, or is another's, or
        an anchor cannot be asked; LogCorruptError when one remembers what contradicts the log, what is kept beside it
        (`FILE.db.anchors`) always among them: then nothing more may be written to it.
        """
        places = Places.of(address, key, data_keys)
        with ExitStack() as opened:
            keys = _opened_keys(places, entropy)
            opened.callback(keys.close)
            if not has_log(places.log):
                _create(places, keys.id, clock, entropy)
            signer = _key_of_log(places)
            store = open_store(places.log)
            opened.callback(store.close)
            log = cls(store, keys, _signatory(store, signer, keys, places), clock, entropy)
            log.newest_checkpoint()
            for anchor in (FolderAnchor("kept", places.anchors), *anchors):
                anchor.check(log)
            opened.pop_all()
        return log

    @classmethod
    def succeed(
        cls,
        old: LogReader,
        address: Address,
        *,
        known: Sequence[bytes] = (),
        key: Place | None = None,
        data_keys: Place | None = None,
        clock: Clock = SYSTEM_CLOCK,
        entropy: Entropy = secrets.token_bytes,
    ) -> Self:
        """A new log whose first entry names an old one that cannot be gone on with, as it is and as checkpoints that
        were kept outside (`known`) say that it was. LogError when there is something at the address.
        """
        places = Places.of(address, key, data_keys)
        if has_log(places.log):
            raise LogError(f"`{places.log}` is there already: a log that follows another is a new one")
        predecessor = salt_payload(predecessor_bytes(old, known), entropy)
        with closing(_opened_keys(places, entropy)) as keys:
            _create(places, keys.id, clock, entropy, predecessor)
        return cls.open(address, key=places.key, data_keys=places.data_keys, clock=clock, entropy=entropy)

    @property
    def clock(self) -> Clock:
        """The clock that tells when entries are written."""
        return self._clock

    def append(self, drafts: Sequence[Draft], allowed: Allowed | None = None) -> tuple[Entry, ...]:
        """The entries the drafts became, in order and in one transaction; they are durable when this returns.

        DecisionLoggedError when a decision id or a request is logged already, and any other LogError when the log
        cannot take them, or `allowed` raises it for what the log holds just before: then none of them is in the log.
        """
        if not drafts:
            return ()
        # Encrypting and hashing what is large needs no lock.
        ready = [ready_draft(draft, self.data_keys, self._entropy) for draft in drafts]
        return self._committer.committed(ready, allowed)

    def record(self, draft: Draft, allowed: Allowed | None = None) -> Entry:
        """The entry one draft became; as `append`."""
        (entry,) = self.append([draft], allowed)
        return entry

    def encrypted(self, content: bytes, subjects: Subjects = NOBODY) -> Payload:
        """The content as a payload that these subjects' keys open: for drafts that share it, or when its digest is
        needed before the entry.
        """
        return encrypt_payload(content, self.data_keys.key_of(subjects), self._entropy)

    def encrypted_beside(self, content: bytes, link: PayloadLink) -> Payload:
        """The content as a payload that the key of another payload opens, so that both are erased together. ErasedError
        when that key was destroyed.
        """
        return (
            salt_payload(content, self._entropy)
            if link.key is None
            else encrypt_payload(content, self._data_key(link), self._entropy)
        )

    def encrypted_apart(self, contents: Sequence[tuple[bytes, Subjects]]) -> tuple[Payload, ...]:
        """Each content as a payload that the keys of its own subjects open, in their order."""
        keys = self.data_keys.keys_of([subjects for _, subjects in contents])
        return tuple(encrypt_payload(content, keys[subjects], self._entropy) for content, subjects in contents)

    def can_be_read(self, payload: Payload) -> bool:
        """True while the key is there that opens the payload, and the payload was not erased."""
        if payload.key is not None and not isinstance(self.data_keys.key(payload.key), DataKey):
            return False
        with self.store.reading() as reading:
            return reading.lookup(LookupKind.ERASED, payload.digest.encode()) is None

    def change_key(self, successor: SignerKey, actor: str | None = None) -> Entry:
        """The entry by which another key signs the log's checkpoints from now on, signed by both. Whoever has the log
        open with the old key cannot write any more.
        """
        old = self._committer.signatory
        note = str(key_change(old.origin, old.signer, successor)).encode()
        digests = {PREVIOUS_KEY: key_digest(old.verifier), KEY: key_digest(successor.verifier)}
        payloads = ((KEY_CHANGE, self.salted(note)),)
        draft = Draft(kind=EntryKind.KEY_CHANGE, actor=actor, digests=digests, payloads=payloads)
        return self._committer.succeeded(ready_draft(draft, self.data_keys, self._entropy), successor)

    def end(self, reason: str, actor: str | None = None) -> Entry:
        """The entry that ends the log, for everybody to read why: only erasures and holds may follow. EndedError when
        it was ended before.
        """
        payload = self.salted(canonical_bytes({"reason": reason}))
        return self.record(Draft(kind=EntryKind.STOP, actor=actor, payloads=(("reason", payload),)))

    def salted(self, content: bytes) -> Payload:
        """The content as a payload that whoever checks the log can read: nobody's data, and no secret."""
        return salt_payload(content, self._entropy)

    def newest_checkpoint(self) -> Checkpoint:
        """What the log says of itself, once its signature and its frontier are found to agree."""
        signatory = self._committer.signatory
        with self.store.reading() as reading:
            return signed_checkpoint(reading.state(), signatory.origin, signatory.verifier)


@dataclass(frozen=True, slots=True)
class Places:
    """Where a log lies, and what belongs to it."""

    log: str | Path
    key: Path
    data_keys: str | Path

    @classmethod
    def of(cls, address: Address, key: Place | None, data_keys: Place | None) -> Self:
        """The places, those that are not named beside the log. LogError where there is nothing to lie beside."""
        log = checked_address(address)
        if isinstance(log, Path):
            key = beside(log) if key is None else key
            data_keys = data_keys_beside(log) if data_keys is None else data_keys
        elif key is None or data_keys is None:
            raise LogError(
                "a log on a server has its key and its key store elsewhere: say where (--log-key, --data-keys)"
            )
        return cls(log, Path(key), checked_address(data_keys))

    @property
    def anchors(self) -> Path:
        """Where checkpoints with the signatures of others are kept."""
        return anchors_beside(self.log if isinstance(self.log, Path) else self.key)


def _opened_keys(places: Places, entropy: Entropy) -> KeyStore:
    """The key store of a log, made where the log is to be made or had none; LogError when it was there and is gone."""
    log = places.log
    is_new, is_old = not has_log(log), False
    if isinstance(log, Path) and not is_new:
        is_old = has_format_1(log)
    if not has_key_store(places.data_keys):
        if not is_new and not is_old:
            raise LogError(
                f"the log `{log}` is there but its key store `{places.data_keys}` is not, and what is encrypted cannot "
                "be read without it; say where it lies (--data-keys), or put it back"
            )
        create_key_store(places.data_keys, entropy)
    keys = open_key_store(places.data_keys, entropy)
    if isinstance(log, Path) and is_old:
        upgrade_sqlite_log(log, keys.id)
    return keys


def _create(places: Places, keys: str, clock: Clock, entropy: Entropy, predecessor: Payload | None = None) -> None:
    is_new_key = create_key(places.key, entropy)
    signer = read_key(places.key)
    # A key that was there before may have signed another log. One origin must never have two histories, so this log
    # gets an origin of its own.
    origin = signer.name if is_new_key else f"{signer.name}/{entropy(8).hex()}"
    signatory = Signatory(origin, signer, signer.verifier)
    vkey = str(signatory.verifier)
    start = Draft(kind=EntryKind.START, digests={KEY: digest_bytes(vkey.encode()), KEYS: digest_bytes(keys.encode())})
    first = NextBatch(Frontier(), clock.stamp())
    first.add([ReadyDraft(start, () if predecessor is None else ((PREDECESSOR, predecessor),))])
    create_log(places.log, Identity(origin, vkey, keys), first.signed(signatory))


def _key_of_log(places: Places) -> SignerKey:
    if not stands(places.key):
        raise LogError(
            f"the log `{places.log}` is there but its key `{places.key}` is not; "
            "say where the key lies (--log-key), or move the log away to begin a new one"
        )
    return read_key(places.key)


def _signatory(store: Store, signer: SignerKey, keys: KeyStore, places: Places) -> Signatory:
    with store.reading() as reading:
        identity = reading.identity()
    check_keys(identity, keys, places.data_keys)
    verifier = signer.verifier
    if identity.vkey != str(verifier):
        raise LogError(f"`{places.key}` is not the key of this log; the log's checkpoints verify with {identity.vkey}")
    return Signatory(identity.origin, signer, verifier)
