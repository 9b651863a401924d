"""OFAC's 50 percent rule: a sum that grows inside its own recursion."""

from __future__ import annotations

from dataclasses import dataclass

from tests.generation.dice import Dice

SIZES = (25_000, 50_000, 100_000)
LAYERS = 8
LISTED_ONE_IN = 6  # of the parties that nobody owns
SPLITS = ((100,), (60, 40), (50, 50), (50, 30, 20), (40, 35, 25), (25, 25, 25, 25), (49, 51), (30, 30, 20, 20))

Row = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Work:
    """Shareholdings, and the parties that are listed, as dicts."""

    facts: dict[str, list[Row]]


Answer = list[str]  # every blocked party


def work(size: int, seed: int = 4) -> Work:
    """So many shareholdings: eight layers of companies, each company wholly owned by those above it."""
    dice = Dice(seed)
    width = size // 3 // LAYERS
    holdings: list[Row] = []
    company = 0
    while len(holdings) < size:
        layer, place = 1 + company % LAYERS, company // LAYERS
        owners = _owners(dice, layer, width)
        owned = f"P{layer}_{place}"
        holdings += [{"id": f"S{len(holdings) + n}", "owner": o, "owned": owned, "share": s} for n, (o, s) in owners]
        company += 1
    parties = {str(row[side]) for row in holdings for side in ("owner", "owned")}
    listed = [{"party": f"P0_{place}"} for place in range(width) if dice.is_one_in(LISTED_ONE_IN)]
    rows: list[Row] = [{"id": each} for each in sorted(parties | {each["party"] for each in listed})]
    return Work({"Party": rows, "Owns": holdings[:size], "Listed": [dict(each) for each in listed]})


def canonical(answer: Answer) -> Answer:
    """The same answer in one order."""
    return sorted(answer)


def _owners(dice: Dice, layer: int, width: int) -> list[tuple[int, tuple[str, int]]]:
    """Different owners out of the layers above, mostly the next one, with their shares."""
    split = dice.one_of(SPLITS)
    chosen: dict[str, None] = {}
    while len(chosen) < len(split):
        above = layer - 1 if dice.below(4) else dice.below(layer)
        chosen[f"P{above}_{dice.below(width)}"] = None
    return list(enumerate(zip(chosen, split, strict=True)))
