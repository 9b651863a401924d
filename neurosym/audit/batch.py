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
from neurosym.audit.store import Batch, EntryRow, State
from neurosym.audit.tree import leaf_hash
from neurosym.text.failure import LogCorruptError
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


def next_batch(
    frontier: Frontier, drafts: Sequence[SaltedDraft], stamp: Stamp, signatory: Signatory
) -> tuple[tuple[Entry, ...], Batch]:
    """The entries the drafts become after the frontier, and all that one transaction writes for them."""
    entries = tuple(salted.entry(seq, stamp) for seq, salted in enumerate(drafts, frontier.size))
    rows = tuple(_row(entry) for entry in entries)
    for row in rows:
        frontier = frontier.append(row.leaf)
    shared = {payload.digest: payload for salted in drafts for _, payload in salted.payloads}
    placed = list(zip(entries, drafts, strict=True))
    batch = Batch(
        entries=rows,
        payloads=tuple(shared.values()),
        decisions=tuple(
            (entry.decision, entry.seq)
            for entry in entries
            if entry.kind is EntryKind.DECISION and entry.decision is not None
        ),
        requests=tuple(
            (request_bytes(salted.draft.request), entry.seq)
            for entry, salted in placed
            if salted.draft.request is not None
        ),
        state=signatory.sign(frontier),
    )
    return entries, batch


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
