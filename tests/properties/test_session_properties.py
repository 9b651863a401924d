"""Working memory: whatever came and went, what follows is what an evaluation of the facts held gives, proofs included.

`python -m tests.properties.test_session_properties COUNT` examines so many programs and says what was examined.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest

from neurosym.decision.desk import INCOMPLETE
from neurosym.decision.engine import Engine
from neurosym.decision.ruleset import checked_ruleset
from neurosym.engine.compiled.evaluation import CompiledEvaluator
from neurosym.engine.compiled.live import LiveState
from neurosym.engine.compiled.maintenance import Maintenance, RerunError
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.layout import Row
from neurosym.engine.model import Model
from neurosym.engine.proof import Prover
from neurosym.engine.situation import Situation
from neurosym.engine.working_memory import WorkingMemory
from neurosym.text.span import Source
from neurosym.values.value import Fact
from tests.generation.case import DECISION
from tests.generation.dice import Dice
from tests.generation.facts import cases
from tests.generation.normal import facts_of_model
from tests.generation.plain import DAY, PlainCase, plain_case

PROGRAMS, CHANGES, DECIDED = 40, 6, 12
SHARES = {"Group": 9, "Node": 8, "Edge": 5}  # of ten, that are there from the start

Held = dict[tuple[str, object], Fact]


def examine(case: PlainCase, dice: Dice, tally: Counter[str]) -> None:
    """Change the facts of a case at random, and look at what follows after each change."""
    compiled, memory = CompiledProgram(case.program), WorkingMemory(CompiledProgram(case.program))
    held: Held = {}
    memory.state(DAY)
    for number in range(CHANGES):
        removed, added = _drawn(case, dice, held, is_first=number == 0)
        memory.change(_rows(memory, removed), _rows(memory, added), frozenset())
        held = {_name(fact): fact for fact in (*(each for each in held.values() if each not in removed), *added)}
        mine = memory.state(DAY).model
        anew = CompiledEvaluator(compiled)(Situation(tuple(held.values()), DAY))
        assert facts_of_model(mine) == facts_of_model(anew)
        assert _proofs(mine) == _proofs(anew)
        tally["changes"] += 1


def _drawn(case: PlainCase, dice: Dice, held: Held, *, is_first: bool) -> tuple[list[Fact], list[Fact]]:
    """What goes and what comes: of a key that is held, other contents may come."""
    coming: Held = {}
    for fact in dice.chosen(case.facts, len(case.facts)):
        share = SHARES[fact.type] if is_first else 2
        if _name(fact) not in coming and fact not in held.values() and dice.below(10) < share:
            coming[_name(fact)] = fact
    going = [fact for name, fact in held.items() if name in coming or _goes(dice, fact)]
    return going, list(coming.values())


def _goes(dice: Dice, fact: Fact) -> bool:
    return dice.is_one_in(6 if fact.type == "Edge" else 30)


def _name(fact: Fact) -> tuple[str, object]:
    return fact.type, fact.key


def _rows(memory: WorkingMemory, facts: Iterable[Fact]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for fact in facts:
        found.setdefault(fact.type, []).append(memory.layouts[fact.type].row(fact))
    return found


def _proofs(model: Model) -> list[str]:
    prover = Prover(model)
    return sorted(prover.fact(entry).id for name in model.extensions for entry in model.entries(name))


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts how strata were brought up to date."""
    found: Counter[str] = Counter()
    _count(found, monkeypatch)
    return found


def _count(tally: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    maintained, evaluated = Maintenance.run, LiveState._rerun

    def run(self: Maintenance) -> None:
        try:
            maintained(self)
        except RerunError:
            tally["strata given up"] += 1
            raise
        tally["strata kept up to date"] += 1
        tally["recursive strata kept up to date"] += self.stratum.is_recursive
        tally["strata that read themselves inside kept up to date"] += bool(self.inside)
        tally["facts that came"] += sum(map(len, self.came.values()))
        tally["facts that went"] += sum(map(len, self.gone.values()))

    def anew(self: LiveState, *arguments: object) -> None:
        tally["strata evaluated anew"] += 1
        evaluated(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Maintenance, "run", run)
    monkeypatch.setattr(LiveState, "_rerun", anew)


def test_what_follows_is_what_an_evaluation_gives(tally: Counter[str]) -> None:
    for seed in range(PROGRAMS):
        examine(plain_case(seed), Dice(seed), tally)
    assert tally["changes"] == PROGRAMS * CHANGES
    assert tally["strata kept up to date"] > tally["changes"] / 2  # else the test looks at something else
    assert min(tally["recursive strata kept up to date"], tally["facts that came"], tally["facts that went"]) > PROGRAMS
    assert tally["strata that read themselves inside kept up to date"] > PROGRAMS / 2


@pytest.mark.parametrize("reference", [False, True])
def test_what_is_decided_over_a_session_is_decided_over_its_facts(*, reference: bool) -> None:
    for _, case in cases(DECIDED, 300):
        engine = Engine(checked_ruleset([Source("generated.rules", case.rules)], ()), log=None, reference=reference)
        facts: dict[str, Sequence[object]] = {}
        for name, rows in case.facts.items():
            assert isinstance(rows, list)
            facts[name] = rows
        anew = engine.decide(DECISION, dict(case.request), facts=facts)
        session = engine.session({INCOMPLETE: facts.pop(INCOMPLETE, [])})
        for name, several in facts.items():
            session.add({name: several})
        for decided in (session.decide(DECISION, dict(case.request)) for _ in range(2)):
            assert (decided.result_bytes, decided.proof_bytes) == (anew.result_bytes, anew.proof_bytes)


if __name__ == "__main__":
    counted: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        _count(counted, patch)
        for drawn in range(int(sys.argv[1])):
            examine(plain_case(drawn), Dice(drawn), counted)
    print(dict(counted))  # noqa: T201 - a report
