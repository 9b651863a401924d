"""The worker process: what it answers, and that whatever becomes of it is an incident and never a wrong opinion."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from neurosym.engine.second.box import PENDING_MAX
from neurosym.engine.second.opinion import Agrees, Incident, SecondOpinion
from neurosym.engine.second.supervision import WORKER, NotInstalledError, Worker, WorkerLostError
from neurosym.values.canonical import Json
from tests.engine.second.worlds import OWNERSHIP, WORLD, model_of, program_of

PAIRS: list[Json] = [{"pair": {"all": [{"v0": {"t": 1}}, {"v1": {"$and": [{"t": 2}, {"b": {"v0": "a"}}]}}], "dist": 0}}]


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker() as started:
        yield started


@pytest.fixture
def second() -> Iterator[SecondOpinion]:
    with SecondOpinion(program_of(OWNERSHIP)) as opened:
        yield opened


def one(uid: int, a: int) -> Json:
    return [0, {"t": 1, "uid": uid, "a": a}]


def two(uid: int, b: int) -> Json:
    return [0, {"t": 2, "uid": uid, "b": b}]


def test_facts_that_join_are_matched_whichever_comes_first(worker: Worker) -> None:
    worker.load(PAIRS)
    assert worker.matches([one(1, 7), two(2, 8)]) == []
    assert worker.matches([one(3, 8)]) == [("pair", [3, 2])]
    assert worker.matches([two(4, 7)]) == [("pair", [1, 4])]


def test_a_message_that_was_observed_before_is_told_again_under_a_new_nonce(worker: Worker) -> None:
    worker.load(PAIRS)
    worker.matches([one(1, 7)])
    assert worker.matches([two(2, 7)]) == [("pair", [1, 2])]
    assert worker.matches([two(2, 7)]) == [("pair", [1, 2])]


def test_loading_again_forgets_the_facts_and_keeps_the_process(worker: Worker) -> None:
    worker.load(PAIRS)
    worker.matches([one(1, 7)])
    first = worker.pid
    worker.load(PAIRS)
    assert worker.matches([two(2, 7)]) == []
    assert worker.pid == first


def test_another_program_gets_another_process(worker: Worker) -> None:
    worker.load(PAIRS)
    first = worker.pid
    worker.load([{"single": {"all": [{"v0": {"t": 1}}], "dist": 0}}])
    assert worker.pid != first
    assert worker.matches([one(1, 7)]) == [("single", [1])]


NOISY = """
import os, runpy, sys
from durable import engine

class Noisy(engine.Ruleset):
    def assert_fact(self, fact):
        os.write(1, b"a word from below\\n")
        print("and one from above")
        return super().assert_fact(fact)

engine.Ruleset = Noisy
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def test_what_the_library_prints_is_no_answer() -> None:
    asked = "\n".join(json.dumps(each) for each in ({"networks": PAIRS}, {"tell": [one(1, 7)]}, {"tell": [two(2, 7)]}))
    command = [sys.executable, "-P", "-c", NOISY, str(WORKER)]
    ended = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert answers == [{"ready": True}, {"matches": []}, {"matches": [[0, "pair", [1, 2]]]}]


# --- losses


def killed(second: SecondOpinion) -> Any:
    pid = second.worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return second.on(model_of(OWNERSHIP, WORLD))


def test_a_worker_that_is_killed_is_an_incident_and_the_next_opinion_comes_from_a_new_one(
    second: SecondOpinion,
) -> None:
    model = model_of(OWNERSHIP, WORLD)
    assert isinstance(second.on(model), Agrees)
    assert killed(second) == Incident("the worker was killed by signal SIGKILL")
    assert second.worker.pid is None
    assert isinstance(second.on(model), Agrees)


def test_a_worker_that_takes_too_long_is_killed() -> None:
    with SecondOpinion(program_of(OWNERSHIP), timeout_s=0) as hurried:
        opinion = hurried.on(model_of(OWNERSHIP, WORLD))
        assert hurried.worker.pid is None
    assert opinion == Incident("the worker was killed because it gave no answer within 0 seconds")


def pending(count: int) -> list[Json]:
    """One network in which a message of type 2 satisfies so many conditions at once."""
    return [
        {
            f"r{number}": {
                "all": [{"v0": {"t": 1}}, {"v1": {"$and": [{"t": 2}, {f"x{number}": {"v0": "a"}}]}}],
                "dist": 0,
            }
            for number in range(count)
        }
    ]


def test_the_library_takes_64_pending_conditions_and_fails_at_one_more(worker: Worker) -> None:
    wide: Json = [0, {"t": 2, "uid": 2, **{f"x{number}": 7 for number in range(PENDING_MAX + 1)}}]
    worker.load(pending(PENDING_MAX))
    assert len(worker.matches([one(1, 7), wide])) == PENDING_MAX
    worker.load(pending(PENDING_MAX + 1))
    with pytest.raises(WorkerLostError, match="status 1"):
        worker.matches([one(1, 7), wide])


def test_threads_that_share_an_opinion_are_served_one_by_one(second: SecondOpinion) -> None:
    models = [model_of(OWNERSHIP, {**WORLD, "Listed": listed}) for listed in (WORLD["Listed"], [])] * 4
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(second.on, models))
    assert found == [Agrees(7), Agrees(2)] * 4


def test_a_ruleset_that_the_library_cannot_take_ends_the_worker_and_not_the_caller(worker: Worker) -> None:
    many: Json = [{"r": {"all": [{f"v{place}": {"t": 1}} for place in range(17)], "dist": 0}}]
    worker.load(many)  # type: ignore[arg-type]
    with pytest.raises(WorkerLostError, match="the worker ended with status 1"):
        worker.matches([one(1, 7)])
    assert worker.pid is None


def test_nothing_of_the_library_is_loaded_into_the_caller() -> None:
    code = "import neurosym.engine.second.opinion, sys; print('durable' in sys.modules, 'subprocess' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["False", "True"]


def test_without_the_library_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable", None)
    with pytest.raises(NotInstalledError, match=r"pip install 'neurosym\[second-opinion\]'"):
        SecondOpinion(program_of(OWNERSHIP))
