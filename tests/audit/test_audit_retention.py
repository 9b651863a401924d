"""Sealed segments, and what is let go when its time is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from neurosym.audit.draft import Draft
from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.hold import place_hold
from neurosym.audit.log import Log
from neurosym.audit.retention import let_go, overdue
from neurosym.audit.segment import Segment, seal_segment, segments
from neurosym.text.failure import ErasedError, LogError
from neurosym.values.temporal import Months
from tests.audit.world import answer, counted_entropy, decision, open_log, problems_of
from tests.clock import HandClock

# The clock of these logs says the second of March 2026.
KEEP = {"answers": Months(6), "decisions": Months(12)}
SOON, LATER, LAST = date(2026, 9, 1), date(2026, 9, 2), date(2027, 3, 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    with open_log(path) as found:
        yield found


def let_go_on(log: Log, day: date) -> list[tuple[str, str, int]]:
    found = list(overdue(log, KEEP, day, lambda _, __: None))
    for each in found:
        if each.payloads:
            let_go(log, each, "Kim")
    return [(each.segment.period, each.name, len(each.payloads)) for each in found]


def is_there(log: Log, entry: Entry, name: str) -> bool:
    try:
        return bool(log.content(entry, name))
    except ErasedError:
        return False


def test_a_segment_is_what_was_logged_since_the_seal_before(log: Log) -> None:
    log.append([answer("same"), decision(1)])
    seal_segment(log, "2026-03", "Kim")
    log.record(decision(2))
    entry = seal_segment(log, "2026-04", "Kim")
    assert (entry.kind, entry.outcome, entry.previous) == (EntryKind.SEGMENT_SEALED, "2026-04", 3)
    first, second = segments(log)
    assert first == Segment("2026-03", 0, 3, log.entry(3).stamp.time)
    assert (second.first, second.count) == (4, 1)


def test_a_period_is_sealed_once_and_not_when_nothing_happened(log: Log) -> None:
    seal_segment(log, "2026-03", "Kim")
    with pytest.raises(LogError, match="nothing was logged since the last seal"):
        seal_segment(log, "2026-04", "Kim")
    log.record(decision(1))
    with pytest.raises(LogError, match="`2026-03` was sealed before"):
        seal_segment(log, "2026-03", "Kim")


def test_what_is_kept_long_enough_is_let_go_by_its_class(path: Path, log: Log) -> None:
    said, made = log.append([answer("same"), decision(1)])
    seal_segment(log, "2026-03", "Kim")
    later = log.record(answer("other"))
    assert let_go_on(log, SOON) == []
    assert let_go_on(log, LATER) == [("2026-03", "answers", 1)]
    assert not is_there(log, said, "response")
    assert is_there(log, made, "input")
    assert let_go_on(log, LAST) == [("2026-03", "decisions", 2)]
    assert not is_there(log, made, "input")
    assert is_there(log, later, "response")  # its segment is not sealed
    assert problems_of(path) == []


def test_a_clock_that_went_back_before_a_seal_lets_nothing_go_too_early(tmp_path: Path) -> None:
    clock = HandClock()
    with Log.open(tmp_path / "other.db", clock=clock, entropy=counted_entropy()) as log:
        log.record(answer("same"))
        clock.time = "2026-01-01T09:00:00.000000Z"
        seal_segment(log, "2026-03", "Kim")
        assert let_go_on(log, date(2026, 7, 1)) == []
        assert let_go_on(log, SOON) == []
        assert let_go_on(log, LATER) == [("2026-03", "answers", 1)]


def test_the_entry_of_the_erasure_says_why(log: Log) -> None:
    log.record(answer("same"))
    seal_segment(log, "2026-03", "Kim")
    let_go_on(log, LATER)
    (erasure,) = log.events(EntryKind.ERASURE)
    assert b"the time for which answers of the period 2026-03 are kept is over" in log.content(erasure, "erased")


def test_what_a_later_entry_names_is_kept(log: Log) -> None:
    facts = log.encrypted(b"facts")
    log.record(Draft(kind=EntryKind.ANSWER, payloads=(("facts", facts),)))
    seal_segment(log, "2026-03", "Kim")
    later = log.record(Draft(kind=EntryKind.ANSWER, payloads=(("facts", facts),)))
    assert let_go_on(log, LAST) == []
    assert is_there(log, later, "facts")


def test_what_is_held_is_kept(log: Log) -> None:
    said, other = log.append([answer("same"), answer("other")])
    place_hold(log, [], [said.payload_digest("response")], "a law suit", "Lee")
    seal_segment(log, "2026-03", "Kim")
    (found,) = overdue(log, KEEP, LATER, lambda _, __: None)
    assert (len(found.payloads), found.held) == (1, 1)
    let_go(log, found, "Kim")
    assert is_there(log, said, "response")
    assert not is_there(log, other, "response")


def test_what_rulesets_were_is_never_let_go(log: Log) -> None:
    entry = log.record(Draft(kind=EntryKind.RULESET, payloads=(("sources", b"ruleset x"),)))
    seal_segment(log, "2026-03", "Kim")
    assert let_go_on(log, date(2226, 1, 1)) == []
    assert is_there(log, entry, "sources")


@pytest.mark.parametrize(
    ("keep", "says"),
    [
        ({"answers": Months(5)}, "may not be let go after 5 months: at least 6 are kept"),
        ({"prompts": Months(60)}, "`prompts` is none of the classes answers, decisions, failures"),
    ],
)
def test_nothing_is_let_go_by_a_rule_that_may_not_be(log: Log, keep: dict[str, Months], says: str) -> None:
    with pytest.raises(LogError, match=says):
        list(overdue(log, keep, LAST, lambda _, __: None))


def test_progress_is_told_by_segments(log: Log) -> None:
    told: list[tuple[int, int]] = []
    for number in range(3):
        log.record(answer("same"))
        seal_segment(log, f"2026-0{number + 1}", "Kim")
    list(overdue(log, KEEP, SOON, lambda done, all_: told.append((done, all_))))
    assert told == [(1, 3), (2, 3), (3, 3)]
