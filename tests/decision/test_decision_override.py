"""Overrides: what a person puts in the place of a decision's outcome, and what stays as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.audit.committer import Allowed
from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erasure import erase_payloads, own_payloads
from neurosym.audit.log import Log
from neurosym.audit.verification import verify_log
from neurosym.decision.backtest import Backtester, BacktestReport
from neurosym.decision.explanation.account import account_of
from neurosym.decision.explanation.document import why_json
from neurosym.decision.explanation.page import explanation_page
from neurosym.decision.explanation.why import headline, why_outcome
from neurosym.decision.explanation.why_text import missing_report, why_lines
from neurosym.decision.export.opa import opa_events
from neurosym.decision.export.prov import prov_documents
from neurosym.decision.override import newest_override, override_decision, read_override
from neurosym.decision.replay import Replayer, ReplayStatus
from neurosym.text.failure import DiagnosticsError, InputError, LogError
from tests.audit.world import open_log
from tests.decision.case import PAYMENT, RULES, Told, engine_of, screening, told_judge, world


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    """A log of one decision that blocks a payment."""
    with open_log(tmp_path / "decisions.db") as found:
        made = engine_of(screening(), found, told_judge(Told({"E1": "same"}))).decide(
            "screen", PAYMENT, facts=world("E1")
        )
        assert made.outcome == "block"
        yield found


def decision_of(log: Log) -> Entry:
    (entry,) = log.decisions()
    return entry


def codes(error: DiagnosticsError) -> list[str]:
    return [each.code for each in error.diagnostics]


def test_an_override_names_the_decision_the_person_the_outcome_and_the_reason(log: Log) -> None:
    decision = decision_of(log)
    made = override_decision(log, decision, "release", "the licence came late", "Kim")
    entry = log.entry(made.seq)
    assert (entry.kind, entry.decision, entry.previous) == (EntryKind.OVERRIDE, decision.decision, decision.seq)
    assert (entry.actor, entry.outcome, entry.on) == ("Kim (as claimed)", "release", decision.on)
    assert entry.digests == {"program": decision.digests["program"]}
    assert made.reason == "the licence came late"
    assert newest_override(log, decision) == made


def test_a_decision_that_nobody_set_aside_has_no_override(log: Log) -> None:
    assert newest_override(log, decision_of(log)) is None


def test_an_override_leaves_the_decision_and_its_replay_as_they_were(log: Log) -> None:
    decision = decision_of(log)
    override_decision(log, decision, "release", "asked", "Kim")
    assert decision_of(log) == decision
    assert Replayer(log).replay(decision).status is ReplayStatus.IDENTICAL
    assert verify_log(log).is_consistent


def test_what_was_set_aside_is_set_aside_again_after_the_newest(log: Log) -> None:
    decision = decision_of(log)
    first = override_decision(log, decision, "release", "asked", "Kim")
    second = override_decision(log, decision, "block", "mistaken", "Lee")
    assert log.entry(second.seq).previous == first.seq
    assert newest_override(log, decision) == second


def test_an_outcome_that_the_ruleset_has_not_is_refused_with_one_that_it_has(log: Log) -> None:
    with pytest.raises(InputError) as refused:
        override_decision(log, decision_of(log), "relese", "asked", "Kim")
    assert codes(refused.value) == ["NS629"]
    assert "did you mean `release`?" in str(refused.value.diagnostics[0].help)
    assert newest_override(log, decision_of(log)) is None


def test_the_outcome_that_holds_already_is_refused(log: Log) -> None:
    decision = decision_of(log)
    with pytest.raises(InputError, match=f"`block` holds already, by entry {decision.seq}"):
        override_decision(log, decision, "block", "asked", "Kim")
    override_decision(log, decision, "release", "asked", "Kim")
    with pytest.raises(InputError, match="`release` holds already"):
        override_decision(log, decision, "release", "asked", "Lee")


def test_of_two_who_override_at_once_one_is_told_to_look_again(log: Log, tmp_path: Path) -> None:
    decision = decision_of(log)

    class Slow(Log):
        """A log in which another is faster, just before anything is written."""

        def record(self, draft: Draft, allowed: Allowed | None = None) -> Entry:
            override_decision(log, decision, "hold", "first", "Kim")
            return super().record(draft, allowed)

    with Slow.open(tmp_path / "decisions.db") as other, pytest.raises(LogError, match="set the decision aside meanwh"):
        override_decision(other, decision, "release", "second", "Lee")
    newest = newest_override(log, decision)
    assert newest is not None
    assert newest.outcome == "hold"


def test_an_override_is_encrypted_under_the_key_of_the_decision(log: Log) -> None:
    decision = decision_of(log)
    made = override_decision(log, decision, "release", "a secret reason", "Kim")
    link = log.entry(made.seq).link("override")
    assert link.key == decision.link("case").key is not None
    with log.store.reading() as reading:
        assert b"a secret reason" not in (reading.payload(link.digest) or b"")


def test_what_is_erased_of_an_override_leaves_that_it_was_made(log: Log) -> None:
    decision = decision_of(log)
    made = override_decision(log, decision, "release", "a secret reason", "Kim")
    entry = log.entry(made.seq)
    erase_payloads(log, own_payloads(log, entry), "asked", "Lee")
    left = read_override(log, entry)
    assert (left.outcome, left.reason) == ("release", None)
    assert "cannot be read any more" in left.text
    assert verify_log(log).is_consistent


@pytest.mark.parametrize(("outcome", "agreeing"), [("hold", 1), ("release", 0)])
def test_a_backtest_says_how_many_persons_it_agrees_with(log: Log, outcome: str, agreeing: int) -> None:
    override_decision(log, decision_of(log), outcome, "asked", "Kim")
    other = screening(rules=RULES.replace('is "block"', 'is "hold"'))
    report = BacktestReport()
    compared = Backtester(log, other).compared(decision_of(log))
    report.add(compared)
    assert compared.override == outcome
    assert report.json["overridden"] == {"count": 1, "agreeing": agreeing}


def test_exports_say_who_set_a_decision_aside(log: Log) -> None:
    made = override_decision(log, decision_of(log), "release", "a secret reason", "Kim")
    (event,) = opa_events(log, log.decisions())
    own = event["neurosym"]
    assert isinstance(own, dict)
    assert own["override"] == {"entry": made.seq, "outcome": "release", "by": "Kim (as claimed)", "time": made.time}
    (document,) = prov_documents(log, log.decisions())
    assert list(document["wasInvalidatedBy"]) != []  # type: ignore[arg-type] # an object
    for exported in (event, document):
        assert "a secret reason" not in json.dumps(exported)


def test_an_explanation_says_what_holds_instead_in_every_form(log: Log) -> None:
    decision = decision_of(log)
    assert account_of(Replayer(log), decision).override is None
    made = override_decision(log, decision, "release", "the <blink>licence</blink> came late", "Kim")
    account = account_of(Replayer(log), decision)
    why = why_outcome(account)
    assert any(line == made.text for line in why_lines(why))
    assert any(line == made.text for line in missing_report(account, headline(account), ()))
    document = why_json(why)
    assert isinstance(document, dict)
    assert document["override"] == made.json
    page = explanation_page(why).decode()
    assert "the &lt;blink&gt;licence&lt;/blink&gt; came late" in page
    assert "<blink>" not in page
