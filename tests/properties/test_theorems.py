"""The theorems of language.md §5.9, on generated programs, against the loop-only oracle and completions.

`python -m tests.properties.test_theorems COUNT` examines so many programs and says what was examined.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import pytest

from neurosym.engine.verdict import verdict
from neurosym.program.canonical import program_digest
from tests.generation.__main__ import drawn
from tests.generation.case import Case
from tests.generation.coverage import Coverage
from tests.generation.digest import decision_of, proofs_of, written
from tests.generation.property import for_every_case
from tests.generation.theorem import Examination

REPOSITORY = Path(__file__).parents[2]
FEW_PROGRAMS, FEW = 60, 6
PARTS, PART_PROGRAMS, MANY = 3, 32, 12
PART_SEEDS = 10_000
HASHED_PROGRAMS = 40
THEOREMS: tuple[Callable[[Examination], None], ...] = (
    Examination.reference_is_oracle,
    Examination.compiled_is_reference,
    Examination.session_is_evaluation,
    Examination.is_sound,
    Examination.is_monotone,
    Examination.is_thrifty,
    Examination.asks_with_reason,
    Examination.burdens_only_shrink,
)


@pytest.mark.parametrize("theorem", THEOREMS)
def test_theorem(theorem: Callable[[Examination], None]) -> None:
    for_every_case(FEW_PROGRAMS, lambda case: theorem(Examination(case, Counter(), FEW)))


def order_is_irrelevant(case: Case) -> None:
    """Rules and facts in another order give the same program, S, reasons, proofs and bytes."""
    mine = decision_of(case)
    for seed in range(2):
        other = shuffled(case, Random(seed))  # noqa: S311 - no secret
        assert program_digest(other.program) == program_digest(case.program)
        ours = verdict(case.model, case.decision, case.subject)
        theirs = verdict(other.model, other.decision, other.subject)
        assert (theirs.possible, theirs.reasons) == (ours.possible, ours.reasons)
        assert proofs_of(other) == proofs_of(case)
        its = decision_of(other)
        assert its.result_bytes == mine.result_bytes
        assert its.proof_bytes == mine.proof_bytes


def test_order_of_rules_and_facts_is_irrelevant() -> None:
    for_every_case(FEW_PROGRAMS, order_is_irrelevant)


def test_results_are_the_same_bytes_under_every_hash_seed(tmp_path: Path) -> None:
    batch = tmp_path / "cases.json"
    batch.write_text(written(drawn(HASHED_PROGRAMS)), encoding="utf-8")
    first, *others = [digests(batch, seed) for seed in ("0", "1", "4711")]
    assert len(first.splitlines()) == len(drawn(HASHED_PROGRAMS))
    assert others == [first, first]


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, PARTS * PART_SEEDS, PART_SEEDS))
def test_every_theorem_holds_at_length(first: int) -> None:
    tally = Counter[str]()
    for_every_case(PART_PROGRAMS, partial(examine, tally), first)
    assert tally["completions"] > PART_PROGRAMS
    assert tally["questions asked"] > PART_PROGRAMS // 20


def examine(tally: Counter[str], case: Case) -> None:
    """Every theorem of one case."""
    found = Examination(case, tally, MANY)
    for theorem in THEOREMS:
        theorem(found)
    order_is_irrelevant(case)


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


if __name__ == "__main__":
    examined, seen = Counter[str](), Coverage()

    def watched(case: Case) -> None:
        examine(examined, case)
        seen.add(case)

    for_every_case(int(sys.argv[1]), watched)
    sys.stdout.write("\n".join(f"{name}: {count}" for name, count in sorted(examined.items())) + "\n")
    sys.stdout.write(seen.report() + "\n")
