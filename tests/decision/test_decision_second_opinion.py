"""A second opinion on decisions: agreement and what prevents it are recorded; a disagreement is no decision."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.decision.decision import Decision
from neurosym.decision.engine import Engine
from neurosym.decision.recorder import SECOND_OPINION
from neurosym.decision.ruleset import Ruleset
from neurosym.decision.second_opinion import DisagreementError, difference_lines, opinion_line
from neurosym.engine.second.opinion import Agrees, Incident, Refused, SecondOpinion
from tests.audit.world import open_log, problems_of
from tests.decision.case import EMBARGO, PAYMENT, RULES, Told, kinds, replayed, screening, told_judge, world

ANSWERS = {"E1": "different", "E2": "same"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    with open_log(path) as opened:
        yield opened


def decided(log: Log, second: SecondOpinion, rules: Ruleset | None = None) -> Decision:
    engine = Engine(rules or screening(), log=log, judge=told_judge(Told(ANSWERS)), second_opinion=second)
    return engine.decide("screen", PAYMENT, facts=world("E1", "E2"))


def recorded(log: Log, entry: Entry) -> dict[str, object]:
    document = json.loads(log.content(entry, SECOND_OPINION))
    assert isinstance(document, dict)
    return document


def test_agreement_is_recorded_beside_the_result_and_not_in_it(log: Log, path: Path) -> None:
    with SecondOpinion(screening().program) as second:
        decision = decided(log, second)
    assert (decision.outcome, decision.logged, decision.second_opinion) == ("block", True, Agrees(1))
    assert recorded(log, log.decision(decision.id)) == {"opinion": "agrees", "compared": 1}
    assert decision.json["second_opinion"] == {"opinion": "agrees", "compared": 1}
    assert b"second_opinion" not in decision.result_bytes
    assert [each.difference for each in replayed(log)] == [None]
    assert problems_of(path) == []


def test_without_one_nothing_is_said_of_it(log: Log) -> None:
    decision = Engine(screening(), log=log).decide("screen", PAYMENT, facts=world("E1"))
    assert decision.second_opinion is None
    assert "second_opinion" not in decision.json
    assert SECOND_OPINION not in {link.name for link in log.decision(decision.id).payloads}


def test_a_disagreement_is_no_decision_and_is_logged_with_both_proofs(log: Log, path: Path) -> None:
    other = screening(rules=RULES.replace('"unclear"', '"same"'))
    with SecondOpinion(other.program) as second, pytest.raises(DisagreementError) as raised:
        decided(log, second)
    assert str(raised.value) == "the second opinion disagrees on 1 conclusion"
    assert EntryKind.DECISION not in kinds(log)
    (failure,) = [entry for entry in log.entries() if entry.kind is EntryKind.FAILURE]
    assert failure.outcome == "the second opinion disagrees on 1 conclusion"
    assert recorded(log, failure) == raised.value.opinion.json
    (difference,) = raised.value.opinion.differences
    assert (difference.first, difference.second) == ("not concluded", "certain")
    assert list(difference_lines(raised.value.opinion)) == [
        'screen("PAY-1") is "hold": not concluded here, certain by durable-rules',
        "  proof here",
        "    none: it is not concluded",
        "  proof by durable-rules",
        '    screen("PAY-1") is "hold": hold',
        '    Entry(id: "E2", name: "LISTED E2", remarks: "Passport A1234567"): given',
        '    Payment(id: "PAY-1", payer: "CUST-7", booked_on: 2026-03-02): given',
    ]
    assert problems_of(path) == []


def test_what_the_engine_alone_concludes_is_shown_with_its_proof(log: Log) -> None:
    rules, without = screening(rules=RULES + EMBARGO.replace('"XE"', '"XA"')), screening(rules=RULES + EMBARGO)
    with SecondOpinion(without.program) as second, pytest.raises(DisagreementError) as raised:
        decided(log, second, rules)
    lines = list(difference_lines(raised.value.opinion))
    assert 'screen("PAY-1") is "block": certain here, not concluded by durable-rules' in lines
    assert '    screen("PAY-1") is "block": embargo' in lines


def test_the_decision_still_comes_when_the_worker_is_killed_and_the_incident_is_recorded(log: Log) -> None:
    with SecondOpinion(screening().program) as second:
        assert decided(log, second).second_opinion == Agrees(1)
        assert second.worker.pid is not None
        os.kill(second.worker.pid, signal.SIGKILL)
        decision = decided(log, second)
        assert decided(log, second).second_opinion == Agrees(1)
    what = "the worker was killed by signal SIGKILL"
    assert (decision.outcome, decision.logged, decision.second_opinion) == ("block", True, Incident(what))
    assert recorded(log, log.decision(decision.id)) == {"opinion": "incident", "what": what}
    assert [each.difference for each in replayed(log)] == [None, None, None]


def test_the_decision_still_comes_when_the_opinion_is_refused_and_the_reason_is_recorded(log: Log) -> None:
    names = ", ".join(f"v{number}: Entry" for number in range(17))
    wide = f'rule wide\n  cite "x"\n  for p: Payment, {names}\n  when p.payer.country = "XE"'
    rules = screening(rules=f'{RULES}\n{wide}\n  then screen(payment: p) is "hold"\n')
    with SecondOpinion(rules.program) as second:
        decision = decided(log, second, rules)
    reason = "`wide` has 18 variables; 16 fit"
    assert isinstance(decision.second_opinion, Refused)
    assert decision.outcome == "block"
    assert recorded(log, log.decision(decision.id)) == {"opinion": "refused", "reasons": [reason]}
    assert opinion_line(decision.second_opinion).startswith(f"refused: {reason} (trial.rules:")
