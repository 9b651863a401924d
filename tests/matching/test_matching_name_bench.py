"""Accuracy on a public benchmark of labelled name pairs (shared/data/name-bench), by group and quality of label.

The floors are what the matcher reaches; a change that falls below one has to say why.
"""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from neurosym.matching.similarity import similar

CASES = Path(__file__).parents[3] / "shared" / "data" / "name-bench" / "cases.csv"
FLOORS = {
    "0.80": {
        "all": 275,
        "nk_checks": 202,
        "nk_unit_tests": 73,
        "STRONG": 23,
        "MEDIUM": 238,
        "WEAK": 14,
        "true": 163,
        "false": 112,
    },
    "0.85": {
        "all": 266,
        "nk_checks": 195,
        "nk_unit_tests": 71,
        "STRONG": 23,
        "MEDIUM": 230,
        "WEAK": 13,
        "true": 153,
        "false": 113,
    },
}
SIZES = {
    "all": 308,
    "nk_checks": 226,
    "nk_unit_tests": 82,
    "STRONG": 23,
    "MEDIUM": 261,
    "WEAK": 24,
    "true": 191,
    "false": 117,
}

pytestmark = pytest.mark.skipif(not CASES.is_file(), reason="the outside test data (shared/data/name-bench) is absent")


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def groups(case: dict[str, str]) -> tuple[str, ...]:
    return ("all", case["case_group"], case["quality"], case["is_match"])


def is_right(case: dict[str, str], threshold: Decimal) -> bool:
    return (similar(case["name1"], case["name2"]) >= threshold) == (case["is_match"] == "true")


def test_the_benchmark_has_the_cases_that_the_floors_count() -> None:
    assert Counter(group for case in cases() for group in groups(case)) == SIZES


@pytest.mark.parametrize("threshold", FLOORS)
def test_accuracy_is_not_below_what_was_reached(threshold: str) -> None:
    right = Counter(group for case in cases() if is_right(case, Decimal(threshold)) for group in groups(case))
    report = ", ".join(f"{group} {right[group]}/{size}" for group, size in SIZES.items())
    below = {group: right[group] for group, floor in FLOORS[threshold].items() if right[group] < floor}
    assert not below, f"at {threshold}: {report}"


@pytest.mark.parametrize("threshold", FLOORS)
def test_no_case_that_must_be_right_is_wrong(threshold: str) -> None:
    wrong = [
        (case["name1"], case["name2"])
        for case in cases()
        if case["quality"] == "STRONG" and not is_right(case, Decimal(threshold))
    ]
    assert wrong == []
