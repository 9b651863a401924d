"""One warm engine and sixteen threads: the decisions are those of one thread after the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest

from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.log import Log
from neurosym.audit.verification import verify_log
from neurosym.decision.engine import Engine
from neurosym.decision.ruleset import Ruleset, load
from neurosym.engine.compiled.table import Table
from neurosym.engine.compiled.view import TableView
from neurosym.engine.derivation import Derivation
from neurosym.engine.extension import Entry, Extension
from neurosym.engine.layout import layouts_of
from neurosym.feel.calendar import days_off
from neurosym.feel.types import Basic
from neurosym.judgment.judge import Judge
from neurosym.program.schema import FactType, Field
from neurosym.text.shipped import shipped_path
from neurosym.values.value import Fact
from tests.decision.case import EMBARGO, PAYMENT, Told, engine_of, kinds, replayed, screening, told_judge, world

THREADS = 16
Found = TypeVar("Found")
PARTIES = [{"id": f"P{number}", "name": f"Holder {number}", "country": "DE"} for number in range(12)]
OWNS = [
    {"id": f"{owner}-{owned}", "owner": f"P{owner}", "owned": f"P{owned}", "share": share}
    for owner, owned, share in [(0, 1, 60), (1, 2, 30), (0, 2, 25), (2, 3, 50), (3, 4, 49), (0, 5, 10), (5, 6, 100)]
]
FACTS: dict[str, Sequence[object]] = {
    "Party": PARTIES,
    "Listing": [{"id": "L1", "name": "Nobody else", "remarks": ""}],
    "Match": [{"party": "P0", "entry": "L1"}],
    "Owns": OWNS,
    "Licence": [],
    "Revocation": [],
}


@pytest.fixture(scope="module")
def sanctions() -> Ruleset:
    return load(shipped_path("rulesets", "sanctions"))


@contextmanager
def hurried() -> Iterator[None]:
    """Threads take turns as often as they can, so that whatever they can spoil, they spoil."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


def at_once(work: Sequence[Callable[[], Found]]) -> list[Found]:
    """What the pieces of work come to, in sixteen threads that begin together."""
    start = Barrier(THREADS)

    def share(first: int) -> list[tuple[int, Found]]:
        start.wait()
        return [(place, work[place]()) for place in range(first, len(work), THREADS)]

    with hurried(), ThreadPoolExecutor(THREADS) as pool:
        found = [pair for pairs in pool.map(share, range(THREADS)) for pair in pairs]
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def payment(number: int) -> dict[str, object]:
    day = f"20{20 + number % 7}-0{1 + number % 9}-1{number % 10}"
    payer, payee = f"P{number % 12}", f"P{(number * 5 + 1) % 12}"
    return {
        "payment": {
            "id": f"PAY{number}",
            "payer": payer,
            "payee": payee,
            "amount": 10 + number,
            "currency": "USD",
            "booked_on": day,
        }
    }


def deciding(engine: Engine, count: int) -> list[Callable[[], bytes]]:
    known = engine.know(FACTS)
    return [
        lambda number=number: engine.decide("screen", payment(number), facts=known).result_bytes  # type: ignore[misc]
        for number in range(count)
    ]


def test_threads_decide_as_one_would(sanctions: Ruleset) -> None:
    one_by_one = [work() for work in deciding(engine_of(sanctions), 48)]
    days_off.cache_clear()
    assert at_once(deciding(engine_of(sanctions), 48)) == one_by_one
    assert len(set(one_by_one)) == 48


def test_threads_share_a_log(sanctions: Ruleset, tmp_path: Path) -> None:
    one_by_one = [work() for work in deciding(engine_of(sanctions), 32)]
    with Log.open(tmp_path / "shared.db") as log:
        assert at_once(deciding(engine_of(sanctions, log), 32)) == one_by_one
        assert kinds(log) == [EntryKind.RULESET, *[EntryKind.DECISION] * 32]
        assert verify_log(log).problems == ()
        assert [each.difference for each in replayed(log)] == [None] * 32


def test_threads_share_a_judge_and_a_log(tmp_path: Path) -> None:
    def judge() -> Judge:
        return told_judge(Told({"E1": "different", "E2": "unclear", "E3": "different"}))

    def asking(engine: Engine) -> list[Callable[[], bytes]]:
        known = engine.know(world("E1", "E2", "E3"))
        return [lambda: engine.decide("screen", PAYMENT, facts=known).result_bytes] * 32

    alone = asking(engine_of(screening(), judge=judge()))[0]()
    with Log.open(tmp_path / "asked.db") as log:
        assert at_once(asking(engine_of(screening(), log, judge()))) == [alone] * 32
        assert kinds(log).count(EntryKind.ANSWER) == 32 * 3
        assert kinds(log).count(EntryKind.CONFIGURATION) == 1
        assert verify_log(log).problems == ()


def test_threads_with_one_request_id_get_one_decision(tmp_path: Path) -> None:
    with Log.open(tmp_path / "retried.db") as log:
        engine = engine_of(screening(rules=EMBARGO), log)
        known = engine.know(world())
        ids = at_once([lambda: engine.decide("screen", PAYMENT, facts=known, request_id="R1").id] * THREADS)
        assert len(set(ids)) == 1
        assert kinds(log).count(EntryKind.DECISION) == 1


def test_knowledge_that_two_rulesets_share_is_taken_in_for_each(sanctions: Ruleset) -> None:
    engines = [engine_of(sanctions), engine_of(load(shipped_path("rulesets", "sanctions")))]
    known = engines[0].know(FACTS)
    programs = [engine.ruleset.program for engine in engines]
    found = at_once([lambda place=place: known.standing(programs[place % 2]) for place in range(64)])  # type: ignore[misc]
    assert all(set(standing.facts) == set(found[0].facts) for standing in found)


def test_a_fact_that_several_threads_look_at_is_one() -> None:
    types = {"Party": FactType("Party", "", True, (Field("id", Basic.TEXT, is_key=True),))}
    layout = layouts_of(types)["Party"]
    for _ in range(5):
        table = Table(layout)
        for number in range(2000):
            table.whys[str(number),] = (0, 1)
        table.extend(list(table.whys))
        view = TableView(table, [], lambda _table, _why: Derivation("rule", {}, 1, is_certain=True, reads=(), notes=()))
        found = at_once([lambda: [entry.fact for entry in view]] * THREADS)  # noqa: B023 - run at once
        assert len({tuple(map(id, facts)) for facts in found}) == 1
        assert len(found[0]) == 2000


def test_an_index_that_several_threads_want_is_never_half_built() -> None:
    for _ in range(5):
        extension = Extension()
        for number in range(2000):
            fact = Fact("Party", (str(number),), {"id": str(number), "kind": number % 2})
            extension.add(Entry(fact, is_certain=True))
        counts = at_once([lambda: len(list(extension.with_value("kind", 1)))] * THREADS)  # noqa: B023 - run at once
        assert counts == [1000] * THREADS
