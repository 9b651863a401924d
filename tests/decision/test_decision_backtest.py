"""What another ruleset would have decided, from the log alone: nobody is asked, and what is not known is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.audit.reader import LogReader
from neurosym.decision import recorder as names
from neurosym.decision.backtest import NOTABLE_MAX, Backtester, BacktestReport, BacktestStatus, Compared, Shown
from neurosym.decision.review import answer_question
from neurosym.decision.ruleset import Ruleset
from neurosym.judgment.configuration import PersonTier
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.text.failure import LogError
from tests.audit.world import open_log, tampering
from tests.decision.case import (
    EMBARGO,
    HEAD,
    PAYMENT,
    RULES,
    SAME,
    SCREEN,
    Told,
    engine_of,
    ruleset,
    screening,
    told_judge,
    world,
)
from tests.decision.forger import forge_log, with_payload
from tests.decision.tiers import abstained, model_says, raw_judge

ANSWERS = {"E1": "different", "E2": "same", "E3": "unclear"}
WORLDS = ("", "E1", "E2", "E3", "E1 E2", "E3 E4")
THEN = ["release", "release", "block", "hold", "block", "undecided"]
LENIENT = RULES.replace('is "hold"', 'is "release"')
RENAMED = RULES.replace("rule block", "rule listed")
OTHER_QUESTION = SAME.replace("Is the customer the listed one?", "Are they the same?")
STRICTER = SAME.replace("  route ", '  check  "never different"  answer != "different"\n  route ')
NEW_QUESTION = """
judgment foreign(customer: Party) returns yes or no
  ask    "Is the customer from abroad?"
  reads  customer.name
  route  local?

rule foreign "The payer is from abroad"
  cite  "Act 4"
  for   p: Payment
  when  foreign(p.payer)
  then  screen(payment: p) is "hold"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "decisions.db"
    with open_log(found) as log:
        engine = engine_of(screening(), log, told_judge(Told(ANSWERS)))
        made = [engine.decide("screen", PAYMENT, facts=world(*each.split())) for each in WORLDS]
    assert [each.outcome or each.status.value for each in made] == THEN
    return found


def with_judgment(judgment: str, rules: str = RULES) -> Ruleset:
    return ruleset(HEAD + SCREEN.format(clauses="") + judgment.format(clauses="") + rules)


def compared(path: Path, other: Ruleset) -> list[Compared]:
    with LogReader.open(path) as log:
        backtester = Backtester(log, other)
        return [backtester.compared(entry) for entry in log.newest_decisions()]


def report_of(found: list[Compared]) -> BacktestReport:
    report = BacktestReport()
    for each in found:
        report.add(each)
    return report


def test_the_same_ruleset_decides_the_same(path: Path) -> None:
    found = compared(path, screening())
    assert {each.status for each in found} == {BacktestStatus.SAME}
    assert report_of(found).json["changes"] == []


def test_a_changed_outcome_is_counted_with_its_smallest_example(path: Path) -> None:
    report = report_of(compared(path, screening(rules=LENIENT)))
    assert report.counts == {BacktestStatus.SAME: 5, BacktestStatus.OUTCOME: 1}
    (change,) = report.changes
    assert (change.before, change.after, change.count) == ("hold", "release", 1)
    assert change.example.before.rules == ("hold",)
    assert change.example.after is not None
    assert change.example.after.rules == ("hold",)


def test_without_the_rule_several_decisions_change_alike(path: Path) -> None:
    rules = RULES[: RULES.index("rule block")] + RULES[RULES.index("rule hold") :]
    report = report_of(compared(path, screening(rules=rules)))
    change, other = report.changes
    assert (change.before, change.after, change.count) == ("block", "release", 2)
    assert (other.before, other.after, other.count) == ("undecided", "hold", 1)
    alike = [(each.size, each.seq) for each in report.notable if each.before.outcome == "block"]
    assert (change.example.size, change.example.seq) == min(alike) < max(alike)


def test_a_changed_reason_is_told_by_the_rules(path: Path) -> None:
    report = report_of(compared(path, screening(rules=RENAMED)))
    assert report.counts[BacktestStatus.REASONS] == 2
    (change,) = report.changes
    assert (change.before, change.after) == ("block by block", "block by listed")


def test_a_question_that_nobody_was_asked_is_counted_and_not_filled_in(path: Path) -> None:
    report = report_of(compared(path, screening(rules=RULES + NEW_QUESTION)))
    # What is blocked either way needs no answer, what was held stays held, and what was open stays open.
    assert report.counts == {BacktestStatus.SAME: 4, BacktestStatus.NEEDS_ANSWER: 2}
    assert report.questions == {"foreign": 2}
    assert {each.after.outcome for each in report.notable if each.after} == {"undecided"}


def test_an_answer_to_another_wording_is_no_answer(path: Path) -> None:
    report = report_of(compared(path, with_judgment(OTHER_QUESTION)))
    assert report.counts[BacktestStatus.SAME] == 1
    assert report.counts[BacktestStatus.NEEDS_ANSWER] == 5
    assert report.questions["same"] == 7


def test_an_answer_is_examined_by_the_checks_that_there_are_now(path: Path) -> None:
    found = compared(path, with_judgment(STRICTER))
    shown = [(each.status, None if each.after is None else each.after.outcome) for each in found]
    assert shown[1] == (BacktestStatus.OUTCOME, "undecided")  # "different" is rejected; it was asked all the same
    assert shown[2] == (BacktestStatus.SAME, "block")
    assert report_of(found).questions == {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("screen(", "other("), "screen"),
        (("  booked_on:  date\n", "  booked_on:  date\n  amount:     number\n"), "amount"),
    ],
)
def test_input_that_the_ruleset_does_not_take_is_refused_with_the_reason(
    path: Path, change: tuple[str, str], message: str
) -> None:
    text = HEAD + SCREEN.format(clauses="") + SAME.format(clauses="") + RULES
    found = compared(path, ruleset(text.replace(*change)))
    assert {each.status for each in found} == {BacktestStatus.REFUSED}
    assert all(message in (each.message or "") for each in found)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (names.CASE, b'"v":2', b'"v":3', "the recorded case is of version 3"),
        (names.CASE, b'"graph":false', b'"graph":true', "the recorded case and the entry differ"),
        (names.FACTS, b'"name":', b'"x":1,"name":', "other members than ours in the recorded facts"),
        (names.SOURCES, b"rule hold", b"rule", "NS1"),
    ],
)
def test_what_was_recorded_and_cannot_be_read_is_said(
    path: Path, name: str, old: bytes, new: bytes, message: str
) -> None:
    forged = path.with_name("forged.db")
    forge_log(path, forged, with_payload(name, lambda content: content.replace(old, new)))
    found = compared(forged, screening())
    assert {each.status for each in found} == {BacktestStatus.UNREADABLE}
    assert all((each.message or "").startswith(message) for each in found)


def test_a_log_that_has_lost_facts_is_a_failure(path: Path) -> None:
    with LogReader.open(path) as log:
        digest = next(iter(log.decisions())).payload_digest(names.FACTS)
    with tampering(path) as connection:
        connection.execute("DELETE FROM payload WHERE digest = ?", (digest,))
    with pytest.raises(LogError, match="no payload"):
        compared(path, screening())


def test_what_models_said_is_accepted_by_the_ruleset_s_own_terms(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with open_log(path) as log:
        judge = raw_judge(lambda tier, _: abstained() if tier == "local" else model_says("different"), "small")
        made = engine_of(screening(), log, judge).decide("screen", PAYMENT, facts=world("E1"))
        assert made.outcome is None  # nothing promises that the model is right
    (found,) = compared(path, screening(clauses="accept uncalibrated"))
    assert (found.status, found.before.outcome) == (BacktestStatus.OUTCOME, "undecided")
    assert found.after is not None
    assert found.after.outcome == "release"


def test_of_a_decision_that_was_made_again_the_last_counts(tmp_path: Path) -> None:
    path, reviews = tmp_path / "decisions.db", tmp_path / "reviews.db"
    with open_log(path) as log:
        judge = told_judge(Told({}), PersonTier("person", str(reviews)))
        engine_of(screening(), log, judge).decide("screen", PAYMENT, facts=world("E1"))
        with ReviewQueue.open(reviews) as queue:
            (item,) = queue.open_items()
            answer_question(log, queue, item.question, "different", (), "no", "Ines")
    (found,) = compared(path, screening())
    assert (found.status, found.before.outcome) == (BacktestStatus.SAME, "release")


def test_a_rule_that_needs_no_answer_changes_what_it_changes(path: Path) -> None:
    report = report_of(compared(path, screening(rules=RULES + EMBARGO.replace('"XE"', '"XA"'))))
    assert report.counts[BacktestStatus.SAME] == 0
    assert {(each.before, each.after, each.count) for each in report.changes} == {
        ("release", "block", 2),
        ("hold", "block", 1),
        ("undecided", "block", 1),
        ("block by block", "block by embargo", 2),  # nobody is asked then
    }


def test_of_however_many_decisions_all_are_counted_and_some_are_kept() -> None:
    before, count = Shown("hold", ("hold",)), 3 * NOTABLE_MAX
    outcome, refused = BacktestStatus.OUTCOME, BacktestStatus.REFUSED
    report = report_of(
        [
            each
            for number in range(count)
            for each in (
                Compared("D", 2 * number, outcome, before, Shown("release", ()), size=count - number),
                Compared("E", 2 * number + 1, refused, before, message="no"),
            )
        ]
    )
    assert report.counts == {outcome: count, refused: count}
    assert [each.seq for each in report.notable] == [*range(2 * NOTABLE_MAX)]
    assert report.left_out == 2 * (count - NOTABLE_MAX)
    (change,) = report.changes
    assert (change.count, change.example.size, change.example.seq) == (count, 1, 2 * (count - 1))


@pytest.mark.parametrize("sizes", [(5, 3, 3, 4), (3, 5, 4, 3), (4, 3, 5, 3)])
def test_the_example_is_the_first_of_the_smallest(sizes: tuple[int, ...]) -> None:
    before, after = Shown("hold", ()), Shown("release", ())
    found = [Compared("D", seq, BacktestStatus.OUTCOME, before, after, size=size) for seq, size in enumerate(sizes)]
    (change,) = report_of(found).changes
    assert change.example.seq == sizes.index(3)
