"""Duties of a decision: one for each name, key and debtor, with the day that binds (language §5.8)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from neurosym.decision.decision import Decision
from neurosym.decision.replay import ReplayStatus
from neurosym.judgment.configuration import ComputedTier, Configuration
from neurosym.judgment.judge import Judge
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
  then  duty report(payment: p, about: "soon") owed by "bank" due p.booked_on + duration("P5D")
"""
URGENT = """
rule urgent
  cite  "Act 3"
  for   p: Payment
  when  p.urgent
  then  duty report(payment: p, about: "urgent") owed by "bank" due p.booked_on + duration("P2D")
"""
LATE = URGENT.replace("P2D", "P30D").replace("urgent\n  cite", "late\n  cite")
MOVED = """
rule moved
  cite  "Act 4"
  for   p: Payment
  then  duty report(payment: p, about: "moved") owed by "bank" due p.moved
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


def test_nobody_is_asked_for_a_duty_alone() -> None:
    asking = """
judgment urgent(payment: Payment) returns yes or no
  ask "Is it urgent?"  reads payment.id  route local?
rule judged_urgent
  cite "x"  for p: Payment  when urgent(p)
  then duty report(payment: p, about: "urgent") owed by "bank" due p.booked_on + duration("P2D")
"""
    told = Told({"PAY-1": True}, quotes=())
    judge = Judge(Configuration((ComputedTier("local"),)), {}, computed(told.find, "urgent"))
    engine = engine_of(ruleset(TEXT + TEN + asking), None, judge)
    decision = engine.decide("screen", {"payment": {"id": "PAY-1", "booked_on": "2026-01-01"}}, facts={"Bank": []})
    assert told.asked == []
    assert decision.outcome == "release"
    assert days(decision) == [("2026-01-11", ["2026-01-03"])]


def test_duties_are_part_of_the_proof_and_of_replay(tmp_path: Path) -> None:
    with open_log(tmp_path / "decisions.db") as log:
        engine = engine_of(ruleset(TEXT + TEN + URGENT + MOVED), log)
        request = {"payment": {"id": "PAY-1", "booked_on": "2026-01-01"}}
        decision = engine.decide("screen", request, facts={"Bank": []})
        assert b'"ten"' in decision.proof_bytes
        assert b'"urgent"' in decision.proof_bytes
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]
