"""Budgets: what is asked stops before a limit is passed, never after."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from neurosym.judgment.budget import Allowance, Budget, Spent
from neurosym.judgment.configuration_file import parse_configuration, read_configuration
from neurosym.text.diagnostic import Report

WHOLE = """
[budget]
currency = "USD"
[budget.decision]
cost = "0.50"
seconds = 30
[budget.day]
cost = "20"
[budget.question.same_person]
cost = "0.10"
"""


def read(text: str) -> tuple[Budget, list[tuple[str, str | None]]]:
    report = Report()
    found = parse_configuration(text.encode(), "judges.toml", Path(), report)
    return found.budget, [(each.code, each.help) for each in report.diagnostics]


def test_a_budget_is_read_and_recorded() -> None:
    budget, problems = read(WHOLE)
    assert problems == []
    assert budget == Budget(
        "USD", Allowance(Decimal("0.5"), 30), Allowance(20), {"same_person": Allowance(Decimal("0.1"))}
    )
    configuration = parse_configuration(WHOLE.encode(), "judges.toml", Path(), Report())
    assert read_configuration(configuration.json).budget == budget


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[budget.day]\ncost = "20"', "NS690"),
        ("[budget]\nday = 20", "NS603"),
        ('[budget]\ncurrency = "USD"\n[budget.day]\ncost = 20', "NS603"),
        ('[budget]\ncurrency = "USD"\n[budget.day]\ncost = "-1"', "NS603"),
        ("[budget.day]\nseconds = 0", "NS603"),
        ("[budget.week]\nseconds = 1", "NS601"),
        ("[budget.question]\nsame_person = 1", "NS603"),
    ],
)
def test_a_budget_that_is_none_is_refused(text: str, code: str) -> None:
    _, problems = read(text)
    assert [found for found, _ in problems] == [code]


REFUSALS: list[tuple[Allowance, Spent, str, str | None]] = [
    (Allowance(), Spent(1000, 10**9), "1000", None),
    (Allowance(Decimal("0.5")), Spent(Decimal("0.4")), "0.1", None),
    (Allowance(Decimal("0.5")), Spent(Decimal("0.4")), "0.11", "0.5 USD, of which 0.4 are spent"),
    (Allowance(0), Spent(), "0", None),
    (Allowance(0), Spent(), "0.000001", "0 USD, of which 0 are spent"),
    (Allowance(seconds=30), Spent(0, 29_999), "0", None),
    (Allowance(seconds=30), Spent(0, 30_000), "0", "its 30 seconds are spent"),
]


@pytest.mark.parametrize(("allowance", "spent", "cost", "refusal"), REFUSALS)
def test_nothing_is_asked_that_could_pass_a_limit(
    allowance: Allowance, spent: Spent, cost: str, refusal: str | None
) -> None:
    assert allowance.refusal(spent, Decimal(cost), "USD") == refusal
