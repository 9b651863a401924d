"""The next batch of a log: where the tree stands and what is to be added, in; rows and a signed checkpoint, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.audit.checkpoint import Checkpoint, parse_checkpoint
from neurosym.audit.draft import SaltedDraft, request_bytes
from neurosym.audit.entry import Entry, EntryKind, envelope_bytes
from neurosym.audit.frontier import Frontier
from neurosym.audit.key import SignerKey, VerifierKey
from neurosym.audit.note import parse_note, sign_note
from neurosym.audit.payload import Payload
from neurosym.audit.store import Batch, EntryRow, State
from neurosym.audit.tree import leaf_hash
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Digest
from neurosym.values.clock import Stamp


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs a log's checkpoints, and which log it is."""

    origin: str
    signer: SignerKey
    verifier: VerifierKey

    def checkpoint(self, frontier: Frontier) -> Checkpoint:
        """What the log says of a tree."""
        return Checkpoint(self.origin, frontier.size, frontier.root())

    def sign(self, frontier: Frontier) -> State:
        """The state of a tree with the checkpoint that vouches for it."""
        return State(frontier, str(sign_note(str(self.checkpoint(frontier)), self.signer)).encode())


class NextBatch:
    """What one transaction will add after a frontier, put together from whole lots of drafts."""

    def __init__(self, frontier: Frontier, stamp: Stamp) -> None:
        self._frontier = frontier
        self._stamp = stamp
        self._rows: list[EntryRow] = []
        self._payloads: dict[Digest, Payload] = {}
        self.decisions: dict[str, int] = {}
        self.requests: dict[bytes, int] = {}

    def add(self, drafts: Sequence[SaltedDraft]) -> tuple[Entry, ...]:
        """The entries the drafts become; LogError, and none of them is part of the batch, when one cannot be logged."""
        entries = tuple(salted.entry(seq, self._stamp) for seq, salted in enumerate(drafts, self._frontier.size))
        rows = [_row(entry) for entry in entries]
        self._rows += rows
        for row in rows:
            self._frontier = self._frontier.append(row.leaf)
        for entry, salted in zip(entries, drafts, strict=True):
            self._payloads |= {payload.digest: payload for _, payload in salted.payloads}
            if entry.kind is EntryKind.DECISION and entry.decision is not None:
                self.decisions[entry.decision] = entry.seq
            if salted.draft.request is not None:
                self.requests[request_bytes(salted.draft.request)] = entry.seq
        return entries

    def signed(self, signatory: Signatory) -> Batch:
        """The batch, with the checkpoint that vouches for the tree it leads to."""
        return Batch(
            entries=tuple(self._rows),
            payloads=tuple(self._payloads.values()),
            decisions=tuple(self.decisions.items()),
            requests=tuple(self.requests.items()),
            state=signatory.sign(self._frontier),
        )


def signed_checkpoint(state: State, origin: str, verifier: VerifierKey) -> Checkpoint:
    """The checkpoint of a state; LogCorruptError when its note does not vouch for its frontier under this key."""
    note = parse_note(state.note)
    if not note.is_signed_by(verifier):
        raise LogCorruptError(f"the checkpoint is not signed by `{verifier.name}`")
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != origin:
        raise LogCorruptError(f"the checkpoint is of the log `{checkpoint.origin}` and not of `{origin}`")
    if (checkpoint.size, checkpoint.root) != (state.frontier.size, state.frontier.root()):
        raise LogCorruptError("the checkpoint does not vouch for the tree as it is stored")
    return checkpoint


def _row(entry: Entry) -> EntryRow:
    envelope = envelope_bytes(entry)
    return EntryRow(entry.seq, envelope, leaf_hash(envelope))
