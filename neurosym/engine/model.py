"""A finished model: which facts hold, which may, what is concluded about decisions and duties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import combinations

from neurosym.engine.conclusion import concluded_duty, concluded_fact, concluded_outcome
from neurosym.engine.derivation import Derivation
from neurosym.engine.extension import Entry, Extension, must_differ
from neurosym.engine.firing import Firing
from neurosym.engine.reached import DutyReached, OutcomeReached
from neurosym.engine.world import ModelWorld
from neurosym.feel.filling import filled
from neurosym.feel.order import Contents, sort_key
from neurosym.feel.typed import TypedExpr
from neurosym.feel.types import FactOf
from neurosym.program.rule import ConcludeDuty, ConcludeFact, ConcludeOutcome, Conclusion
from neurosym.values.value import Reference


class Model:
    """The facts by type, and what is concluded from them about decisions and duties."""

    def __init__(self, firing: Firing) -> None:
        self.firing = firing

    @property
    def world(self) -> ModelWorld:
        """What expressions see of the model."""
        return self.firing.world

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """The facts of all types."""
        return self.world.extensions

    # --- facts

    def entries(self, of: str) -> Iterator[Entry]:
        """The entries of a type."""
        return iter(self.extensions[of])

    def entry(self, of: Reference) -> Entry | None:
        """The first certain entry of a key by its content, else the first possible one, else None."""
        contents = self.extensions[of.type].contents(of.key)
        return min(contents, key=lambda entry: (not entry.is_certain, Contents((entry.fact,))), default=None)

    def conflicts(self) -> tuple[Reference, ...]:
        """The keys whose certain contents must differ (language §5.2)."""
        found = []
        for name, of in self.world.program.fact_types.items():
            if not of.is_derived or len(of.key_fields) == len(of.fields):
                continue  # intake refuses what is given twice, and a key alone differs from no other
            extension = self.extensions[name]
            for key in extension.known_keys():
                certain = [entry.fact for entry in extension.contents(key) if entry.is_certain]
                if any(must_differ(one, other) for one, other in combinations(certain, 2)):
                    found.append(certain[0].reference)
        return tuple(sorted(found, key=sort_key))

    @cached_property
    def concluding(self) -> Mapping[Reference, frozenset[str]]:
        """The provisions of every certain derivation of each certain fact."""
        found: dict[Reference, set[str]] = {}
        for each in self.firing.applications(lambda conclusion: isinstance(conclusion, ConcludeFact)):
            if each.truth is True:
                fact = concluded_fact(each, self.world.program, self.world)
                if not fact.unnamed:
                    found.setdefault(fact.reference, set()).add(each.provision.id)
        return {reference: frozenset(names) for reference, names in found.items()}

    # --- outcomes and duties; nothing reads them, so they are found when asked for

    @cached_property
    def outcomes(self) -> tuple[OutcomeReached, ...]:
        """Every outcome of every decision, for every subject."""
        found = self.firing.applications(lambda conclusion: isinstance(conclusion, ConcludeOutcome))
        return tuple(concluded_outcome(each, self.world) for each in found)

    @cached_property
    def duties(self) -> tuple[DutyReached, ...]:
        """Every duty."""
        found = self.firing.applications(lambda conclusion: isinstance(conclusion, ConcludeDuty))
        return tuple(concluded_duty(each, self.world) for each in found)

    def outcomes_about(self, decision: str, subject: tuple[Reference, ...]) -> tuple[OutcomeReached, ...]:
        """The outcomes of a decision, but for some that are certainly about other subjects; those that an exception
        defeats are among them, and false.
        """
        return tuple(concluded_outcome(each, self.world) for each in self.firing.outcomes(decision, subject))

    def duties_about(self, subject: tuple[Reference, ...]) -> tuple[DutyReached, ...]:
        """The duties, but for some that certainly name facts of the subject's types that are none of it."""
        types = [reference.type for reference in subject]
        single = {reference.type: reference for reference in subject if types.count(reference.type) == 1}

        def about(conclusion: Conclusion) -> Iterator[tuple[TypedExpr, Reference]]:
            assert isinstance(conclusion, ConcludeDuty)
            for _, value in conclusion.fields:
                if isinstance(value.type, FactOf) and value.type.name in single:
                    yield value, single[value.type.name]

        return tuple(concluded_duty(each, self.world) for each in self.firing.duties(about))

    def derivation(self, of: OutcomeReached | DutyReached) -> Derivation:
        """How an outcome or duty was concluded."""
        application = of.application
        provision, target = application.provision, application.conclusion.target
        notes = self.firing.notes(provision.id, target, application.environment)
        reads = self.firing.reads(application)
        return Derivation(provision.id, application.environment, 1, application.truth is True, reads, notes)

    def text(self, of: OutcomeReached) -> str:
        """The reason shown to people: the rule's `because` with its values, else its label."""
        conclusion = of.application.conclusion
        assert isinstance(conclusion, ConcludeOutcome)
        if conclusion.because is None:
            return of.application.provision.label
        return filled(conclusion.because, of.application.environment, self.world.evaluator)
