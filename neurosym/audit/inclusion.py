"""Proofs out of a log: that an entry is in it, and that it goes on from an earlier checkpoint."""

from __future__ import annotations

from neurosym.audit.checkpoint import parse_checkpoint
from neurosym.audit.note import parse_note
from neurosym.audit.reader import LogReader
from neurosym.audit.tlog_proof import InclusionProof
from neurosym.audit.tree_path import consistency_of, inclusion_of
from neurosym.text.failure import LogCorruptError, LogError


def proof_of(log: LogReader, seq: int) -> InclusionProof:
    """The proof that an entry is in the log, as of its newest checkpoint. RFC 9162 §2.1.3.1.

    LogError when there is no such entry, LogCorruptError when what the log stores does not give a proof that holds.
    """
    with log.store.reading() as reading:
        note = parse_note(reading.checkpoint())
        checkpoint = parse_checkpoint(note.text)
        row = reading.entry(seq)
        if row is None or seq >= checkpoint.size:
            raise LogError(f"the log has no entry {seq}")
        proof = InclusionProof(seq, inclusion_of(reading, seq, checkpoint.size), note)
    complaint = proof.complaint(row.envelope, checkpoint.origin, ())
    if complaint is not None:
        raise LogCorruptError(f"entry {seq}: {complaint}")
    return proof


def consistency_from(log: LogReader, earlier: int, size: int) -> tuple[bytes, ...]:
    """The hashes that show the tree of the first `earlier` entries to be a beginning of that of the first `size`; none
    where one of them is empty, or they are the same. RFC 9162 §2.1.4.1.
    """
    with log.store.reading() as reading:
        return () if earlier in (0, size) else consistency_of(reading, earlier, size)
