"""A witness (C2SP tlog-witness): it signs the checkpoints of logs it knows, if each goes on from the one before.

It sees no entry and stores none, only the newest size and root of each log. What a witness has signed, whoever holds
the log's key cannot take back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from neurosym.audit.checkpoint import Checkpoint, parse_checkpoint
from neurosym.audit.key import SignerKey, VerifierKey
from neurosym.audit.note import Note, Signature
from neurosym.audit.tree_proof import verify_consistency
from neurosym.audit.witness_request import SIZE_TYPE, WitnessRequest, parse_witness_request
from neurosym.text.failure import LogCorruptError
from neurosym.values.clock import Clock, SystemClock

PLAIN = "text/plain; charset=utf-8"
SYSTEM_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest checkpoint of a log that was signed."""

    size: int = 0
    root: bytes = b""


NOTHING_SEEN = Seen()


class WitnessRows(Protocol):
    """What a witness remembers, inside of one transaction that nobody else has at the same time."""

    def newest(self, origin: str) -> Seen:
        """The newest checkpoint of a log; `NOTHING_SEEN` of one that it has signed nothing of."""
        ...

    def put(self, origin: str, seen: Seen) -> None:
        """Remember a checkpoint as the newest."""
        ...


class WitnessStore(Protocol):
    """Where a witness remembers. LogError when it cannot be used."""

    def writing(self) -> AbstractContextManager[WitnessRows]:
        """The rows: durable when the block ends, and undone when it raises."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What a witness answers over HTTP."""

    status: int
    content: str
    type: str = PLAIN


class Witness:
    """A witness of some logs, by the verifier keys of each. Threads and processes may share its store."""

    def __init__(
        self,
        signer: SignerKey,
        logs: Mapping[str, Sequence[VerifierKey]],
        store: WitnessStore,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.signer = signer
        self._logs = logs
        self._store = store
        self._clock = clock

    def add_checkpoint(self, content: bytes) -> Reply:
        """The reply to a request: 200 with a cosignature once the checkpoint is durably remembered; else why not.

        400 malformed, 403 not signed by the log, 404 a log that it does not know, 409 not what it signed last, 422 no
        proof that the log goes on from there.
        """
        try:
            request = parse_witness_request(content)
        except LogCorruptError as error:
            return Reply(400, f"{error}\n")
        checkpoint = parse_checkpoint(request.note.text)
        refusal = self._refusal(request.note, checkpoint)
        if refusal is not None:
            return refusal
        if request.old > checkpoint.size:
            return Reply(400, f"the checkpoint has {checkpoint.size} entries, and the earlier one {request.old}\n")
        with self._store.writing() as rows:
            seen = rows.newest(checkpoint.origin)
            refusal = _contradiction(request, checkpoint, seen)
            if refusal is None and checkpoint.size > seen.size:
                rows.put(checkpoint.origin, Seen(checkpoint.size, checkpoint.root))
        return refusal or Reply(200, str(self._cosigned(request.note)))

    def _refusal(self, note: Note, checkpoint: Checkpoint) -> Reply | None:
        keys = self._logs.get(checkpoint.origin)
        if keys is None:
            return Reply(404, "this witness does not know the log\n")
        if not any(note.is_signed_by(key) for key in keys):
            return Reply(403, "the checkpoint is not signed by a key of the log\n")
        return None

    def _cosigned(self, note: Note) -> Signature:
        time = int(datetime.fromisoformat(self._clock.stamp().time).timestamp())
        signer = self.signer
        return Signature(signer.name, signer.verifier.key_id, signer.cosignature(note.text.encode(), time))


def _contradiction(request: WitnessRequest, checkpoint: Checkpoint, seen: Seen) -> Reply | None:
    """What speaks against signing, given what was signed last."""
    if request.old != seen.size:
        return Reply(409, f"{seen.size}\n", SIZE_TYPE)
    if request.old == checkpoint.size and seen.size and checkpoint.root != seen.root:
        return Reply(409, f"{seen.size}\n", SIZE_TYPE)
    if request.old in (0, checkpoint.size):
        goes_on = not request.hashes
    else:
        goes_on = verify_consistency(request.old, checkpoint.size, seen.root, checkpoint.root, request.hashes)
    return None if goes_on else Reply(422, "the proof does not lead from the earlier checkpoint to this one\n")
