"""Totals that grow within their own recursion cost as much as they have items, not as many times as they grow; as facts
come and go, only what rests on them is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest

from neurosym.engine.compiled.evaluation import CompiledEvaluator
from neurosym.engine.compiled.live import LiveState
from neurosym.engine.compiled.maintenance import CHANGED_MAX
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.evaluator import compiled_evaluator, reference_evaluator
from neurosym.engine.model import Model
from neurosym.engine.proof import Prover
from neurosym.engine.situation import Limits, Situation
from neurosym.engine.working_memory import WorkingMemory
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.program.rule import Stratum
from neurosym.text.failure import LimitError
from neurosym.text.span import Source
from neurosym.values.temporal import Date
from neurosym.values.value import Fact, Reference
from tests.generation.normal import conclusions_of_model, facts_of_model

HEAD = """ruleset trial
fact Party
  id:     text    key
fact Owns
  id:     text    key
  owner:  Party
  owned:  Party
  share:  number  [0..100]
fact Listed
  party:  Party   key
derived Blocked
  party:  Party   key
rule listed cite "x"
  for   l: Listed
  then  Blocked(party: l.party)
rule owned cite "x"
  for   e: Party
  when  {condition}
  then  Blocked(party: e)
"""
HELD = "o: Owns, b: Blocked where o.owned = e and b.party = o.owner"
CONDITIONS = {
    "sum": f"sum(o.share for {HELD}) >= 100",
    "sum after a condition": f'e.id != "p0" and sum(o.share for {HELD}) >= 100',
    "sum with a path": f'sum(o.share for {HELD} and o.owner.id != "x") >= 100',
    "count": f"count(o for {HELD}) >= 1 and max(o.share for {HELD}) >= 100",
    "max": f"max(o.share for {HELD}) >= 100",
    "falling min": f"min(100 - o.share for {HELD}) <= 0",
    "either of two": f"sum(o.share for {HELD}) >= 100 or max(o.share for {HELD}) >= 100",
    "definition": "is_held(e)",
    "definition of a definition": 'e.id != "p0" and is_owned(e)',
}
DEFINITIONS = f"""define is_held(c: Party) =
  sum(o.share for {HELD.replace("= e", "= c")}) >= 100
define is_owned(c: Party) = is_held(c)
"""
LINKS = 200
DAY = Date(2026, 1, 1)


def program(condition: str) -> Program:
    return compile_ruleset([Source("trial.rules", HEAD.format(condition=condition) + DEFINITIONS)]).program


def chain(links: int) -> tuple[Fact, ...]:
    """Companies that own one another in a row, and one of which each owns nothing worth mentioning."""
    companies = [Reference("Party", (f"p{at}",)) for at in range(links)]
    hub = Reference("Party", ("hub",))
    owned = [(owner, owned, 100) for owner, owned in pairwise(companies)]
    owned += [(owner, hub, 0) for owner in companies]
    return (
        *(Fact("Party", party.key, {"id": party.key[0]}) for party in (*companies, hub)),
        *(
            Fact("Owns", (f"o{at}",), {"id": f"o{at}", "owner": owner, "owned": of, "share": share})
            for at, (owner, of, share) in enumerate(owned)
        ),
        Fact("Listed", (companies[0],), {"party": companies[0]}),
    )


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
def test_each_item_of_a_growing_total_is_looked_at_a_bounded_number_of_times(condition: str) -> None:
    evaluate = compiled_evaluator(program(condition))
    model = evaluate(Situation(chain(LINKS), DAY), Limits(looked_max=40 * LINKS))
    assert len(list(model.extensions["Blocked"])) == LINKS


def test_a_total_that_is_computed_anew_looks_at_all_its_items_each_time() -> None:
    anew = f"sum(o.share for {HELD} and some c: Blocked satisfies c.party = o.owner) >= 100"
    with pytest.raises(LimitError):
        compiled_evaluator(program(anew))(Situation(chain(LINKS), DAY), Limits(looked_max=40 * LINKS))


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
def test_totals_that_grow_are_what_the_reference_evaluator_finds(condition: str) -> None:
    situation = Situation(chain(12), DAY)
    mine, reference = (make(program(condition))(situation) for make in (compiled_evaluator, reference_evaluator))
    assert facts_of_model(mine) == facts_of_model(reference)
    assert conclusions_of_model(mine) == conclusions_of_model(reference)


@pytest.fixture
def reruns(monkeypatch: pytest.MonkeyPatch) -> list[Stratum]:
    """The strata that were evaluated anew."""
    found: list[Stratum] = []
    evaluated = LiveState._rerun

    def rerun(self: LiveState, stratum: Stratum, *others: Any) -> None:
        found.append(stratum)
        evaluated(self, stratum, *others)

    monkeypatch.setattr(LiveState, "_rerun", rerun)
    return found


def change(memory: WorkingMemory, removed: Iterable[Fact], added: Iterable[Fact]) -> None:
    rows = [
        {of: [memory.layouts[of].row(each) for each in facts]} for of, facts in (("Owns", removed), ("Owns", added))
    ]
    memory.change(rows[0], rows[1], frozenset())


def names(model: Model) -> list[str]:
    prover = Prover(model)
    return sorted(prover.fact(entry).id for entry in model.entries("Blocked"))


def memory_of(compiled: CompiledProgram, facts: Iterable[Fact]) -> WorkingMemory:
    memory = WorkingMemory(compiled)
    for fact in facts:
        memory.change({}, {fact.type: [memory.layouts[fact.type].row(fact)]}, frozenset())
    memory.state(DAY)
    return memory


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
@pytest.mark.parametrize("at", [5, 11])
def test_totals_that_grow_are_kept_up_to_date(condition: str, at: int, reruns: list[Stratum]) -> None:
    compiled, facts = CompiledProgram(program(condition)), chain(12)
    memory = memory_of(compiled, facts)
    link = next(fact for fact in facts if fact.key == (f"o{at}",))
    shorter = Fact("Owns", link.key, {**link.fields, "owner": Reference("Party", ("p2",))})
    held = [fact for fact in facts if fact != link]
    for removed, added, now in (
        ([link], [], held),
        ([], [link], [*held, link]),
        ([link], [shorter], [*held, shorter]),
        ([shorter], [link], [*held, link]),
    ):
        change(memory, removed, added)
        anew = CompiledEvaluator(compiled)(Situation(tuple(now), DAY))
        assert facts_of_model(memory.state(DAY).model) == facts_of_model(anew)
        assert names(memory.state(DAY).model) == names(anew)
    assert not reruns


def test_a_stratum_of_which_most_has_changed_is_evaluated_anew(reruns: list[Stratum]) -> None:
    compiled, facts = CompiledProgram(program(CONDITIONS["sum"])), chain(2 * CHANGED_MAX)
    memory = memory_of(compiled, facts)
    link = next(fact for fact in facts if fact.key == ("o1",))
    change(memory, [link], [])
    assert len(list(memory.state(DAY).model.extensions["Blocked"])) == 2
    change(memory, [], [link])
    assert len(list(memory.state(DAY).model.extensions["Blocked"])) == 2 * CHANGED_MAX
    assert len(reruns) == 2
