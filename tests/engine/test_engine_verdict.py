"""S of a decision, and what to act on while it has several members (language.md §5.8, ordered outcomes)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neurosym.engine.verdict import Verdict, verdict
from tests.generation.case import Case

MANY = 30_000
RULES = """ruleset trial
fact Thing
  id: text key
  day: date
  flag: boolean optional
decision screen(thing: Thing)
  on thing.day
  outcomes "block" > "reject" > "hold" > "release"
  otherwise "{otherwise}"
  undecided "{undecided}"
"""


def found(certain: str, possible: str, otherwise: str, undecided: str) -> Verdict:
    """The verdict where rules conclude some outcomes for certain, and others if a value that is absent is true."""
    rules = [RULES.format(otherwise=otherwise, undecided=undecided)]
    rules += [
        f'rule c{at}\n  for t: Thing\n  then screen(thing: t) is "{each}"' for at, each in enumerate(certain.split())
    ]
    rules += [
        f'rule p{at}\n  for t: Thing\n  when t.flag\n  then screen(thing: t) is "{each}"'
        for at, each in enumerate(possible.split())
    ]
    case = Case("\n".join(rules), {}, {"thing": {"id": "T", "day": "2026-11-02"}})
    return verdict(case.model, case.decision, case.subject)


@pytest.mark.parametrize(
    ("certain", "possible", "otherwise", "undecided", "members", "act_on"),
    [
        ("", "", "release", "hold", "release", "release"),
        ("hold", "", "release", "hold", "hold", "hold"),
        ("hold release", "", "release", "hold", "hold", "hold"),
        ("hold", "release", "release", "hold", "hold", "hold"),  # what may come below changes nothing
        ("", "release", "release", "hold", "release", "release"),
        ("", "block", "release", "hold", "block release", "hold"),
        ("", "block", "release", "reject", "block release", "reject"),
        ("", "hold", "release", "block", "hold release", "hold"),  # never above the highest that is possible
        ("hold", "block", "release", "hold", "block hold", "hold"),
        ("reject", "block", "release", "hold", "block reject", "reject"),  # the certain one is higher than `undecided`
        ("hold", "block reject", "release", "reject", "block reject hold", "reject"),
        ("", "release", "hold", "hold", "hold release", "hold"),  # `otherwise` may stand above what is possible
        ("", "block release", "hold", "reject", "block hold release", "reject"),
        ("release", "", "hold", "hold", "release", "release"),
        ("release", "block", "hold", "reject", "block release", "reject"),
    ],
)
def test_what_is_possible_and_what_to_act_on(
    certain: str, possible: str, otherwise: str, undecided: str, members: str, act_on: str
) -> None:
    reached = found(certain, possible, otherwise, undecided)
    assert reached.possible == tuple(members.split())
    assert reached.act_on == act_on
    assert reached.outcome == (members if len(members.split()) == 1 else None)


def test_a_verdict_of_many_conclusions_is_looked_at_once() -> None:
    few = found("hold", "block", "release", "reject")
    many = replace(few, reached=few.reached * MANY)  # quadratic in them, this would take minutes
    assert sum(map(many.is_open, many.reached)) == MANY
    assert many.concluded == few.concluded
