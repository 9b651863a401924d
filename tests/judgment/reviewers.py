"""Reviewers in processes of their own, who all want the same questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.connection import Connection

from neurosym.judgment.document import same_name
from neurosym.judgment.queue.event import Event, EventKind
from neurosym.judgment.queue.review_queue import ReviewQueue
from neurosym.judgment.queue.rows import Selection
from neurosym.judgment.review import Review
from neurosym.judgment.stores.opening import open_store
from neurosym.text.failure import InputError
from tests.clock import HandClock

UNCLAIMED = Selection(unclaimed=True)
LOOKS_MAX = 20_000  # at a queue in which nothing is left to win, until the others are done


@dataclass(slots=True)
class Work:
    """What one reviewer got done, by question."""

    claimed: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    refused: int = 0


def work_together(address: str, names: Sequence[str], told: Connection) -> None:
    """Several reviewers, each in a thread, until nothing is left to do; what they did is sent back."""
    with ThreadPoolExecutor(len(names)) as pool:
        told.send(list(pool.map(partial(work, address), names)))
    told.close()


def work(address: str, name: str) -> Work:
    """One reviewer, who tries to claim everything that is open, and answers what was won."""
    done = Work()
    looks = 0
    with ReviewQueue.open(address, HandClock()) as queue:
        while queue.count_open():
            looks += 1
            assert looks < LOOKS_MAX, f"{name} is stuck"
            for item in queue.page(UNCLAIMED, count=10):
                try:
                    queue.claim(item.question, name)
                except InputError as error:
                    assert [each.code for each in error.diagnostics] == ["NS621"]  # noqa: PT017 - and nothing else
                    done.refused += 1
                    continue
                looks = 0
                done.claimed[item.question] += 1
                said = queue.answer(item.question, Review(name, "same"))
                assert said[-1].by == name
                done.answered[item.question] += 1
    return done


def persons_in_turn(history: Sequence[Event]) -> list[str]:
    """Who claimed and then answered, one after the other; fails when anybody came in between."""
    worked = [each for each in history if each.kind is not EventKind.ASKED]
    names = []
    for claim, answer in zip(worked[::2], worked[1::2], strict=True):
        assert (claim.kind, answer.kind, claim.name) == (EventKind.CLAIMED, EventKind.ANSWERED, answer.name)
        assert claim.name is not None
        names.append(same_name(claim.name))
    return names


def claim_halfway(address: str, question: str, told: Connection) -> None:
    """Write a claim, and wait with the transaction open to be killed."""
    store = open_store(address, HandClock().time, make=False)
    with store.writing() as rows:
        row = rows.locked_item(question)
        assert row is not None
        until = "2026-03-02T09:30:00.000000Z"
        rows.put_item(replace(row, claimed_by="Ada", claimed_key="ada", claimed_until=until))
        rows.add_event(question, row.round, Event(HandClock().time, EventKind.CLAIMED, "Ada", until))
        told.send("written")
        told.recv()


def claim_wholly(address: str, question: str, told: Connection) -> None:
    """Claim, and wait to be killed."""
    ReviewQueue.open(address, HandClock()).claim(question, "Ada")
    told.send("claimed")
    told.recv()
