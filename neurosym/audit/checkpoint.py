"""Checkpoints (C2SP tlog-checkpoint): what a log says of its tree at one size, as the text of a signed note.

ORIGIN
SIZE, decimal
base64(root)
extension lines, of which this log writes none
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass

from neurosym.audit.key import decode_base64
from neurosym.audit.tree import HASH_BYTES
from neurosym.text.failure import LogCorruptError

SIZE_MAX = 2**63 - 1
DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The root of a log's tree at a size."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "".join(
            f"{line}\n" for line in (self.origin, self.size, b64encode(self.root).decode(), *self.extensions)
        )


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint a note's text states; LogCorruptError naming the line that does not fit."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise LogCorruptError("not a checkpoint: it has an origin, a size and a root, each on a line of its own")
    origin, size, encoded, *extensions = lines[:-1]
    if not DECIMAL.fullmatch(size) or int(size) > SIZE_MAX:
        raise LogCorruptError("not a checkpoint: its second line is not a tree size in decimal digits")
    root = decode_base64(encoded)
    if root is None or len(root) != HASH_BYTES:
        raise LogCorruptError("not a checkpoint: its third line is not the base64 of a SHA-256 hash")
    return Checkpoint(origin, int(size), root, tuple(extensions))
