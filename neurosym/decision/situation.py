"""From input to a case: the day, the facts, who and what the decision is about."""

from __future__ import annotations

from datetime import datetime

from neurosym.decision import problems
from neurosym.decision.intake import Intake
from neurosym.engine.situation import Situation
from neurosym.feel.typed import Local, Member
from neurosym.program.program import Decision, Program
from neurosym.text.failure import InputError
from neurosym.values.temporal import Date


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
    on = decision.on
    assert isinstance(on, Member)
    assert isinstance(on.base, Local)
    names = [name for name, _ in decision.parameters]
    subject = intake.subject[names.index(on.base.name)]
    row = intake.facts.row(subject)
    day = None if row is None else row[intake.facts.layouts[subject.type].column[on.name]]
    if not isinstance(day, Date):
        raise InputError([problems.no_day(decision.name)])
    return day
