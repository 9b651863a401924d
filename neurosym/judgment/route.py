"""Routes: which tiers a judgment goes through, and which of them may see what it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from neurosym.judgment.configuration import Configuration, LocalTier, ModelTier, PersonTier, Tier
from neurosym.judgment.dialect import Dialect
from neurosym.judgment.shared_prompt import unlisted
from neurosym.judgment.tier import Skipped
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


def skipped(judgment: Judgment, name: str, configuration: Configuration, classes: DataClasses) -> Skipped | None:
    """Why the tier is not asked about the judgment at all, or None."""
    tier = configuration.tier(name)
    if tier is None:
        return Skipped(name, "no tier has that name")
    for member, _ in configuration.voices(name):
        if isinstance(member, ModelTier | LocalTier) and member.suspended is not None:
            return Skipped(name, f"`{member.name}` is suspended: {member.suspended}")
        if unseen := unseen_fields(judgment, member, classes):
            return Skipped(name, f"it may not see {', '.join(unseen)}")
    return None


def unseen_fields(judgment: Judgment, tier: Tier, classes: DataClasses) -> tuple[str, ...]:
    """The fields of the judgment that the tier may not see, not even in disguise, each with its class."""
    match tier:
        case ModelTier():
            allowed = (*tier.may_see, *tier.pseudonymise)
        case LocalTier():
            allowed = tier.may_see
        case _:
            return ()
    return tuple(f"{path} ({data_class})" for path, data_class in _read(judgment, classes) if data_class not in allowed)


def hidden_fields(judgment: Judgment, tier: Tier, classes: DataClasses) -> dict[str, str]:
    """The fields of the judgment that the tier sees in disguise only, each with its class."""
    if not isinstance(tier, ModelTier):
        return {}
    return {path: data_class for path, data_class in _read(judgment, classes) if data_class not in tier.may_see}


def _read(judgment: Judgment, classes: DataClasses) -> list[tuple[str, str]]:
    """The fields that the judgment reads, with their classes; a field without a class is secret."""
    types = dict(judgment.parameters)
    read = dict.fromkeys(judgment.reads + judgment.evidence)
    return [(f"{argument}.{name}", classes.get((types[argument], name), STRICTEST)) for argument, name in read]


def check_routes(
    judgments: Iterable[Judgment], configuration: Configuration, classes: DataClasses, report: Report
) -> None:
    """Report what the routes and the tiers cannot do together.

    NS606 a name in a route without a tier, unless the step is optional; NS607, a warning, a tier that can never
    serve a judgment; NS693, a warning, an audit without persons.
    """
    for judgment in judgments:
        _check_audit(judgment, configuration, report)
        for step in judgment.route:
            tier = configuration.tier(step.tier)
            if tier is not None:
                for member, _ in configuration.voices(tier.name):
                    _check_service(judgment, member, classes, report)
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


def _check_audit(judgment: Judgment, configuration: Configuration, report: Report) -> None:
    """NS693: nobody to look at the answers that are to be audited."""
    has_persons = any(isinstance(tier, PersonTier) for tier in configuration.tiers)
    if judgment.audit_percent is not None and configuration.tiers and not has_persons:
        message = f"answers of `{judgment.name}` are to be audited, and there is no tier of persons"
        advice = 'add a tier with `kind = "person"`'
        report.add(Diagnostic("NS693", Severity.WARNING, message, Label(judgment.span), help=advice))


def _check_service(judgment: Judgment, tier: Tier, classes: DataClasses, report: Report) -> None:
    """NS607: the tier is asked in vain, or never."""
    obstacle = _obstacle(judgment, tier, classes)
    if obstacle is not None:
        message = f"tier `{tier.name}` can never answer `{judgment.name}`: {obstacle[0]}"
        report.add(Diagnostic("NS607", Severity.WARNING, message, Label(judgment.span), help=obstacle[1]))


def _obstacle(judgment: Judgment, tier: Tier, classes: DataClasses) -> tuple[str, str] | None:
    """Why the tier can never answer the judgment, with what to do; None when it can."""
    if unseen := unseen_fields(judgment, tier, classes):
        return (
            f"it may not see {', '.join(unseen)}",
            "let it see them with `may_see`, or leave the tier out of the route",
        )
    if isinstance(tier, LocalTier) and not judgment.is_closed:
        return "a local model chooses among few answers", "leave the tier out of the route"
    if isinstance(tier, ModelTier) and tier.dialect is Dialect.DECISIONS and (complaint := unlisted(judgment)):
        return complaint, "name another dialect, or leave the tier out of the route"
    return None
