"""One row of a batch decided, from the rules and what is known alone: no tier, no model and no person is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from neurosym.audit.key_store import Subjects
from neurosym.decision.data_subjects import DataSubjects, spoken_of
from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import deliberate
from neurosym.decision.intake import Document, take_in
from neurosym.decision.knowledge import Knowledge, gather_knowledge
from neurosym.decision.panel import NoPanel
from neurosym.decision.partition import Work
from neurosym.decision.plan import concluded, planned
from neurosym.decision.recorder import codes_of
from neurosym.decision.ruleset import Ruleset
from neurosym.decision.situation import decision_named
from neurosym.engine.evaluator import Evaluators
from neurosym.engine.situation import Limits
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.failure import Failure, InputError


@dataclass(frozen=True, slots=True)
class Row:
    """The request in one row, as plain JSON; `number` counts from 0 over all of the input."""

    number: int
    request: Document


@dataclass(frozen=True, slots=True)
class RowDecided:
    """What was decided of a row, as far as the log keeps it."""

    number: int
    result: bytes
    subjects: Subjects
    status: str
    outcome: str | None
    act_on: str
    codes: tuple[str, ...]
    citations: tuple[str, ...]
    warnings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A row that intake did not take."""

    number: int
    problems: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Passed:
    """Stands in the place of rows that need no deciding."""


RowFound: TypeAlias = RowDecided | RowRefused | Passed


@dataclass(frozen=True, slots=True)
class Common:
    """What all rows share beside what is known; it goes to other processes."""

    ruleset: Ruleset
    decision: str
    on: date | None
    asked_on: date
    limits: Limits
    is_reference: bool = False


@contextmanager
def deciding(common: Common, facts: Sequence[Document], nquads: bytes | None) -> Iterator[Work[RowFound]]:
    """Decides rows, part by part, in another process. A graph goes there as N-Quads: its snapshot cannot be sent."""
    graphs = None if nquads is None else [("snapshot.nq", nquads)]
    yield RowDecider(common, gather_knowledge(common.ruleset.program, facts, graphs)).found


class RowDecider:
    """Decides one row after another. For one thread."""

    def __init__(self, common: Common, knowledge: Knowledge) -> None:
        self._common = common
        self._knowledge = knowledge
        self._wanted = decision_named(common.ruleset.program, common.decision)
        self._trust = common.ruleset.trust(common.asked_on)
        self._data = DataSubjects(common.ruleset.program)
        self._evaluators = Evaluators(common.ruleset.program, is_reference=common.is_reference)

    def found(self, rows: Sequence[Row | Passed]) -> list[RowFound]:
        """What comes of each row, in their order. Failure when one cannot be decided; a note says which."""
        found: list[RowFound] = []
        for row in rows:
            if isinstance(row, Passed):
                found.append(row)
                continue
            try:
                found.append(self._decided(row))
            except InputError as error:
                found.append(RowRefused(row.number, tuple(each for each in error.diagnostics if each.is_error)))
            except Failure as error:
                error.add_note(f"row {row.number} could not be decided")
                raise
        return found

    def _decided(self, row: Row) -> RowDecided:
        common, program = self._common, self._common.ruleset.program
        intake = take_in(program, self._wanted, row.request, self._knowledge.standing(program))
        plan = planned(
            program, "", self._wanted, intake, row.request, self._knowledge, common.on, self._trust
        )  # the log names it
        evaluate = self._evaluators.lent()
        deliberation = deliberate(plan.case, NoPanel(), lambda _: None, common.limits, evaluate)
        self._evaluators.returned(evaluate)
        decided = concluded(plan, deliberation, common.ruleset.digest, common.limits)
        subjects = self._data.around(spoken_of(deliberation), intake.facts)
        subjects |= self._data.of_proofs(decided.proofs.values())
        return RowDecided(
            row.number,
            decided.result_bytes,
            subjects,
            decided.status.value,
            decided.outcome,
            decided.act_on,
            codes_of(decided),
            citations_of(decided),
            intake.warnings,
        )


def citations_of(decided: Decision) -> tuple[str, ...]:
    """The provisions that the outcome rests on, each once."""
    rules = codes_of(decided)
    cited = (cite for each in decided.reasons if each.rule in rules for cite in each.citations)
    return tuple(dict.fromkeys(cited))
