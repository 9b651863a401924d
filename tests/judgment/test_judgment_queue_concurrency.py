"""Many reviewers at one queue: nobody wins what another has won, and nothing is lost, not even with a process."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest

from neurosym.judgment.queue.event import EventKind
from neurosym.judgment.queue.review_queue import ReviewQueue
from tests.clock import HandClock
from tests.judgment.review_case import item
from tests.judgment.reviewers import Work, claim_halfway, claim_wholly, persons_in_turn, work_together

REVIEWERS = ("Ada", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana")
QUESTIONS = 200  # every second one for two persons
STARTING = multiprocessing.get_context("forkserver")
STARTING.set_forkserver_preload(["tests.judgment.reviewers"])


@contextmanager
def started(task: Callable[..., None], *arguments: object) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process with what it tells us; it is gone at the end."""
    here, there = STARTING.Pipe()
    process = STARTING.Process(target=task, args=(*arguments, there))
    process.start()
    there.close()
    try:
        yield process, here
    finally:
        process.kill()
        process.join()
        process.close()
        here.close()


def asked(number: int) -> int:
    """How many persons are wanted for a question."""
    return 1 + number % 2


def worked(address: str, threads: int) -> list[Work]:
    """What the reviewers did, so many of them in one process."""
    groups = [REVIEWERS[first : first + threads] for first in range(0, len(REVIEWERS), threads)]
    with ExitStack() as stack:
        begun = [stack.enter_context(started(work_together, address, group)) for group in groups]
        return [work for _, told in begun for work in told.recv()]


def test_eight_reviewers_never_win_the_same_question(queue_address: str) -> None:
    items = [item(remarks=f"remarks {number}", persons=asked(number)) for number in range(QUESTIONS)]
    with ReviewQueue.open(queue_address, HandClock()) as queue:
        for each in items:
            queue.enqueue(each)
    is_file = not queue_address.startswith("postgresql")
    done = worked(queue_address, threads=2 if is_file else 1)
    assert len(done) == len(REVIEWERS)
    wanted = Counter({each.question: each.persons for each in items})
    assert sum((work.claimed for work in done), Counter()) == wanted
    assert sum((work.answered for work in done), Counter()) == wanted
    assert sum(work.refused for work in done) > 0  # they did get in one another's way
    with ReviewQueue.open(queue_address) as queue:
        assert queue.count_open() == 0
        for each in items:
            names = persons_in_turn(queue.history(each.question))
            assert len(names) == len(set(names)) == each.persons
            assert [review.by.casefold() for review in queue.reviews(each.question)] == names


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_claim_is_there_or_not_when_its_process_is_killed(queue_address: str, *, is_whole: bool) -> None:
    question = item().question
    with ReviewQueue.open(queue_address, HandClock()) as queue:
        queue.enqueue(item())
        with started(claim_wholly if is_whole else claim_halfway, queue_address, question) as (process, told):
            assert told.recv() == ("claimed" if is_whole else "written")
            assert queue.item(question).claimed_by == ("Ada" if is_whole else None)
            process.kill()
            process.join()
        assert queue.item(question).claimed_by == ("Ada" if is_whole else None)
        kinds = [event.kind for event in queue.history(question)]
        assert kinds == [EventKind.ASKED, *([EventKind.CLAIMED] if is_whole else [])]
        name = "Ada" if is_whole else "Grace"
        assert queue.claim(question, name).claimed_by == name
