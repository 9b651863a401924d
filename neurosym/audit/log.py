"""The log: append-only, tamper-evident, and no decision without its durable entry."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from neurosym.audit.batch import NextBatch, Signatory, signed_checkpoint
from neurosym.audit.checkpoint import Checkpoint
from neurosym.audit.committer import Committer
from neurosym.audit.draft import Draft, SaltedDraft, salt_draft
from neurosym.audit.entry import Entry, EntryKind
from neurosym.audit.frontier import Frontier
from neurosym.audit.key import SignerKey
from neurosym.audit.keyfile import beside, create_key, read_key
from neurosym.audit.newfile import stands
from neurosym.audit.payload import Entropy, Payload, salt_payload
from neurosym.audit.reader import LogReader
from neurosym.audit.store import Identity, Store
from neurosym.audit.stores.sqlite import SqliteStore, create_sqlite_log
from neurosym.text.failure import LogError
from neurosym.values.canonical import digest_bytes
from neurosym.values.clock import Clock, SystemClock

SYSTEM_CLOCK = SystemClock()


class Log(LogReader):
    """A log that can be appended to. Threads may share it, and several processes may open the same file."""

    def __init__(self, store: Store, signatory: Signatory, clock: Clock, entropy: Entropy) -> None:
        super().__init__(store)
        self._signatory = signatory
        self._clock = clock
        self._entropy = entropy
        self._committer = Committer(store, signatory, clock)

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        key: str | os.PathLike[str] | None = None,
        clock: Clock = SYSTEM_CLOCK,
        entropy: Entropy = secrets.token_bytes,
    ) -> Self:
        """The log at `path`, made when there is none, with its signing key at `key` or beside it (`FILE.db.key`).

        The key is made when neither exists. LogError when the log is there and the key is not, or is another's.
        """
        place = Path(path)
        key_place = beside(place) if key is None else Path(key)
        if not stands(place):
            _create(place, key_place, clock, entropy)
        signer = _key_of_log(place, key_place)
        store = SqliteStore.open(place)
        try:
            log = cls(store, _signatory(store, signer, key_place), clock, entropy)
            log.newest_checkpoint()
        except LogError:
            store.close()
            raise
        return log

    @property
    def clock(self) -> Clock:
        """The clock that tells when entries are written."""
        return self._clock

    def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """The entries the drafts became, in order and in one transaction; they are durable when this returns.

        DecisionLoggedError when a decision id or a request is logged already, and any other LogError when the log
        cannot take them: then none of them is in the log.
        """
        if not drafts:
            return ()
        # Hashing what is large needs no lock.
        return self._committer.committed([salt_draft(draft, self._entropy) for draft in drafts])

    def record(self, draft: Draft) -> Entry:
        """The entry one draft became; as `append`."""
        (entry,) = self.append([draft])
        return entry

    def salt(self, content: bytes) -> Payload:
        """The content as a payload: for drafts that share it, or when its digest is needed before the entry."""
        return salt_payload(content, self._entropy)

    def newest_checkpoint(self) -> Checkpoint:
        """What the log says of itself, once its signature and its frontier are found to agree."""
        with self.store.reading() as reading:
            return signed_checkpoint(reading.state(), self._signatory.origin, self._signatory.verifier)


def _create(path: Path, key_path: Path, clock: Clock, entropy: Entropy) -> None:
    is_new_key = create_key(key_path, entropy)
    signer = read_key(key_path)
    # A key that was there before may have signed another log. One origin must never have two histories, so this log
    # gets an origin of its own.
    origin = signer.name if is_new_key else f"{signer.name}/{entropy(8).hex()}"
    signatory = Signatory(origin, signer, signer.verifier)
    vkey = str(signatory.verifier)
    start = Draft(kind=EntryKind.START, digests={"key": digest_bytes(vkey.encode())})
    first = NextBatch(Frontier(), clock.stamp())
    first.add([SaltedDraft(start, ())])
    create_sqlite_log(path, Identity(origin, vkey), first.signed(signatory))


def _key_of_log(path: Path, key_path: Path) -> SignerKey:
    if not stands(key_path):
        raise LogError(
            f"the log `{path}` is there but its key `{key_path}` is not; "
            "say where the key lies (--log-key), or move the log away to begin a new one"
        )
    return read_key(key_path)


def _signatory(store: Store, signer: SignerKey, key_path: Path) -> Signatory:
    with store.reading() as reading:
        identity = reading.identity()
    verifier = signer.verifier
    if identity.vkey != str(verifier):
        raise LogError(f"`{key_path}` is not the key of this log; the log's checkpoints verify with {identity.vkey}")
    return Signatory(identity.origin, signer, verifier)
