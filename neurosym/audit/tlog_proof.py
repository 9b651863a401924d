"""Proof files (C2SP tlog-proof): that an entry is in a log, in one text which needs neither the log nor a network.

```
c2sp.org/tlog-proof@v1
extra BASE64                    may be left out, and is never trusted
index 73894
BASE64                          the hashes of the inclusion proof, lowest first

CHECKPOINT                      a signed note, with whatever cosignatures it has
```
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.audit.checkpoint import parse_checkpoint
from neurosym.audit.key import VerifierKey, decode_base64
from neurosym.audit.note import NOTE_BYTES_MAX, Note, parse_note
from neurosym.audit.tree import HASH_BYTES, leaf_hash
from neurosym.audit.tree_proof import verify_inclusion
from neurosym.text.failure import LogCorruptError

FIRST_LINE = "c2sp.org/tlog-proof@v1"
HASHES_MAX = 63
INDEX = re.compile(r"0|[1-9][0-9]{0,18}")
PROOF_BYTES_MAX = 2 * NOTE_BYTES_MAX


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """The place of an entry, the hashes that lead from it to the root, and the checkpoint that has this root."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    def complaint(self, entry: bytes, origin: str, keys: Sequence[VerifierKey]) -> str | None:
        """Why the proof does not show that the log of this origin holds the entry, or None. Every key has to have
        signed the checkpoint.
        """
        checkpoint = parse_checkpoint(self.note.text)
        if checkpoint.origin != origin:
            return f"the checkpoint is of the log `{checkpoint.origin}` and not of `{origin}`"
        for key in keys:
            if not self.note.is_signed_by(key):
                return f"the checkpoint is not signed by `{key.name}`"
        if not verify_inclusion(self.index, checkpoint.size, leaf_hash(entry), checkpoint.root, self.hashes):
            return "the entry does not lead to the root of the checkpoint"
        return None

    def __str__(self) -> str:
        extra = () if self.extra is None else (f"extra {b64encode(self.extra).decode()}",)
        hashes = (b64encode(each).decode() for each in self.hashes)
        return "\n".join((FIRST_LINE, *extra, f"index {self.index}", *hashes, "", str(self.note)))


def parse_tlog_proof(content: bytes) -> InclusionProof:
    """The proof in the bytes, not checked; LogCorruptError naming the line that does not fit."""
    if len(content) > PROOF_BYTES_MAX:
        raise LogCorruptError(f"no proof: larger than {PROOF_BYTES_MAX} bytes")
    head, gap, note = content.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise LogCorruptError(f"no proof: a strange character at byte {error.start}") from error
    if not gap or lines[0] != FIRST_LINE:
        raise LogCorruptError(f"no proof: its first line is not `{FIRST_LINE}`, or it has no checkpoint")
    extra = _extra(lines[1]) if len(lines) > 1 and lines[1].startswith("extra ") else None
    index, *hashes = lines[1 if extra is None else 2 :] or [""]
    if not index.startswith("index ") or not INDEX.fullmatch(index.removeprefix("index ")):
        raise LogCorruptError("no proof: a line `index` with a place in the log is missing")
    if len(hashes) > HASHES_MAX:
        raise LogCorruptError(f"no proof: more than {HASHES_MAX} hashes")
    found = parse_note(note)
    parse_checkpoint(found.text)
    return InclusionProof(int(index.removeprefix("index ")), tuple(map(parse_hash, hashes)), found, extra)


def parse_hash(line: str) -> bytes:
    """The hash in a line; LogCorruptError when it is none."""
    found = decode_base64(line)
    if found is None or len(found) != HASH_BYTES:
        raise LogCorruptError(f"`{line[:100]}` is not the base64 of a SHA-256 hash")
    return found


def _extra(line: str) -> bytes:
    found = decode_base64(line.removeprefix("extra "))
    if found is None:
        raise LogCorruptError("no proof: the line `extra` is no base64")
    return found
