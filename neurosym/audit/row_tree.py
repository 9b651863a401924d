"""The Merkle tree over the rows of one batch: as the tree over entries, with one line for a leaf (RFC 6962 §2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from neurosym.audit.tile import HEIGHT
from neurosym.audit.tree import leaf_hash, tree_root
from neurosym.audit.tree_path import inclusion_of
from neurosym.values.canonical import Digest, digest

PREFIX = "sha256:"
ROWS, EXTENT = "rows", "extent"  # of an envelope's `digests`: the root, and which rows they are


@dataclass(frozen=True, slots=True)
class RowTree:
    """The tree over rows, by the hashes of its leaves; all of them are in memory."""

    leaves: tuple[bytes, ...]

    @classmethod
    def over(cls, lines: Iterable[bytes]) -> RowTree:
        """The tree whose leaves are these lines."""
        return cls(tuple(map(leaf_hash, lines)))

    @property
    def digest(self) -> Digest:
        """The root as envelopes write it. RFC 9162 §2.1.1."""
        return Digest(PREFIX + tree_root(self.leaves).hex())

    def path(self, index: int) -> tuple[bytes, ...]:
        """The hashes that lead from a leaf to the root, lowest first. RFC 9162 §2.1.3.1."""
        return inclusion_of(self, index, len(self.leaves))

    def hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """`count` roots of whole subtrees of `256**level` leaves, from the `first`-th."""
        width = 1 << (HEIGHT * level)
        return [tree_root(self.leaves[at * width : (at + 1) * width]) for at in range(first, first + count)]


def extent_digest(first: int, count: int) -> Digest:
    """What stands in an envelope for which rows a batch has: a root alone does not say over how many leaves it is."""
    return digest({"first": first, "rows": count})


def root_bytes(root: Digest | None) -> bytes:
    """The root that an envelope has; nothing where it has none."""
    return b"" if root is None else bytes.fromhex(root.removeprefix(PREFIX))
