"""The 50 percent rule over a large register, against a fixpoint written for the purpose."""

from __future__ import annotations

from random import Random

import pytest

from neurosym.engine.extension import Extension
from neurosym.engine.reference import evaluate
from neurosym.engine.situation import Situation
from neurosym.lang.compilation import compile_ruleset
from neurosym.text.span import Source
from neurosym.values.temporal import parse_date
from neurosym.values.value import Fact, Reference, Value

RULES = """
ruleset ownership "Ownership"
fact Party  id: text key
fact Listed  party: Party key
fact Owns  id: text key  owner: Party  owned: Party  share: number [0..100]
derived Blocked  party: Party key
rule listed cite "test" for l: Listed then Blocked(party: l.party)
rule owned cite "test"
  for e: Party
  when sum(o.share for o: Owns, b: Blocked where o.owned = e and b.party = o.owner) >= 50
  then Blocked(party: e)
"""
PARTIES, HOLDINGS, LISTED, REACH = 6_000, 10_000, 200, 400


def _register(random: Random) -> list[tuple[int, int, int]]:
    """Holdings (owner, owned, share); an owner holds only what comes after it, now and then what came before."""
    holdings = []
    for _ in range(HOLDINGS):
        owner = random.randrange(PARTIES)
        owned = (owner + random.randrange(1, REACH)) % PARTIES
        holdings.append((owner, owned, random.choice([10, 20, 30, 50, 60])))
    return holdings


def _blocked(holdings: list[tuple[int, int, int]]) -> set[int]:
    blocked = set(range(LISTED))
    while True:
        totals: dict[int, int] = {}
        for owner, owned, share in holdings:
            if owner in blocked:
                totals[owned] = totals.get(owned, 0) + share
        grown = blocked | {owned for owned, total in totals.items() if total >= 50}
        if grown == blocked:
            return blocked
        blocked = grown


def _facts(holdings: list[tuple[int, int, int]]) -> tuple[Fact, ...]:
    parties = [Reference("Party", (f"P{number}",)) for number in range(PARTIES)]
    found = [Fact("Party", party.key, {"id": party.key[0]}) for party in parties]
    found += [Fact("Listed", (party,), {"party": party}) for party in parties[:LISTED]]
    for number, (owner, owned, share) in enumerate(holdings):
        key = f"O{number}"
        fields: dict[str, Value] = {"id": key, "owner": parties[owner], "owned": parties[owned], "share": share}
        found.append(Fact("Owns", (key,), fields))
    return tuple(found)


def _keys(extension: Extension) -> set[object]:
    return {entry.fact.key[0] for entry in extension if entry.is_certain}


@pytest.mark.slow
def test_ten_thousand_shareholdings_block_exactly_whom_a_plain_fixpoint_blocks() -> None:
    program = compile_ruleset([Source("ownership.rules", RULES)]).program
    holdings = _register(Random(401))  # noqa: S311 - a fixed seed
    model = evaluate(program, Situation(_facts(holdings), parse_date("2026-03-01")))
    expected = {Reference("Party", (f"P{number}",)) for number in _blocked(holdings)}
    assert _keys(model.extensions["Blocked"]) == expected
    assert len(expected) > LISTED
