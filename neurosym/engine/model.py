"""A finished model: which facts hold, which may, what is concluded about decisions and duties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import combinations

from neurosym.engine.conclusion import concluded_duty, concluded_outcome
from neurosym.engine.derivation import Derivation
from neurosym.engine.extension import Entry, Extension, must_differ
from neurosym.engine.firing import Firing
from neurosym.engine.reached import DutyReached, OutcomeReached
from neurosym.engine.world import ModelWorld
from neurosym.feel.filling import filled
from neurosym.feel.typed import TypedExpr
from neurosym.feel.types import FactOf
from neurosym.program.rule import ConcludeDuty, ConcludeOutcome, Conclusion
from neurosym.values.value import Reference


class Model:
    """The facts by type, and what is concluded from them about decisions and duties."""

    def __init__(
        self,
        firing: Firing,
        extensions: Mapping[str, Extension],
        concluding: Mapping[Reference, frozenset[str]],
    ) -> None:
        self.firing = firing
        self.extensions = extensions
        self.concluding = concluding  # the provisions of a certain fact's certain derivations

    @property
    def world(self) -> ModelWorld:
        """What expressions see of the model."""
        return self.firing.world

    # --- facts

    def entries(self, of: str) -> Iterator[Entry]:
        """The entries of a type."""
        return iter(self.extensions[of])

    def entry(self, of: Reference) -> Entry | None:
        """The first certain entry of a key, else a possible one, else None."""
        contents = sorted(
            self.extensions[of.type].by_key.get(of.key, {}).values(), key=lambda entry: not entry.is_certain
        )
        return contents[0] if contents else None

    def conflicts(self) -> tuple[Reference, ...]:
        """The keys whose certain contents must differ (language §5.2)."""
        found = []
        for extension in self.extensions.values():
            for contents in extension.by_key.values():
                certain = [entry.fact for entry in contents.values() if entry.is_certain]
                if any(must_differ(one, other) for one, other in combinations(certain, 2)):
                    found.append(certain[0].reference)
        return tuple(found)

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

        def about(conclusion: Conclusion) -> Iterator[tuple[TypedExpr, Reference]]:
            assert isinstance(conclusion, ConcludeOutcome)
            return zip((value for _, value in conclusion.subject), subject, strict=True)

        found = self.firing.cases(
            lambda conclusion: isinstance(conclusion, ConcludeOutcome) and conclusion.decision == decision, about
        )
        return tuple(concluded_outcome(each, self.world) for each in found)

    def duties_about(self, subject: tuple[Reference, ...]) -> tuple[DutyReached, ...]:
        """The duties, but for some that certainly name facts of the subject's types that are none of it."""
        types = [reference.type for reference in subject]
        single = {reference.type: reference for reference in subject if types.count(reference.type) == 1}

        def about(conclusion: Conclusion) -> Iterator[tuple[TypedExpr, Reference]]:
            assert isinstance(conclusion, ConcludeDuty)
            for _, value in conclusion.fields:
                if isinstance(value.type, FactOf) and value.type.name in single:
                    yield value, single[value.type.name]

        found = self.firing.applications(lambda conclusion: isinstance(conclusion, ConcludeDuty), about)
        return tuple(concluded_duty(each, self.world) for each in found)

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
