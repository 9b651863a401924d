"""The oracle: language.md §5 in loops alone. Expressions are the engine's; bindings, rounds, exceptions, reasons and S
are said again here, without an index or a plan, and slowly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from neurosym.engine.situation import Situation
from neurosym.feel.evaluation import Evaluator, passes
from neurosym.feel.extent import equal, failed, plain, reasons_of, union
from neurosym.feel.kleene import both, conjunction, disjunction, negation
from neurosym.feel.typed import Definition, Join
from neurosym.feel.world import Environment
from neurosym.program.program import Decision, Program
from neurosym.program.rule import ConcludeDuty, ConcludeFact, ConcludeOutcome, Conclusion, Provision, RuleException
from neurosym.text.span import NOWHERE
from neurosym.values import unknown as un
from neurosym.values.unknown import Reason, RestsOn, Unknown
from neurosym.values.value import Fact, Reference, Truth, Value

Judged = Mapping[tuple[str, tuple[Reference, ...]], Value]
Reasons = frozenset[Reason]


@dataclass
class Held:
    """One content of a key, or the unnamed fact of a type: certain, or possible for reasons."""

    fact: Fact
    certain: bool
    reasons: Reasons = frozenset()

    @property
    def name(self) -> RestsOn:
        return RestsOn(self.fact.type if self.fact.unnamed else self.fact.reference)


@dataclass(frozen=True)
class Concluded:
    """A conclusion of a provision for one binding, and its values by name."""

    provision: Provision
    conclusion: Conclusion
    values: dict[str, Value]
    truth: Truth


class Oracle:
    """The model of a program. With `prior`, the model of the same situation without burdens, burdens count. `judged`
    answers by arguments alone; what it does not answer is a question as ever.
    """

    def __init__(
        self, program: Program, situation: Situation, prior: Oracle | None = None, judged: Judged | None = None
    ) -> None:
        self.program, self.situation, self.prior, self.judged = program, situation, prior, judged or {}
        self.evaluator = Evaluator(self)
        self.held: dict[str, list[Held]] = {name: [] for name in program.fact_types}
        self.give()
        for stratum in program.strata:
            while self.grow(stratum.types) or self.explain(stratum.types):
                pass
            for held in (each for name in stratum.types for each in self.held[name]):
                self.justify(held, frozenset(each for each in held.reasons if not isinstance(each, RestsOn)))
        self.reached = list(self.fired(()))

    # --- 5.6: what is given, what is referred to, of what nobody spoke

    def give(self) -> None:
        self.held.update({of: [Held(fact, certain=True) for fact in self.situation.facts if fact.type == of] for of in self.held})
        waiting = [value for fact in self.situation.facts for value in fact.fields.values()]
        for value in waiting:  # it grows while it is walked
            if isinstance(value, Reference) and not self.program.fact_types[value.type].is_derived:
                waiting.extend(value.key)
                if all(each.fact.key != value.key for each in self.held[value.type]):
                    self.doubt(Fact(value.type, value.key, {}), un.MissingFact(value))
        for name in self.situation.incomplete:
            found = frozenset(each.fact.key for each in self.held[name])
            self.doubt(Fact(name, (), {}, unnamed=True, found=found), un.MissingType(name))

    def doubt(self, fact: Fact, why: Reason) -> None:
        """Hold a possible fact of which at most the key is known."""
        self.held[fact.type].append(Held(fact, certain=False))
        self.justify(self.held[fact.type][-1], frozenset({why}))

    def justify(self, held: Held, reasons: Reasons) -> None:
        """Give a possible fact its reasons; of one whose fields nobody said, they are the reasons of the fields."""
        if held.certain:
            return
        held.reasons, fact = reasons, held.fact
        if fact.unnamed or not fact.fields:
            of = self.program.fact_types[fact.type]
            fields: dict[str, Value] = {field.name: Unknown(reasons, field.domain) for field in of.fields}
            keys = [field.name for field in of.key_fields]
            if fact.unnamed and len(keys) == 1 and of.key_fields[0].domain == un.ANYTHING:
                fields[keys[0]] = Unknown(reasons, un.NoneOf(frozenset(key for (key,) in fact.found)))
            fields.update(zip(keys, fact.key, strict=False))
            held.fact = Fact(fact.type, fact.key, fields, unnamed=fact.unnamed, found=fact.found)

    # --- 5.3, 5.4: the least model; 5.9: what its possible facts rest on, once it is there

    def grow(self, types: tuple[str, ...]) -> bool:
        """Hold what follows; True when that is more, or more certain."""
        changed = False
        for fact, truth in self.facts(types):
            held = next((each for each in self.held[fact.type] if is_same(each.fact, fact)), None)
            if held is None:
                held, changed = Held(fact, certain=False), True
                self.held[fact.type].append(held)
                self.justify(held, frozenset({held.name}))
            if truth is True and not fact.unnamed and not held.certain:
                held.certain, held.reasons, changed = True, frozenset(), True
        return changed

    def explain(self, types: tuple[str, ...]) -> bool:
        """Give every possible fact the reasons of all that concludes it; True when there are more."""
        changed = False
        for fact, truth in self.facts(types):
            more = reasons_of(truth, *(fact.fields.values() if fact.unnamed else ()))
            for held in self.held[fact.type]:
                if not held.certain and held.name == Held(fact, certain=False).name and not more <= held.reasons:
                    self.justify(held, held.reasons | more)
                    changed = True
        return changed

    def facts(self, types: tuple[str, ...]) -> Iterator[tuple[Fact, Truth]]:
        """The facts concluded; unnamed where a key is unknown, then with the values of the key fields alone."""
        for each in self.fired(types):
            assert isinstance(each.conclusion, ConcludeFact)
            of, values = self.program.fact_types[each.conclusion.type], dict(each.values)
            for field in of.fields:
                value = values[field.name]
                value = Unknown(reasons_of(*value.fields.values())) if isinstance(value, Fact) else value
                if value is not None and not isinstance(value, Unknown) and field.tests:
                    if not any(passes(value, test) for test in field.tests):
                        value = failed(f"the value lies outside what `{field.name}` declares", each.conclusion.span)
                values[field.name] = value
            key = tuple(values[field.name] for field in of.key_fields)
            if any(isinstance(part, Unknown) for part in key):
                values = {field.name: values[field.name] for field in of.key_fields}
                yield Fact(of.name, (), values, unnamed=True), each.truth
            else:
                yield Fact(of.name, key, values), each.truth

    # --- 5.7: provisions, exceptions, burdens

    def provisions(self) -> list[Provision]:
        day = self.situation.on
        every: list[Provision] = [*self.program.rules, *self.program.exceptions]
        return [each for each in every if each.period.includes(day) and self.program.period.includes(day)]

    def fired(self, types: tuple[str, ...]) -> Iterator[Concluded]:
        """Every conclusion of a fact of the types, certain or possible; without types, of outcomes and duties."""
        for provision in self.provisions():
            for conclusion in provision.conclusions:
                if conclusion.type in types if isinstance(conclusion, ConcludeFact) else not types:
                    for env, truth in self.cases(provision):
                        stands = both(truth, negation(self.defeated(provision.id, conclusion.target, env)))
                        if stands is not False:
                            yield Concluded(provision, conclusion, self.values(conclusion, env), stands)

    def cases(self, of: Provision) -> Iterator[tuple[Environment, Truth]]:
        """Where the condition holds or may, for an exception together with that of what it belongs to."""
        if not isinstance(of, RuleException):
            yield from self.bindings(of.join, {})
            return
        for above in (each for each in self.provisions() if any(target.of == each.id for target in of.targets)):
            for env, truth in self.cases(above):
                for inner, own in self.bindings(of.join, env):
                    case = both(truth, self.proven(of, own))
                    if case is not False:
                        yield inner, case

    def defeated(self, of: str, target: str | None, env: Environment) -> Truth:
        """Whether an exception to the conclusion is in effect for the binding."""
        found: list[Truth] = []
        for each in self.program.exceptions:
            if each in self.provisions() and any(t.of == of and t.conclusion in (None, target) for t in each.targets):
                for inner, own in self.bindings(each.join, env):
                    found.append(both(self.proven(each, own), negation(self.defeated(each.id, None, inner))))
        return disjunction(found)

    def proven(self, of: RuleException, own: Truth) -> Truth:
        """The condition; read as false where it must be proven, is unknown, and waits for no question."""
        if self.prior is None or not of.must_be_proven or not isinstance(own, Unknown):
            return own
        before = [each for held in self.prior.held.values() for each in held]
        reasons = own.reasons.union(*(each.reasons for each in before if each.name in own.reasons))
        return own if any(map(un.is_askable, reasons)) else False

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
        lowest = min((rank for rank, truth in found if truth is True), default=None)
        floor = decision.outcomes.index(decision.otherwise) if lowest is None else lowest
        open_ = [(rank, truth) for rank, truth in found if isinstance(truth, Unknown)]
        open_ = [(rank, truth) for rank, truth in open_ if lowest is None or rank < lowest]
        ranks = {floor, *(rank for rank, _ in open_)}
        matters = [truth for rank, truth in open_ if rank != floor or max(ranks) > floor]
        return {decision.outcomes[rank] for rank in ranks}, reasons_of(*matters) if len(ranks) > 1 else frozenset()

    # --- what expressions see

    def bindings(self, join: Join, environment: Environment) -> Iterator[tuple[Environment, Truth]]:
        for chosen in product(*(list(self.held[of]) for _, of in join.variables)):
            env = {**environment, **{name: held.fact for (name, _), held in zip(join.variables, chosen, strict=True)}}
            truths = [held.certain or Unknown(held.reasons) for held in chosen]
            truth = conjunction([*truths, *([self.evaluator.truth(join.condition, env)] if join.condition else [])])
            if truth is not False:
                yield env, truth

    def member(self, of: Reference, name: str) -> Value:
        named = [each for each in self.held[of.type] if each.fact.key == of.key and not each.fact.unnamed]
        nameless = [each for each in self.held[of.type] if each.fact.unnamed and of.key not in each.fact.found]
        if not named and not nameless:
            return failed(f"no {of.type} with this key", NOWHERE)
        given = not self.program.fact_types[of.type].is_derived
        if given or any(each.certain for each in named):
            return union([each.fact.fields[name] for each in named or nameless], reasons_of(*map(truth_of, named)))
        values = [each.fact.fields[name] for each in (*named, *nameless)]
        return Unknown(reasons_of(*map(truth_of, (*named, *nameless)), *values))
