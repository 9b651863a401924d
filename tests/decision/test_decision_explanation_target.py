"""What somebody may write after `explain --why`, and what it names."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from neurosym.decision.decision import Decision
from neurosym.decision.deliberation import Deliberation
from neurosym.decision.explanation.target import Miss, TheOutcome, target_of
from neurosym.decision.explanation.value import written_call, written_fact
from neurosym.engine.extension import Entry
from neurosym.engine.reached import DutyReached
from neurosym.text.failure import InputError
from tests.decision.case import engine_of, ruleset
from tests.decision.test_decision_explanation import OWNERSHIP, about, holdings

FACTS = holdings(("X", "A", 50), ("X", "B", 10), ("A", "C", 25))


@pytest.fixture(scope="module")
def found() -> Deliberation:
    decided: Decision = engine_of(ruleset(OWNERSHIP)).decide("screen", about("A"), facts=FACTS)  # type: ignore[arg-type]
    assert decided.deliberation is not None
    return decided.deliberation


def says(target: object) -> Sequence[str]:
    assert isinstance(target, tuple)
    return [_says(each) for each in target]


def _says(each: object) -> str:
    if isinstance(each, DutyReached):
        return written_call(each.duty, each.fields)
    assert isinstance(each, Entry)
    return written_fact(each.fact)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Blocked(party: "A")', 'Blocked(party: "A")'),
        ('Blocked("A")', 'Blocked(party: "A")'),
        (' Blocked( "A" ) // a comment', 'Blocked(party: "A")'),
        ('Owns("XB")', 'Owns(id: "XB", owner: "X", owned: "B", share: 10)'),
        ("Owns(share: 10)", 'Owns(id: "XB", owner: "X", owned: "B", share: 10)'),
        ('Owns(owner: "X", owned: "A")', 'Owns(id: "XA", owner: "X", owned: "A", share: 50)'),
        ('report(case: "CASE-1")', 'report(case: "CASE-1")'),
        ('report("CASE-1")', 'report(case: "CASE-1")'),
        ("report()", 'report(case: "CASE-1")'),
    ],
)
def test_a_fact_or_duty_is_named_by_its_members(text: str, expected: str, found: Deliberation) -> None:
    assert says(target_of(text, found)) == [expected]


@pytest.mark.parametrize("text", ["screen()", 'screen("CASE-1")', 'screen(case: "CASE-1")'])
def test_the_decision_is_named_by_its_own_name(text: str, found: Deliberation) -> None:
    assert target_of(text, found) == TheOutcome()


@pytest.mark.parametrize(
    ("text", "message", "close"),
    [
        ('screen("CASE-2")', 'this decision is about "CASE-1"', ()),
        ('screen(case: "CASE-1", case: "CASE-1")', 'this decision is about "CASE-1"', ()),
        ('Blokced("A")', "`Blokced` is no fact type or duty of the ruleset", ("Blocked",)),
        ('Owns("XZ")', "no such Owns holds, or may hold", None),
        ('Blocked("")', "no such Blocked holds, or may hold", ('Blocked(party: "A")', 'Blocked(party: "X")')),
        ('Licence("L")', "no Licence holds, or may hold", ()),
        ('report("CASE-2")', "no such report holds, or may hold", ('report(case: "CASE-1")',)),
        ("Owns(share: 50.5)", "no such Owns holds, or may hold", None),
        ("Owns(share: -10)", "no such Owns holds, or may hold", None),
        ('Owns(owner: "X")', "2 facts of `Owns` fit; say which is meant", None),
        ("Blocked()", "2 facts of `Blocked` fit; say which is meant", None),
        ('Blocked(partty: "A")', "`Blocked` has: party; each can be named once", ()),
        ('Blocked("A", "B")', "`Blocked` has: party; each can be named once", ()),
        ('Blocked("A", party: "A")', "`Blocked` has: party; each can be named once", ()),
        ("Blocked(A)", '`A` is no value; write a fact as the rules do, such as `Blocked(party: "C")`', ()),
        ("Blocked", 'write a fact as the rules do, such as `Blocked(party: "C")`', ()),
        ("1 + 1", 'write a fact as the rules do, such as `Blocked(party: "C")`', ()),
    ],
)
def test_what_names_nothing_says_why_and_what_is_close(
    text: str, message: str, close: tuple[str, ...] | None, found: Deliberation
) -> None:
    missed = target_of(text, found)
    assert isinstance(missed, Miss)
    assert missed.message == message
    assert missed.close if close is None else missed.close == close


def test_the_facts_that_come_closest_are_suggested_first(found: Deliberation) -> None:
    missed = target_of('Owns("XZ")', found)
    assert isinstance(missed, Miss)
    assert missed.close[0] == 'Owns(id: "XA", owner: "X", owned: "A", share: 50)'


def test_of_many_facts_only_those_that_are_close_are_suggested() -> None:
    facts = holdings(*(("X", f"COMPANY-{number}", 1) for number in range(20)))
    decided: Decision = engine_of(ruleset(OWNERSHIP)).decide("screen", about("X"), facts=facts)  # type: ignore[arg-type]
    assert decided.deliberation is not None
    missed = target_of('Party("COMPANY-I3")', decided.deliberation)
    assert isinstance(missed, Miss)
    assert len(missed.close) == 5
    assert missed.close[0] == 'Party(id: "COMPANY-3", name: "Party COMPANY-3")'
    unlike = target_of('Party("zzz")', decided.deliberation)
    assert unlike == Miss("no such Party holds, or may hold")


def test_a_name_that_is_like_none_lists_what_there_is(found: Deliberation) -> None:
    missed = target_of("zzz()", found)
    assert isinstance(missed, Miss)
    assert missed.close == ("Blocked", "Case", "Licence", "Listed", "Owns", "Party", "Revocation", "report", "screen")


@pytest.mark.parametrize("text", ["Blocked(", "", 'Blocked("A") Blocked("B")', '"\u202e"'])
def test_what_is_no_expression_is_a_diagnostic(text: str, found: Deliberation) -> None:
    with pytest.raises(InputError) as refused:
        target_of(text, found)
    assert all(each.code.startswith("NS1") for each in refused.value.diagnostics)
