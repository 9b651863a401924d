"""Either way: what every combination of the unknowns leads to is decided, and nobody is asked (language §5.8)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from neurosym.cli.decision_text import decision_lines
from neurosym.decision.decision import Decision
from neurosym.decision.explanation.account import Account
from neurosym.decision.explanation.why import why_outcome
from neurosym.decision.replay import ReplayStatus
from neurosym.engine.situation import Limits
from tests.audit.world import open_log
from tests.decision.case import DAY, Told, engine_of, replayed, ruleset, told_judge

HEAD = """
ruleset trial "A trial"

fact Loan
  id:      text     key
  day:     date
  rich:    boolean  optional
  old:     boolean  optional
  colour:  "red" | "green" | "blue"  optional
  sum:     number   [0..10]  optional
  letter:  text     public

decision grant(loan: Loan)
  on         loan.day
  outcomes   "refuse" > "review" > "grant"
  otherwise  "grant"
  undecided  "review"

judgment same(loan: Loan) returns yes or no
  ask       "Is it so?"
  evidence  loan.letter
  accept uncalibrated
  route     local
"""
YES_NO = """
rule yes cite "Act 1"  for l: Loan  when same(l)       then grant(loan: l) is "refuse"
rule no  cite "Act 2"  for l: Loan  when not(same(l))  then grant(loan: l) is "refuse"
"""


def decided(rules: str, path: Path, loan: Mapping[str, object] | None = None, **limits: int) -> tuple[Decision, Told]:
    told = Told({"L": True}, quotes=())
    request = {"loan": {"id": "L", "day": DAY, "letter": "Dear Sirs", **(loan or {})}}
    with open_log(path / "decisions.db") as log:
        engine = engine_of(ruleset(HEAD + rules), log, told_judge(told), Limits(**{"combinations_max": 64, **limits}))
        decision = engine.decide("grant", request, facts={})
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]
    return decision, told


def test_an_answer_that_changes_nothing_is_not_asked_for(tmp_path: Path) -> None:
    decision, told = decided(YES_NO, tmp_path)
    assert (decision.outcome, decision.act_on, told.asked) == ("refuse", "refuse", [])
    assert (decision.possible, decision.missing, decision.questions) == (("refuse",), (), ())
    assert {cite for reason in decision.reasons for cite in reason.citations} == {"Act 1", "Act 2"}
    assert isinstance(decision.either_way, dict)
    assert decision.either_way["combinations"] == 2


def test_it_is_told_which_unknowns_do_not_matter(tmp_path: Path) -> None:
    decision, _ = decided(YES_NO, tmp_path)
    assert decision.deliberation is not None
    lines = list(decision_lines(decision, decision.deliberation.case.program))
    place = lines.index("either way")
    assert lines[place + 1 : place + 3] == [
        "  all 2 combinations of these lead to refuse",
        '  same("L") (not asked)'.replace('same("L")', 'same(loan: "L")'),
    ]
    account = Account(decision, decision.deliberation, {}, 1, is_same_engine=True)
    assert why_outcome(account).note == 'either way: all 2 combinations of what one unknown may be lead to "refuse"'
    assert len(why_outcome(account).explanation.roots) == 2


@pytest.mark.parametrize(
    ("conditions", "outcome"),
    [
        (("l.rich", "not(l.rich)"), "refuse"),
        (('l.colour = "red"', 'l.colour != "red"'), "refuse"),
        (('l.colour = "red"', 'l.colour = "green"'), None),  # there is blue
        (("l.rich and l.old", "not(l.rich)", "not(l.old)"), "refuse"),
        (("l.rich and same(l)", "not(l.rich)", "not(same(l))"), "refuse"),
        (("l.rich", "not(l.old)"), None),
        (("l.sum > 5", "l.sum <= 5"), None),  # a range of numbers has no end of members
        (("l.rich and l.sum > 5", "not(l.rich)"), None),
    ],
)
def test_all_combinations_must_agree(conditions: tuple[str, ...], outcome: str | None, tmp_path: Path) -> None:
    rules = "\n".join(
        f'rule r{at} cite "x"  for l: Loan  when {each}  then grant(loan: l) is "refuse"'
        for at, each in enumerate(conditions)
    )
    asks = any("same" in each for each in conditions)
    decision, told = decided(rules, tmp_path)
    assert decision.outcome == outcome
    assert told.asked == ([] if outcome or not asks else ["L"])


@pytest.mark.parametrize(("combinations", "outcome"), [(4, "refuse"), (3, None), (0, None)])
def test_no_more_is_tried_than_the_limit_allows(combinations: int, outcome: str | None, tmp_path: Path) -> None:
    rules = """
rule a cite "x"  for l: Loan  when l.rich and l.old  then grant(loan: l) is "refuse"
rule b cite "x"  for l: Loan  when not(l.rich)       then grant(loan: l) is "refuse"
rule c cite "x"  for l: Loan  when not(l.old)        then grant(loan: l) is "refuse"
"""
    assert decided(rules, tmp_path, combinations_max=combinations)[0].outcome == outcome


def test_an_answer_may_leave_what_is_decided_either_way(tmp_path: Path) -> None:
    rules = """
rule a cite "x"  for l: Loan  when same(l) and l.rich       then grant(loan: l) is "review"
rule b cite "x"  for l: Loan  when same(l) and not(l.rich)  then grant(loan: l) is "review"
"""
    decision, told = decided(rules, tmp_path)
    assert (decision.outcome, told.asked) == ("review", ["L"])
    assert decision.either_way is not None


def test_by_default_combinations_are_tried_before_anybody_is_asked(tmp_path: Path) -> None:
    decision, told = decided(YES_NO, tmp_path, combinations_max=Limits().combinations_max)
    assert (decision.outcome, told.asked) == ("refuse", [])
    assert decision.either_way is not None


def test_where_no_combination_may_be_tried_what_matters_is_asked(tmp_path: Path) -> None:
    decision, told = decided(YES_NO, tmp_path, combinations_max=0)
    assert (decision.outcome, decision.either_way, told.asked) == ("refuse", None, ["L"])


def test_the_lowest_outcome_too_may_be_decided_either_way(tmp_path: Path) -> None:
    rules = """
rule a cite "x"  for l: Loan  when l.rich and not(l.old)  then grant(loan: l) is "refuse"
exception b to a  cite "x"    when l.rich
"""
    decision, _ = decided(rules, tmp_path)
    assert decision.outcome == "grant"


def test_combinations_in_which_facts_contradict_one_another_decide_nothing(tmp_path: Path) -> None:
    rules = """
derived Risk
  loan:   Loan  key
  level:  "high" | "low"
rule high cite "x"  for l: Loan  when l.rich  then Risk(loan: l, level: "high")
rule low  cite "x"  for l: Loan  when l.old   then Risk(loan: l, level: "low")
rule a cite "x"  for r: Risk  when r.level = "high"  then grant(loan: r.loan) is "refuse"
rule b cite "x"  for l: Loan  when not(l.rich)       then grant(loan: l) is "refuse"
"""
    decision, _ = decided(rules, tmp_path, {"old": True})
    assert decision.outcome is None
