"""The theorems of language.md §5.9, on generated programs, against the loop-only oracle and completions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neurosym.engine.verdict import verdict
from neurosym.program.canonical import program_digest
from tests.generation.__main__ import coverage, drawn
from tests.generation.case import Case
from tests.generation.digest import decision_of, proofs_of, written
from tests.generation.facts import cases
from tests.generation.theorem import Examination

REPOSITORY = Path(__file__).parents[2]
FAST = settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW, MANY, PROGRAMS = 8, 20, 300


def examined(case: Case) -> Examination:
    return Examination(case, Counter(), FEW)


@given(cases())
@FAST
def test_the_reference_evaluator_is_the_oracle(case: Case) -> None:
    examined(case).reference_is_oracle()


@given(cases())
@FAST
def test_a_decided_outcome_is_that_of_every_completion(case: Case) -> None:
    examined(case).is_sound()


@given(cases())
@FAST
def test_more_answers_or_values_only_shrink_what_is_possible(case: Case) -> None:
    examined(case).is_monotone()


@given(cases())
@FAST
def test_changing_everything_unlisted_never_changes_what_is_possible(case: Case) -> None:
    examined(case).is_thrifty()


@given(cases())
@FAST
def test_no_question_is_asked_unless_it_is_among_the_reasons(case: Case) -> None:
    examined(case).asks_with_reason()


@given(cases())
@FAST
def test_burdens_add_no_outcome(case: Case) -> None:
    examined(case).burdens_only_shrink()


@given(cases(), st.integers(0, 9))
@FAST
def test_order_of_rules_and_facts_is_irrelevant(case: Case, seed: int) -> None:
    other = shuffled(case, Random(seed))  # noqa: S311 - no secret
    assert program_digest(other.program) == program_digest(case.program)
    ours = verdict(case.model, case.decision, case.subject)
    theirs = verdict(other.model, other.decision, other.subject)
    assert (theirs.possible, theirs.reasons) == (ours.possible, ours.reasons)
    assert proofs_of(other) == proofs_of(case)
    mine, its = decision_of(case), decision_of(other)
    assert its.result_bytes == mine.result_bytes
    assert its.proof_bytes == mine.proof_bytes


def test_results_are_the_same_bytes_under_every_hash_seed(tmp_path: Path) -> None:
    batch = tmp_path / "cases.json"
    batch.write_text(written(drawn(40)), encoding="utf-8")
    first, *others = [digests(batch, seed) for seed in ("0", "1", "4711")]
    assert len(first.splitlines()) == len(drawn(40))
    assert others == [first, first]


@pytest.mark.slow
def test_every_theorem_holds_at_length(capsys: pytest.CaptureFixture[str]) -> None:
    tally, seen = Counter[str](), list[Case]()

    @given(cases())
    @settings(FAST, max_examples=PROGRAMS, database=None, suppress_health_check=[*HealthCheck])
    def examine(case: Case) -> None:
        seen.append(replace(case))
        found = Examination(case, tally, MANY)
        found.reference_is_oracle()
        found.is_sound()
        found.is_monotone()
        found.is_thrifty()
        found.asks_with_reason()
        found.burdens_only_shrink()

    examine()
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(f"{name}: {count}" for name, count in sorted(tally.items())) + "\n")
        sys.stdout.write(coverage(seen) + "\n")
    assert tally["programs"] >= PROGRAMS // 2
    assert tally["completions"] > tally["programs"]


def shuffled(case: Case, dice: Random) -> Case:
    """The case with its declarations, its fact types and the facts of each in another order."""
    head, *declarations = "\n".join(case.rules.splitlines()).replace("\n  ", "\t").splitlines()
    dice.shuffle(declarations)
    types = list(case.facts.items())
    dice.shuffle(types)
    facts = {name: dice.sample(rows, len(rows)) for name, rows in types if isinstance(rows, list)}
    return replace(case, rules="\n".join([head, *declarations]).replace("\t", "\n  "), facts=facts)


def digests(batch: Path, seed: str) -> str:
    command = [sys.executable, "-m", "tests.generation", "digests", str(batch)]
    run = subprocess.run(
        command,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout
