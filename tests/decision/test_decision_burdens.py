"""Exceptions that must be proven: read as false in the end, and said so (language §5.7, §5.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from neurosym.decision.decision import Decision
from neurosym.decision.replay import ReplayStatus
from neurosym.engine.situation import Limits
from neurosym.judgment.configuration import ComputedTier, Configuration, PersonTier
from neurosym.judgment.judge import Judge
from tests.audit.world import open_log
from tests.decision.case import DAY, Told, computed, engine_of, objects, replayed, ruleset

TEXT = """
ruleset burden "Licences and their revocations"

fact Payment
  id:         text  key
  booked_on:  date

fact Licence
  id:       text     key
  payment:  Payment
  valid:    boolean  optional
  text:     text     optional  public

fact Revocation
  licence:  Licence  key
  sealed:   boolean  optional

judgment covers(licence: Licence) returns yes or no
  ask    "Does the licence cover the payment?"
  reads  licence.text
  route  local?, person?

decision screen(payment: Payment)
  on         payment.booked_on
  outcomes   "block" > "hold" > "release"
  otherwise  "release"
  undecided  "hold"

rule block
  cite  "x"
  for   p: Payment
  then  screen(payment: p) is "block"

{exceptions}
"""
LICENCE = """
exception licence to block
  cite  "x"
  for   l: Licence
  when  l.payment = p and l.valid
  must be proven
"""
JUDGED = LICENCE.replace("l.valid", "covers(l)")
REVOKED = """
exception revoked to licence
  cite  "x"
  for   r: Revocation
  when  r.licence = l and r.sealed
  must be proven
"""
PAYMENT = {"payment": {"id": "PAY-1", "booked_on": DAY}}


def decided(
    exceptions: str, judge: Judge | None = None, path: Path | None = None, **facts: Sequence[Mapping[str, object]]
) -> Decision:
    given = {"Licence": [], "Revocation": [], **facts}
    rules = ruleset(TEXT.format(exceptions=exceptions))
    if path is None:
        return engine_of(rules, None, judge).decide("screen", PAYMENT, facts=given)
    with open_log(path) as log:
        decision = engine_of(rules, log, judge).decide("screen", PAYMENT, facts=given)
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL]
    return decision


def licence(**more: object) -> list[Mapping[str, object]]:
    return [{"id": "L", "payment": "PAY-1", **more}]


def state(decision: Decision) -> tuple[str, str | None]:
    return decision.status.value, decision.outcome


def test_an_exception_that_nobody_proves_does_not_defeat_and_is_recorded(tmp_path: Path) -> None:
    decision = decided(LICENCE, path=tmp_path / "decisions.db", Licence=licence())
    assert state(decision) == ("decided", "block")
    assert decision.not_proven == ('exception `licence` not proven: missing Licence("L").valid',)
    assert decision.missing == ()


def test_an_exception_of_which_nobody_knows_whether_there_is_a_case_is_recorded() -> None:
    rules = ruleset(TEXT.format(exceptions=LICENCE))
    decision = engine_of(rules).decide("screen", PAYMENT, facts={"Revocation": []})
    assert state(decision) == ("decided", "block")
    assert decision.not_proven == ("exception `licence` not proven: nobody said what there is of Licence",)


def test_a_proven_exception_leaves_no_note() -> None:
    decision = decided(LICENCE, Licence=licence(valid=True))
    assert (state(decision), decision.not_proven) == (("decided", "release"), ())


def test_a_disproven_exception_leaves_no_note() -> None:
    decision = decided(LICENCE, Licence=licence(valid=False))
    assert (state(decision), decision.not_proven) == (("decided", "block"), ())


def test_without_a_burden_the_same_unknown_leaves_it_undecided() -> None:
    decision = decided(LICENCE.replace("must be proven", ""), Licence=licence())
    assert state(decision) == ("undecided", None)
    assert decision.not_proven == ()
    assert decision.act_on == "hold"


def test_each_case_that_is_not_proven_has_its_line() -> None:
    two = [*licence(), {"id": "M", "payment": "PAY-1"}]
    decision = decided(LICENCE, Licence=two)
    assert decision.not_proven == (
        'exception `licence` not proven: missing Licence("L").valid',
        'exception `licence` not proven: missing Licence("M").valid',
    )


# --- with an open question


def test_an_exception_with_a_question_that_nobody_was_asked_stays_open() -> None:
    decision = decided(JUDGED, Licence=licence(text="any payment"))
    assert state(decision) == ("undecided", None)
    assert decision.possible == ("block", "release")
    assert decision.not_proven == ()


def test_an_exception_that_waits_for_a_person_stays_open(tmp_path: Path) -> None:
    judge = Judge(Configuration((PersonTier("person", "reviews.db"),), tmp_path))
    decision = decided(JUDGED, judge, tmp_path / "decisions.db", Licence=licence(text="any payment"))
    assert state(decision) == ("undecided", None)
    assert [each["standing"] for each in objects(decision.questions)] == ["waiting"]
    assert decision.act_on == "hold"


def local(answers: Mapping[str, bool]) -> Judge:
    told = Told(answers, quotes=())
    return Judge(Configuration((ComputedTier("local"),)), {}, computed(told.find, "covers"))


@pytest.mark.parametrize(("answer", "outcome"), [(True, "release"), (False, "block")])
def test_an_answered_question_settles_the_exception(tmp_path: Path, answer: bool, outcome: str) -> None:  # noqa: FBT001
    decision = decided(JUDGED, local({"L": answer}), tmp_path / "decisions.db", Licence=licence(text="any payment"))
    assert (state(decision), decision.not_proven) == (("decided", outcome), ())


def test_an_exhausted_question_is_no_longer_open_and_the_burden_decides(tmp_path: Path) -> None:
    decision = decided(JUDGED, local({}), tmp_path / "decisions.db", Licence=licence(text="any payment"))
    assert state(decision) == ("decided", "block")
    assert decision.not_proven == ('exception `licence` not proven: covers(licence: "L") (no answer)',)
    assert decision.questions == ()


def test_a_question_beside_a_missing_value_keeps_the_exception_open() -> None:
    either = LICENCE.replace("l.valid", "(l.valid or covers(l))")
    decision = decided(either, Licence=licence(text="any payment"))
    assert state(decision) == ("undecided", None)


def test_whatever_the_answer_a_missing_value_beside_it_is_not_proven() -> None:
    rules = ruleset(TEXT.format(exceptions=LICENCE.replace("l.valid", "l.valid and covers(l)")))
    engine = engine_of(rules, None, None, Limits(combinations_max=4))
    facts = {"Licence": licence(text="any payment"), "Revocation": []}
    decision = engine.decide("screen", PAYMENT, facts=facts)
    assert state(decision) == ("decided", "block")
    assert decision.either_way is not None


# --- exceptions to exceptions


def test_a_revocation_that_nobody_proves_is_recorded_where_the_licence_stands(tmp_path: Path) -> None:
    """The payment is released *because* the revocation was not proven: that must be said."""
    decision = decided(
        LICENCE + REVOKED, path=tmp_path / "decisions.db", Licence=licence(valid=True), Revocation=[{"licence": "L"}]
    )
    assert state(decision) == ("decided", "release")
    assert decision.not_proven == ('exception `revoked` not proven: missing Revocation("L").sealed',)


def test_a_proven_revocation_leaves_no_note() -> None:
    revoked = [{"licence": "L", "sealed": True}]
    decision = decided(LICENCE + REVOKED, Licence=licence(valid=True), Revocation=revoked)
    assert (state(decision), decision.not_proven) == (("decided", "block"), ())


def test_the_burden_of_a_licence_does_not_lie_on_its_revocation() -> None:
    free = REVOKED.replace("must be proven", "")
    decision = decided(LICENCE + free, Licence=licence(valid=True), Revocation=[{"licence": "L"}])
    assert state(decision) == ("undecided", None)
    assert decision.json["missing"] == [
        {
            "kind": "missing value",
            "of": {"reference": ["Revocation", {"reference": ["Licence", "L"]}]},
            "field": "sealed",
        }
    ]


def test_an_exception_that_is_not_proven_does_not_fire_its_own_conclusion() -> None:
    concluding = LICENCE + '  then  screen(payment: p) is "hold"\n'
    assert decided(concluding, Licence=licence()).outcome == "block"
    assert decided(concluding, Licence=licence(valid=True)).outcome == "hold"
