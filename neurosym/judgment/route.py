"""Routes: which tiers a judgment goes through, and which of them may see what it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from neurosym.judgment.configuration import Configuration, ModelTier, Tier
from neurosym.program.judgment import Judgment
from neurosym.program.schema import FactType
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.suggestion import did_you_mean

# The data class of each field, by fact type and name.
DataClasses: TypeAlias = Mapping[tuple[str, str], str]
STRICTEST = "secret"


def data_classes(fact_types: Iterable[FactType]) -> dict[tuple[str, str], str]:
    """The data class of every field."""
    return {(each.name, field.name): field.data_class for each in fact_types for field in each.fields}


def next_tier(judgment: Judgment, configuration: Configuration, tried: AbstractSet[str]) -> str | None:
    """The first tier of the route that is configured and was not tried, or None when the route is at its end."""
    names = configuration.names
    return next((step.tier for step in judgment.route if step.tier in names and step.tier not in tried), None)


def unseen_fields(judgment: Judgment, tier: Tier, classes: DataClasses) -> tuple[str, ...]:
    """The fields of the judgment that the tier may not see, each with its class; a field without a class is secret."""
    if not isinstance(tier, ModelTier):
        return ()
    types = dict(judgment.parameters)
    read = dict.fromkeys(judgment.reads + judgment.evidence)
    found = [(f"{argument}.{name}", classes.get((types[argument], name), STRICTEST)) for argument, name in read]
    return tuple(f"{path} ({data_class})" for path, data_class in found if data_class not in tier.may_see)


def check_routes(
    judgments: Iterable[Judgment], configuration: Configuration, classes: DataClasses, report: Report
) -> None:
    """Report what the routes and the tiers cannot do together.

    NS606 a name in a route without a tier, unless the step is optional; NS607, a warning, a model tier that may not
    see what a judgment reads and so can never serve it.
    """
    for judgment in judgments:
        for step in judgment.route:
            tier = configuration.tier(step.tier)
            if tier is not None:
                _check_sight(judgment, tier, classes, report)
            elif not step.is_optional:
                advice = did_you_mean(step.tier, configuration.names)
                report.add(
                    Diagnostic(
                        "NS606",
                        Severity.ERROR,
                        f"the route of `{judgment.name}` names `{step.tier}`, and no tier has that name",
                        Label(judgment.span),
                        help=advice or f"add `[tier.{step.tier}]`, or write `{step.tier}?` if it can do without",
                    )
                )


def _check_sight(judgment: Judgment, tier: Tier, classes: DataClasses, report: Report) -> None:
    unseen = unseen_fields(judgment, tier, classes)
    if unseen:
        report.add(
            Diagnostic(
                "NS607",
                Severity.WARNING,
                f"tier `{tier.name}` can never answer `{judgment.name}`: it may not see {', '.join(unseen)}",
                Label(judgment.span),
                help="let it see them with `may_see`, or leave the tier out of the route",
            )
        )
