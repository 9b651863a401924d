"""The harness: it compares answers before it times anything, and runs contenders in turn."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import Any

import pytest

from tests.benchmarks.benchmark import OURS, Benchmark, Goal, Mark, faster_than
from tests.benchmarks.measuring import DisagreementError, Pace, agreeing, in_turn
from tests.benchmarks.outcome import Outcome
from tests.benchmarks.report import document, outcome_lines
from tests.benchmarks.trial import Measured, Ready, repeatable

PACE = Pace(seed=3)
SOME = Benchmark("some", "some work", (10, 100), "things", lambda size: size, (), canonical=sorted)


def answering(*answer: int) -> Ready[tuple[int, ...]]:
    return repeatable(lambda: answer)


def test_answers_that_are_the_same_in_canonical_form_agree() -> None:
    assert agreeing(SOME, None, {"a": answering(1, 2), "b": answering(2, 1)}) >= 0


def test_a_different_answer_stops_the_benchmark() -> None:
    with pytest.raises(DisagreementError, match="some: a answers 2, c answers 3"):
        agreeing(SOME, None, {"a": answering(1, 2), "b": answering(2, 1), "c": answering(1, 3)})


def test_a_shorter_answer_stops_the_benchmark() -> None:
    with pytest.raises(DisagreementError, match="a answers 2 in all, b answers 1"):
        agreeing(SOME, None, {"a": answering(1, 2), "b": answering(1)})


def test_a_proof_that_does_not_hold_stops_the_benchmark() -> None:
    strict = replace(SOME, is_proven=lambda _, answer: answer == (1, 2))
    with pytest.raises(DisagreementError, match="some: a proof of b does not hold"):
        agreeing(strict, None, {"a": answering(1, 2), "b": answering(2, 1)})


def test_every_round_runs_each_contender_once_in_an_order_of_its_own() -> None:
    ran: list[str] = []

    def noting(name: str) -> Ready[None]:
        return lambda: lambda: ran.append(name)

    ready = {name: noting(name) for name in "abc"}
    samples = in_turn(ready, 6, PACE)
    rounds = [tuple(ran[at : at + 3]) for at in range(0, len(ran), 3)]
    assert {name: len(of) for name, of in samples.items()} == {"a": 6, "b": 6, "c": 6}
    assert all(sorted(each) == ["a", "b", "c"] for each in rounds)
    assert len(set(rounds)) > 1
    first = list(ran)
    ran.clear()
    in_turn(ready, 6, PACE)
    assert ran == first


@pytest.mark.parametrize(("seconds_of_one", "rounds"), [(0.0, 15), (1.0, 15), (10.0, 6), (59.0, 3), (600.0, 3)])
def test_rounds_get_fewer_when_they_take_long(seconds_of_one: float, rounds: int) -> None:
    assert Pace(rounds_max=15, seconds=60).rounds(seconds_of_one) == rounds
    assert Pace(rounds_max=1, seconds=60).rounds(seconds_of_one) == 1


def test_a_trial_that_reads_a_gauge_says_itself_what_it_took() -> None:
    samples = in_turn({"a": repeatable(lambda: Measured(None, 12.0))}, 2, PACE, count=4)
    assert samples == {"a": [3.0, 3.0]}


def test_the_collector_runs_afterwards_even_when_a_trial_fails() -> None:
    def failing() -> None:
        assert not gc.isenabled()
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        in_turn({"a": repeatable(failing)}, 1, Pace(has_collector=False))
    assert gc.isenabled()


def benchmarks_of(found: dict[str, object]) -> list[Any]:
    assert isinstance(found["benchmarks"], list)
    return found["benchmarks"]


def outcome(*goals: Goal) -> Outcome:
    samples = {10: {OURS: [1.0, 1.0, 1.0], "peer": [3.0, 3.0, 3.0]}, 100: {OURS: [10.0, 10.0, 10.0]}}
    return Outcome(replace(SOME, goals=goals), samples, {OURS: 5.0}, ["absent"])


def test_an_outcome_compares_with_ours_where_both_ran() -> None:
    found = outcome()
    times = found.times_ours(Mark("peer", 10))
    assert times is not None
    assert times.middle == 3
    assert found.times_ours(Mark(OURS, 10)) is None
    assert found.times_ours(Mark("peer", 100)) is None
    assert found.growth(OURS) == pytest.approx(1)
    assert found.growth("peer") is None


def test_goals_are_found_where_their_marks_ran() -> None:
    reached, missed, not_run = faster_than("peer", 10, 3), faster_than("peer", 10, 4), faster_than("peer", 100, 1)
    found = outcome(reached, missed, not_run).findings
    assert [(each.goal, each.is_reached) for each in found] == [(reached, True), (missed, False)]


def test_the_report_names_goals_missed_and_peers_that_are_absent() -> None:
    text = "\n".join(outcome_lines(outcome(faster_than("peer", 10, 4))))
    assert "peer at 10: at least 4 times neurosym at 10" in text
    assert "MISSED" in text
    assert "absent is not installed, and did not run" in text


def test_the_document_has_machine_versions_settings_and_samples() -> None:
    found = document([outcome()], PACE)
    assert {"machine", "versions", "settings", "benchmarks"} == found.keys()
    (only,) = benchmarks_of(found)
    assert only["results"][1]["samples"] == [3.0, 3.0, 3.0]
    assert only["skipped"] == ["absent"]
