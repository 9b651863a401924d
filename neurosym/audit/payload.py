"""Payloads: 32 random bytes, then the bytes; hashed whole.

Without the salt nobody can find out by guessing what a digest stands for, and when the payload is erased the digest
says nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.text.failure import LogCorruptError, LogError
from neurosym.values.canonical import Digest, digest_bytes

SALT_BYTES = 32
PAYLOAD_BYTES_MAX = 1 << 29  # below the 10^9 bytes SQLite takes in one cell

Entropy: TypeAlias = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Payload:
    """Content with its salt, as stored. One payload may stand in many entries and is stored once."""

    digest: Digest
    stored: bytes = field(repr=False)


def salt_payload(content: bytes, entropy: Entropy) -> Payload:
    """The content with fresh salt; LogError when it is larger than a store takes."""
    if len(content) > PAYLOAD_BYTES_MAX:
        raise LogError(f"a payload of {len(content)} bytes: at most {PAYLOAD_BYTES_MAX} fit")
    salt = entropy(SALT_BYTES)
    assert len(salt) == SALT_BYTES
    stored = salt + content
    return Payload(digest_bytes(stored), stored)


def open_payload(stored: bytes, digest: Digest) -> bytes:
    """The content of stored bytes; LogCorruptError when they are not what the digest was made from."""
    if len(stored) < SALT_BYTES or digest_bytes(stored) != digest:
        raise LogCorruptError(f"payload {digest} does not hash to its digest")
    return stored[SALT_BYTES:]
