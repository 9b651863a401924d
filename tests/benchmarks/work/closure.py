"""The closure of an ownership graph: who holds something of whom, with a step that proves each pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tests.generation.dice import Dice

SIZES = (2_500, 5_000, 10_000)
LAYERS = 10
BACKWARDS_EVERY = 200  # cross-holdings: one edge in so many leads back to an owner of its owner

Row = dict[str, str]
Pair = tuple[str, str]
Step = tuple[str, str, str, str]  # owner, owned; owned through (empty: directly), by which shareholding


@dataclass(frozen=True, slots=True)
class Work:
    """Shareholdings, as dicts."""

    facts: dict[str, list[Row]]


Answer = Sequence[Step]


def work(size: int, seed: int = 3) -> Work:
    """So many shareholdings in ten layers of companies, a few of them leading back."""
    dice = Dice(seed)
    width = size * 8 // 10 // LAYERS
    edges: dict[Pair, None] = {}
    while len(edges) < size:
        layer = dice.below(LAYERS - 1)
        owner, owned = f"P{layer}_{dice.below(width)}", f"P{layer + 1}_{dice.below(width)}"
        edges[(owner, owned)] = None
        if len(edges) % BACKWARDS_EVERY == 0 and len(edges) < size:
            edges[(owned, owner)] = None
    rows = [{"id": f"S{number}", "owner": owner, "owned": owned} for number, (owner, owned) in enumerate(edges)]
    return Work({"Owns": rows})


def canonical(answer: Answer) -> list[Pair]:
    """The pairs in one order. Which of several proofs was found differs: `unproven` checks them."""
    return sorted({(owner, owned) for owner, owned, _, _ in answer})


def unproven(work: Work, answer: Answer) -> set[Pair]:
    """The pairs whose steps do not lead down to shareholdings: circular proofs prove nothing."""
    edges = {row["id"]: (row["owner"], row["owned"]) for row in work.facts["Owns"]}
    later: dict[Pair, list[Pair]] = defaultdict(list)
    ready: list[Pair] = []
    for owner, owned, through, by in answer:
        if edges[by] != (through or owner, owned):
            continue
        if not through:
            ready.append((owner, owned))
        else:
            later[(owner, through)].append((owner, owned))
    proven: set[Pair] = set()
    while ready:
        pair = ready.pop()
        if pair not in proven:
            proven.add(pair)
            ready += later[pair]
    return {(owner, owned) for owner, owned, _, _ in answer} - proven


def is_proven(work: Work, answer: Answer) -> bool:
    """Whether the steps prove every pair."""
    return not unproven(work, answer)
