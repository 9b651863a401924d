"""The making of proofs word for word as RFC 6962 §2.1 defines it, over all leaf hashes: slow, and plain."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.audit.tile import WIDTH
from neurosym.audit.tree import tree_root


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """PATH(m, D[n])."""
    if len(leaves) == 1:
        return ()
    k = largest_power_below(len(leaves))
    if index < k:
        return (*inclusion_proof(index, leaves[:k]), tree_root(leaves[k:]))
    return (*inclusion_proof(index - k, leaves[k:]), tree_root(leaves[:k]))


def consistency_proof(size: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """PROOF(m, D[n])."""
    return _subproof(size, leaves, whole=True)


def _subproof(size: int, leaves: Sequence[bytes], *, whole: bool) -> tuple[bytes, ...]:
    if size == len(leaves):
        return () if whole else (tree_root(leaves),)
    k = largest_power_below(len(leaves))
    if size <= k:
        return (*_subproof(size, leaves[:k], whole=whole), tree_root(leaves[k:]))
    return (*_subproof(size - k, leaves[k:], whole=False), tree_root(leaves[:k]))


def largest_power_below(count: int) -> int:
    k = 1
    while 2 * k < count:
        k *= 2
    return k


class HeldHashes:
    """The hashes of the tiles over leaf hashes, made when they are asked for."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.leaves = leaves
        self.asked = 0

    def hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        assert first // WIDTH == (first + count - 1) // WIDTH
        self.asked += count
        span = WIDTH**level
        assert (first + count) * span <= len(self.leaves)
        return [tree_root(self.leaves[at * span : (at + 1) * span]) for at in range(first, first + count)]
