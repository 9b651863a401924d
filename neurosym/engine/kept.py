"""Finished strata kept for evaluations over the same facts: what a stratum gives depends only on what it reads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

from neurosym.engine.extension import Extension
from neurosym.engine.firing import Provisions
from neurosym.engine.situation import Situation
from neurosym.feel.typed import (
    DefinitionCall,
    Join,
    JudgmentCall,
    Member,
    ParameterValue,
    TypedExpr,
    TypedTest,
)
from neurosym.feel.types import FactOf, without_null
from neurosym.feel.walk import descendants
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeFact, Provision, RuleException, Stratum
from neurosym.values.value import Reference

STRATA_MAX = 256  # kept at once; the least recently used goes first

Key: TypeAlias = tuple[object, ...]
Concluding: TypeAlias = Mapping[Reference, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Needs:
    """All that a stratum can read, the strata below it included."""

    types: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    judgments: frozenset[str] = frozenset()

    def __or__(self, other: Needs) -> Needs:
        return Needs(self.types | other.types, self.parameters | other.parameters, self.judgments | other.judgments)


@dataclass(frozen=True, slots=True)
class Finished:
    """The extensions of a stratum's types, and which provisions conclude its facts."""

    extensions: Mapping[str, Extension]
    concluding: Concluding


class KeptStrata:
    """Finished strata by all that they rest on, for any number of threads. INVARIANT: an extension never changes once
    its stratum is finished.
    """

    def __init__(self) -> None:
        self._finished: OrderedDict[Key, Finished] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Finished | None:
        """What was kept for the key."""
        with self._lock:
            found = self._finished.get(key)
            if found is not None:
                self._finished.move_to_end(key)
        return found

    def put(self, key: Key, finished: Finished) -> None:
        """Keep a finished stratum."""
        with self._lock:
            self._finished[key] = finished
            if len(self._finished) > STRATA_MAX:
                self._finished.popitem(last=False)


class Keys:
    """The keys of the strata of one evaluation."""

    def __init__(self, program: Program, situation: Situation, provisions: Provisions, *, burdens: bool) -> None:
        self.program = program
        self.situation = situation
        self.provisions = provisions
        self.burdens = burdens
        self._needs: dict[str, Needs] = {}  # of every derived type of the strata so far

    def key(self, stratum: Stratum, extensions: Mapping[str, Extension]) -> Key:
        """All that the stratum rests on: provisions, facts, parameters, answers. Strata are asked for from below."""
        own = [each for each in self._provisions() if self._concludes(each, stratum)]
        above = [exception for exception in self.provisions.exceptions if self._touches(exception, own)]
        needs = self._closed([*own, *above], stratum)
        for name in stratum.types:
            self._needs[name] = needs
        given = sorted(name for name in needs.types if not self.program.fact_types[name].is_derived)
        return (
            stratum.types,
            self.burdens,
            tuple(id(each) for each in (*own, *above)),
            tuple(_dated(self.program, name, self.situation) for name in sorted(needs.parameters)),
            tuple((name, tuple((entry.fact, entry.is_certain) for entry in extensions[name])) for name in given),
            frozenset(pair for pair in self.situation.answers.items() if pair[0].judgment in needs.judgments),
            frozenset(pair for pair in self.situation.standings.items() if pair[0].judgment in needs.judgments),
        )

    def _provisions(self) -> Iterator[Provision]:
        yield from self.provisions.rules
        yield from self.provisions.exceptions

    def _concludes(self, provision: Provision, stratum: Stratum) -> bool:
        return any(isinstance(each, ConcludeFact) and each.type in stratum.types for each in provision.conclusions)

    def _touches(self, exception: RuleException, own: list[Provision]) -> bool:
        """True for an exception to one of the provisions, to any depth, and for what one of them is an exception to."""
        names = {each.id for each in own}
        grown = True
        while grown:
            more = {each.id for each in self.provisions.exceptions if any(to.of in names for to in each.targets)}
            more |= {to.of for each in self.provisions.exceptions if each.id in names for to in each.targets}
            grown = not more <= names
            names |= more
        return exception.id in names

    def _closed(self, provisions: list[Provision], stratum: Stratum) -> Needs:
        names = {target.of for each in provisions if isinstance(each, RuleException) for target in each.targets}
        above = [rule for rule in self.provisions.rules if rule.id in names]
        needs = Needs()
        for provision in (*provisions, *above):
            needs |= self._join(provision.join)
            for conclusion in provision.conclusions:
                if isinstance(conclusion, ConcludeFact):
                    for _, value in conclusion.fields:
                        needs |= self._expr(value)
        for name in needs.types - set(stratum.types):
            needs |= self._needs.get(name, Needs())
        return needs

    def _join(self, join: Join) -> Needs:
        needs = Needs(frozenset(of for _, of in join.variables))
        return needs | self._expr(join.condition) if join.condition is not None else needs

    def _expr(self, expr: TypedExpr) -> Needs:
        needs = Needs()
        for node in descendants(expr):
            needs |= self._node(node)
        return needs

    def _node(self, node: TypedExpr | TypedTest | Join) -> Needs:
        match node:
            case Join():
                return Needs(frozenset(of for _, of in node.variables))
            case Member():
                of = without_null(node.base.type)
                return Needs(frozenset({of.name})) if isinstance(of, FactOf) else Needs()
            case ParameterValue():
                return Needs(parameters=frozenset({node.name}))
            case DefinitionCall():
                return self._expr(self.program.definitions[node.name].body)
            case JudgmentCall():
                types = frozenset(of for _, of in self.program.judgments[node.name].parameters)
                return Needs(types, judgments=frozenset({node.name}))
            case _:
                return Needs()


def _dated(program: Program, name: str, situation: Situation) -> object:
    dated = program.parameters[name].on(situation.on)
    return name, dated.first if dated else None
