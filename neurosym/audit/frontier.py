"""The right edge of the tree: all that is needed to append to it and to state its root."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.audit.tile import HEIGHT
from neurosym.audit.tree import EMPTY_ROOT, HASH_BYTES, node_hash
from neurosym.text.failure import LogCorruptError


@dataclass(frozen=True, slots=True)
class Node:
    """The root of a whole subtree of `256**level` leaves, the `index`-th of its level: what tiles hold above leaves."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the perfect subtrees a tree of `size` leaves consists of, largest first: one per bit of the size."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> Frontier:
        """The frontier with one more leaf hash."""
        return self.grown(leaf)[0]

    def grown(self, leaf: bytes) -> tuple[Frontier, list[Node]]:
        """The frontier with one more leaf hash, and the hashes for tiles that came to be on the way. Subtrees of equal
        size merge as the bits of the size carry.
        """
        merged = leaf
        kept = list(self.hashes)
        nodes = []
        for height in range(1, _ones_at_the_end(self.size) + 1):
            merged = node_hash(kept.pop(), merged)
            level, rest = divmod(height, HEIGHT)
            if not rest:
                nodes.append(Node(level, self.size >> height, merged))
        return Frontier(self.size + 1, (*kept, merged)), nodes

    def root(self) -> bytes:
        """The root of the whole tree. RFC 9162 §2.1.1."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root


def frontier_bytes(frontier: Frontier) -> bytes:
    """The hashes one after the other, as a store keeps them beside the size."""
    return b"".join(frontier.hashes)


def parse_frontier(size: int, content: bytes) -> Frontier:
    """The frontier a store kept; LogCorruptError when the number of hashes does not fit the size."""
    if size < 0 or len(content) != HASH_BYTES * size.bit_count():
        raise LogCorruptError(f"a tree of {size} entries has no frontier of {len(content)} bytes")
    hashes = tuple(content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES))
    return Frontier(size, hashes)


def _ones_at_the_end(size: int) -> int:
    return (~size & (size + 1)).bit_length() - 1
