"""What decisions of a log share is read once, and as little of it is kept as a log of any length needs."""

from __future__ import annotations

from pathlib import Path

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision.replay import ReplayStatus
from neurosym.decision.shared_record import KEPT_MAX, SharedRecord
from tests.audit.world import open_log
from tests.decision.case import PAYMENT, RULES, Told, engine_of, replayed, screening, told_judge, world


def rulesets(log: LogReader) -> list[int]:
    return [entry.seq for entry in log.entries() if entry.kind is EntryKind.RULESET]


def test_a_ruleset_that_every_engine_recorded_is_compiled_once(tmp_path: Path) -> None:
    with open_log(tmp_path / "decisions.db") as log:
        for _ in range(KEPT_MAX + 3):
            engine_of(screening(), log).decide("screen", PAYMENT, facts=world())
        shared = SharedRecord(log)
        recorded = rulesets(log)
        assert len(recorded) == KEPT_MAX + 3
        first = shared.executable(recorded[0])
        assert all(shared.executable(each) is first for each in recorded)
        assert {each.status for each in replayed(log)} == {ReplayStatus.IDENTICAL}


def test_the_same_program_out_of_another_text_keeps_its_own_sources(tmp_path: Path) -> None:
    with open_log(tmp_path / "decisions.db") as log:
        for rules in (RULES, RULES + "\n"):
            engine_of(screening(rules=rules), log).decide("screen", PAYMENT, facts=world())
        shared, (first, second) = SharedRecord(log), rulesets(log)
        assert shared.executable(first).ruleset.sources != shared.executable(second).ruleset.sources


def test_a_log_may_have_more_rulesets_than_are_kept(tmp_path: Path) -> None:
    several = [screening(rules=RULES.replace("Act 1", f"Act {number}")) for number in range(KEPT_MAX + 2)]
    with open_log(tmp_path / "decisions.db") as log:
        judge = told_judge(Told({"E1": "same"}))
        engines = [engine_of(rules, log, judge) for rules in several]
        for engine in [*engines, *engines[:2]]:
            engine.decide("screen", PAYMENT, facts=world("E1"))
        assert [each.status for each in replayed(log)] == [ReplayStatus.IDENTICAL] * (KEPT_MAX + 4)
