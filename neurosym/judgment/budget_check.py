"""What a budget and the tiers cannot do together."""

from __future__ import annotations

from collections.abc import Iterable

from neurosym.judgment.configuration import Configuration, ModelTier
from neurosym.program.judgment import Judgment
from neurosym.text.diagnostic import Diagnostic, Report, Severity
from neurosym.text.suggestion import did_you_mean


def check_budget(judgments: Iterable[Judgment], configuration: Configuration, report: Report) -> None:
    """Report what is wrong with a budget: NS691 a model whose attempts could cost anything; NS692, a warning, a budget
    of a judgment that the ruleset does not have.
    """
    budget = configuration.budget
    for tier in configuration.tiers if budget.limits_money else ():
        if isinstance(tier, ModelTier) and (tier.price is None or tier.price.currency != budget.currency):
            message = f"tier `{tier.name}` has no price in {budget.currency}, the currency of the budget"
            advice = (
                f'write `price = {{ currency = "{budget.currency}", per_million_read = "0.15" }}`, or "0" if it is free'
            )
            report.add(Diagnostic("NS691", Severity.ERROR, message, help=advice))
    known = [each.name for each in judgments]
    for name in sorted(budget.question):
        if name not in known:
            message = f"there is a budget for questions of `{name}`, and no judgment has that name"
            report.add(Diagnostic("NS692", Severity.WARNING, message, help=did_you_mean(name, known)))
