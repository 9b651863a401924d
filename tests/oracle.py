"""The oracle: language.md §5 in loops alone. Expressions are the engine's; the least model, exceptions, reasons and S
are said again here, without an index or a plan, and slowly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from neurosym.engine.situation import Situation
from neurosym.feel.extent import equal, plain, reasons_of
from neurosym.feel.kleene import both, conjunction, disjunction, negation
from neurosym.feel.world import Environment
from neurosym.program.program import Decision, Program
from neurosym.program.rule import ConcludeDuty, ConcludeFact, ConcludeOutcome, Conclusion, Provision, RuleException
from neurosym.values.unknown import RestsOn, Unknown, is_askable
from neurosym.values.value import Fact, Reference, Truth, Value
from tests.oracle_world import Held, Judged, LoopWorld, Reasons, admitted


@dataclass(frozen=True)
class Concluded:
    """A conclusion of a provision for one binding, and its values by name."""

    provision: Provision
    conclusion: Conclusion
    values: dict[str, Value]
    truth: Truth


class Oracle(LoopWorld):
    """The model of a program. With `prior`, the model of the same situation without burdens, burdens count."""

    def __init__(
        self, program: Program, situation: Situation, prior: Oracle | None = None, judged: Judged | None = None
    ) -> None:
        super().__init__(program, situation, judged or {})
        self.prior, day = prior, situation.on
        every: list[Provision] = [*program.rules, *program.exceptions] if program.period.includes(day) else []
        self.provisions = [each for each in every if each.period.includes(day)]
        for stratum in program.strata:
            while self.grow(stratum.types) or self.explain(stratum.types):
                pass
            for held in (each for name in stratum.types for each in self.held[name]):
                self.justify(held, frozenset(each for each in held.reasons if not isinstance(each, RestsOn)))
        self.reached = list(self.fired(()))

    # --- 5.3, 5.4: the least model; 5.9: what its possible facts rest on, once it is there

    def grow(self, types: tuple[str, ...]) -> bool:
        """Hold what follows; True when that is more, or more certain."""
        changed = False
        for fact, truth in self.facts(types):
            same = [each for each in self.held[fact.type] if each.fact == fact or (each.fact.unnamed and fact.unnamed)]
            if not same:
                self.doubt(fact, Held(fact, certain=False).name)
                same, changed = self.held[fact.type][-1:], True
            if truth is True and not fact.unnamed and not same[0].certain:
                same[0].certain, same[0].reasons, changed = True, frozenset(), True
        return changed

    def explain(self, types: tuple[str, ...]) -> bool:
        """Give every possible fact the reasons of all that concludes it; True when there are more."""
        changed = False
        for fact, truth in self.facts(types):
            more = reasons_of(truth, *(fact.fields.values() if fact.unnamed else ()))
            entries = [each for each in self.held[fact.type] if each.name == Held(fact, certain=False).name]
            if not any(each.certain and each.fact == fact for each in entries):
                for held in (each for each in entries if not each.certain and not more <= each.reasons):
                    self.justify(held, held.reasons | more)
                    changed = True
        return changed

    def facts(self, types: tuple[str, ...]) -> Iterator[tuple[Fact, Truth]]:
        """The facts concluded; unnamed where a key is unknown, and then with the key fields alone."""
        for each in self.fired(types):
            assert isinstance(each.conclusion, ConcludeFact)
            of = self.program.fact_types[each.conclusion.type]
            values = {field.name: admitted(field, each.values[field.name]) for field in of.fields}
            keys = {field.name: values[field.name] for field in of.key_fields}
            if any(isinstance(part, Unknown) for part in keys.values()):
                yield Fact(of.name, (), keys, unnamed=True), each.truth
            else:
                yield Fact(of.name, tuple(keys.values()), values), each.truth

    # --- 5.7: provisions, exceptions, burdens

    def fired(self, types: tuple[str, ...]) -> Iterator[Concluded]:
        """Every conclusion of a fact of the types, certain or possible; without types, of outcomes and duties."""
        for of in self.provisions:
            for conclusion in of.conclusions:
                if conclusion.type in types if isinstance(conclusion, ConcludeFact) else not types:
                    for env, truth in self.cases(of):
                        stands = both(truth, negation(self.defeated(of.id, conclusion.target, env)))
                        if stands is not False:
                            yield Concluded(of, conclusion, self.values(conclusion, env), stands)

    def cases(self, of: Provision) -> Iterator[tuple[Environment, Truth]]:
        """Where the condition holds or may, for an exception together with that of what it belongs to."""
        if not isinstance(of, RuleException):
            yield from self.bindings(of.join, {})
            return
        for above in (each for each in self.provisions if any(target.of == each.id for target in of.targets)):
            for outer, truth in self.cases(above):
                for env, own in self.bindings(of.join, outer):
                    if (case := both(truth, self.proven(of, own))) is not False:
                        yield env, case

    def defeated(self, of: str, target: str | None, env: Environment) -> Truth:
        """Whether an exception to the conclusion is in effect for the binding."""
        return disjunction(
            both(self.proven(each, own), negation(self.defeated(each.id, None, inner)))
            for each in self.provisions
            if isinstance(each, RuleException)
            and any(to.of == of and to.conclusion in (None, target) for to in each.targets)
            for inner, own in self.bindings(each.join, env)
        )

    def proven(self, of: RuleException, own: Truth) -> Truth:
        """The condition; false where it must be proven, is unknown, and waits for no question."""
        if self.prior is None or not of.must_be_proven or not isinstance(own, Unknown):
            return own
        before = [each for held in self.prior.held.values() for each in held if each.name in own.reasons]
        return own if any(map(is_askable, own.reasons.union(*(each.reasons for each in before)))) else False

    def values(self, of: Conclusion, env: Environment) -> dict[str, Value]:
        parts = dict(of.subject if isinstance(of, ConcludeOutcome) else of.fields)
        if isinstance(of, ConcludeDuty):
            parts |= {name: expr for name, expr in (("owed by", of.owed_by), ("due", of.due)) if expr is not None}
        return {name: plain(self.evaluator.value(expr, env)) for name, expr in parts.items()}

    # --- 5.8: S, with the reasons why it has more than one member

    def possible(self, decision: Decision, subject: tuple[Reference, ...]) -> tuple[set[str], Reasons]:
        found: list[tuple[int, Truth]] = []
        for each in self.reached:
            if isinstance(each.conclusion, ConcludeOutcome) and each.conclusion.decision == decision.name:
                about = conjunction(map(equal, each.values.values(), subject))
                found.append((decision.outcomes.index(each.conclusion.outcome), both(each.truth, about)))
        settled = {rank for rank, truth in found if truth is True}
        below = len(decision.outcomes)  # what has a lower rank than a certain one is out, where outcomes have an order
        if settled and decision.is_ordered:
            below = min(settled)
            settled = {below}
        settled = settled or {decision.outcomes.index(decision.otherwise)}
        doubts = [(rank, truth) for rank, truth in found if isinstance(truth, Unknown) and rank < below]
        ranks = settled | {rank for rank, _ in doubts}
        matter = [truth for rank, truth in doubts if rank not in settled or (decision.is_ordered and rank < max(ranks))]
        return {decision.outcomes[rank] for rank in ranks}, reasons_of(*matter)
