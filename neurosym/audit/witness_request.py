"""What a log asks of a witness (C2SP tlog-witness): to sign a checkpoint that goes on from an earlier one.

```
old SIZE                        of the checkpoint that the witness signed last
BASE64                          the hashes of the consistency proof

CHECKPOINT
```
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from neurosym.audit.checkpoint import DECIMAL, parse_checkpoint
from neurosym.audit.note import NOTE_BYTES_MAX, Note, Signature, parse_note
from neurosym.audit.tlog_proof import HASHES_MAX, parse_hash
from neurosym.text.failure import LogCorruptError

PATH = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"  # of the answer that says which checkpoint was signed last
REQUEST_BYTES_MAX = 2 * NOTE_BYTES_MAX


@dataclass(frozen=True, slots=True)
class WitnessRequest:
    """A checkpoint, and what shows that the tree of `old` entries is a beginning of its tree."""

    old: int
    hashes: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        hashes = (b64encode(each).decode() for each in self.hashes)
        return "\n".join((f"old {self.old}", *hashes, "", str(self.note)))


def parse_witness_request(content: bytes) -> WitnessRequest:
    """The request in the bytes, not checked; LogCorruptError naming the line that does not fit."""
    if len(content) > REQUEST_BYTES_MAX:
        raise LogCorruptError(f"no request: larger than {REQUEST_BYTES_MAX} bytes")
    head, gap, rest = content.partition(b"\n\n")
    try:
        old, *hashes = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise LogCorruptError(f"no request: a strange character at byte {error.start}") from error
    size = old.removeprefix("old ")
    if not gap or not old.startswith("old ") or not DECIMAL.fullmatch(size):
        raise LogCorruptError("no request: its first line is not `old` and a size, or it has no checkpoint")
    if len(hashes) > HASHES_MAX:
        raise LogCorruptError(f"no request: more than {HASHES_MAX} hashes")
    note = parse_note(rest)
    parse_checkpoint(note.text)
    return WitnessRequest(int(size), tuple(map(parse_hash, hashes)), note)


def parse_signatures(content: bytes) -> tuple[Signature, ...]:
    """The signature lines that a witness answers with; LogCorruptError when they are none."""
    return parse_note(b"\n\n" + content).signatures
