"""Roots and proofs out of tiles are those that the definition gives."""

from __future__ import annotations

import pytest

from neurosym.audit.tree import leaf_hash, tree_root
from neurosym.audit.tree_path import consistency_of, inclusion_of, root_of
from neurosym.audit.tree_proof import verify_consistency, verify_inclusion
from tests.audit.rfc6962 import HeldHashes, consistency_proof, inclusion_proof

LEAVES = [leaf_hash(b"%d" % number) for number in range(1_100)]
SIZES = (1, 2, 3, 4, 5, 7, 8, 255, 256, 257, 511, 512, 513, 768, 1_000, 1_100)


@pytest.mark.parametrize("size", [0, *SIZES])
def test_a_root_is_that_of_all_leaves(size: int) -> None:
    assert root_of(HeldHashes(LEAVES), size) == tree_root(LEAVES[:size])


@pytest.mark.parametrize("size", SIZES)
def test_an_inclusion_proof_is_the_one_of_the_definition(size: int) -> None:
    tiles, root = HeldHashes(LEAVES), tree_root(LEAVES[:size])
    for index in sorted({0, 1, size // 2, size // 2 + 1, 255, 256, size - 2, size - 1} & {*range(size)}):
        proof = inclusion_of(tiles, index, size)
        assert proof == inclusion_proof(index, LEAVES[:size])
        assert verify_inclusion(index, size, LEAVES[index], root, proof)


@pytest.mark.parametrize("size", SIZES)
def test_a_consistency_proof_is_the_one_of_the_definition(size: int) -> None:
    tiles, root = HeldHashes(LEAVES), tree_root(LEAVES[:size])
    for earlier in [each for each in SIZES if each <= size]:
        proof = consistency_of(tiles, earlier, size)
        assert proof == consistency_proof(earlier, LEAVES[:size])
        assert verify_consistency(earlier, size, tree_root(LEAVES[:earlier]), root, proof)


def test_of_a_large_tree_few_hashes_are_looked_at() -> None:
    tiles = HeldHashes(LEAVES)
    inclusion_of(tiles, 300, 1_100)
    assert tiles.asked < 400
