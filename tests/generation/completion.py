"""Completions: every unknown of a situation replaced by a value it may have (language §5.6, §5.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from random import Random
from typing import TypeVar

from neurosym.engine.situation import Situation
from neurosym.feel.types import Basic, Choice, FactOf, Nullable, Type, without_null
from neurosym.program.program import Program
from neurosym.program.schema import FactType, Field
from neurosym.values.temporal import parse_date
from neurosym.values.unknown import Asked, Between, MissingFact, MissingType, MissingValue, Reason, Unknown
from neurosym.values.value import Fact, Reference, Value
from tests.generation.schema import DAYS
from tests.oracle import Oracle
from tests.oracle_world import Judged

T = TypeVar("T")
Key = tuple[Value, ...]
TEXTS = ("x", "y", "z")
EXTRA_MAX = 6  # contents tried for a fact of an incomplete type
NEW_KEYS_MAX = 2  # such facts of one type, when its key consists of references
Stays = Callable[[Reason], bool]


@dataclass(frozen=True)
class Completion:
    """What every unknown is. `values` of absent fields, `facts` nobody supplied, `answers` to all that can be asked."""

    values: Mapping[tuple[Reference, str], Value]
    facts: Mapping[Reference, Fact]
    answers: Judged


def completions(oracle: Oracle, count_max: int, seed: int = 0) -> Iterator[Completion]:
    """All completions when there are at most `count_max`, else that many drawn from all."""
    space = _Space(oracle)
    names, options = [name for name, _ in space.slots], [values for _, values in space.slots]
    if prod(map(len, options)) <= count_max:
        for chosen in product(*options):
            yield space.completion(dict(zip(names, chosen, strict=True)))
        return
    dice = Random(seed)
    for _ in range(count_max):
        yield space.completion({name: dice.choice(values) for name, values in space.slots})


def completions_count(oracle: Oracle) -> int:
    """How many completions there are."""
    return prod(len(values) for _, values in _Space(oracle).slots)


class _Space:
    """The unknowns of a situation, each with all that it may be. A slot without options closes the whole."""

    def __init__(self, oracle: Oracle) -> None:
        self.program, self.situation = oracle.program, oracle.situation
        self.inputs = [of for of in self.program.fact_types.values() if not of.is_derived]
        self.found = {of.name: [each.fact for each in oracle.held[of.name] if not each.fact.unnamed] for of in self.inputs}
        self.given = {fact.reference for fact in self.situation.facts}
        self.new: dict[str, list[Reference]] = {of.name: [] for of in self.inputs}
        for of in self.inputs:
            if of.name in self.situation.incomplete:
                self.new[of.name] = self._new_keys(of)
        self.slots: list[tuple[object, Sequence[object]]] = [*self._value_slots(), *self._fact_slots(), *self._answers()]

    # --- what the unknowns are

    def _value_slots(self) -> Iterator[tuple[object, Sequence[object]]]:
        for fact in self.situation.facts:
            for field in self.program.fact_types[fact.type].fields:
                if isinstance(fact.fields[field.name], Unknown):
                    yield (fact.reference, field.name), self._options(field)

    def _fact_slots(self) -> Iterator[tuple[object, Sequence[object]]]:
        for of in self.inputs:
            for fact in self.found[of.name]:
                if fact.reference not in self.given:
                    yield fact.reference, self._contents(of, fact.reference)
            for reference in self.new[of.name]:
                yield reference, (None, *self._contents(of, reference))

    def _answers(self) -> Iterator[tuple[object, Sequence[object]]]:
        recorded = {(each.judgment, tuple(ref for _, ref in each.args)): value for each, value in self.situation.answers.items()}
        for judgment in self.program.judgments.values():
            for arguments in product(*(self._keys(of) for _, of in judgment.parameters)):
                asked = (judgment.name, arguments)
                yield asked, [recorded[asked]] if asked in recorded else list(judgment.answers)

    # --- what they may be

    def _keys(self, of: str) -> list[Reference]:
        return [*(fact.reference for fact in self.found[of]), *self.new[of]]

    def _new_keys(self, of: FactType) -> list[Reference]:
        """Keys that no found fact has. Types with keys of references come after those they refer to."""
        if all(field.refers_to is None for field in of.key_fields):
            return [Reference(of.name, (f"{of.name.lower()}9",))]
        keys: list[Sequence[Value]] = [self._keys(field.refers_to or "") for field in of.key_fields]
        taken = {fact.key for fact in self.found[of.name]}
        free = [Reference(of.name, key) for key in product(*keys) if key not in taken]
        return free[:NEW_KEYS_MAX]

    def _contents(self, of: FactType, reference: Reference) -> list[Fact]:
        keys = dict(zip((field.name for field in of.key_fields), reference.key, strict=True))
        options = [[keys[field.name]] if field.name in keys else self._options(field) for field in of.fields]
        chosen = sampled(options, EXTRA_MAX)
        names = [field.name for field in of.fields]
        return [Fact(of.name, reference.key, dict(zip(names, values, strict=True))) for values in chosen]

    def _options(self, field: Field) -> list[Value]:
        found = self._values(field.type, field)
        return [*found, None] if isinstance(field.type, Nullable) else found

    def _values(self, of: Type, field: Field) -> list[Value]:
        match without_null(of):
            case Choice(values):
                return list(values)
            case Basic.BOOLEAN:
                return [False, True]
            case Basic.TEXT:
                return list(TEXTS)
            case Basic.DATE:
                return [parse_date(day) for day in DAYS]
            case Basic.NUMBER:
                return _numbers(field)
            case FactOf(name):
                return [*self._keys(name)]
            case other:
                raise AssertionError(other)

    # --- one completion

    def completion(self, chosen: Mapping[object, object]) -> Completion:
        """The completion with the chosen values, and with every fact that they refer to."""
        values = {key: chosen[key] for key, _ in self._value_slots()}
        facts = {key: fact for key, fact in chosen.items() if isinstance(fact, Fact)}
        answers = {key: chosen[key] for key, _ in self._answers()}
        waiting = [*values.values(), *(value for fact in facts.values() for value in fact.fields.values())]
        optional = {reference for references in self.new.values() for reference in references}
        for value in waiting:  # it grows while it is walked
            if isinstance(value, Reference) and value in optional and value not in facts:
                facts[value] = self._contents(self.program.fact_types[value.type], value)[0]
                waiting.extend(facts[value].fields.values())
        return Completion(values, facts, answers)  # type: ignore[arg-type]


def refined(oracle: Oracle, by: Completion, stays: Stays) -> tuple[Situation, Judged]:
    """The situation in which all unknowns are as the completion says, but for those whose reasons stay."""
    situation, program = oracle.situation, oracle.program
    facts = [_refined_fact(fact, by, stays) for fact in situation.facts]
    closed = {name for name in situation.incomplete if not stays(MissingType(name))}
    for reference, fact in by.facts.items():
        is_new = reference.type in situation.incomplete and all(
            each.fact.reference != reference for each in oracle.held[reference.type] if not each.fact.unnamed
        )
        if reference.type in closed if is_new else not stays(MissingFact(reference)):
            facts.append(fact)
    answers = {asked: answer for asked, answer in by.answers.items() if not _is_asked(asked, oracle, stays)}
    del program
    return replace(situation, facts=tuple(facts), incomplete=situation.incomplete - closed), answers
