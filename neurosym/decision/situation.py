"""From input to a case: the day, the facts, who and what the decision is about."""

from __future__ import annotations

from datetime import datetime

from neurosym.decision import problems
from neurosym.decision.intake import Intake
from neurosym.engine.fact_table import FactSet
from neurosym.engine.situation import Situation
from neurosym.feel.evaluation import Evaluator
from neurosym.feel.extent import failed
from neurosym.feel.world import NoWorld
from neurosym.program.program import Decision, Program
from neurosym.text.failure import InputError
from neurosym.text.span import NOWHERE
from neurosym.values.temporal import Date
from neurosym.values.value import Reference, Value


def decision_named(program: Program, name: str) -> Decision:
    """The decision of that name; InputError when there is none."""
    if name not in program.decisions:
        raise InputError([problems.unknown_decision(name, program.decisions)])
    return program.decisions[name]


def situation_of(program: Program, decision: Decision, intake: Intake, pinned: Date | None) -> Situation:
    """The situation of a decision: its day is the one pinned, else the one its subject carries.

    InputError when that day is not known, or the ruleset is not in force on it: no rules would mean no objections.
    """
    if isinstance(pinned, datetime):  # Python holds a date and time to be a date
        raise InputError([problems.no_day(decision.name)])
    day = pinned or _day(decision, intake)
    if not program.period.includes(day):
        raise InputError([problems.not_in_force(program.name, day)])
    return Situation(intake.facts, day, intake.incomplete, named=intake.subject)


def _day(decision: Decision, intake: Intake) -> Date:
    names = [name for name, _ in decision.parameters]
    subject: dict[str, Value] = dict(zip(names, intake.subject, strict=True))
    day = Evaluator(GivenFacts(intake.facts)).value(decision.on, subject)
    if not isinstance(day, Date):
        raise InputError([problems.no_day(decision.name)])
    return day


class GivenFacts(NoWorld):
    """The world of a decision's `on`, which is a required date of its subject: nothing but the facts that are given."""

    def __init__(self, facts: FactSet) -> None:
        self.facts = facts

    def member(self, of: Reference, name: str) -> Value:
        """The field of the fact that the reference names; unknown where nobody supplied the fact."""
        fact = self.facts.find(of)
        return failed(f"no {of.type} with this key", NOWHERE) if fact is None else fact.fields[name]
