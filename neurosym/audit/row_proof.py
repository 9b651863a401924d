"""Row proofs: that a row is of a batch and the batch in a log, in one text which needs neither the log nor a network.

```
neurosym row proof v1
rows FIRST COUNT                the rows of the batch
{...}                           the record of the row, as it is logged
BASE64                          the hashes that lead to the root over the rows, lowest first

{...}                           the envelope of the batch's entry, as it is logged

c2sp.org/tlog-proof@v1          the proof that the entry is in the log, with its checkpoint
...
```
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.audit.entry import parse_entry
from neurosym.audit.entry_kind import ENVELOPE_BYTES_MAX, EntryKind
from neurosym.audit.envelope import envelope_fields
from neurosym.audit.key import VerifierKey
from neurosym.audit.row_tree import EXTENT, ROWS, extent_digest, root_bytes
from neurosym.audit.tlog_proof import HASHES_MAX, PROOF_BYTES_MAX, InclusionProof, parse_hash, parse_tlog_proof
from neurosym.audit.tree import leaf_hash
from neurosym.audit.tree_proof import verify_inclusion
from neurosym.text.failure import LogCorruptError

FIRST_LINE = b"neurosym row proof v1"
EXTENT_LINE = re.compile(rb"rows (0|[1-9][0-9]{0,14}) ([1-9][0-9]{0,9})")
RECORD_BYTES_MAX = 1_000_000
ROW_PROOF_BYTES_MAX = RECORD_BYTES_MAX + ENVELOPE_BYTES_MAX + 2 * PROOF_BYTES_MAX


@dataclass(frozen=True, slots=True)
class RowProof:
    """The record of a row, its way to the root in an envelope, and the envelope's way into a log."""

    first: int
    count: int
    record: bytes
    hashes: tuple[bytes, ...]
    envelope: bytes
    inclusion: InclusionProof

    @property
    def row(self) -> int:
        """The number of the row, as its record has it; LogCorruptError when that has none."""
        return envelope_fields(self.record).whole("row")

    def complaint(self, origin: str, keys: Sequence[VerifierKey]) -> str | None:
        """Why the proof does not show that the log of this origin holds the row, or None. Every key has to have signed
        the checkpoint. LogCorruptError when record or envelope are none.
        """
        entry = parse_entry(self.envelope)
        if entry.kind is not EntryKind.BATCH:
            return "the entry is not of a batch"
        if entry.digests.get(EXTENT) != extent_digest(self.first, self.count):
            return "the batch has other rows than the proof says"
        root = root_bytes(entry.digests.get(ROWS))
        if not verify_inclusion(self.row - self.first, self.count, leaf_hash(self.record), root, self.hashes):
            return "the record of the row does not lead to the root in the entry"
        if entry.seq != self.inclusion.index:
            return "the proof is of another entry of the log"
        return self.inclusion.complaint(self.envelope, origin, keys)

    def __bytes__(self) -> bytes:
        hashes = (b64encode(each) for each in self.hashes)
        head = b"\n".join((FIRST_LINE, b"rows %d %d" % (self.first, self.count), self.record, *hashes))
        return b"\n\n".join((head, self.envelope, str(self.inclusion).encode()))


def parse_row_proof(content: bytes) -> RowProof:
    """The proof in the bytes, not checked; LogCorruptError naming what does not fit."""
    if len(content) > ROW_PROOF_BYTES_MAX:
        raise LogCorruptError(f"no row proof: larger than {ROW_PROOF_BYTES_MAX} bytes")
    head, gap, rest = content.partition(b"\n\n")
    envelope, second, inclusion = rest.partition(b"\n\n")
    lines = head.split(b"\n")
    if not gap or not second or lines[0] != FIRST_LINE:
        raise LogCorruptError(f"no row proof: its first line is not `{FIRST_LINE.decode()}`, or a part is missing")
    extent = EXTENT_LINE.fullmatch(lines[1]) if len(lines) > 2 else None
    if extent is None:
        raise LogCorruptError("no row proof: a line `rows` with the rows of the batch is missing")
    record, *hashes = lines[2:]
    if len(hashes) > HASHES_MAX or len(record) > RECORD_BYTES_MAX:
        raise LogCorruptError("no row proof: it has more hashes, or a longer record, than any has")
    try:
        found = tuple(parse_hash(each.decode("ascii")) for each in hashes)
    except UnicodeDecodeError as error:
        raise LogCorruptError("no row proof: a strange character in a hash") from error
    return RowProof(int(extent[1]), int(extent[2]), record, found, envelope, parse_tlog_proof(inclusion))
