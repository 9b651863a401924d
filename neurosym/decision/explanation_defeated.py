"""Conclusions that exceptions took away: what a decision would otherwise have been."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from neurosym.decision.deliberation import Deliberation
from neurosym.engine.conclusion import concluded_outcome
from neurosym.engine.derivation import Derivation
from neurosym.engine.firing import Application
from neurosym.engine.model import Model
from neurosym.engine.reached import OutcomeReached
from neurosym.feel.extent import equal
from neurosym.feel.kleene import conjunction
from neurosym.program.rule import ConcludeOutcome, Rule

DEFEATED_MAX = 20  # one licence may lift many reasons; a few say it


@dataclass(frozen=True, slots=True)
class Defeated:
    """An outcome whose rule is satisfied, and that does not follow because an exception is in effect."""

    outcome: OutcomeReached
    derivation: Derivation


def defeated(found: Deliberation) -> tuple[Defeated, ...]:
    """The outcomes of the decision that certainly hold but for an exception, the highest first."""
    rank = found.case.decision.outcomes.index
    several = list(islice(_all_defeated(found), DEFEATED_MAX))
    return tuple(sorted(several, key=lambda each: (rank(each.outcome.outcome), each.outcome.application.order)))


def _all_defeated(found: Deliberation) -> Iterator[Defeated]:
    provisions = found.model.firing.provisions
    for rule in provisions.rules:
        for conclusion in rule.conclusions:
            if isinstance(conclusion, ConcludeOutcome) and conclusion.decision == found.case.decision.name:
                has_exceptions = next(provisions.to(rule.id, conclusion.target), None) is not None
                yield from _defeated_bindings(found, rule, conclusion) if has_exceptions else ()


def _defeated_bindings(found: Deliberation, rule: Rule, conclusion: ConcludeOutcome) -> Iterator[Defeated]:
    model = found.model
    for environment, truth in model.world.bindings(rule.join, {}):
        if truth is not True or model.firing.defeated(rule.id, conclusion.target, environment) is not True:
            continue
        outcome = concluded_outcome(Application(rule, conclusion, environment, truth), model.world)
        pairs = zip(outcome.subject, found.case.subject, strict=True)
        if conjunction(equal(mine, theirs) for mine, theirs in pairs) is True:
            yield Defeated(outcome, _derivation(model, outcome))


def _derivation(model: Model, of: OutcomeReached) -> Derivation:
    application = of.application
    rule, target = application.provision.id, application.conclusion.target
    notes = model.firing.notes(rule, target, application.environment)
    return Derivation(
        rule, application.environment, 1, is_certain=False, reads=model.firing.reads(application), notes=notes
    )
