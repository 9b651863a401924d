"""Drift: an alarm where a tier is no longer what was calibrated, and none where chance explains what is seen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import log, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.judgment.calibration.artefact import Artefact, Bin
from neurosym.judgment.calibration.calibrating import bins_of
from neurosym.judgment.calibration.drift import DOUBT, Drift, DriftState, Observed, drift
from neurosym.judgment.calibration.threshold import Graded
from neurosym.values.number import Number
from tests.judgment.calibration.test_calibration_artefact import ARTEFACT

Scores = list[Number | None]
scores = st.lists(st.none() | st.integers(0, 100).map(lambda each: Decimal(each) / 100), min_size=1, max_size=60)


def calibrated_on(found: Scores) -> Artefact:
    """An artefact of a sample with these scores."""
    bins = bins_of(Graded(each, is_right=True) for each in found if each is not None)
    return replace(ARTEFACT, bins=bins, cases=len(found))


def since(before: Scores, after: Scores, audited: int = 0, contradicted: int = 0) -> Drift:
    return drift(calibrated_on(before), Observed([*after], audited, contradicted))


HIGH: Scores = [Decimal("0.97")] * 300
LOW: Scores = [Decimal("0.42")] * 300
NONE: Scores = [None] * 300


@pytest.mark.parametrize(
    ("before", "after", "state", "distance"),
    [
        (HIGH, HIGH, DriftState.OK, 0),
        (HIGH, [], DriftState.NOTHING, 0),
        (HIGH, LOW, DriftState.ALARM, 1),
        (HIGH, NONE, DriftState.ALARM, 1),
        (NONE, HIGH, DriftState.ALARM, 1),
        (HIGH, LOW[:1], DriftState.OK, 1),  # a single case shows nothing
        (HIGH + LOW, HIGH + LOW[:200], DriftState.OK, Decimal("0.1")),
        (HIGH + LOW, HIGH, DriftState.ALARM, Decimal("0.5")),
    ],
)
def test_scores_that_are_others_than_they_were(
    before: Scores, after: Scores, state: DriftState, distance: Number
) -> None:
    found = since(before, after)
    assert (found.state, found.distance) == (state, distance)
    assert bool(found.alarms) is (state is DriftState.ALARM)


def test_what_chance_explains_is_the_bound_of_massart_for_both_samples() -> None:
    found = since(HIGH, HIGH[:100])
    expected = sum(sqrt(log(4 / float(DOUBT)) / (2 * count)) for count in (300, 100))
    assert expected <= float(found.allowed) < expected + 0.0001
    assert since(HIGH, HIGH[:3]).allowed == 1


@pytest.mark.parametrize(
    ("audited", "contradicted", "state"),
    [
        (0, 0, DriftState.OK),
        (50, 0, DriftState.OK),
        (50, 1, DriftState.OK),
        (50, 10, DriftState.ALARM),
        (2, 2, DriftState.ALARM),
    ],
)
def test_persons_who_contradict_what_was_accepted(audited: int, contradicted: int, state: DriftState) -> None:
    found = since(HIGH, HIGH, audited, contradicted)
    assert found.state is state
    if found.alarms:
        assert f"contradict {contradicted} of {audited} accepted answers" in found.alarms[0]


@given(scores)
def test_a_sample_has_not_drifted_from_itself(found: Scores) -> None:
    assert since(found, found).distance == 0
    assert since(found, found).state is DriftState.OK


@given(scores, scores)
def test_distance_is_symmetric_and_order_is_irrelevant(left: Scores, right: Scores) -> None:
    found = since(left, right)
    assert found.distance == since(right, left).distance == since(left[::-1], right[::-1]).distance
    assert 0 <= found.distance <= 1


@given(scores, scores)
def test_distance_is_the_greatest_difference_of_the_shares_below_a_step(left: Scores, right: Scores) -> None:
    steps = [Decimal(step) / 20 for step in range(20)]

    def below(sample: Scores, step: Decimal) -> float:
        return sum(each is None or (each < step) for each in sample) / len(sample)

    ends = [abs(below(left, step) - below(right, step)) for step in steps]
    found = float(since(left, right).distance)
    assert found <= max(ends) + 1e-9
    assert found > max(ends) - 0.0001


@pytest.mark.slow
def test_an_alarm_is_raised_no_more_often_than_was_said_where_nothing_changed() -> None:
    chance = Random(4)  # noqa: S311 - a simulation
    alarms = 0
    for _ in range(1_000):
        before: Scores = [Decimal(chance.randrange(40, 101)) / 100 for _ in range(200)]
        after: Scores = [Decimal(chance.randrange(40, 101)) / 100 for _ in range(150)]
        alarms += since(before, after).state is DriftState.ALARM
    assert alarms <= 1_000 * DOUBT


def test_the_document_of_a_comparison() -> None:
    document = since(HIGH, LOW, 50, 10).json
    assert (document["state"], document["cases"], document["calibrated_cases"]) == ("alarm", 300, 300)
    assert document["bins"] == [["0.4", 300]]
    assert isinstance(document["alarms"], list)
    assert len(document["alarms"]) == 2
    assert Bin(Decimal("0.95"), 300, 300) in calibrated_on(HIGH).bins
