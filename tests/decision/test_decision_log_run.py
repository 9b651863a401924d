"""All decisions of a log, shared out: what becomes of each depends neither on the parts, nor on who had which."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.decision import recorder as names
from neurosym.decision.backtest import Backtester, BacktestReport, BacktestStatus, Compared
from neurosym.decision.log_run import ENTRIES_EACH, backtested_log, processes_for, replayed_log
from neurosym.decision.partition import usable_processors
from neurosym.decision.replay import Replayed, Replayer, ReplayStatus
from neurosym.decision.review import answer_question
from neurosym.judgment.configuration import PersonTier
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.text.failure import LogCorruptError, LogError
from tests.audit.world import open_log, tampering
from tests.decision.case import PAYMENT, RULES, Told, engine_of, screening, told_judge, world
from tests.decision.forger import forge_log, with_payload

ANSWERS = {"E1": "different", "E2": "same", "E3": "unclear"}
WORLDS = ("", "E1", "E2", "E3", "E1 E2", "E9", "E3 E1")
RULESETS = ("", 'needs person for "release"', "")
LENIENT = screening(rules=RULES.replace('is "hold"', 'is "release"'))
SHARED = [(1, 1), (1, 7), (2, 7), (3, 1)]  # processes, and entries of a part


def write_log(path: Path, reviews: Path) -> None:
    """Decisions by three engines and two rulesets; one waited for a person, and was made again."""
    with open_log(path) as log:
        judge = told_judge(Told(ANSWERS), PersonTier("person", str(reviews)))
        for needs in RULESETS:
            engine = engine_of(screening(needs), log, judge)
            for each in WORLDS:
                engine.decide("screen", PAYMENT, facts=world(*each.split()))
        answer_last(log, reviews)


def answer_last(log: Log, reviews: Path) -> None:
    with ReviewQueue.open(reviews) as queue:
        item = queue.open_items()[-1]
        assert answer_question(log, queue, item.question, "different", (), "no", "Ines")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log in which some answers were changed by somebody who has its key."""
    folder = tmp_path_factory.mktemp("log")
    write_log(folder / "honest.db", folder / "reviews.db")
    forge_log(folder / "honest.db", folder / "decisions.db", with_payload(names.ATTEMPT, changed))
    return folder / "decisions.db"


def changed(content: bytes) -> bytes:
    return content.replace(b'\\"answer\\":\\"same', b'\\"answer\\":\\"unclear')


def size(path: Path) -> int:
    with LogReader.open(path) as log:
        return log.size()


@pytest.fixture(scope="module")
def replayed(path: Path) -> list[Replayed]:
    """One after another, by one reader."""
    with LogReader.open(path) as log:
        found = list(Replayer(log).all())
    assert {each.status for each in found} == {ReplayStatus.IDENTICAL, ReplayStatus.DIFFERENT}
    return found


@pytest.fixture(scope="module")
def compared(path: Path) -> list[Compared]:
    with LogReader.open(path) as log:
        backtester = Backtester(log, LENIENT)
        found = [backtester.compared(entry) for entry in log.newest_decisions()]
    assert {each.status for each in found} >= {BacktestStatus.SAME, BacktestStatus.OUTCOME}
    return found


@pytest.mark.parametrize(("processes", "length"), SHARED)
def test_a_log_replays_alike_however_it_is_shared_out(
    path: Path, replayed: list[Replayed], processes: int, length: int
) -> None:
    assert list(replayed_log(path, range(size(path)), processes=processes, part_length=length)) == replayed


@pytest.mark.parametrize(("processes", "length"), SHARED)
def test_another_ruleset_decides_alike_however_it_is_shared_out(
    path: Path, compared: list[Compared], processes: int, length: int
) -> None:
    with LogReader.open(path) as log:
        passed_over = log.followed()
    assert passed_over
    entries = range(size(path))
    found = list(backtested_log(path, LENIENT, entries, passed_over, processes=processes, part_length=length))
    assert found == compared
    assert report_of(found).json == report_of(compared).json


def report_of(found: list[Compared]) -> BacktestReport:
    report = BacktestReport()
    for each in found:
        report.add(each)
    return report


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_hash_seed_of_a_process_changes_nothing(
    path: Path, replayed: list[Replayed], monkeypatch: pytest.MonkeyPatch, seed: str
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", seed)  # of the others; this process has one of its own
    assert list(replayed_log(path, range(size(path)), processes=2, part_length=7)) == replayed


@pytest.mark.parametrize("processes", [1, 2])
def test_chosen_decisions_come_in_the_order_of_the_choice(path: Path, replayed: list[Replayed], processes: int) -> None:
    chosen = [each.seq for each in replayed[::-2]]
    found = list(replayed_log(path, chosen, processes=processes, part_length=2))
    assert found == replayed[::-2]


def test_entries_that_are_of_no_decision_are_passed_by(path: Path) -> None:
    assert list(replayed_log(path, [0, 1])) == []


@pytest.mark.parametrize(
    ("processes", "damage", "error", "message"),
    [
        (1, "DELETE FROM payloads WHERE rowid IN (SELECT max(rowid) - 1 FROM payloads)", LogError, "has no payload"),
        (1, "UPDATE payloads SET content = content || x'00'", LogCorruptError, "does not hash to its digest"),
        (2, "UPDATE entries SET envelope = '{}' WHERE seq = 5", LogCorruptError, "entry 5: the envelope was changed"),
    ],
)
def test_a_log_that_does_not_give_what_it_recorded_is_a_failure(
    tmp_path: Path, processes: int, damage: str, error: type[LogError], message: str
) -> None:
    write_log(tmp_path / "decisions.db", tmp_path / "reviews.db")
    with tampering(tmp_path / "decisions.db") as connection:
        connection.execute(damage)
    entries = range(size(tmp_path / "decisions.db"))
    with pytest.raises(LogError, match=message) as raised:
        list(replayed_log(tmp_path / "decisions.db", entries, processes=processes, part_length=7))
    assert type(raised.value) is error


def test_a_short_log_is_replayed_by_one_process_and_a_long_one_by_as_many_as_there_are_processors() -> None:
    assert processes_for(0) == processes_for(ENTRIES_EACH - 1) == 1
    assert processes_for(10**9) == usable_processors()


def test_a_log_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="there is no log"):
        list(replayed_log(tmp_path / "nowhere.db", range(3)))
