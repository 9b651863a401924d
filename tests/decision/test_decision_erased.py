"""What was erased cannot be replayed, and whoever looks at the whole log says so and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision import recorder as names
from neurosym.decision.backtest import Backtester, BacktestStatus
from neurosym.decision.judgment_report import judgment_report
from neurosym.decision.logged_answers import logged_answers, reviews
from neurosym.decision.replay import Replayer, ReplayStatus
from neurosym.decision.review import answer_question
from neurosym.judgment.configuration import PersonTier
from neurosym.judgment.queue.review_queue import ReviewQueue
from tests.audit.world import open_log
from tests.decision.case import PAYMENT, Told, engine_of, replayed, screening, told_judge, world
from tests.decision.erasing import ERASED, erasing

SAID = {"E1": "different", "E2": "same"}
OF_DECISION = [names.CASE, names.FACTS, names.RESULT, names.PROOF]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LogReader]:
    """Three decisions, the last of which waits for a person."""
    reviews = tmp_path / "reviews.db"
    with open_log(tmp_path / "decisions.db") as log:
        engine = engine_of(screening(), log, told_judge(Told(SAID), PersonTier("person", str(reviews))))
        for each in ("E1", "E2", "E9"):
            engine.decide("screen", PAYMENT, facts=world(each))
    with LogReader.open(tmp_path / "decisions.db") as reader:
        yield reader


@pytest.mark.parametrize("name", OF_DECISION)
def test_a_decision_of_which_anything_was_erased_is_not_replayable(log: LogReader, name: str) -> None:
    _, second, _ = log.decisions()
    erased = erasing(log, second.payload_digest(name))
    first, found, last = replayed(erased)
    assert (first.status, last.status) == (ReplayStatus.IDENTICAL, ReplayStatus.IDENTICAL)
    assert (found.status, found.difference, found.message) == (ReplayStatus.ERASED, None, ERASED)
    assert not found.agrees
    assert not found.differs
    assert found.json == {
        "decision": second.decision,
        "seq": second.seq,
        "status": "not replayable (erased)",
        "difference": None,
        "message": ERASED,
    }


def test_with_an_answer_its_decision_is_erased(log: LogReader) -> None:
    _, second, _ = log.decisions()
    (effect,) = second.effects
    erased = erasing(log, log.entry(effect).payload_digest(names.ATTEMPT))
    assert [each.status.value for each in replayed(erased)] == ["identical", "not replayable (erased)", "identical"]


def test_without_its_ruleset_no_decision_is_replayable(log: LogReader) -> None:
    (ruleset,) = (entry for entry in log.entries() if entry.kind is EntryKind.RULESET)
    erased = erasing(log, ruleset.payload_digest(names.SOURCES))
    assert {each.status for each in replayed(erased)} == {ReplayStatus.ERASED}


@pytest.mark.parametrize("name", [names.CASE, names.FACTS, names.PROOF])
def test_another_ruleset_decides_what_was_not_erased(log: LogReader, name: str) -> None:
    _, second, _ = log.decisions()
    erased = erasing(log, second.payload_digest(name))
    backtester = Backtester(erased, screening())
    found = [backtester.compared(entry) for entry in erased.decisions()]
    same, unreadable = BacktestStatus.SAME, BacktestStatus.UNREADABLE
    assert [each.status for each in found] == [same, unreadable, same]
    assert (found[1].message, found[1].before.outcome, found[1].after) == (ERASED, "block", None)


def test_a_replayer_goes_on_after_what_was_erased(log: LogReader) -> None:
    _, second, third = log.decisions()
    replayer = Replayer(erasing(log, second.payload_digest(names.CASE)))
    assert [replayer.replay(each).status.value for each in (second, third, second)] == [
        "not replayable (erased)",
        "identical",
        "not replayable (erased)",
    ]


def test_reports_name_what_was_erased_and_count_the_rest(log: LogReader) -> None:
    _, second, _ = log.decisions()
    erased = erasing(log, second.payload_digest(names.CASE))
    report = judgment_report(erased)
    assert (report.unreadable, report.decisions) == ([second.decision], 2)
    found = logged_answers(erased, screening().program.judgments["same"])
    assert found.unreadable == (second.decision,)


def test_what_a_person_said_and_was_erased_is_not_heard(tmp_path: Path) -> None:
    with open_log(tmp_path / "decisions.db") as log, ReviewQueue.open(tmp_path / "reviews.db") as queue:
        judge = told_judge(Told({}), PersonTier("person", str(tmp_path / "reviews.db")))
        engine_of(screening(), log, judge).decide("screen", PAYMENT, facts=world("E8", "E9"))
        for item in queue.open_items():
            answer_question(log, queue, item.question, "different", (), "no", "Ines")
        (first, _), (_, said) = reviews(log)
        assert [attempt for _, attempt in reviews(erasing(log, first.payload_digest(names.ATTEMPT)))] == [said]
