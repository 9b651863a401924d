"""A decision that rests on contents that contradict one another has no outcome (language §5.2)."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from neurosym.cli.program import program
from neurosym.decision.decision import Decision
from neurosym.decision.replay import ReplayStatus
from neurosym.engine.situation import Limits
from neurosym.text.failure import LimitError
from tests.audit.world import open_log
from tests.decision.case import DAY, engine_of, replayed, ruleset

TEXT = """
ruleset risks "Two provisions that rate a party"

fact Party
  id:      text     key
  exotic:  boolean
  known:   boolean  optional

fact Payment
  id:         text  key
  payer:      Party
  booked_on:  date

derived Risk "How risky a party is"
  party:  Party  key
  level:  "high" | "low"

derived Flag
  payment:  Payment  key

decision screen(payment: Payment)
  on         payment.booked_on
  outcomes   "block" > "hold" > "release"
  otherwise  "release"
  undecided  "hold"

rule exotic_is_high
  cite  "Act 1"
  for   p: Party
  when  p.exotic
  then  Risk(party: p, level: "high")

rule known_is_low
  cite  "Act 2"
  for   p: Party
  when  p.known
  then  Risk(party: p, level: "low")
"""
BLOCK = """
rule high_blocks
  cite  "x"
  for   p: Payment, r: Risk
  when  r.party = p.payer and r.level = "high"
  then  screen(payment: p) is "block"
"""
EMBARGO = """
rule embargo
  cite  "x"
  for   p: Payment
  when  p.id = "PAY-1"
  then  screen(payment: p) is "block"
"""
PAYMENT = {"payment": {"id": "PAY-1", "payer": "CUST-7", "booked_on": DAY}}


def decided(rules: str, path: Path | None = None, *, exotic: bool = True, known: bool | None = True) -> Decision:
    party: dict[str, object] = {"id": "CUST-7", "exotic": exotic} | ({} if known is None else {"known": known})
    facts = {"Party": [party], "Payment": []}
    made = ruleset(TEXT + rules)
    if path is None:
        return engine_of(made).decide("screen", PAYMENT, facts=facts)
    with open_log(path) as log:
        decision = engine_of(made, log).decide("screen", PAYMENT, facts=facts)
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]
        assert log.decision(decision.id).outcome == (decision.outcome or decision.status.value)
    return decision


def test_an_outcome_that_rests_on_contradicting_contents_is_a_conflict(tmp_path: Path) -> None:
    decision = decided(BLOCK, tmp_path / "decisions.db")
    assert (decision.status.value, decision.outcome, decision.act_on) == ("conflict", None, "block")
    assert decision.json["status"] == "conflict"


def test_a_conflict_shows_both_origins() -> None:
    assert b"exotic_is_high" in decided(BLOCK).proof_bytes
    assert b"known_is_low" in decided(BLOCK).proof_bytes


@pytest.mark.parametrize(("exotic", "known", "outcome"), [(True, False, "block"), (False, True, "release")])
def test_without_the_contradiction_the_same_rules_decide(exotic: bool, known: bool, outcome: str) -> None:  # noqa: FBT001
    assert decided(BLOCK, exotic=exotic, known=known).outcome == outcome


def test_equal_contents_from_two_rules_are_no_conflict() -> None:
    agreeing = BLOCK.replace(
        "rule high", 'rule again cite "x" for p: Party when p.known then Risk(party: p, level: "low")\nrule high'
    )
    assert decided(agreeing, exotic=False).outcome == "release"


def test_a_decision_that_does_not_rest_on_the_contradiction_is_decided() -> None:
    assert decided(EMBARGO).outcome == "block"


def test_a_possible_contradiction_is_not_a_conflict() -> None:
    decision = decided(BLOCK, known=None)
    assert decision.status.value == "decided"
    assert decision.outcome == "block"


def test_a_conflict_further_down_the_proof_is_found() -> None:
    flagged = """
rule flag
  cite  "x"
  for   p: Payment, r: Risk
  when  r.party = p.payer and r.level = "high"
  then  Flag(payment: p)

rule flag_blocks
  cite  "x"
  for   f: Flag
  then  screen(payment: f.payment) is "block"
"""
    assert decided(flagged).status.value == "conflict"


def test_a_contradiction_about_somebody_else_does_not_matter() -> None:
    parties = [{"id": "CUST-7", "exotic": True}, {"id": "CUST-8", "exotic": True, "known": True}]
    facts = {"Party": [{**parties[0], "known": False}, parties[1]], "Payment": []}
    assert engine_of(ruleset(TEXT + BLOCK)).decide("screen", PAYMENT, facts=facts).outcome == "block"


# --- duties

REPORTS = """
duty report
  payment:  Payment       key
  about:    "high" | "low" | "not low"  key

rule high_is_reported
  cite  "x"
  for   p: Payment, r: Risk
  when  r.party = p.payer and r.level = "high"
  then  duty report(payment: p, about: "high") owed by "bank"

rule not_low_is_reported
  cite  "x"
  for   p: Payment
  when  not(some r: Risk satisfies (r.party = p.payer and r.level = "low"))
  then  duty report(payment: p, about: "not low") owed by "bank"
"""


def duties_shown(decision: Decision) -> list[tuple[object, object]]:
    return [(dict(duty.fields)["about"], duty.is_certain) for duty in decision.duties]


def test_a_duty_that_rests_on_contradicting_contents_is_only_possible(tmp_path: Path) -> None:
    assert duties_shown(decided(REPORTS, known=False)) == [("high", True), ("not low", True)]
    assert duties_shown(decided(REPORTS, exotic=False)) == []
    decision = decided(REPORTS, tmp_path / "decisions.db")
    assert (decision.status.value, decision.outcome) == ("decided", "release")
    assert duties_shown(decision) == [("high", False), ("not low", False)]


def facts_shown(rules: str) -> int:
    """How many facts the proof of the decision shows: the least bound with which there is one."""
    made, facts = ruleset(TEXT + rules), {"Party": [{"id": "CUST-7", "exotic": True, "known": True}], "Payment": []}
    for most in range(20):
        try:
            engine_of(made, limits=Limits(proof_steps_max=most)).decide("screen", PAYMENT, facts=facts)
        except LimitError:
            continue
        return most
    raise AssertionError("more than 20")


def test_proofs_of_outcomes_and_of_doubted_duties_share_one_bound() -> None:
    assert facts_shown(EMBARGO) > 0
    assert facts_shown(EMBARGO + REPORTS) == facts_shown(EMBARGO) + facts_shown(REPORTS)


@pytest.mark.parametrize("about", ["high", "not low"])
def test_a_duty_that_rests_on_contradicting_contents_is_explained(tmp_path: Path, about: str) -> None:
    path = tmp_path / "decisions.db"
    decision = decided(REPORTS, path)
    arguments = ["explain", str(path), decision.id, "--why", f'report(about: "{about}")']
    told = CliRunner().invoke(program, arguments)
    assert (told.exit_code, told.stderr) == (0, "")
    assert f'duty report(payment: "PAY-1", about: "{about}")' in told.stdout
    assert 'not certain: different contents were concluded for Risk("CUST-7")' in told.stdout


# --- the lowest outcome rests on what is not concluded


@pytest.mark.parametrize(
    "lifted",
    [
        'exception low_lifts to embargo cite "x" for r: Risk when r.party = p.payer and r.level = "low"',
        'exception low_lifts to embargo cite "x" when some r: Risk satisfies (r.party = p.payer and r.level = "low")',
    ],
)
def test_an_exception_that_rests_on_contradicting_contents_does_not_release(lifted: str) -> None:
    decision = decided(EMBARGO + lifted)
    assert decision.status.value == "conflict"
    assert decision.act_on != "release"


def test_a_negation_that_rests_on_contradicting_contents_does_not_release() -> None:
    negated = """
rule not_low_blocks
  cite  "x"
  for   p: Payment
  when  not(some r: Risk satisfies (r.party = p.payer and r.level = "low"))
  then  screen(payment: p) is "block"
"""
    decision = decided(negated)
    assert decision.status.value == "conflict"
    assert decision.act_on != "release"
