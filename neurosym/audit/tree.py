"""The Merkle tree of RFC 6962 §2.1 (RFC 9162 §2.1) over SHA-256: its hashes and its root."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
LEAF, NODE = b"\x00", b"\x01"  # RFC 6962 §2.1: a leaf can never pass for a node
EMPTY_ROOT = sha256().digest()


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf's content. RFC 9162 §2.1.1."""
    return sha256(LEAF + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node from those of its children. RFC 9162 §2.1.1."""
    return sha256(NODE + left + right).digest()


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, in order. RFC 9162 §2.1.1."""
    match len(leaves):
        case 0:
            return EMPTY_ROOT
        case 1:
            return leaves[0]
        case size:
            split = largest_power_below(size)
            return node_hash(tree_root(leaves[:split]), tree_root(leaves[split:]))


def largest_power_below(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
