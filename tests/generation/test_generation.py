"""The generator: what it covers, that its cases are valid, and that they shrink."""

from __future__ import annotations

from itertools import islice
from typing import get_args

import pytest

from neurosym.feel import builtin, typed
from tests.generation.allowed import GIVES, TAKES, allowed
from tests.generation.case import Case
from tests.generation.construct import NAMES, construct, nodes
from tests.generation.coverage import Coverage, covered, roots
from tests.generation.facts import cases, generated
from tests.generation.shrinking import shrunk

FEW, MANY = 150, 1_500
SEEN_PERCENT = 91  # of the pairs that the types allow, in MANY programs; in 3,000 they are 94
NAMED_BY_CASE = {typed.Local, typed.Member, typed.Operation, typed.Compare, typed.Aggregate, typed.BuiltIn}


@pytest.fixture(scope="module")
def few() -> Coverage:
    return covered(case for _, case in cases(FEW))


def test_every_seed_gives_a_case() -> None:
    assert [seed for seed in range(FEW) if generated(seed) is None] == []


def test_a_seed_names_a_case() -> None:
    assert generated(7) == generated(7)
    assert generated(7) != generated(8)


def test_every_construct_has_a_name_and_a_place_in_the_table() -> None:
    assert set(get_args(typed.TypedExpr)) == {*NAMES, *NAMED_BY_CASE}
    assert {f"{name}()" for name in builtin.FUNCTIONS} <= {*GIVES} & {*TAKES}


def test_every_construct_occurs(few: Coverage) -> None:
    assert {*GIVES} - {name for _, name in few.uses} == set()


def test_nothing_occurs_that_the_table_does_not_allow(few: Coverage) -> None:
    assert few.unforeseen == []


def test_nearly_all_declarations_and_doubts_meet(few: Coverage) -> None:
    assert len(few.missing["declarations"]) <= 10
    assert len(few.missing["doubts and ends"]) <= 15


@pytest.mark.slow
def test_nearly_all_pairs_of_constructs_occur() -> None:
    found = covered((case for _, case in cases(MANY)), with_model=False)
    assert found.unforeseen == []
    assert found.missing["declarations"] == []
    assert len(found.missing["expressions"]) * 100 <= len(allowed()) * (100 - SEEN_PERCENT)


def test_a_case_shrinks_to_what_fails() -> None:
    def has_mean(case: Case) -> bool:
        return any(construct(each.node) == "mean" for root in roots(case.program) for each in nodes(root))

    case = next(case for _, case in islice(cases(FEW), FEW) if has_mean(case))
    small = shrunk(case, has_mean)
    assert has_mean(small)
    assert len(small.rules) < len(case.rules) / 3
    assert small.answers == ()
