"""What repeated decisions cost: the same decision in every round, figures from the clock that is brought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate, repeat

import pytest

from neurosym.decision.intake import Document
from neurosym.decision.timing import STAGES, Clock, Timed, Timing, percentile, percentiles_us, time_decisions
from neurosym.judgment.supplied import SuppliedAnswer
from neurosym.text.failure import InputError
from tests.decision.case import PAYMENT, engine_of, screening, supplied, world

MILLISECOND = 1_000_000


def timed(*answers: SuppliedAnswer, on: date | None = None) -> Timed:
    engine = engine_of(screening())
    return Timed(engine, "screen", Document("request", PAYMENT), engine.know(world("E1")), answers, on)


def ticking(step: int = MILLISECOND) -> Clock:
    """A clock that is so much later each time it is looked at."""
    ticks: Iterator[int] = accumulate(repeat(step))
    return lambda: next(ticks)


@pytest.mark.parametrize(
    ("samples", "share", "expected"),
    [
        ([7], 50, 7),
        ([7], 99, 7),
        ([4, 1, 3, 2], 50, 2),
        ([4, 1, 3, 2], 90, 4),
        (range(1, 101), 50, 50),
        (range(1, 101), 90, 90),
        (range(1, 101), 99, 99),
        (range(1, 201), 99, 198),
        ([1] * 99 + [1_000], 99, 1),
        ([1] * 98 + [1_000] * 2, 99, 1_000),
    ],
)
def test_a_percentile_is_the_least_sample_that_so_many_do_not_exceed(
    samples: Sequence[int], share: int, expected: int
) -> None:
    assert percentile(samples, share) == expected


def test_percentiles_are_shown_in_microseconds_with_the_maximum() -> None:
    assert percentiles_us([1_000, 2_000, 9_999]) == {"p50": 2, "p90": 9, "p99": 9, "max": 9}


@pytest.mark.parametrize("answers", [(), (supplied("same"),), (supplied("different"),)])
def test_the_stages_make_the_decision_that_the_engine_makes(answers: tuple[SuppliedAnswer, ...]) -> None:
    of = timed(*answers)
    decided, staged = of.decided(), of.laps(ticking())[0]
    assert staged.result_bytes == decided.result_bytes
    assert staged.proof_bytes == decided.proof_bytes


def test_the_stages_decide_as_of_the_pinned_day() -> None:
    of = timed(on=date(2020, 1, 1))
    assert of.laps(ticking())[0].on == of.decided().on == date(2020, 1, 1)


def test_every_round_is_timed_whole_and_by_stage() -> None:
    found = time_decisions(timed(), 5, 60, ticking())
    assert found.whole == (MILLISECOND,) * 5
    assert found.stages == dict.fromkeys(STAGES, (MILLISECOND,) * 5)
    assert found.first == MILLISECOND


def test_rounds_end_when_the_seconds_are_over_but_there_is_one() -> None:
    hurried = time_decisions(timed(), 1_000, 1, ticking(400 * MILLISECOND))
    assert len(hurried.whole) == 1
    some = time_decisions(timed(), 1_000, 1, ticking(50 * MILLISECOND))
    assert 1 < len(some.whole) < 10


def test_the_document_says_what_was_decided_and_how_often() -> None:
    document = Timing(timed().decided(), 5_000, (1_000, 3_000), dict.fromkeys(STAGES, (2_000,))).json
    assert document == {
        "decision": "screen",
        "status": "undecided",
        "outcome": None,
        "rounds": 2,
        "first_us": 5,
        "whole_us": {"p50": 1, "p90": 3, "p99": 3, "max": 3},
        "stages_us": {name: {"p50": 2, "p90": 2, "p99": 2, "max": 2} for name in STAGES},
    }


def test_an_answer_that_nothing_asks_for_is_refused_before_anything_is_timed() -> None:
    with pytest.raises(InputError):
        time_decisions(timed(supplied("same", "E9")), 5, 60, ticking())
