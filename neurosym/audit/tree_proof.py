"""Checking the proofs of RFC 9162 §2.1: bytes in, a verdict out."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.audit.tree import HASH_BYTES, node_hash


def verify_inclusion(index: int, size: int, leaf: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """True when the leaf hash stands at `index` in the tree of `size` leaves with that root. RFC 9162 §2.1.3.2."""
    if not 0 <= index < size or len(leaf) != HASH_BYTES:
        return False
    place, last = index, size - 1
    reached = leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached = node_hash(sibling, reached)
            place, last = _skip_levels_without_sibling(place, last)
        else:
            reached = node_hash(reached, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and reached == root


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> bool:
    """True when the tree (size1, root1) is a beginning of the tree (size2, root2). RFC 9162 §2.1.4.2.

    A proof that starts from the empty tree says nothing and is refused.
    """
    if not 0 < size1 <= size2:
        return False
    if size1 == size2:
        return not proof and root1 == root2
    # Where the first tree is perfect its root is a node of the second, and the proof leaves it out.
    path = [root1, *proof] if size1 & (size1 - 1) == 0 else list(proof)
    return bool(proof) and _consistent_along(path, size1, size2, root1, root2)


def _consistent_along(path: Sequence[bytes], size1: int, size2: int, root1: bytes, root2: bytes) -> bool:
    place, last = size1 - 1, size2 - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            place, last = _skip_levels_without_sibling(place, last)
        else:
            second = node_hash(second, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and first == root1 and second == root2


def _skip_levels_without_sibling(place: int, last: int) -> tuple[int, int]:
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last
