"""Requests that are plainly right are taken in by generated code: the same facts, and nothing else is let in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

import pytest

from neurosym.decision import shelf
from neurosym.decision.desk import Standing
from neurosym.decision.intake import Document, Intake, take_in, take_in_standing
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.text.failure import InputError
from neurosym.text.span import Source

RULES = """
ruleset desk
fact Party
  id:      text   key
  parent:  Party  optional
fact Payment
  id:        text  key
  payer:     Party
  amount:    number  >= 0
  kind:      "cash" | "wire" or null
  note:      text  optional
  urgent:    boolean
  day:       date
fact Share
  owner:  Party  key
  owned:  Party  key
  since:  date
decision screen(payment: Payment)
  on payment.day
  outcomes "hold" > "pass"
  otherwise "pass"
  undecided "hold"
decision review(share: Share)
  on share.since
  outcomes "hold" > "pass"
  otherwise "pass"
  undecided "hold"
"""
PROGRAM: Program = compile_ruleset([Source("desk.rules", RULES)]).program
PARTIES = [{"id": "A"}, {"id": "B", "parent": "A"}]
DAY = "2026-01-02"
PAYMENT: Mapping[str, object] = {
    "id": "P",
    "payer": "A",
    "amount": 5,
    "kind": "cash",
    "note": "x",
    "urgent": True,
    "day": DAY,
}
SHARE: Mapping[str, object] = {"owner": "A", "owned": "B", "since": DAY}
ODD: tuple[object, ...] = (
    *(None, True, 0, -1, 3, 10**40, "", "A", "C", "P1", "Zoë", "\ud800", "2.50", "1e3", "2026-02-30", DAY, [], {}),
    *(1.5, math.nan, Decimal(2), ["x"], {"id": "A"}, "wire"),
)


def knowing(facts: Mapping[str, object], requests: int, monkeypatch: pytest.MonkeyPatch) -> Standing:
    """What stands, where the request after so many is read by generated code."""
    monkeypatch.setattr(shelf, "REQUESTS", requests)
    return take_in_standing(PROGRAM, [Document("facts", facts)])


def said(decision: str, request: object, standing: Standing) -> object:
    try:
        intake = take_in(PROGRAM, PROGRAM.decisions[decision], Document("request", request), standing)
    except InputError as error:
        return sorted(map(str, error.diagnostics))
    origins = {reference: intake.origins[reference] for reference in intake.origins}
    assert len(origins) == len(intake.origins)
    warnings = sorted(map(str, intake.warnings))
    return {fact.reference: fact for fact in intake.facts}, intake.subject, intake.incomplete, origins, warnings


def same(
    decision: str,
    request: object,
    monkeypatch: pytest.MonkeyPatch,
    facts: Mapping[str, object] | None = None,
) -> bool:
    """The same is said either way; whether the request was taken in."""
    known = {"Party": PARTIES} if facts is None else facts
    fast = said(decision, request, knowing(known, 1, monkeypatch))
    slow = said(decision, request, knowing(known, 10**9, monkeypatch))
    assert fast == slow
    return isinstance(slow, tuple)


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_every_odd_value_in_a_request_is_read_as_it_is_with_care(
    value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for member in PAYMENT:
        same("screen", {"payment": {**PAYMENT, member: value}}, monkeypatch)
        same("screen", {"payment": {name: of for name, of in PAYMENT.items() if name != member}}, monkeypatch)
    for member in SHARE:
        same("review", {"share": {**SHARE, member: value}}, monkeypatch)
    same("screen", {"payment": value}, monkeypatch)
    same("screen", value, monkeypatch)


def test_a_key_alone_names_a_fact_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    key = {"owner": "A", "owned": "B"}
    assert same("review", {"share": key}, monkeypatch, {"Party": PARTIES, "Share": [SHARE]})
    same("review", {"share": key}, monkeypatch)  # else it warns of a fact that nobody supplied
    assert same("screen", {"payment": "P"}, monkeypatch, {"Party": PARTIES, "Payment": [PAYMENT]})


def test_what_stands_already_is_met_with_care(monkeypatch: pytest.MonkeyPatch) -> None:
    request = {"payment": PAYMENT}
    known = {"Party": PARTIES, "Payment": [PAYMENT]}
    assert same("screen", request, monkeypatch, known)
    assert not same("screen", request, monkeypatch, {**known, "Payment": [{**PAYMENT, "amount": 6}]})
    assert same("screen", request, monkeypatch, {**known, "Payment": [{**PAYMENT, "id": "Q", "payer": "unheard of"}]})
    assert same("screen", request, monkeypatch, {"incomplete": ["Party"]})
    assert not same("screen", request, monkeypatch, {"Party": [{"id": 1}]})


def test_a_request_with_more_or_less_in_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not same("screen", {}, monkeypatch)
    assert not same("screen", {"payment": PAYMENT, "share": SHARE}, monkeypatch)
    assert not same("screen", {"share": SHARE}, monkeypatch)
    assert not same("screen", {"payment": {**PAYMENT, "more": 1}}, monkeypatch)


def test_a_plain_request_is_read_by_generated_code(monkeypatch: pytest.MonkeyPatch) -> None:
    standing = knowing({"Party": PARTIES}, 1, monkeypatch)
    monkeypatch.delattr("neurosym.decision.wire.Reader.field")
    found: Intake = take_in(PROGRAM, PROGRAM.decisions["screen"], Document("request", {"payment": PAYMENT}), standing)
    assert found.subject[0].key == ("P",)
    assert len(found.facts) == 3
