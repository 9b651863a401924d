"""An answer that is interrupted between log, queue and decision, or crossed by another, is neither lost nor doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.decision.decision import Decision
from neurosym.decision.replay import ReplayStatus
from neurosym.decision.review import answer_question
from neurosym.judgment.queue.event import EventKind
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.queue.rows import QueueRows
from neurosym.judgment.queue.store import QueueStore
from neurosym.judgment.stores.opening import open_store
from neurosym.text.failure import Failure, InputError, ProviderError
from tests.audit.world import open_log, problems_of
from tests.clock import HandClock
from tests.decision.case import (
    PAYMENT,
    REMARKS,
    engine_of,
    failing,
    kinds,
    objects,
    person_judge,
    replayed,
    screening,
    world,
)

HOLD, ANSWER = 1, 2  # what is written to the queue for an answer, in this order


@dataclass(slots=True)
class CrossedStore:
    """A store in which something happens before or after its nth writing is durable."""

    store: QueueStore
    at: int
    happens: Callable[[], None]
    is_after: bool
    writings: int = 0

    @property
    def address(self) -> str:
        return self.store.address

    @contextmanager
    def reading(self) -> Iterator[QueueRows]:
        with self.store.reading() as rows:
            yield rows

    @contextmanager
    def writing(self) -> Iterator[QueueRows]:
        self.writings += 1
        is_now = self.writings == self.at
        if is_now and not self.is_after:
            self.happens()
        with self.store.writing() as rows:
            yield rows
        if is_now and self.is_after:
            self.happens()

    def close(self) -> None:
        self.store.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with open_log(tmp_path / "decisions.db") as opened:
        yield opened


@pytest.fixture
def asked(log: Log, tmp_path: Path) -> str:
    """The question that a decision waits for."""
    return ask(log, tmp_path)


def ask(log: Log, tmp_path: Path, clauses: str = "") -> str:
    engine_of(screening(clauses=clauses), log, person_judge(tmp_path)).decide("screen", PAYMENT, facts=world("E1"))
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        (item,) = queue.open_items()
    return item.question


def say(log: Log, queue: ReviewQueue, question: str, by: str = "ada") -> tuple[Decision, ...]:
    return answer_question(log, queue, question, "same", [REMARKS], None, by)


@contextmanager
def crossed(
    tmp_path: Path, at: int, happens: Callable[[], None], clock: HandClock | None = None, *, is_after: bool = False
) -> Iterator[ReviewQueue]:
    clock = clock or HandClock()
    store = CrossedStore(open_store(str(tmp_path / "reviews.db"), clock.time, make=False), at, happens, is_after)
    with ReviewQueue(store, clock) as queue:
        yield queue


def power_cut() -> None:
    raise ProviderError("the power is cut")


def assert_done_once(log: Log, tmp_path: Path, question: str) -> None:
    """One review in the log, one in the queue, and one decision that follows the first."""
    assert kinds(log).count(EntryKind.REVIEW) == 1
    first, second = log.decisions()
    assert (first.outcome, second.outcome, second.previous) == ("undecided", "block", first.seq)
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        assert [review.by for review in queue.reviews(question)] == ["ada"]
        assert [each.kind for each in queue.history(question)].count(EventKind.ANSWERED) == 1
        assert queue.open_items() == ()
    assert {each.status for each in replayed(log)} == {ReplayStatus.IDENTICAL}
    assert problems_of(tmp_path / "decisions.db") == []


# --- interrupted


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("at", [HOLD, ANSWER])
def test_an_answer_interrupted_at_the_queue_is_finished_by_the_same_again(
    log: Log, tmp_path: Path, asked: str, at: int, *, is_after: bool
) -> None:
    with crossed(tmp_path, at, power_cut, is_after=is_after) as queue, pytest.raises(ProviderError):
        say(log, queue, asked)
    with ReviewQueue.open(tmp_path / "reviews.db", HandClock()) as queue:
        (second,) = say(log, queue, asked)
    assert second.outcome == "block"
    assert_done_once(log, tmp_path, asked)


@pytest.mark.parametrize("commit", [1, 2])  # the review, the decision
def test_an_answer_interrupted_at_the_log_is_finished_by_the_same_again(
    log: Log, tmp_path: Path, asked: str, commit: int
) -> None:
    failing(log, commit, commit)
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        with pytest.raises(Failure, match="the disk is full"):
            say(log, queue, asked)
        (second,) = say(log, queue, asked)
    assert second.outcome == "block"
    kept = [entry for entry in log.entries() if entry.kind is not EntryKind.FAILURE]
    assert [entry.kind for entry in kept].count(EntryKind.REVIEW) == 1
    assert [entry.outcome for entry in log.decisions()] == ["undecided", "block"]


def test_the_same_answer_again_when_all_is_done_does_nothing(log: Log, tmp_path: Path, asked: str) -> None:
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        assert len(say(log, queue, asked)) == 1
        before = log.size()
        assert say(log, queue, asked) == ()
    assert log.size() == before
    assert_done_once(log, tmp_path, asked)


# --- crossed


@pytest.mark.parametrize("at", [HOLD, ANSWER])
def test_the_same_answer_twice_at_a_time_leads_to_one_decision(log: Log, tmp_path: Path, asked: str, at: int) -> None:
    """One person at two machines: whoever comes second is handed what the first has done."""
    inner: list[Decision] = []

    def meanwhile() -> None:
        with ReviewQueue.open(tmp_path / "reviews.db", HandClock()) as queue:
            inner.extend(say(log, queue, asked))

    with crossed(tmp_path, at, meanwhile) as queue:
        outer = say(log, queue, asked)
    assert [each.id for each in outer] == [each.id for each in inner]
    assert_done_once(log, tmp_path, asked)


def test_another_person_who_comes_first_has_the_question(log: Log, tmp_path: Path, asked: str) -> None:
    def meanwhile() -> None:
        with ReviewQueue.open(tmp_path / "reviews.db", HandClock()) as queue:
            say(log, queue, asked)

    with crossed(tmp_path, HOLD, meanwhile) as queue, pytest.raises(InputError, match="NS621"):
        say(log, queue, asked, by="bob")
    assert_done_once(log, tmp_path, asked)


def test_another_person_who_comes_in_between_is_kept_away(log: Log, tmp_path: Path, asked: str) -> None:
    def meanwhile() -> None:
        with ReviewQueue.open(tmp_path / "reviews.db", HandClock()) as queue, pytest.raises(InputError, match="NS621"):
            say(log, queue, asked, by="bob")

    with crossed(tmp_path, ANSWER, meanwhile) as queue:
        say(log, queue, asked)
    assert_done_once(log, tmp_path, asked)


@pytest.mark.parametrize("at", [HOLD, ANSWER])
def test_of_two_persons_the_second_settles_it_however_they_cross(log: Log, tmp_path: Path, at: int) -> None:
    asked = ask(log, tmp_path, "two persons")
    clock = HandClock()

    def meanwhile() -> None:
        clock.forward(60)  # the claim of the first has run out
        with ReviewQueue.open(tmp_path / "reviews.db", clock) as queue:
            assert say(log, queue, asked, by="bob") == ()

    with crossed(tmp_path, at, meanwhile, clock) as queue:
        (second,) = say(log, queue, asked)
    (answer,) = objects(second.answers)
    assert answer["by"] == ["bob", "ada"]
    assert kinds(log).count(EntryKind.REVIEW) == (2 if at == HOLD else 3)  # then ada's first one came too late
    assert [entry.outcome for entry in log.decisions()] == ["undecided", "block"]
    assert {each.status for each in replayed(log)} == {ReplayStatus.IDENTICAL}
    with ReviewQueue.open(tmp_path / "reviews.db") as queue:
        assert queue.open_items() == ()
