"""Duties of a decision: one for each name, key and debtor, with the day that binds (language §5.8)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym.cli.decision_text import decision_lines
from neurosym.decision.decision import Decision
from neurosym.decision.explanation.account import account_of
from neurosym.decision.explanation.target import target_of
from neurosym.decision.explanation.why import why_proven
from neurosym.decision.explanation.why_text import duty_lines
from neurosym.decision.replay import Replayer, ReplayStatus
from neurosym.engine.situation import LIMITS
from neurosym.judgment.configuration import ComputedTier, Configuration
from neurosym.judgment.judge import Judge
from neurosym.text.failure import LimitError
from tests.audit.world import open_log
from tests.decision.case import Told, computed, engine_of, objects, replayed, ruleset

TEXT = """
ruleset duties "Reports"

fact Bank
  id:     text  key
  alias:  text  optional

fact Payment
  id:         text     key
  booked_on:  date
  urgent:     boolean  optional
  moved:      date     optional
  bank:       Bank     optional

duty report "Report the payment"
  payment:  Payment  key
  about:    text

decision screen(payment: Payment)
  on         payment.booked_on
  outcomes   "block" > "release"
  otherwise  "release"
  undecided  "block"
"""
TEN = """
rule ten
  cite  "Act 1"
  for   p: Payment
  then  duty report(payment: p, about: "all") owed by "bank" due p.booked_on + duration("P10D")
"""
FIVE = """
rule five
  cite  "Act 2"
  for   p: Payment
  then  duty report(payment: p, about: "all") owed by "bank" due p.booked_on + duration("P5D")
"""
URGENT = """
rule urgent
  cite  "Act 3"
  for   p: Payment
  when  p.urgent
  then  duty report(payment: p, about: "all") owed by "bank" due p.booked_on + duration("P2D")
"""
LATE = URGENT.replace("P2D", "P30D").replace("urgent\n  cite", "late\n  cite")
MOVED = """
rule moved
  cite  "Act 4"
  for   p: Payment
  then  duty report(payment: p, about: "all") owed by "bank" due p.moved
"""
MISSING_URGENT = {"kind": "missing value", "of": {"reference": ["Payment", "PAY-1"]}, "field": "urgent"}
MISSING_MOVED = MISSING_URGENT | {"field": "moved"}


def decided(rules: str, **payment: object) -> Decision:
    request = {"payment": {"id": "PAY-1", "booked_on": "2026-01-01", **payment}}
    return engine_of(ruleset(TEXT + rules)).decide("screen", request, facts={"Bank": [], "Payment": []})


def shown(decision: Decision) -> list[dict[str, Any]]:
    return objects(decision.json["duties"])


def days(decision: Decision) -> list[tuple[object, list[object]]]:
    """The due day and the possible ones of each duty."""
    return [(each["due"], [may["due"] for may in each["may_be_due"]]) for each in shown(decision)]


def test_a_duty_as_a_decision_writes_it() -> None:
    assert shown(decided(TEN)) == [
        {
            "duty": "report",
            "fields": {"payment": "PAY-1", "about": "all"},
            "owed_by": "bank",
            "standing": "certain",
            "due": "2026-01-11",
            "may_be_due": [],
            "conflict": [],
            "rules": ["ten"],
            "citations": ["Act 1"],
        }
    ]


def test_of_several_certain_days_the_earliest_binds_and_every_provision_is_named() -> None:
    decision = decided(TEN + FIVE)
    assert days(decision) == [("2026-01-06", [])]
    (duty,) = decision.duties
    assert duty.rules == ("five", "ten")
    assert set(duty.cites) == {"Act 1", "Act 2"}


def test_a_possible_earlier_day_is_listed_with_its_reasons_and_does_not_bind() -> None:
    (duty,) = shown(decided(TEN + URGENT))
    assert (duty["due"], duty["standing"]) == ("2026-01-11", "certain")
    assert duty["may_be_due"] == [{"due": "2026-01-03", "reasons": [MISSING_URGENT]}]
    assert duty["rules"] == ["ten"]


def test_a_possible_later_day_is_not_listed() -> None:
    assert days(decided(TEN + LATE)) == [("2026-01-11", [])]


def test_once_it_is_known_the_earlier_day_binds_or_is_gone() -> None:
    assert days(decided(TEN + URGENT, urgent=True)) == [("2026-01-03", [])]
    assert days(decided(TEN + URGENT, urgent=False)) == [("2026-01-11", [])]


def test_beside_an_unknown_day_the_known_one_is_at_the_latest() -> None:
    (duty,) = shown(decided(TEN + MOVED))
    assert duty["due"] == "at the latest 2026-01-11"
    assert duty["may_be_due"] == [{"due": {"unknown": [MISSING_MOVED]}, "reasons": [MISSING_MOVED]}]


def test_an_unknown_day_by_itself_is_unknown() -> None:
    (duty,) = shown(decided(MOVED))
    assert (duty["due"], duty["standing"]) == ("unknown", "certain")


def test_an_unknown_day_that_cannot_be_earlier_changes_nothing() -> None:
    later = MOVED.replace(
        "p.moved", 'if p.urgent then p.booked_on + duration("P12D") else p.booked_on + duration("P20D")'
    )
    assert days(decided(TEN + later)) == [("2026-01-11", [])]
    sooner = later.replace("P20D", "P9D")
    ((due, may),) = days(decided(TEN + sooner))
    assert due == "at the latest 2026-01-11"
    assert len(may) == 1


def test_a_duty_without_a_day_has_none() -> None:
    dayless = TEN.replace(' due p.booked_on + duration("P10D")', "")
    assert days(decided(dayless)) == [(None, [])]


def test_a_possible_duty_is_listed_as_possible_with_its_reasons() -> None:
    (duty,) = shown(decided(URGENT))
    assert duty["standing"] == "possible"
    assert duty["may_be_due"] == [{"due": "2026-01-03", "reasons": [MISSING_URGENT]}]


def test_a_duty_that_is_not_concluded_is_not_listed() -> None:
    assert decided(URGENT, urgent=False).duties == ()


def test_two_debtors_have_two_duties() -> None:
    broker = FIVE.replace('owed by "bank"', 'owed by "broker"')
    found = [(duty.owed_by, duty.due_text) for duty in decided(TEN + broker).duties]
    assert found == [("bank", "2026-01-11"), ("broker", "2026-01-06")]


def test_an_unknown_debtor_makes_a_duty_possible() -> None:
    unknown = TEN.replace('owed by "bank"', "owed by p.bank.alias")
    (duty,) = shown(decided(unknown, bank="B"))
    assert duty["standing"] == "possible"
    assert duty["owed_by"] == {"unknown": [{"kind": "missing fact", "of": {"reference": ["Bank", "B"]}}]}


def test_duties_about_other_payments_are_not_listed() -> None:
    other = {"id": "PAY-2", "booked_on": "2026-01-01"}
    request = {"payment": {"id": "PAY-1", "booked_on": "2026-01-01"}}
    decision = engine_of(ruleset(TEXT + TEN)).decide("screen", request, facts={"Payment": [other]})
    assert [each["fields"] for each in shown(decision)] == [{"payment": "PAY-1", "about": "all"}]


# --- contents that must differ


def test_certain_contents_that_must_differ_are_a_conflict_with_both_origins() -> None:
    decision = decided(TEN + FIVE.replace('"all"', '"soon"'))
    (duty,) = shown(decision)
    assert (duty["standing"], duty["due"], duty["rules"]) == ("certain", "2026-01-06", ["five", "ten"])
    message = 'different contents were concluded for report("PAY-1")'
    assert duty["fields"] == {"payment": "PAY-1", "about": {"unknown": [{"kind": "failed", "message": message}]}}
    assert duty["conflict"] == [
        {"fields": {"payment": "PAY-1", "about": "soon"}, "rule": "five", "citations": ["Act 2"]},
        {"fields": {"payment": "PAY-1", "about": "all"}, "rule": "ten", "citations": ["Act 1"]},
    ]
    assert (decision.status.value, decision.outcome) == ("decided", "release")
    assert b'"five"' in decision.proof_bytes
    assert b'"ten"' in decision.proof_bytes


def test_the_text_of_a_decision_says_what_contradicts_what() -> None:
    made = ruleset(TEXT + TEN + FIVE.replace('"all"', '"soon"'))
    request = {"payment": {"id": "PAY-1", "booked_on": "2026-01-01"}}
    decision = engine_of(made).decide("screen", request, facts={"Bank": [], "Payment": []})
    lines = list(decision_lines(decision, made.program))
    assert '    in conflict: payment: "PAY-1", about: "soon" by `five`' in lines
    assert '    in conflict: payment: "PAY-1", about: "all" by `ten`' in lines
    (duty,) = decision.duties
    said = 'in conflict: report(payment: "PAY-1", about: "soon") by five (Act 2)'
    assert said in [line.strip() for line in duty_lines(duty)]


def test_contents_that_are_only_possible_are_no_conflict() -> None:
    decision = decided(TEN + URGENT.replace('"all"', '"urgent"'))
    ((duty,), (may,)) = shown(decision), shown(decision)[0]["may_be_due"]
    assert (duty["fields"]["about"], duty["conflict"], may["due"]) == ("all", [], "2026-01-03")


def test_a_field_that_is_unknown_does_not_make_the_duty_possible() -> None:
    (duty,) = shown(decided(TEN.replace('about: "all"', "about: p.bank.alias"), bank="B"))
    missing = {"kind": "missing fact", "of": {"reference": ["Bank", "B"]}}
    assert (duty["standing"], duty["fields"]["about"]) == ("certain", {"unknown": [missing]})


# --- unknown keys and debtors


def test_a_possible_duty_of_an_unknown_debtor_may_be_the_certain_one_and_due_earlier() -> None:
    unknown = FIVE.replace('owed by "bank"', "owed by p.bank.alias")
    found = {duty["rules"][0]: duty for duty in shown(decided(TEN + unknown, bank="B"))}
    reasons = [{"kind": "missing fact", "of": {"reference": ["Bank", "B"]}}]
    assert found["ten"]["due"] == "2026-01-11"
    assert found["ten"]["may_be_due"] == [{"due": "2026-01-06", "reasons": reasons}]
    assert (found["five"]["standing"], found["five"]["may_be_due"]) == (
        "possible",
        [{"due": "2026-01-06", "reasons": reasons}],
    )


def test_the_account_of_a_duty_of_an_unknown_debtor_does_not_call_it_certain(tmp_path: Path) -> None:
    unknown = FIVE.replace('owed by "bank"', "owed by p.bank.alias")
    request = {"payment": {"id": "PAY-1", "booked_on": "2026-01-01", "bank": "B"}}
    with open_log(tmp_path / "decisions.db") as log:
        decision = engine_of(ruleset(TEXT + unknown), log).decide("screen", request, facts={"Bank": []})
        account = account_of(Replayer(log), log.decision(decision.id))
        proven = target_of('report(payment: "PAY-1")', account.deliberation)
        assert isinstance(proven, tuple)
        (step,) = [each for each in why_proven(account, proven).explanation.steps.values() if each.kind == "duty"]
    assert not step.is_certain
    assert [text for _, text in step.reasons] == ['no Bank("B") was supplied']


# --- asking


ASKING = """
judgment urgent(payment: Payment) returns yes or no
  ask "Is it urgent?"  reads payment.id  route local?
rule judged_urgent
  cite "x"  for p: Payment  when urgent(p)
  then duty report(payment: p, about: "all") owed by "bank" due p.booked_on + duration("P2D")
"""
REQUEST = {"payment": {"id": "PAY-1", "booked_on": "2026-01-01"}}


def asked(text: str, *, urgent: bool | None = True, needs: str = "") -> tuple[Told, Decision]:
    """Who was asked, and the decision."""
    told = Told({} if urgent is None else {"PAY-1": urgent}, quotes=())
    judge = Judge(Configuration((ComputedTier("local"),)), {}, computed(told.find, "urgent"))
    made = ruleset(text.replace('undecided  "block"', f'undecided  "block"  {needs}'))
    return told, engine_of(made, None, judge).decide("screen", REQUEST, facts={"Bank": []})


def test_nobody_is_asked_for_a_duty_alone() -> None:
    told, decision = asked(TEXT + TEN + ASKING)
    assert told.asked == []
    assert decision.outcome == "release"
    assert days(decision) == [("2026-01-11", ["2026-01-03"])]


def test_with_the_clause_the_duty_is_settled() -> None:
    told, decision = asked(TEXT + TEN + ASKING, needs="settle duties")
    assert told.asked == ["PAY-1"]
    assert decision.outcome == "release"
    assert days(decision) == [("2026-01-03", [])]
    _, decision = asked(TEXT + TEN + ASKING, needs="settle duties", urgent=False)
    assert days(decision) == [("2026-01-11", [])]


def test_a_question_asked_in_vain_leaves_the_duty_open_and_the_decision_decided() -> None:
    told, decision = asked(TEXT + TEN + ASKING, needs="settle duties", urgent=None)
    assert told.asked == ["PAY-1"]
    assert (decision.outcome, days(decision)) == ("release", [("2026-01-11", ["2026-01-03"])])
    (may,) = shown(decision)[0]["may_be_due"]
    assert [reason["standing"] for reason in may["reasons"]] == ["exhausted"]


def test_questions_for_duties_count_among_those_that_are_bounded() -> None:
    made = ruleset((TEXT + TEN + ASKING).replace('undecided  "block"', 'undecided  "block"  settle duties'))
    told = Told({"PAY-1": True}, quotes=())
    judge = Judge(Configuration((ComputedTier("local"),)), {}, computed(told.find, "urgent"))
    engine = engine_of(made, None, judge, replace(LIMITS, questions_max=0))
    with pytest.raises(LimitError, match="questions_max"):
        engine.decide("screen", REQUEST, facts={"Bank": []})


BOTH_WAYS = """
rule if_urgent
  cite "x"  for p: Payment  when urgent(p)  then screen(payment: p) is "block"
rule if_not_urgent
  cite "x"  for p: Payment  when not(urgent(p))  then screen(payment: p) is "block"
"""


def test_what_is_decided_either_way_is_so_without_the_answers_that_settle_duties() -> None:
    _, decision = asked(TEXT + TEN + ASKING + BOTH_WAYS)
    assert (decision.outcome, decision.either_way is not None) == ("block", True)
    assert days(decision) == [("2026-01-11", ["2026-01-03"])]
    _, decision = asked(TEXT + TEN + ASKING + BOTH_WAYS, needs="settle duties")
    assert (decision.outcome, decision.either_way) == ("block", None)
    assert days(decision) == [("2026-01-03", [])]
    _, decision = asked(TEXT + TEN + ASKING + BOTH_WAYS, needs='settle duties  needs no judgment for "block"')
    assert decision.outcome == "block"


def test_duties_are_part_of_the_proof_and_of_replay(tmp_path: Path) -> None:
    with open_log(tmp_path / "decisions.db") as log:
        engine = engine_of(ruleset(TEXT + TEN + URGENT + MOVED), log)
        request = {"payment": {"id": "PAY-1", "booked_on": "2026-01-01"}}
        decision = engine.decide("screen", request, facts={"Bank": []})
        assert b'"ten"' in decision.proof_bytes
        assert b'"urgent"' in decision.proof_bytes
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]
