"""The facts of a model in the making: given, referred to, not spoken of, derived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.engine.situation import Situation
from neurosym.feel.order import sort_key
from neurosym.program.program import Program
from neurosym.program.rule import Provision
from neurosym.program.schema import FactType
from neurosym.values.unknown import ANYTHING, MissingFact, MissingType, NoneOf, Reason, RestsOn, Unknown
from neurosym.values.value import Fact, Record, Reference, Truth, Value

Match: TypeAlias = tuple["Holding", ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """How a fact was derived: by which provision, from which facts."""

    provision: Provision
    match: Match


@dataclass(slots=True, eq=False)
class Holding:
    """One content of a key, or the unnamed fact of a type, with the number that messages about it carry."""

    uid: int
    fact: Fact
    is_certain: bool
    reasons: frozenset[Reason] = frozenset()
    origin: Origin | None = None

    @property
    def name(self) -> RestsOn:
        """What stands for its reasons until they are known."""
        return RestsOn(self.fact.type if self.fact.unnamed else self.fact.reference)

    @property
    def truth(self) -> Truth:
        """Whether the fact holds."""
        return True if self.is_certain else Unknown(self.reasons)


@dataclass(slots=True)
class Holdings:
    """All of them, in the order in which they came."""

    program: Program
    by_type: dict[str, list[Holding]] = field(default_factory=dict)
    by_uid: dict[int, Holding] = field(default_factory=dict)
    _by_content: dict[object, Holding] = field(default_factory=dict)
    _by_key: dict[Reference, list[Holding]] = field(default_factory=dict)

    def of(self, type_name: str) -> list[Holding]:
        """The facts of a type."""
        return self.by_type.setdefault(type_name, [])

    def find(self, fact: Fact) -> Holding | None:
        """The one with this key and content; of unnamed facts of a type there is one."""
        return self._by_content.get(_content(fact))

    def contents(self, of: Reference) -> list[Holding]:
        """What stands side by side for a key."""
        return self._by_key.get(of, [])

    def unnamed(self, type_name: str) -> Holding | None:
        """The unnamed fact of a type that is incomplete."""
        return next((each for each in self.of(type_name) if each.fact.unnamed), None)

    def add(self, fact: Fact, *, is_certain: bool, reasons: frozenset[Reason] = frozenset()) -> Holding:
        """One more."""
        held = Holding(len(self.by_uid) + 1, fact, is_certain, reasons)
        self.of(fact.type).append(held)
        self.by_uid[held.uid] = held
        self._by_content[_content(fact)] = held
        if not fact.unnamed:
            self._by_key.setdefault(fact.reference, []).append(held)
        return held


def given(program: Program, situation: Situation) -> Holdings:
    """What holds before any rule has spoken (language §5.6)."""
    held = Holdings(program)
    for fact in sorted(situation.facts, key=lambda fact: (fact.type, sort_key(fact.key))):
        held.add(fact, is_certain=True)
    for reference in _dangling(program, situation):
        of = program.fact_types[reference.type]
        why: frozenset[Reason] = frozenset({MissingFact(reference)})
        key = dict(zip((each.name for each in of.key_fields), reference.key, strict=True))
        fields = {each.name: key.get(each.name, Unknown(why, each.domain)) for each in of.fields}
        held.add(Fact(of.name, reference.key, fields), is_certain=False, reasons=why)
    for name in sorted(situation.incomplete):
        found = frozenset(each.fact.key for each in held.of(name))
        unspoken: frozenset[Reason] = frozenset({MissingType(name)})
        held.add(nameless(program.fact_types[name], unspoken, found), is_certain=False, reasons=unspoken)
    return held


def nameless(of: FactType, reasons: frozenset[Reason], found: frozenset[tuple[Value, ...]] = frozenset()) -> Fact:
    """The unnamed fact of a type: every field unknown; a single key without a declared range, none of those found."""
    fields: dict[str, Value] = {each.name: Unknown(reasons, each.domain) for each in of.fields}
    match of.key_fields:
        case (key,) if key.domain == ANYTHING:
            fields[key.name] = Unknown(reasons, NoneOf(frozenset(first for first, *_ in found)))
    return Fact(of.name, (), fields, unnamed=True, found=found)


def _content(fact: Fact) -> object:
    return (fact.type,) if fact.unnamed else (fact.type, fact.key, tuple(fact.fields.values()))


def _dangling(program: Program, situation: Situation) -> Iterable[Reference]:
    """The references to input facts that nobody supplied, those inside their keys included."""
    supplied = {fact.reference for fact in situation.facts}
    found: dict[Reference, None] = {}
    waiting: list[Value] = [*situation.named]
    waiting += [value for fact in situation.facts for value in fact.fields.values()]
    for value in waiting:  # it grows while it is walked
        for reference in _references(value):
            if reference in supplied or reference in found or program.fact_types[reference.type].is_derived:
                continue
            found[reference] = None
            waiting += reference.key
    return found


def _references(value: Value) -> Iterator[Reference]:
    match value:
        case Reference():
            yield value
        case tuple():
            for item in value:
                yield from _references(item)
        case Record():
            for _, item in value.items:
                yield from _references(item)


def environment(variables: Iterable[tuple[str, str]], match: Match) -> Mapping[str, Value]:
    """The facts by the names of the variables they are matched to."""
    return {name: held.fact for (name, _), held in zip(variables, match, strict=True)}
