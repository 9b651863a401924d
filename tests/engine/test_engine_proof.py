"""Proofs: every fact that holds has one, it ends at what was given, and the condition holds over its premises alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from neurosym.engine.derivation import Derivation, ExceptionNote
from neurosym.engine.extension import Entry, Extension
from neurosym.engine.model import Model
from neurosym.engine.proof import GIVEN, Prover
from neurosym.engine.world import ModelWorld
from neurosym.feel.evaluation import Evaluator
from neurosym.feel.world import FactRead, Read
from neurosym.program.rule import Provision
from neurosym.values.canonical import digest
from neurosym.values.value import Fact, Value
from tests.generation.case import Case
from tests.generation.property import for_every_case

PROGRAMS = 60


def entries(model: Model) -> Iterable[Entry]:
    return (entry for extension in model.extensions.values() for entry in extension)


def every_fact_is_proven_from_what_was_given(case: Case) -> None:
    """The steps form a DAG by the digests of what they say, and its leaves are facts without a derivation."""
    prover, waiting = Prover(case.model), []
    for entry in entries(case.model):
        proof = prover.fact(entry)
        assert (proof.derivation is None) == (proof.document["by"] == GIVEN)
        assert case.program.fact_types[entry.fact.type].is_derived or proof.derivation is None
        waiting.append((proof, frozenset[str]()))
    seen = set()
    while waiting:
        proof, above = waiting.pop()
        assert proof.id == digest(proof.document)
        assert proof.id not in above
        if proof.id not in seen:
            seen.add(proof.id)
            waiting.extend((premise, above | {proof.id}) for premise in proof.premises)


def a_fact_rests_on_facts_of_earlier_rounds_or_strata(case: Case) -> None:
    place = {name: at for at, stratum in enumerate(case.program.strata, 1) for name in stratum.types}
    for entry in entries(case.model):
        if entry.derivation is None or not entry.is_certain:
            continue
        for read in all_reads(entry.derivation):
            if not isinstance(read, FactRead):
                continue
            premise = held(case.model, read)
            if premise is None or premise.derivation is None:
                continue
            assert place[premise.fact.type] <= place[entry.fact.type]
            if place[premise.fact.type] == place[entry.fact.type]:
                assert premise.derivation.round < entry.derivation.round


def a_certain_condition_holds_over_its_premises_alone(case: Case) -> None:
    """What a proof does not name, its conclusion did not need."""
    provisions = case.model.firing.provisions
    by_id: dict[str, Provision] = {each.id: each for each in provisions.rules}
    by_id |= {each.id: each for each in provisions.exceptions}
    for entry in entries(case.model):
        if entry.derivation is None or not entry.is_certain:
            continue
        condition = by_id[entry.derivation.provision].join.condition
        if condition is not None:
            world = world_of(case.model, entry.derivation)
            assert Evaluator(world).truth(condition, entry.derivation.binding) is True


class PremiseWorld(ModelWorld):
    """The premises, with the answers of the whole model, for a question may read more than its condition does."""

    def __init__(self, whole: ModelWorld, extensions: dict[str, Extension]) -> None:
        super().__init__(whole.program, whole.situation, extensions)
        self.whole = whole

    def answer(self, judgment: str, arguments: tuple[Value, ...]) -> Value:
        return self.whole.answer(judgment, arguments)


def world_of(model: Model, derivation: Derivation) -> PremiseWorld:
    extensions = {name: Extension() for name in model.extensions}
    premises = (held(model, read) for read in derivation.reads if isinstance(read, FactRead))
    for entry in {id(each): each for each in premises if each is not None}.values():
        extensions[entry.fact.type].add(entry)
    return PremiseWorld(model.world, extensions)


def held(model: Model, read: FactRead) -> Entry | None:
    return model.extensions[read.fact.type].find(read.fact) if isinstance(read.fact, Fact) else model.entry(read.fact)


def all_reads(of: Derivation | ExceptionNote) -> list[Read]:
    return [*of.reads, *(read for note in of.notes for read in all_reads(note))]


@pytest.mark.parametrize(
    "law",
    [
        every_fact_is_proven_from_what_was_given,
        a_fact_rests_on_facts_of_earlier_rounds_or_strata,
        a_certain_condition_holds_over_its_premises_alone,
    ],
)
def test_proofs_of_generated_programs(law: Callable[[Case], None]) -> None:
    for_every_case(PROGRAMS, law)
