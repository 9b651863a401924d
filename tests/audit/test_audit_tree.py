from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from neurosym.audit.frontier import Frontier, frontier_bytes, parse_frontier
from neurosym.audit.tree import leaf_hash, tree_root
from neurosym.audit.tree_proof import verify_consistency, verify_inclusion
from neurosym.text.failure import LogCorruptError
from tests.audit.rfc6962 import consistency_proof, inclusion_proof

# The leaves and roots of the Certificate Transparency project's reference tests for RFC 6962.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@pytest.mark.parametrize(("size", "root"), list(enumerate(ROOTS)))
def test_roots_are_those_published_for_rfc_6962(size: int, root: str) -> None:
    hashes = [leaf_hash(leaf) for leaf in LEAVES[:size]]
    assert tree_root(hashes).hex() == root


@pytest.mark.parametrize(("size", "root"), list(enumerate(ROOTS)))
def test_a_frontier_has_the_root_of_its_tree(size: int, root: str) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier = frontier.append(leaf_hash(leaf))
    assert frontier.root().hex() == root
    assert parse_frontier(size, frontier_bytes(frontier)) == frontier


@pytest.mark.parametrize(("size", "length"), [(0, 32), (1, 0), (3, 32), (4, 31), (-1, 0)])
def test_a_frontier_whose_hashes_do_not_fit_its_size_is_refused(size: int, length: int) -> None:
    with pytest.raises(LogCorruptError, match="frontier"):
        parse_frontier(size, bytes(length))


def test_a_leaf_never_hashes_like_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != tree_root([left, right])


def test_inclusion_proof_of_rfc_9162_example() -> None:
    # RFC 9162 §2.1.5: in the tree of seven leaves the proof of d0 is [b, h, l] and that of d6 is [i, k].
    hashes = [leaf_hash(leaf) for leaf in LEAVES[:7]]
    assert inclusion_proof(0, hashes) == (hashes[1], tree_root(hashes[2:4]), tree_root(hashes[4:7]))
    assert inclusion_proof(6, hashes) == (tree_root(hashes[4:6]), tree_root(hashes[0:4]))


def test_consistency_proof_of_rfc_9162_example() -> None:
    # RFC 9162 §2.1.5: from three to seven leaves the proof is [c, d, g, l].
    hashes = [leaf_hash(leaf) for leaf in LEAVES[:7]]
    expected = (hashes[2], hashes[3], tree_root(hashes[0:2]), tree_root(hashes[4:7]))
    assert consistency_proof(3, hashes) == expected


def test_published_inclusion_cases_have_the_published_verdict(vectors: Callable[[str], Path]) -> None:
    cases = _cases(vectors("merkle") / "inclusion")
    assert len(cases) == 98
    for case in cases:
        proof = [b64decode(part) for part in case["proof"] or []]
        verdict = verify_inclusion(
            case["leafIdx"], case["treeSize"], b64decode(case["leafHash"] or ""), b64decode(case["root"] or ""), proof
        )
        assert verdict is not case["wantErr"], case["desc"]


def test_published_consistency_cases_have_the_published_verdict(vectors: Callable[[str], Path]) -> None:
    cases = _cases(vectors("merkle") / "consistency")
    assert len(cases) == 98
    for case in cases:
        proof = [b64decode(part) for part in case["proof"] or []]
        roots = b64decode(case["root1"] or ""), b64decode(case["root2"] or "")
        verdict = verify_consistency(case["size1"], case["size2"], *roots, proof)
        assert verdict is not case["wantErr"], case["desc"]


def _cases(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in sorted(folder.rglob("*.json"))]
