"""Calibrating: what is promised, what it takes, and that the promise is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.judgment.calibration.artefact import Artefact, Bin, CalibrationKey
from neurosym.judgment.calibration.binomial import tail
from neurosym.judgment.calibration.calibrating import (
    GradedCase,
    Shortfall,
    Terms,
    accepted_wanted,
    bins_of,
    calibrated,
    is_learning,
)
from neurosym.judgment.calibration.threshold import Graded
from neurosym.judgment.plots.calibration_page import calibration_page
from neurosym.judgment.plots.reliability import reliability_plot
from neurosym.values.canonical import digest

KEY = CalibrationKey(digest("judgment"), digest("template"), "m<1>", "small")
TERMS = Terms(
    Fraction(1, 20), Fraction(9, 10), 1, digest("labels"), date(2026, 3, 1), date(2026, 8, 28), "same & different"
)


def cases(count: int, wrong_below: Decimal = Decimal(0), seed: int = 1) -> list[GradedCase]:
    """Answers with scores spread evenly; those below a score are wrong every other time."""
    chance = Random(seed)  # noqa: S311 - no secret
    found = []
    for number in range(count):
        score = Decimal(chance.randrange(101)) / 100
        is_right = score >= wrong_below or number % 2 == 0
        found.append(GradedCase(digest(number), Graded(score, is_right)))
    return found


def test_a_threshold_is_found_above_where_answers_are_wrong() -> None:
    made = calibrated(KEY, cases(1000, Decimal("0.4")), TERMS)
    assert isinstance(made, Artefact)
    assert Decimal("0.3") < made.promise.least <= Decimal("0.45")
    assert made.promise.bound <= Decimal("0.05")
    assert (made.cases, made.doubt, made.risk) == (1000, Decimal("0.1"), Decimal("0.05"))
    assert sum(each.count for each in made.bins) == 1000


def test_what_is_not_valid_lowers_coverage_and_not_the_bound() -> None:
    valid = cases(600)
    more = [*valid, *(GradedCase(digest(f"failed {number}"), None) for number in range(600))]
    alone, beside = calibrated(KEY, valid, TERMS), calibrated(KEY, more, TERMS)
    assert isinstance(alone, Artefact)
    assert isinstance(beside, Artefact)
    assert beside.promise == alone.promise
    assert beside.cases == 1200


def test_too_few_cases_promise_nothing_and_it_is_said_how_many_would_do() -> None:
    made = calibrated(KEY, cases(40), TERMS)
    assert isinstance(made, Shortfall)
    assert made.wanted == 45
    assert made.statement.startswith("nothing can be promised: 0 of ")


@pytest.mark.parametrize(
    ("risk", "doubt", "wanted"),
    [("0.01", "0.05", 299), ("0.05", "0.05", 59), ("0.001", "0.05", 2995), ("0.5", "0.5", 1)],
)
def test_how_many_it_takes_without_an_error(risk: str, doubt: str, wanted: int) -> None:
    assert accepted_wanted(Fraction(risk), Fraction(doubt)) == wanted


def test_a_quarter_is_learnt_from_whatever_the_order() -> None:
    learnt = sum(is_learning(digest(number)) for number in range(4000))
    assert 900 <= learnt <= 1100
    made = cases(500, Decimal("0.3"))
    assert calibrated(KEY, made, TERMS) == calibrated(KEY, made[::-1], TERMS)


@given(st.lists(st.integers(0, 100), min_size=60, max_size=150), st.data())
def test_one_more_error_never_lowers_what_is_asked_for(scores: list[int], data: st.DataObject) -> None:
    made = [GradedCase(digest(number), Graded(Decimal(score) / 100, True)) for number, score in enumerate(scores)]
    place = data.draw(st.sampled_from([at for at, each in enumerate(made) if not is_learning(each.question)]))
    worse = [*made]
    graded = worse[place].graded
    assert graded is not None
    worse[place] = replace(worse[place], graded=replace(graded, is_right=False))
    before, after = calibrated(KEY, made, TERMS), calibrated(KEY, worse, TERMS)
    if isinstance(after, Artefact):
        assert isinstance(before, Artefact)
        assert before.promise.least <= after.promise.least


def test_bins_are_twentieths() -> None:
    graded = [Graded(Decimal(text), text != "0.999999") for text in ("0", "0.049999", "0.05", "0.999999", "1")]
    assert bins_of(graded) == (Bin(0, 2, 2), Bin(Decimal("0.05"), 1, 1), Bin(Decimal("0.95"), 2, 1))


# --- the promise is kept


@pytest.mark.slow
@pytest.mark.parametrize("tiers", [1, 2])
@pytest.mark.parametrize("model", ["steep", "flat", "backwards"])
def test_over_a_thousand_draws_the_promise_is_broken_no_more_often_than_said(model: str, tiers: int) -> None:
    terms = replace(TERMS, risk=Fraction(1, 10), tiers=tiers)
    chance = Random(f"{model} {tiers}")  # noqa: S311 - no secret
    broken = made = 0
    for draw in range(1000):
        is_broken = is_made = False
        for tier in range(tiers):
            found = calibrated(KEY, _drawn(chance, model, f"{draw} {tier}"), terms)
            if isinstance(found, Artefact):
                is_made = True
                is_broken = is_broken or _true_risk(model, found.promise.least) > terms.risk
        made += is_made
        broken += is_broken
    assert tail(1000 - broken, 1000, terms.confidence) > Fraction(1, 1000)  # no more than chance explains
    assert made > 300 or model == "backwards"


def _wrong(model: str, step: int) -> Fraction:
    """How often an answer with a score of so many hundredths is wrong."""
    match model:
        case "steep":
            return Fraction(100 - step, 250)
        case "flat":
            return Fraction(1, 20)
        case _:
            return Fraction(step, 400)


def _true_risk(model: str, least: object) -> Fraction:
    steps = range(int(Decimal(str(least)) * 100), 101)
    return sum((_wrong(model, step) for step in steps), Fraction(0)) / len(steps)


def _drawn(chance: Random, model: str, name: str) -> list[GradedCase]:
    found = []
    for number in range(400):
        step = chance.randrange(101)
        is_right = chance.random() >= _wrong(model, step)
        found.append(GradedCase(digest(f"{name} {number}"), Graded(Decimal(step) / 100, is_right)))
    return found


# --- how it is shown


def test_the_plot_is_the_same_bytes_and_the_page_says_the_promise() -> None:
    made = calibrated(KEY, cases(1000, Decimal("0.4")), TERMS)
    assert isinstance(made, Artefact)
    plot = reliability_plot(made)
    assert plot.startswith(b"\x89PNG")
    assert plot == reliability_plot(made)
    page = calibration_page(made, plot)
    assert "at most 5 % are wrong, with confidence 90 %" in page
    assert "same &amp; different by tier small" in page
    assert "m&lt;1&gt;" in page
    assert "http" not in page.replace("http-equiv", "")
