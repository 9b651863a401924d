"""Small programs and situations, as the tests of second opinions use them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias

from neurosym.decision.intake import NO_REQUEST, Document, take_in, take_in_standing
from neurosym.engine.model import Model
from neurosym.engine.reference import evaluate
from neurosym.engine.second.opinion import Opinion, SecondOpinion
from neurosym.engine.situation import Situation
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.text.span import Source
from neurosym.values.canonical import Json
from neurosym.values.temporal import parse_date

Facts: TypeAlias = Mapping[str, Sequence[Mapping[str, Json]]]
DAY = parse_date("2026-03-02")
OWNERSHIP = """
ruleset ownership
fact Party  id: text key  country: text optional
fact Listed  party: Party key
fact Owns  id: text key  owner: Party  owned: Party  share: number [0..100]
fact Pardon  party: Party key
derived Blocked  party: Party key
derived Pair  one: Owns key  other: Owns key
duty report  party: Party key
rule listed  for l: Listed  then Blocked(party: l.party)
rule owned
  for e: Party
  when sum(o.share for o: Owns, b: Blocked where o.owned = e and b.party = o.owner) >= 50
  then Blocked(party: e)
rule pair  for a: Owns, b: Owns  when a.owned = b.owner  then Pair(one: a, other: b)
rule told  for b: Blocked, p: Party  when b.party = p and p.country = "US"  then duty report(party: p) owed by "bank"
exception pardoned to told  for q: Pardon  when q.party = p
"""
WORLD: Facts = {
    "Party": [{"id": "X", "country": "US"}, {"id": "A", "country": "US"}, {"id": "B"}, {"id": "C", "country": "US"}],
    "Listed": [{"party": "X"}],
    "Owns": [
        {"id": "1", "owner": "X", "owned": "A", "share": 50},
        {"id": "2", "owner": "A", "owned": "B", "share": 30},
        {"id": "3", "owner": "X", "owned": "B", "share": "20.5"},
        {"id": "4", "owner": "C", "owned": "C", "share": 100},
    ],
    "Pardon": [{"party": "A"}],
}


@cache
def program_of(text: str) -> Program:
    """The checked program of a text."""
    return compile_ruleset([Source("second.rules", text)]).program


def situation_of(program: Program, facts: Facts) -> Situation:
    """The facts as a caller would give them; types left out are incomplete."""
    rows: dict[str, Json] = {name: [dict(row) for row in of] for name, of in facts.items()}
    intake = take_in(program, None, NO_REQUEST, take_in_standing(program, [Document("facts", rows)]))
    return Situation(intake.facts, DAY, intake.incomplete)


def model_of(text: str, facts: Facts) -> Model:
    """The engine's model."""
    program = program_of(text)
    return evaluate(program, situation_of(program, facts))


def opinion_of(text: str, facts: Facts, other: str | None = None) -> Opinion:
    """The second opinion on the model of a text, by the same program or by another one."""
    with SecondOpinion(program_of(other or text)) as second:
        return second.on(model_of(text, facts))
