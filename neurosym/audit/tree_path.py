"""Roots and proofs of a large tree out of the hashes that its tiles keep: a few of them, not one for each entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from neurosym.audit.tile import HEIGHT
from neurosym.audit.tree import EMPTY_ROOT, largest_power_below, node_hash, tree_root


class TileHashes(Protocol):
    """The hashes of the tiles of a tree: those at level `n` are the roots of whole subtrees of `256**n` leaves."""

    def hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """`count` hashes of a level from place `first`, all of which lie in one tile; LogCorruptError when some are not
        there.
        """
        ...


def root_of(tiles: TileHashes, size: int) -> bytes:
    """The root of the tree over the first `size` leaves. RFC 9162 §2.1.1."""
    return _root(tiles, 0, size) if size else EMPTY_ROOT


def inclusion_of(tiles: TileHashes, index: int, size: int) -> tuple[bytes, ...]:
    """The hashes that lead from leaf `index` to the root over the first `size` leaves, lowest first.

    RFC 9162 §2.1.3.1.
    """
    assert 0 <= index < size
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + largest_power_below(end - start)
        if index < middle:
            proof.append(_root(tiles, middle, end))
            end = middle
        else:
            proof.append(_root(tiles, start, middle))
            start = middle
    return tuple(reversed(proof))


def consistency_of(tiles: TileHashes, earlier: int, size: int) -> tuple[bytes, ...]:
    """The hashes that show the tree over the first `earlier` leaves to be a beginning of that over `size` leaves.

    RFC 9162 §2.1.4.1.
    """
    assert 0 < earlier <= size
    proof: list[bytes] = []
    start, end = 0, size
    while earlier < end:
        middle = start + largest_power_below(end - start)
        if earlier <= middle:
            proof.append(_root(tiles, middle, end))
            end = middle
        else:
            proof.append(_root(tiles, start, middle))
            start = middle
    # Where the smaller tree is itself a subtree on the left edge, whoever checks has its root already.
    return tuple(reversed(proof if start == 0 else [*proof, _root(tiles, start, end)]))


def _root(tiles: TileHashes, start: int, end: int) -> bytes:
    """The root over a range that a division of the tree makes: its size is a power of two, or it is the right edge."""
    count = end - start
    if count & (count - 1):
        middle = start + largest_power_below(count)
        return node_hash(_root(tiles, start, middle), _root(tiles, middle, end))
    level, rest = divmod(count.bit_length() - 1, HEIGHT)
    return tree_root(tiles.hashes(level, start >> (HEIGHT * level), 1 << rest))
