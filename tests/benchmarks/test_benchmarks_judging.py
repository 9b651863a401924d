"""The comparison of ways to ask a model: its faults are faults, and none of them is believed."""

from __future__ import annotations

import asyncio

from tests.benchmarks.judging.__main__ import judged, wrongly_accepted
from tests.benchmarks.judging.bare import bare
from tests.benchmarks.judging.neurosym import neurosym
from tests.benchmarks.judging.scripted import CASES, FAULTS, TRUTH, Script


def test_no_wrong_answer_is_believed_and_every_case_is_answered_in_the_end() -> None:
    script = Script()
    assert asyncio.run(judged(neurosym(script))) == [TRUTH] * CASES
    assert script.calls.total() > CASES + CASES * (len(FAULTS) - 2) // len(FAULTS)


def test_the_faults_are_believed_by_who_only_parses() -> None:
    found = wrongly_accepted(asyncio.run(judged(bare(Script()))))
    assert {"another model", "a key twice", "an invented quote", "an answer that a check refutes"} <= set(found)
