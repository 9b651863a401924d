"""Explanations of decisions by generated programs: whatever was decided can be told, completely and from its proof."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neurosym.decision.explanation.account import Account
from neurosym.decision.explanation.document import why_json
from neurosym.decision.explanation.missing import wanted
from neurosym.decision.explanation.structure import Explanation
from neurosym.decision.explanation.target import target_of
from neurosym.decision.explanation.text import Extent
from neurosym.decision.explanation.value import written
from neurosym.decision.explanation.why import Why, why_outcome, why_proven
from neurosym.decision.explanation.why_text import why_lines
from neurosym.engine.extension import Entry
from neurosym.engine.verdict import Status
from neurosym.values.canonical import canonical_bytes, digest
from tests.generation.case import Case
from tests.generation.digest import decision_of
from tests.generation.property import for_every_case

FEW, PARTS, PART = 40, 3, 200


def account_of_case(case: Case) -> Account:
    decision = replace(decision_of(case), digests={"program": digest(None)})
    assert decision.deliberation is not None
    return Account(decision, decision.deliberation, case.intake.origins, 1, is_same_engine=True)


def is_whole(explanation: Explanation, account: Account) -> None:
    """Every step is a step of the decision's proof, rests on the same, and nothing below it is left out."""
    for key, step in explanation.steps.items():
        assert set(step.below) <= set(explanation.steps)
        proof = account.decision.proofs.get(key)
        if proof is not None:
            assert set(step.below) == {premise.id for premise in proof.premises}


def is_told(why: Why) -> None:
    """The text tells every step once when there is room, and refers to no step that it does not tell."""
    room = Extent(steps_max=10_000, depth_max=1_000, triples_max=1_000, reasons_max=1_000)
    steps = why.explanation.steps.keys() | why.defeated.steps.keys()
    assert sorted(told(why, room)) == list(range(1, len(steps) + 1))


def told(why: Why, extent: Extent) -> list[int]:
    """The numbers of the steps that the text tells."""
    lines = [line.lstrip() for line in why_lines(why, extent)]
    return [int(line.split("]")[0][1:]) for line in lines if line.startswith("[")]


def can_be_told(account: Account) -> None:
    why = why_outcome(account)
    assert canonical_bytes(why_json(why)) == canonical_bytes(why_json(why_outcome(account)))
    for explanation in (why.explanation, why.defeated):
        is_whole(explanation, account)
        assert set(explanation.roots) <= set(account.decision.proofs)
    is_told(why)
    assert len(told(why, Extent(1, 1, 0, 1))) <= len(told(why, Extent()))


def names_what_it_bears_on(account: Account) -> None:
    """What keeps an outcome open is told with every outcome it bears on."""
    missing = wanted(account)
    assert bool(missing) <= (account.decision.status is not Status.DECIDED)
    assert {each.reason for each in missing} == account.deliberation.verdict.reasons
    for each in missing:
        assert each.outcomes
        assert set(each.outcomes) <= set(account.decision.possible)


def facts_can_be_told(account: Account) -> None:
    """Every fact that holds can be named, and explained."""
    model = account.deliberation.model
    for name in account.deliberation.case.program.fact_types:
        for entry in model.entries(name):
            if entry.fact.unnamed or any("unknown" in written(part) for part in entry.fact.key):
                continue
            keys = ", ".join(map(written, entry.fact.key))
            target = target_of(f"{name}({keys})", account.deliberation)
            assert isinstance(target, tuple)
            assert any(isinstance(each, Entry) and each is entry for each in target)
            is_whole(why_proven(account, target).explanation, account)


LAWS = [can_be_told, names_what_it_bears_on, facts_can_be_told]


def can_be_explained(case: Case) -> None:
    """Every law of one case."""
    account = account_of_case(case)
    for law in LAWS:
        law(account)


def test_decisions_of_generated_programs_can_be_explained() -> None:
    for_every_case(FEW, can_be_explained)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_decisions_of_many_programs_can_be_explained(part: int) -> None:
    for_every_case(PART, can_be_explained, part * PART)
