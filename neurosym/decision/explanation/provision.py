"""Rules and exceptions in explanations."""

from __future__ import annotations

from neurosym.decision.explanation.structure import ProvisionShown
from neurosym.engine.model import Model
from neurosym.program.rule import Provision


def provisions_by_id(model: Model) -> dict[str, Provision]:
    """The rules and exceptions in force on the day of the model; of a dated rule there is one version then."""
    in_force = model.firing.provisions
    provisions: tuple[Provision, ...] = (*in_force.rules, *in_force.exceptions)
    return {each.id: each for each in provisions}


def provision_shown(of: Provision) -> ProvisionShown:
    """The provision as explanations show it."""
    return ProvisionShown(of.id, of.label, of.cites, of.period, of.span)
