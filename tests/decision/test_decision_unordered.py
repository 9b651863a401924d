"""Outcomes without an order: two that are certain are a conflict, which no answer can mend (language §5.8)."""

from __future__ import annotations

from pathlib import Path

from neurosym.decision.decision import Decision
from neurosym.decision.explanation.account import Account
from neurosym.decision.explanation.why import why_outcome
from neurosym.decision.replay import ReplayStatus
from neurosym.engine.verdict import Status
from tests.audit.world import open_log
from tests.decision.case import DAY, Told, engine_of, replayed, ruleset, told_judge

TEXT = """
ruleset reports "Which report is due"

fact Loss
  id:      text     key
  day:     date
  leaked:  boolean
  stolen:  boolean
  letter:  text     public

decision classify(loss: Loss)
  on         loss.day
  outcomes   "leak", "theft", "fraud", "none"
  otherwise  "none"
  undecided  "fraud"

judgment same(loss: Loss) returns yes or no
  ask       "Does the letter tell of a fraud?"
  evidence  loss.letter
  accept uncalibrated
  route     local

rule leaked
  cite  "Act 1"
  for   l: Loss
  when  l.leaked
  then  classify(loss: l) is "leak"

rule stolen
  cite  "Act 2"
  for   l: Loss
  when  l.stolen
  then  classify(loss: l) is "theft"

rule deceived_us
  cite  "Act 3"
  for   l: Loss
  when  same(l)
  then  classify(loss: l) is "fraud"
"""


def decided(path: Path, *, leaked: bool, stolen: bool, answer: bool | None = None) -> tuple[Decision, Told]:
    told = Told({} if answer is None else {"L1": answer}, quotes=())
    loss = {"id": "L1", "day": DAY, "leaked": leaked, "stolen": stolen, "letter": "Dear Sirs"}
    with open_log(path / "decisions.db") as log:
        decision = engine_of(ruleset(TEXT), log, told_judge(told)).decide("classify", {"loss": loss}, facts={})
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]
    return decision, told


def test_two_certain_outcomes_are_a_conflict_that_cites_both_and_asks_nobody(tmp_path: Path) -> None:
    decision, told = decided(tmp_path, leaked=True, stolen=True)
    assert (decision.status, decision.outcome, decision.act_on) == (Status.CONFLICT, None, "fraud")
    assert set(decision.possible) >= {"leak", "theft"}
    assert {cite for reason in decision.reasons for cite in reason.citations} == {"Act 1", "Act 2"}
    assert told.asked == []
    assert decision.deliberation is not None
    why = why_outcome(Account(decision, decision.deliberation, {}, 1, is_same_engine=True))
    assert why.note == "provisions conclude different outcomes, and none of them goes before the others"
    assert len([step for step in why.explanation.roots if why.explanation.steps[step].is_certain]) == 2


def test_one_certain_outcome_beside_a_possible_one_is_asked_about(tmp_path: Path) -> None:
    decision, told = decided(tmp_path, leaked=True, stolen=False, answer=False)
    assert (decision.status, decision.outcome, told.asked) == (Status.DECIDED, "leak", ["L1"])


def test_an_answer_can_make_a_conflict(tmp_path: Path) -> None:
    decision, _ = decided(tmp_path, leaked=True, stolen=False, answer=True)
    assert (decision.status, decision.possible) == (Status.CONFLICT, ("leak", "fraud"))


def test_what_nobody_answers_leaves_it_undecided(tmp_path: Path) -> None:
    decision, _ = decided(tmp_path, leaked=False, stolen=False)
    assert (decision.status, decision.possible, decision.act_on) == (Status.UNDECIDED, ("fraud", "none"), "fraud")
