"""A finished model: which facts hold, which may, what is concluded about decisions and duties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from neurosym.engine.derivation import Derivation
from neurosym.engine.extension import Entry, Extension, content
from neurosym.engine.firing import Application, Firing
from neurosym.engine.world import ModelWorld
from neurosym.feel.filling import filled
from neurosym.program.rule import ConcludeOutcome
from neurosym.values.unknown import Unknown
from neurosym.values.value import Reference, Truth, Value


@dataclass(frozen=True, slots=True)
class OutcomeReached:
    """An outcome concluded for a subject, certain or possible. `subject` follows the decision's parameters."""

    decision: str
    subject: tuple[Value, ...]
    outcome: str
    application: Application

    @property
    def truth(self) -> Truth:
        """Whether it is concluded."""
        return self.application.truth


@dataclass(frozen=True, slots=True)
class DutyReached:
    """A duty concluded, certain or possible."""

    duty: str
    fields: tuple[tuple[str, Value], ...]
    owed_by: Value
    due: Value
    application: Application

    @property
    def truth(self) -> Truth:
        """Whether it is concluded."""
        return self.application.truth


@dataclass(frozen=True, slots=True)
class Model:
    """The facts by type, and what was concluded from them."""

    firing: Firing
    extensions: Mapping[str, Extension]
    outcomes: tuple[OutcomeReached, ...]
    duties: tuple[DutyReached, ...]
    concluding: Mapping[Reference, frozenset[str]]  # the provisions of a certain fact's certain derivations

    @property
    def world(self) -> ModelWorld:
        """What expressions see of the model."""
        return self.firing.world

    def derivation(self, of: OutcomeReached | DutyReached) -> Derivation:
        """How an outcome or duty was concluded; found when it is asked for, since the model no longer changes."""
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
        """The keys for which certain contents differ (language §5.2)."""
        found = []
        for extension in self.extensions.values():
            for contents in extension.by_key.values():
                certain = [entry.fact for entry in contents.values() if entry.is_certain and _is_exact(entry)]
                if len({content(fact) for fact in certain}) > 1:
                    found.append(certain[0].reference)
        return tuple(found)


def _is_exact(entry: Entry) -> bool:
    return not any(isinstance(value, Unknown) for value in entry.fact.fields.values())
