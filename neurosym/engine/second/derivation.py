"""The model that follows from the matches: strata from below, rounds within one, exceptions, burdens (language §5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from neurosym.engine.second.box import ROUNDS_MAX, OutsideBoxError, Refusal
from neurosym.engine.second.holding import Holding, Match, Origin, environment, given, nameless
from neurosym.engine.second.matching import Matcher
from neurosym.engine.second.supervision import Worker
from neurosym.engine.second.translation import Leg, Road
from neurosym.engine.second.world import LoopWorld
from neurosym.engine.situation import Situation
from neurosym.feel.evaluation import passes
from neurosym.feel.extent import failed, plain, reasons_of
from neurosym.feel.kleene import both, conjunction, disjunction, negation
from neurosym.feel.typed import TypedExpr
from neurosym.program.program import Program
from neurosym.program.rule import (
    ConcludeDuty,
    ConcludeFact,
    ConcludeOutcome,
    Conclusion,
    Provision,
    RuleException,
    Stratum,
)
from neurosym.program.schema import Field
from neurosym.values.unknown import Reason, RestsOn, Unknown, is_askable
from neurosym.values.value import Fact, Reference, Truth, Value

Reasons = Mapping[RestsOn, frozenset[Reason]]


@dataclass(frozen=True, slots=True)
class Concluded:
    """A conclusion of a provision for one match, with its values by name."""

    provision: Provision
    conclusion: Conclusion
    match: Match
    truth: Truth
    values: Mapping[str, Value]


class Derivation:
    """The model. With `prior`, the reasons of possible facts without burdens, what must be proven is."""

    def __init__(self, program: Program, situation: Situation, worker: Worker, prior: Reasons | None = None) -> None:
        self.program = program
        self.prior = prior
        self.holdings = given(program, situation)
        self.world = LoopWorld(program, situation, self.holdings)
        self.matcher = Matcher(program, situation.on, worker, situation.facts)
        self.reasons: dict[RestsOn, frozenset[Reason]] = {}
        self._extended: dict[str, dict[Match, list[Match]]] = {}
        self._tell([held for name in sorted(self.holdings.by_type) for held in self.holdings.of(name)])
        for stratum in program.strata:
            self._settle(stratum, self._rounds(stratum))
        self.reached = tuple(self._concluded((ConcludeOutcome, ConcludeDuty)))

    def _tell(self, held: list[Holding]) -> None:
        self.matcher.tell(held, self.holdings)
        self._extended = {}
        for road in self.matcher.roads.values():
            by_outer = self._extended.setdefault(road.name, {})
            outer = len(road.variables) - len(road.legs[-1].places)
            for match in self.matcher.matches(road):
                by_outer.setdefault(match[:outer], []).append(match)

    # --- one stratum

    def _rounds(self, stratum: Stratum) -> list[tuple[Fact, Concluded]]:
        """Every fact of the stratum with all that concludes it, once nothing changes any more."""
        for _ in range(ROUNDS_MAX):
            found = [(self._fact(each), each) for each in self._concluded((ConcludeFact,), stratum.types)]
            new, is_changed = self._held(found)
            if new:
                self._tell(new)
            if not is_changed or not stratum.is_recursive:
                return found
        types = ", ".join(f"`{name}`" for name in stratum.types)
        raise OutsideBoxError([Refusal(f"more than {ROUNDS_MAX} rounds of conclusions of {types}")])

    def _held(self, found: Iterable[tuple[Fact, Concluded]]) -> tuple[list[Holding], bool]:
        """Hold what was concluded: the facts that are new, and whether anything is new or has become certain."""
        new, is_changed = [], False
        for fact, each in found:
            is_certain = each.truth is True and not fact.unnamed
            held = self.holdings.find(fact)
            if held is None:
                held = self.holdings.add(fact, is_certain=False)
                held.reasons = frozenset({held.name})
                held.origin = Origin(each.provision, each.match)
                new.append(held)
                is_changed = True
            if is_certain and not held.is_certain:
                held.is_certain, held.reasons = True, frozenset()
                held.origin = Origin(each.provision, each.match)
                is_changed = True
        return new, is_changed

    def _settle(self, stratum: Stratum, found: list[tuple[Fact, Concluded]]) -> None:
        """Give every possible fact of the finished stratum the reasons it rests on in the end."""
        possible = [held for name in stratum.types for held in self.holdings.of(name) if not held.is_certain]
        own: dict[RestsOn, set[Reason]] = {held.name: set() for held in possible}
        for fact, each in found:
            held = self.holdings.find(fact)
            assert held is not None
            if not held.is_certain:
                own[held.name] |= reasons_of(each.truth, *(fact.fields.values() if fact.unnamed else ()))
        while any(_grow(reasons, own) for reasons in own.values()):
            pass
        for held in possible:
            held.reasons = frozenset(each for each in own[held.name] if not isinstance(each, RestsOn))
            self.reasons[held.name] = held.reasons
            if held.fact.unnamed:
                held.fact = nameless(self.program.fact_types[held.fact.type], held.reasons)

    # --- provisions

    def _concluded(self, kinds: tuple[type[Conclusion], ...], types: tuple[str, ...] = ()) -> Iterator[Concluded]:
        """Every conclusion of these kinds, certain or possible; of facts, those of the types."""
        for road in self.matcher.roads.values():
            wanted = [
                each
                for each in road.last.conclusions
                if isinstance(each, kinds) and (not isinstance(each, ConcludeFact) or each.type in types)
            ]
            for match in self.matcher.matches(road) if wanted else ():
                case = self._case(road, match)
                for each in wanted if case is not False else ():
                    truth = both(case, negation(self._defeated(road, each.target, match)))
                    if truth is not False:
                        yield Concluded(road.last, each, match, truth, self._values(road, each, match))

    def _case(self, road: Road, match: Match) -> Truth:
        """Whether the condition of the last provision holds together with those of what it belongs to."""
        return conjunction(self._proven(leg, self._own(road, leg, match)) for leg in road.legs)

    def _own(self, road: Road, leg: Leg, match: Match) -> Truth:
        """Whether a provision's own facts and condition hold. The equalities between variables do: it is a match."""
        bound = environment(road.variables, match)
        truth = conjunction(match[place].truth for place in leg.places)
        for guard in leg.guards:
            truth = both(truth, self.world.evaluator.truth(guard, bound))
            if truth is False:
                return False
        return truth

    def _defeated(self, road: Road, conclusion: str | None, match: Match) -> Truth:
        """Whether an exception is in effect: its condition holds, and no exception to it is in effect."""
        return disjunction(self._in_effect(onward, inner) for onward, inner in self._onward(road, conclusion, match))

    def _onward(self, road: Road, conclusion: str | None, match: Match) -> Iterator[tuple[Road, Match]]:
        for onward in self.matcher.roads.values():
            exception = onward.last
            if onward.above == road.name and isinstance(exception, RuleException):
                targets = [each for each in exception.targets if each.of == road.last.id]
                if any(each.conclusion in (None, conclusion) for each in targets):
                    for inner in self._extended[onward.name].get(match, ()):
                        yield onward, inner

    def _in_effect(self, road: Road, match: Match) -> Truth:
        leg = road.legs[-1]
        proven = self._proven(leg, self._own(road, leg, match))
        return both(proven, negation(self._defeated(road, None, match))) if proven is not False else False

    def _proven(self, leg: Leg, own: Truth) -> Truth:
        """The truth of a provision's own condition; of one that must be proven, false unless a question is open."""
        provision = leg.provision
        if self.prior is None or not isinstance(provision, RuleException) or not provision.must_be_proven:
            return own
        if not isinstance(own, Unknown):
            return own
        reasons = set(own.reasons).union(
            *(self.prior.get(each, ()) for each in own.reasons if isinstance(each, RestsOn))
        )
        return own if any(map(is_askable, reasons)) else False

    # --- values

    def _values(self, road: Road, of: Conclusion, match: Match) -> Mapping[str, Value]:
        bound = environment(road.variables, match)
        parts: dict[str, TypedExpr] = dict(of.subject if isinstance(of, ConcludeOutcome) else of.fields)
        return {name: plain(self.world.evaluator.value(each, bound)) for name, each in parts.items()} | {
            name: plain(self.world.evaluator.value(each, bound)) for name, each in _terms(of).items()
        }

    def _fact(self, of: Concluded) -> Fact:
        """The fact concluded; unnamed where its key is unknown."""
        assert isinstance(of.conclusion, ConcludeFact)
        declared = self.program.fact_types[of.conclusion.type]
        values = {each.name: _admitted(each, of.values[each.name], of.conclusion) for each in declared.fields}
        key = tuple(values[each.name] for each in declared.key_fields)
        if any(isinstance(part, Unknown) for part in key):
            return nameless(declared, reasons_of(*key))
        return Fact(declared.name, key, values)


OWED_BY, DUE = "owed by", "due"  # no names of fields


def _terms(of: Conclusion) -> dict[str, TypedExpr]:
    """Who owes a duty, and until when."""
    if not isinstance(of, ConcludeDuty):
        return {}
    return {name: each for name, each in ((OWED_BY, of.owed_by), (DUE, of.due)) if each is not None}


def _admitted(of: Field, value: Value, at: ConcludeFact) -> Value:
    """The value; unknown where it is an unnamed fact, or where the field's declaration forbids it."""
    if isinstance(value, Fact):
        return Unknown(reasons_of(*value.fields.values()))
    if value is None or isinstance(value, Unknown) or not of.tests or any(passes(value, each) for each in of.tests):
        return value
    return failed(f"the value lies outside what `{of.name}` declares", at.span)


def _grow(reasons: set[Reason], own: Mapping[RestsOn, set[Reason]]) -> bool:
    """Add the reasons of what is named among the reasons; True when that is more."""
    count = len(reasons)
    for name in [each for each in reasons if isinstance(each, RestsOn)]:
        reasons |= own.get(name, set())
    return len(reasons) > count


def subject_of(of: Concluded) -> tuple[Reference | Value, ...]:
    """The values that an outcome is about, in the order of the decision's parameters."""
    assert isinstance(of.conclusion, ConcludeOutcome)
    return tuple(of.values[name] for name, _ in of.conclusion.subject)
