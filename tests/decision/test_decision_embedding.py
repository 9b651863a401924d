"""The engine inside a program: awaited, given lists, sent to other processes."""

from __future__ import annotations

import asyncio
import pickle
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from threading import Event, get_ident

import pytest

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.audit.verification import verify_log
from neurosym.decision.decision import Decision
from neurosym.decision.engine import Engine
from neurosym.decision.intake import Document
from neurosym.decision.ruleset import Ruleset, load
from neurosym.engine.situation import LIMITS
from neurosym.judgment.answer import Claim
from neurosym.judgment.computed import Finding
from neurosym.program.judgment import Judgment
from neurosym.text.failure import InputError, LimitError, LogError
from neurosym.text.shipped import shipped_path
from neurosym.values.unknown import Question
from tests.decision.case import (
    EMBARGO,
    PAYMENT,
    QUOTE,
    engine_of,
    failing,
    kinds,
    replayed,
    screening,
    told_judge,
    world,
)


def payment(number: int, payer: str = "CUST-7") -> dict[str, object]:
    return {"payment": {"id": f"PAY-{number}", "payer": payer, "booked_on": "2026-03-02"}}


class Paused:
    """A tier that waits until it is let go on, and remembers its thread."""

    def __init__(self) -> None:
        self.asked, self.go_on = Event(), Event()
        self.thread = 0

    def find(self, judgment: Judgment, question: Question) -> Finding:
        del judgment, question
        self.thread = get_ident()
        self.asked.set()
        assert self.go_on.wait(60)
        return Finding(Claim("same", (QUOTE,)))


# --- awaited


def test_an_awaited_decision_is_the_same() -> None:
    engine = engine_of(screening(rules=EMBARGO))
    awaited = asyncio.run(engine.adecide("screen", PAYMENT, facts=world()))
    assert awaited.result_bytes == engine.decide("screen", PAYMENT, facts=world()).result_bytes


def test_the_loop_goes_on_while_a_decision_is_made() -> None:
    tier = Paused()
    engine = engine_of(screening(), judge=told_judge(tier.find))

    async def deciding() -> Decision:
        task = asyncio.create_task(engine.adecide("screen", PAYMENT, facts=world("E1")))
        while not tier.asked.is_set():
            await asyncio.to_thread(tier.asked.wait, 60)
        tier.go_on.set()  # from the loop: had it been blocked, nobody would
        return await task

    assert asyncio.run(deciding()).outcome == "block"
    assert tier.thread != get_ident()


def test_many_can_be_awaited_at_once(tmp_path: Path) -> None:
    async def deciding(engine: Engine) -> list[Decision]:
        known = engine.know(world())
        return await asyncio.gather(*(engine.adecide("screen", payment(each), facts=known) for each in range(20)))

    one_by_one = [
        engine_of(screening(rules=EMBARGO)).decide("screen", payment(each), facts=world()).result_bytes
        for each in range(20)
    ]
    with Log.open(tmp_path / "log.db") as log:
        found = asyncio.run(deciding(engine_of(screening(rules=EMBARGO), log)))
        assert [each.result_bytes for each in found] == one_by_one
        assert kinds(log).count(EntryKind.DECISION) == 20


def test_an_error_reaches_whoever_awaits() -> None:
    with pytest.raises(InputError, match="NS513"):
        asyncio.run(engine_of(screening()).adecide("scren", PAYMENT, facts=world()))


def test_a_cancelled_decision_is_logged_whole_and_found_again(tmp_path: Path) -> None:
    tier = Paused()
    with Log.open(tmp_path / "log.db") as log:
        engine = engine_of(screening(), log, told_judge(tier.find))
        known = engine.know(world("E1"))

        async def cancelled() -> None:
            task = asyncio.create_task(engine.adecide("screen", PAYMENT, facts=known, request_id="R1"))
            await asyncio.to_thread(tier.asked.wait, 60)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            tier.go_on.set()

        asyncio.run(cancelled())  # ends once the threads of its executor have
        assert kinds(log)[-2:] == [EntryKind.ANSWER, EntryKind.DECISION]
        assert verify_log(log).problems == ()
        again = engine.decide("screen", PAYMENT, facts=known, request_id="R1")
        assert kinds(log).count(EntryKind.DECISION) == 1
        assert again.outcome == "block"
        assert [each.difference for each in replayed(log)] == [None]


# --- given lists


def test_a_list_is_decided_in_its_order() -> None:
    engine = engine_of(screening(rules=EMBARGO))
    facts = world(Party=[{"id": payer, "name": payer, "country": payer} for payer in ("XE", "DE")])
    requests = [payment(number, ("XE", "DE")[number % 2]) for number in range(6)]
    found = engine.decide_many("screen", requests, facts=facts)
    assert [each.outcome for each in found if isinstance(each, Decision)] == ["block", "release"] * 3
    alone = [engine.decide("screen", request, facts=facts).result_bytes for request in requests]
    assert [each.result_bytes for each in found if isinstance(each, Decision)] == alone


def test_a_bad_request_has_its_error_in_its_place(tmp_path: Path) -> None:
    bad: list[object] = [
        {"payment": {"id": 5}},
        {},
        [],
        {"payment": "nobody"},
        Document("third.json", {"payment": 1.5}),
    ]
    with Log.open(tmp_path / "log.db") as log:
        engine = engine_of(screening(rules=EMBARGO), log)
        requests = [payment(1), *bad, payment(2)]
        found = engine.decide_many("screen", requests, facts=world())  # type: ignore[arg-type]
        assert [type(each) for each in found] == [Decision, *[InputError] * 5, Decision]
        errors = [each for each in found if isinstance(each, InputError)]
        places = [str(each.diagnostics[-1].primary.place) for each in errors if each.diagnostics[-1].primary]
        assert places[0].startswith("request: $.payment")
        assert places[-1] == "third.json: $.payment"
        assert kinds(log) == [EntryKind.RULESET, EntryKind.DECISION, EntryKind.DECISION]


def test_a_limit_that_one_request_reaches_is_its_own() -> None:
    limits = replace(LIMITS, questions_max=0)
    engine = engine_of(
        screening(), judge=told_judge(lambda *_: Finding(Claim(None, reason="cannot tell"))), limits=limits
    )
    facts = world("E1")
    other = payment(2)
    other["payment"] = {**PAYMENT["payment"], "booked_on": "x"}
    found = engine.decide_many("screen", [PAYMENT, other, PAYMENT], facts=facts)
    assert [type(each) for each in found] == [LimitError, InputError, LimitError]


def test_what_concerns_all_is_raised_before_anything_is_decided(tmp_path: Path) -> None:
    with Log.open(tmp_path / "log.db") as log:
        engine = engine_of(screening(rules=EMBARGO), log)
        with pytest.raises(InputError, match="NS505"):
            engine.decide_many("screen", [payment(1)], facts={"Party": [{"id": "A"}]})
        with pytest.raises(InputError, match="NS513"):
            engine.decide_many("scren", [payment(1)], facts=world())
        with pytest.raises(ValueError, match="shorter"):
            engine.decide_many("screen", [payment(1), payment(2)], facts=world(), request_ids=["R1"])
        assert kinds(log) == []


def test_a_log_that_fails_ends_the_list(tmp_path: Path) -> None:
    with Log.open(tmp_path / "log.db") as log:
        engine = engine_of(screening(rules=EMBARGO), log)
        store = failing(log, 3, 3)  # the ruleset, one decision, and then
        with pytest.raises(LogError, match="full"):
            engine.decide_many("screen", [payment(number) for number in range(4)], facts=world())
        assert store.commits == 3
        assert kinds(log).count(EntryKind.DECISION) == 1


def test_a_list_that_is_sent_again_is_decided_once(tmp_path: Path) -> None:
    with Log.open(tmp_path / "log.db") as log:
        engine = engine_of(screening(rules=EMBARGO), log)
        requests, ids = [payment(number) for number in range(3)], ["R0", "R1", "R2"]
        first, again = (engine.decide_many("screen", requests, facts=world(), request_ids=ids) for _ in range(2))
        assert [each.id for each in first if isinstance(each, Decision)] == [
            each.id for each in again if isinstance(each, Decision)
        ]
        assert kinds(log).count(EntryKind.DECISION) == 3


def test_of_no_requests_come_no_decisions() -> None:
    assert engine_of(screening(rules=EMBARGO)).decide_many("screen", [], facts=world()) == []


# --- sent to other processes


def test_a_decision_can_be_sent() -> None:
    engine = Engine(screening(rules=EMBARGO), log=None)
    decision = engine.decide("screen", PAYMENT, facts=world(Party=[{"id": "CUST-7", "name": "A", "country": "XE"}]))
    sent: Decision = pickle.loads(pickle.dumps(decision))  # noqa: S301 - written by this test
    assert sent == decision
    assert (sent.json, sent.result_bytes, sent.proof_bytes) == (
        decision.json,
        decision.result_bytes,
        decision.proof_bytes,
    )
    assert sent.deliberation is None
    assert len(sent.proofs) == len(decision.proofs) > 1


def test_an_engine_with_a_log_stays_where_it_is(tmp_path: Path) -> None:
    with Log.open(tmp_path / "log.db") as log, pytest.raises(TypeError, match="open the log"):
        pickle.dumps(engine_of(screening(), log))


def test_knowledge_can_be_sent() -> None:
    engine = Engine(screening(rules=EMBARGO), log=None)
    known = engine.know(world())
    engine.decide("screen", PAYMENT, facts=known)
    sent = pickle.loads(pickle.dumps(known))  # noqa: S301 - written by this test
    decisions = [engine.decide("screen", PAYMENT, facts=each) for each in (known, sent)]
    assert decisions[0].result_bytes == decisions[1].result_bytes


ENGINES: list[Engine] = []  # of a worker process


def start(ruleset: Ruleset, log: Path) -> None:
    """What each worker does once: its own engine, and its own opening of the log that all share."""
    ENGINES.append(Engine(ruleset, log=Log.open(log)))


def decide(number: int) -> Decision:
    """One decision of a worker."""
    return ENGINES[0].decide("screen", payment(number), facts=world())


def decide_by(engine: Engine, number: int) -> bytes:
    """One decision by an engine that was sent."""
    return engine.decide("screen", payment(number), facts=world()).result_bytes


def in_order(found: Sequence[Decision]) -> list[bytes]:
    return [each.result_bytes for each in found]


def test_processes_share_a_log(tmp_path: Path) -> None:
    ruleset, path = screening(rules=EMBARGO), tmp_path / "log.db"
    Log.open(path).close()
    spawned = get_context("spawn")
    with ProcessPoolExecutor(2, spawned, initializer=start, initargs=(ruleset, path)) as pool:
        found = list(pool.map(decide, range(8)))
        engine = Engine(ruleset, log=None)
        sent = list(pool.map(decide_by, [engine] * 4, range(4)))
    expected = [decide_by(engine, number) for number in range(8)]
    assert in_order(found) == expected
    assert sent == expected[:4]
    with Log.open(path) as log:
        assert kinds(log).count(EntryKind.DECISION) == 8
        assert verify_log(log).problems == ()


def test_a_worker_needs_no_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSYM_CACHE", str(tmp_path / "cache"))
    folder = str(shipped_path("rulesets", "sanctions"))
    load(folder)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert (
            pool.submit(modules_after_a_decision, folder).result().isdisjoint({"lark", "networkx", "rdflib", "openai"})
        )


def modules_after_a_decision(folder: str) -> set[str]:
    """The libraries that a fresh process has loaded once it has decided."""
    given = {"id": "P", "payer": "C", "payee": "D", "amount": 1, "currency": "USD", "booked_on": "2026-03-01"}
    assert Engine(load(folder), log=None).decide("screen", {"payment": given}, facts={"Party": []}).id
    return {name.partition(".")[0] for name in sys.modules}
