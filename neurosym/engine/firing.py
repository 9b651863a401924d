"""Applying provisions: bindings, exceptions, burdens, and what follows (language §5.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from neurosym.engine.derivation import ExceptionNote
from neurosym.engine.world import ModelWorld
from neurosym.feel.kleene import both, disjunction, negation
from neurosym.feel.order import Contents, binding_key, fact_order
from neurosym.feel.typed import Join, Local, TypedExpr
from neurosym.feel.world import Environment, FactRead, Read
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeDuty, ConcludeOutcome, Conclusion, Provision, Rule, RuleException
from neurosym.values.temporal import Date
from neurosym.values.unknown import Reason, Unknown, is_askable
from neurosym.values.value import Fact, Reference, Truth

About: TypeAlias = Callable[[Conclusion], Iterable[tuple[TypedExpr, Reference]]]
Told: TypeAlias = tuple[str, str]  # a provision, and the reason it gives to people


@dataclass(frozen=True, slots=True)
class Application:
    """One binding of a provision, with the truth of one of its conclusions."""

    provision: Provision
    conclusion: Conclusion
    environment: Environment
    truth: Truth

    @property
    def order(self) -> tuple[object, ...]:
        """Orders applications by provision, then by the facts of the binding, whatever found them first."""
        facts = [(name, value) for name, value in sorted(self.environment.items()) if isinstance(value, Fact)]
        return application_order(self.provision.id, facts)


def application_order(provision: str, binding: Sequence[tuple[str, Fact]]) -> tuple[object, ...]:
    """What orders the applications of provisions, for a binding sorted by name: first by keys, then by contents."""
    keys = tuple((name, fact.type, fact_order(fact)) for name, fact in binding)
    return provision, keys, Contents(tuple(fact for _, fact in binding))


@dataclass(frozen=True)
class Provisions:
    """The rules and exceptions in force on a day."""

    rules: tuple[Rule, ...]
    exceptions: tuple[RuleException, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Sequence[Provision]]:
        """The provisions with a name: one, unless a rule and an exception share it."""
        found: dict[str, list[Provision]] = {}
        provisions: tuple[Provision, ...] = (*self.rules, *self.exceptions)
        for each in provisions:
            found.setdefault(each.id, []).append(each)
        return found

    @cached_property
    def _belonging(self) -> Mapping[str, Sequence[RuleException]]:
        """The exceptions that belong to each provision."""
        found: dict[str, dict[int, RuleException]] = {}
        for exception in self.exceptions:
            for target in exception.targets:
                found.setdefault(target.of, {})[id(exception)] = exception
        return {name: tuple(several.values()) for name, several in found.items()}

    def to(self, of: str, conclusion: str | None) -> Iterator[RuleException]:
        """The exceptions to a conclusion of a provision (None: to the provision as such)."""
        for exception in self._belonging.get(of, ()):
            if any(each.of == of and each.conclusion in (None, conclusion) for each in exception.targets):
                yield exception


def in_force(program: Program, on: Date) -> Provisions:
    """What is in force on the day; nothing outside the ruleset's own period."""
    if not program.period.includes(on):
        return Provisions((), ())
    return Provisions(
        tuple(rule for rule in program.rules if rule.period.includes(on)),
        tuple(exception for exception in program.exceptions if exception.period.includes(on)),
    )


class Firing:
    """Applies provisions in a world. `resolve` gives reasons in full; with `burdens`, what must be proven is."""

    def __init__(
        self,
        world: ModelWorld,
        provisions: Provisions,
        resolve: Callable[[frozenset[Reason]], frozenset[Reason]],
        *,
        burdens: bool,
    ) -> None:
        self._world = world
        self.provisions = provisions
        self.resolve = resolve
        self.burdens = burdens

    @property
    def world(self) -> ModelWorld:
        """What conditions see."""
        return self._world

    def applications(self, wanted: Callable[[Conclusion], bool], about: About = lambda _: ()) -> Iterator[Application]:
        """Every application, certain or possible, of the wanted conclusions. `about` gives values that a conclusion has
        and the facts they must be; applications that are certainly about other facts may be left out.
        """
        return (each for each in self.cases(wanted, about) if each.truth is not False)

    def outcomes(self, decision: str, subject: tuple[Reference, ...]) -> Iterator[Application]:
        """As `cases`, of the outcomes of a decision for a subject."""

        def about(conclusion: Conclusion) -> Iterator[tuple[TypedExpr, Reference]]:
            assert isinstance(conclusion, ConcludeOutcome)
            return zip((value for _, value in conclusion.subject), subject, strict=True)

        return self.cases(
            lambda conclusion: isinstance(conclusion, ConcludeOutcome) and conclusion.decision == decision, about
        )

    def told(self, decision: str, subject: tuple[Reference, ...]) -> tuple[list[Told], Iterable[Application]]:
        """What is known to be concluded for just this subject, with its reasons, and the other applications."""
        return [], self.outcomes(decision, subject)

    def duties(self, about: About) -> Iterator[Application]:
        """As `applications`, of duties."""
        return self.applications(lambda conclusion: isinstance(conclusion, ConcludeDuty), about)

    def cases(self, wanted: Callable[[Conclusion], bool], about: About = lambda _: ()) -> Iterator[Application]:
        """As `applications`, and those that an exception defeats: their truth is false."""
        for rule in self.provisions.rules:
            for conclusion in rule.conclusions:
                if wanted(conclusion):
                    self.world.resume(rule.id, conclusion)
                    for environment, truth in self._rule_bindings(rule, about(conclusion)):
                        yield self.application(rule, conclusion, environment, truth)
        for exception in self.provisions.exceptions:
            conclusions = [each for each in exception.conclusions if wanted(each)]
            if conclusions:
                self.world.resume(exception.id, conclusions[0])
                for environment, truth in self._exception_bindings(exception):
                    for conclusion in conclusions:
                        yield self.application(exception, conclusion, environment, truth)

    def _rule_bindings(
        self, rule: Rule, about: Iterable[tuple[TypedExpr, Reference]]
    ) -> Iterator[tuple[Environment, Truth]]:
        """The bindings of a rule; where it concludes something of one of its variables, only those that name the fact
        in question. Whatever else the variable stands for is known to be another fact.
        """
        pin = pinned(rule.join, about)
        entries = list(self.world.entries(pin[1])) if pin else []
        if pin is None or not entries:
            yield from self.world.bindings(rule.join, {})
            return
        rest = self.world.without(rule.join, pin[0])
        for entry in entries:
            for environment, truth in self.world.bindings(rest, {pin[0]: entry.fact}):
                yield environment, both(entry.truth, truth)

    def application(self, of: Provision, conclusion: Conclusion, environment: Environment, truth: Truth) -> Application:
        """The application to a binding whose condition has this truth: it stands unless an exception is in effect."""
        stands = both(truth, negation(self.defeated(of.id, conclusion.target, environment)))
        return Application(of, conclusion, environment, stands)

    def _exception_bindings(self, exception: RuleException) -> Iterator[tuple[Environment, Truth]]:
        """Where an exception's condition holds together with that of what it belongs to."""
        for target in exception.targets:
            for environment, truth in self._target_bindings(target.of):
                for inner, own in self.world.bindings(exception.join, environment):
                    proven = self.proven(exception, own)
                    if proven is not False:
                        yield inner, both(truth, proven)

    def _target_bindings(self, of: str) -> Iterator[tuple[Environment, Truth]]:
        for provision in self.provisions.by_id.get(of, ()):
            if isinstance(provision, RuleException):
                yield from self._exception_bindings(provision)
            else:
                yield from self.world.bindings(provision.join, {})

    def defeated(self, of: str, conclusion: str | None, environment: Environment) -> Truth:
        """Whether an exception is in effect for the binding."""
        return disjunction(
            self.in_effect(exception, inner, own)
            for exception in self.provisions.to(of, conclusion)
            for inner, own in self.world.bindings(exception.join, environment)
        )

    def in_effect(self, exception: RuleException, environment: Environment, own: Truth) -> Truth:
        """Whether one binding of an exception is: its condition holds, and no exception to it is in effect."""
        proven = self.proven(exception, own)
        return False if proven is False else both(proven, negation(self.defeated(exception.id, None, environment)))

    def proven(self, exception: RuleException, own: Truth) -> Truth:
        """The truth of an exception's own condition; what must be proven and is no open question counts as false."""
        has_burden = self.burdens and exception.must_be_proven
        if has_burden and isinstance(own, Unknown) and not any(map(is_askable, self.resolve(own.reasons))):
            return False
        return own

    # --- what an application rests on

    def reads(self, application: Application) -> tuple[Read, ...]:
        """The facts of the binding, and what the condition rests on, in the author's order."""
        self.world.begin(application.provision.id, application.conclusion)
        return self._reads_of(application.provision, application.environment)

    def _reads_of(self, of: Provision, environment: Environment) -> tuple[Read, ...]:
        noted: list[Read] = []
        for name, _ in of.join.variables:
            fact = environment[name]
            assert isinstance(fact, Fact)
            noted.append(FactRead(fact))
        if of.join.condition is not None:
            self.world.noting(noted).truth(of.join.condition, environment)
        return tuple(dict.fromkeys(noted))

    def notes(self, of: str, conclusion: str | None, environment: Environment) -> tuple[ExceptionNote, ...]:
        """What became of every exception to a conclusion, one note per case."""
        found: list[ExceptionNote] = []
        for exception in sorted(self.provisions.to(of, conclusion), key=lambda each: each.id):
            cases = [(inner, own) for inner, own in self.world.bindings(exception.join, environment)]
            cases.sort(key=lambda case: binding_key(exception.join, case[0]))
            found += [self._note(exception, inner, own) for inner, own in cases] or [
                ExceptionNote(exception.id, "no case")
            ]
        return tuple(found)

    def _note(self, exception: RuleException, environment: Environment, own: Truth) -> ExceptionNote:
        reads = self._reads_of(exception, environment)
        proven = self.proven(exception, own)
        if proven is False:
            reasons = self.resolve(own.reasons) if isinstance(own, Unknown) else frozenset()
            return ExceptionNote(exception.id, "not proven", reads, reasons=reasons)
        inner = self.notes(exception.id, None, environment)
        effect = self.in_effect(exception, environment, own)
        if effect is False:
            return ExceptionNote(exception.id, "lifted", reads, inner)
        reasons = self.resolve(effect.reasons) if isinstance(effect, Unknown) else frozenset()
        return ExceptionNote(exception.id, "open" if reasons else "in effect", reads, inner, reasons)


def pinned(join: Join, about: Iterable[tuple[TypedExpr, Reference]]) -> tuple[str, Reference] | None:
    """A variable of the join that the conclusion is about, and the fact it must be."""
    variables = set(join.variables)
    for value, fact in about:
        if isinstance(value, Local) and (value.name, fact.type) in variables:
            return value.name, fact
    return None
