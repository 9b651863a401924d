"""One digest for all that comes out of a case: program, decision, proofs of everything."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from neurosym.decision.decision import Decision, assemble
from neurosym.decision.deliberation import deliberate
from neurosym.engine.proof import Prover
from neurosym.program.canonical import program_digest
from neurosym.values.canonical import digest
from tests.generation.case import Case
from tests.generation.panel import ForgetfulPanel


def decision_of(case: Case) -> Decision:
    """The decision, with every question asked of a panel."""
    return assemble(deliberate(case.decided, ForgetfulPanel(case), lambda _: None), {}, ())


def proofs_of(case: Case) -> list[str]:
    """The proof of every fact of the model."""
    prover = Prover(case.model)
    return sorted(prover.fact(entry).id for name in case.model.extensions for entry in case.model.entries(name))


def case_digest(case: Case) -> str:
    """The digest of the program, the decision's bytes, its proofs and those of every fact."""
    found = decision_of(case)
    return digest([program_digest(case.program), found.result_bytes.hex(), found.proof_bytes.hex(), *proofs_of(case)])


def written(cases: Iterable[Case]) -> str:
    """The cases as JSON, so that another process can read them."""
    return json.dumps([asdict(case) for case in cases])


def read(text: str) -> list[Case]:
    """The cases of a JSON text."""
    found = []
    for each in json.loads(text):
        answers = tuple((name, tuple(keys), answer) for name, keys, answer in each["answers"])
        found.append(Case(each["rules"], each["facts"], each["request"], answers))
    return found
