"""The next batch of a log: where the tree stands and what is to be added, in; rows and a signed checkpoint, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from neurosym.audit.checkpoint import Checkpoint, parse_checkpoint
from neurosym.audit.draft import ReadyDraft
from neurosym.audit.entry import Entry, envelope_bytes
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.frontier import Frontier, Node
from neurosym.audit.key import SignerKey, VerifierKey
from neurosym.audit.note import parse_note, sign_note
from neurosym.audit.sighting import Sighted
from neurosym.audit.store import Batch, EntryRow, Lookup, LookupKind, PayloadRow, State
from neurosym.audit.tree import leaf_hash
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Digest
from neurosym.values.clock import Stamp

# Kinds of which a log has few entries: they are found without reading the others.
EVENTS = frozenset(EntryKind) - {
    EntryKind.DECISION,
    EntryKind.BATCH,
    EntryKind.ANSWER,
    EntryKind.REVIEW,
    EntryKind.FAILURE,
}
EVENT_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs a log's checkpoints, and which log it is."""

    origin: str
    signer: SignerKey
    verifier: VerifierKey

    def checkpoint(self, frontier: Frontier) -> Checkpoint:
        """What the log says of a tree."""
        return Checkpoint(self.origin, frontier.size, frontier.root())

    def sign(self, frontier: Frontier, *others: SignerKey) -> State:
        """The state of a tree with the checkpoint that vouches for it, signed by others as well."""
        return State(frontier, str(sign_note(str(self.checkpoint(frontier)), self.signer, *others)).encode())


class NextBatch:
    """What one transaction will add after a frontier, put together from whole lots of drafts."""

    def __init__(self, frontier: Frontier, stamp: Stamp) -> None:
        self._frontier = frontier
        self._stamp = stamp
        self._rows: list[EntryRow] = []
        self._payloads: dict[Digest, PayloadRow] = {}
        self._nodes: list[Node] = []
        self._lookups: dict[tuple[str, bytes], Lookup] = {}

    def add(self, drafts: Sequence[ReadyDraft]) -> tuple[Entry, ...]:
        """The entries the drafts become; LogError, and none of them is part of the batch, when one cannot be logged."""
        entries = tuple(ready.entry(seq, self._stamp) for seq, ready in enumerate(drafts, self._frontier.size))
        rows = [_row(entry) for entry in entries]
        self._rows += rows
        for row in rows:
            self._frontier, nodes = self._frontier.grown(row.leaf)
            self._nodes += nodes
        for entry, ready in zip(entries, drafts, strict=True):
            for _, payload in ready.payloads:
                self._payloads.setdefault(payload.digest, PayloadRow(entry.seq, payload.digest, payload.stored))
            for each in lookups_of(entry, ready.draft.erases):
                self._lookups[each.kind, each.key] = each
        return entries

    @property
    def size(self) -> int:
        """How many entries the log has with this batch: the number of the next one."""
        return self._frontier.size

    def found(self, kind: LookupKind, key: bytes) -> int | None:
        """The entry of the batch that a key leads to."""
        held = self._lookups.get((kind.value, key))
        return None if held is None else held.seq

    def signed(self, signatory: Signatory, successor: SignerKey | None = None) -> Batch:
        """The batch, with the checkpoint that vouches for the tree it leads to; a successor signs it too, and alone
        from then on.
        """
        others = () if successor is None else (successor,)
        return Batch(
            entries=tuple(self._rows),
            payloads=tuple(self._payloads.values()),
            nodes=tuple(self._nodes),
            lookups=tuple(self._lookups.values()),
            state=signatory.sign(self._frontier, *others),
            vkey=None if successor is None else str(successor.verifier),
        )


def lookups_of(entry: Sighted, erased: Sequence[Digest] = ()) -> Iterator[Lookup]:
    """What leads to an entry, by which these payloads were removed."""
    if entry.kind is EntryKind.DECISION and entry.decision is not None:
        yield Lookup(entry.seq, LookupKind.DECISION.value, decision_key(entry.decision))
    if entry.request is not None:
        yield Lookup(entry.seq, LookupKind.REQUEST.value, entry.request.encode())
    for digest in erased:
        yield Lookup(entry.seq, LookupKind.ERASED.value, digest.encode())
    if entry.kind in EVENTS:
        yield Lookup(entry.seq, LookupKind.EVENT.value, event_key(entry.kind) + f"{entry.seq:0{EVENT_DIGITS}}".encode())


def event_key(kind: EntryKind) -> bytes:
    """What the keys of the entries of a rare kind begin with."""
    return f"{kind.value} ".encode()


def decision_key(decision: str) -> bytes:
    """The id of a decision as it is looked up by."""
    return decision.encode("utf-8", "surrogatepass")


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
