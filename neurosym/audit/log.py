"""The log: append-only, tamper-evident, and no decision without its durable entry."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

from neurosym.audit.anchor import Anchor
from neurosym.audit.anchors.folder import FolderAnchor
from neurosym.audit.batch import NextBatch, Signatory, signed_checkpoint
from neurosym.audit.checkpoint import Checkpoint
from neurosym.audit.committer import Allowed, Committer
from neurosym.audit.draft import Draft, ReadyDraft, ready_draft
from neurosym.audit.entry import KEY, KEYS, Entry, EntryKind
from neurosym.audit.frontier import Frontier
from neurosym.audit.key import SignerKey
from neurosym.audit.key_change import KEY_CHANGE, PREVIOUS_KEY, key_change, key_digest
from neurosym.audit.key_store import NOBODY, KeyStore, Subjects
from neurosym.audit.keyfile import anchors_beside, beside, create_key, data_keys_beside, read_key
from neurosym.audit.newfile import stands
from neurosym.audit.payload import DataKey, Entropy, Payload, encrypt_payload, salt_payload
from neurosym.audit.predecessor import PREDECESSOR, predecessor_bytes
from neurosym.audit.reader import LogReader, check_keys
from neurosym.audit.store import Identity, Store
from neurosym.audit.stores.sqlite import SqliteStore, create_sqlite_log
from neurosym.audit.stores.sqlite_keys import SqliteKeyStore, create_sqlite_keys
from neurosym.audit.stores.sqlite_upgrade import upgrade_sqlite_log
from neurosym.text.failure import LogError
from neurosym.values.canonical import digest_bytes
from neurosym.values.clock import Clock, SystemClock

SYSTEM_CLOCK = SystemClock()


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
        path: str | os.PathLike[str],
        *,
        key: str | os.PathLike[str] | None = None,
        data_keys: str | os.PathLike[str] | None = None,
        anchors: Sequence[Anchor] = (),
        clock: Clock = SYSTEM_CLOCK,
        entropy: Entropy = secrets.token_bytes,
    ) -> Self:
        """The log at `path`, made when there is none, with its signing key at `key` and its key store at `data_keys`,
        or beside it (`FILE.db.key`, `FILE.db.keys`).

        Both are made together with the log. LogError when the log is there and one of them is not, or is another's, or
        an anchor cannot be asked; LogCorruptError when one remembers what contradicts the log, what is kept beside it
        (`FILE.db.anchors`) always among them: then nothing more may be written to it.
        """
        place = Path(path)
        key_place = beside(place) if key is None else Path(key)
        keys_place = data_keys_beside(place) if data_keys is None else Path(data_keys)
        with ExitStack() as opened:
            keys = _opened_keys(place, keys_place, entropy)
            opened.callback(keys.close)
            if not stands(place):
                _create(place, key_place, keys.id, clock, entropy)
            signer = _key_of_log(place, key_place)
            store = SqliteStore.open(place)
            opened.callback(store.close)
            log = cls(store, keys, _signatory(store, signer, key_place, keys, keys_place), clock, entropy)
            log.newest_checkpoint()
            for anchor in (FolderAnchor("kept", anchors_beside(place)), *anchors):
                anchor.check(log)
            opened.pop_all()
        return log

    @classmethod
    def succeed(
        cls,
        old: LogReader,
        path: str | os.PathLike[str],
        *,
        known: Sequence[bytes] = (),
        key: str | os.PathLike[str] | None = None,
        data_keys: str | os.PathLike[str] | None = None,
        clock: Clock = SYSTEM_CLOCK,
        entropy: Entropy = secrets.token_bytes,
    ) -> Self:
        """A new log whose first entry names an old one that cannot be gone on with, as it is and as checkpoints that
        were kept outside (`known`) say that it was. LogError when there is something at `path`.
        """
        place = Path(path)
        if stands(place):
            raise LogError(f"`{place}` is there already: a log that follows another is a new one")
        key_place = beside(place) if key is None else Path(key)
        keys_place = data_keys_beside(place) if data_keys is None else Path(data_keys)
        predecessor = salt_payload(predecessor_bytes(old, known), entropy)
        with closing(_opened_keys(place, keys_place, entropy)) as keys:
            _create(place, key_place, keys.id, clock, entropy, predecessor)
        return cls.open(place, key=key_place, data_keys=keys_place, clock=clock, entropy=entropy)

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

    def can_be_read(self, payload: Payload) -> bool:
        """True while the key is there that opens the payload."""
        return payload.key is None or isinstance(self.data_keys.key(payload.key), DataKey)

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

    def salted(self, content: bytes) -> Payload:
        """The content as a payload that whoever checks the log can read: nobody's data, and no secret."""
        return salt_payload(content, self._entropy)

    def newest_checkpoint(self) -> Checkpoint:
        """What the log says of itself, once its signature and its frontier are found to agree."""
        signatory = self._committer.signatory
        with self.store.reading() as reading:
            return signed_checkpoint(reading.state(), signatory.origin, signatory.verifier)


def _opened_keys(path: Path, keys_path: Path, entropy: Entropy) -> SqliteKeyStore:
    """The key store of a log, made where the log is to be made or had none; LogError when it was there and is gone."""
    is_new = not stands(path) or upgrade_sqlite_log(path)
    if not stands(keys_path):
        if not is_new:
            raise LogError(
                f"the log `{path}` is there but its key store `{keys_path}` is not, and what is encrypted cannot be "
                "read without it; say where it lies (--data-keys), or put it back"
            )
        create_sqlite_keys(keys_path, entropy)
    return SqliteKeyStore.open(keys_path, entropy)


def _create(
    path: Path, key_path: Path, keys: str, clock: Clock, entropy: Entropy, predecessor: Payload | None = None
) -> None:
    is_new_key = create_key(key_path, entropy)
    signer = read_key(key_path)
    # A key that was there before may have signed another log. One origin must never have two histories, so this log
    # gets an origin of its own.
    origin = signer.name if is_new_key else f"{signer.name}/{entropy(8).hex()}"
    signatory = Signatory(origin, signer, signer.verifier)
    vkey = str(signatory.verifier)
    start = Draft(kind=EntryKind.START, digests={KEY: digest_bytes(vkey.encode()), KEYS: digest_bytes(keys.encode())})
    first = NextBatch(Frontier(), clock.stamp())
    first.add([ReadyDraft(start, () if predecessor is None else ((PREDECESSOR, predecessor),))])
    create_sqlite_log(path, Identity(origin, vkey, keys), first.signed(signatory))


def _key_of_log(path: Path, key_path: Path) -> SignerKey:
    if not stands(key_path):
        raise LogError(
            f"the log `{path}` is there but its key `{key_path}` is not; "
            "say where the key lies (--log-key), or move the log away to begin a new one"
        )
    return read_key(key_path)


def _signatory(
    store: SqliteStore, signer: SignerKey, key_path: Path, keys: SqliteKeyStore, keys_path: Path
) -> Signatory:
    with store.reading() as reading:
        identity = reading.identity()
    check_keys(identity, keys, keys_path)
    verifier = signer.verifier
    if identity.vkey != str(verifier):
        raise LogError(f"`{key_path}` is not the key of this log; the log's checkpoints verify with {identity.vkey}")
    if identity.keys is None:
        store.name_keys(keys.id)
    return Signatory(identity.origin, signer, verifier)
