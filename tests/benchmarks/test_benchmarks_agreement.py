"""Everybody who takes part in a benchmark gives the same answer, at small sizes. Nothing is timed here."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.benchmarks import ours
from tests.benchmarks.benchmark import Benchmark, Contender
from tests.benchmarks.catalogue import BENCHMARKS
from tests.benchmarks.contenders import neurosym
from tests.benchmarks.measuring import agreeing
from tests.benchmarks.own.memory import traced
from tests.benchmarks.work import closure, conditions, holdings, increment, join

SMALL = {
    "conditions": 10,
    "join": 400,
    "increment": 80,
    "closure": 60,
    "holdings": 600,
    "whole": 10,
    "sanctions": 3,
    "replay": 10,
    "batch": 10,
    "compile": 10,
    "log": 256,
    "threads": 4,
    "verify": 300,
    "prove": 3_000,
    "postgres": 256,
}
PAIRS = [
    pytest.param(of, contender, id=f"{of.name} {contender.name}")
    for of in BENCHMARKS.values()
    if of.name in SMALL
    for contender in of.contenders
]


@pytest.mark.parametrize(("of", "contender"), PAIRS)
def test_a_contender_answers_as_the_first_one_does(of: Benchmark, contender: Contender) -> None:
    if not contender.is_installed:
        pytest.skip(f"{contender.package} is not installed")
    work = of.work(SMALL[of.name])
    first = of.contenders[0]
    agreeing(of, work, {first.name: first.prepare(work), f"{contender.name}, again": contender.prepare(work)})


@pytest.mark.parametrize("of", BENCHMARKS.values(), ids=BENCHMARKS)
def test_goals_speak_of_sizes_that_are_run_and_of_who_takes_part(of: Benchmark) -> None:
    names = {each.name for each in of.contenders}
    marks = [mark for goal in of.goals for mark in goal.marks]
    assert {mark.contender for mark in marks} <= names
    assert {mark.size for mark in marks} <= set(of.sizes)


@pytest.mark.parametrize("name", ["conditions", "join", "increment", "closure", "holdings", "compile"])
def test_the_same_size_is_the_same_work(name: str) -> None:
    assert BENCHMARKS[name].work(SMALL[name]) == BENCHMARKS[name].work(SMALL[name])


def test_each_second_request_meets_a_rule() -> None:
    work = conditions.work(100)
    found = neurosym.conditions_run(work)()()
    assert all(found[place] for place in range(0, len(found), 2))


def test_alerts_come_from_watched_countries_only() -> None:
    work = join.work(400)
    country = {row["id"]: row["country"] for row in work.facts["Transaction"]}
    watched = {row["id"]: row["country"] for row in work.facts["Watch"]}
    found = neurosym.join_run(work)()()
    assert found
    assert all(country[transaction] == watched[watch] for transaction, _, watch in found)


def test_arriving_deposits_complete_structurings() -> None:
    assert sum(map(len, neurosym.increment_run(increment.work(80))()())) >= 5


def test_companies_are_blocked_by_what_blocked_parties_hold_together() -> None:
    work = holdings.work(600)
    listed = {row["party"] for row in work.facts["Listed"]}
    assert listed
    assert set(neurosym.holdings_run(work)()()) > listed


def test_circular_steps_prove_nothing() -> None:
    edges = (("S0", "A", "B"), ("S1", "B", "C"), ("S2", "C", "B"))
    work = closure.Work({"Owns": [{"id": s, "owner": x, "owned": y} for s, x, y in edges]})
    honest: closure.Answer = [("A", "B", "", "S0"), ("A", "C", "B", "S1")]
    circular: closure.Answer = [("A", "B", "C", "S2"), ("A", "C", "B", "S1")]
    assert closure.is_proven(work, honest)
    assert closure.unproven(work, circular) == {("A", "B"), ("A", "C")}


def test_a_step_by_a_shareholding_that_says_something_else_is_no_proof() -> None:
    work = closure.Work({"Owns": [{"id": "S0", "owner": "A", "owned": "B"}]})
    assert not closure.is_proven(work, [("A", "C", "", "S0")])


def test_a_derived_fact_names_its_rule_and_what_it_rests_on() -> None:
    model = ours.evaluated(
        ours.compiled(neurosym.CLOSURE),
        {"Owns": [{"id": "1", "owner": "A", "owned": "B"}, {"id": "2", "owner": "B", "owned": "C"}]},
    )
    found = {key: (rule, premises) for key, rule, premises in ours.derived(model, "Holds")}
    assert found["A", "B"] == ("directly", (("1",),))
    assert found["A", "C"] == ("through", (("A", "B"), ("2",)))


def test_more_facts_take_more_memory() -> None:
    assert 0 < traced(20) < traced(200)


def test_the_command_writes_one_document() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "compile", "--size", "5", "--rounds", "2", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    (only,) = json.loads(done.stdout)["benchmarks"]
    assert [each["size"] for each in only["results"]] == [5]
    assert only["peak_mb"].keys() == {"neurosym"}
    assert done.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [("start", 1), ("memory", 100)])
def test_what_is_read_in_processes_is_read(name: str, size: int) -> None:
    of = BENCHMARKS[name]
    work = of.work(size)
    for each in of.contenders:
        assert each.prepare(work)()().value > 0
