"""Completions: every unknown of a situation replaced by a value it may have (language §5.6, §5.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice, product
from math import prod
from random import Random
from typing import NamedTuple

from neurosym.check.constants import constant_value
from neurosym.engine.situation import Situation
from neurosym.feel.evaluation import passes
from neurosym.feel.types import Basic, Choice, FactOf, ListOf, Nullable, RecordOf, Type, without_null
from neurosym.program.schema import FactType, Field
from neurosym.values.temporal import parse_date, parse_datetime, parse_duration, parse_time
from neurosym.values.unknown import Asked, MissingFact, MissingType, MissingValue, Reason, Unknown
from neurosym.values.value import Fact, Range, Record, Reference, Value
from tests.generation.schema import DAYS, MOMENTS, TIMES
from tests.oracle import Oracle
from tests.oracle_world import Judged

TEXTS = ("x", "y", "z")
NUMBERS = (0, 1, 3)
LISTS: tuple[Value, ...] = ((), (1,), (0, 3))
GAPS: dict[Type, tuple[str, ...]] = {Basic.DURATION: ("P1D", "-PT12H"), Basic.MONTHS: ("P1M", "-P1Y")}
CONTENTS_MAX = 6  # of a fact that nobody supplied
NEW_KEYS_MAX = 2  # of a type whose key is made of references


class Doubt(NamedTuple):
    """An unknown by its kind and name: a `value` of a fact's field, a `fact`, an `answer`, or an `extra` fact."""

    kind: str
    of: Reference | str
    part: str | tuple[Reference, ...] = ""


Completion = Mapping[Doubt, object]


def doubt_of(reason: Reason) -> Doubt | None:
    """The unknown that a reason is about; None for a final one. Extra facts go by their type."""
    match reason:
        case MissingValue(of, field):
            return Doubt("value", of, field)
        case MissingFact(of):
            return Doubt("fact", of)
        case MissingType(name):
            return Doubt("type", name)
        case Asked(question):
            return Doubt("answer", question.judgment, tuple(reference for _, reference in question.args))
        case _:
            return None


class Completions:
    """All completions of the situation of an oracle."""

    def __init__(self, oracle: Oracle) -> None:
        self.program, self.situation = oracle.program, oracle.situation
        self.inputs = [of for of in self.program.fact_types.values() if not of.is_derived]
        self.found = {
            of.name: [held.fact.reference for held in oracle.held[of.name] if not held.fact.unnamed]
            for of in self.inputs
        }
        self.extra: dict[str, list[Reference]] = {of.name: [] for of in self.inputs}
        for of in self.inputs:
            self.extra[of.name] = self._extra_keys(of) if of.name in self.situation.incomplete else []
        self.slots = dict(self._slots())

    @property
    def count(self) -> int:
        """How many there are."""
        return prod(map(len, self.slots.values()))

    def drawn(self, count_max: int, seed: int = 0) -> Iterator[Completion]:
        """All of them when there are at most so many, else as many drawn from all."""
        if self.count <= count_max:
            for chosen in product(*self.slots.values()):
                yield self._closed(dict(zip(self.slots, chosen, strict=True)))
            return
        dice = Random(seed)  # noqa: S311 - no secret
        for _ in range(count_max):
            yield self._closed({doubt: dice.choice(options) for doubt, options in self.slots.items()})

    # --- what the unknowns are

    def _slots(self) -> Iterator[tuple[Doubt, Sequence[object]]]:
        given = {fact.reference for fact in self.situation.facts}
        for fact in self.situation.facts:
            for field in self.program.fact_types[fact.type].fields:
                if isinstance(fact.fields[field.name], Unknown):
                    yield Doubt("value", fact.reference, field.name), self._options(field)
        for of in self.inputs:
            for reference in self.found[of.name]:
                if reference not in given:
                    yield Doubt("fact", reference), self._contents(of, reference)
            for reference in self.extra[of.name]:
                yield Doubt("extra", reference), (None, *self._contents(of, reference))
        yield from self._answers()

    def _answers(self) -> Iterator[tuple[Doubt, Sequence[object]]]:
        recorded = {doubt_of(Asked(question)): answer for question, answer in self.situation.answers.items()}
        for judgment in self.program.judgments.values():
            for arguments in product(*(self._keys(of) for _, of in judgment.parameters)):
                doubt = Doubt("answer", judgment.name, arguments)
                yield doubt, (recorded[doubt],) if doubt in recorded else judgment.answers

    # --- what they may be

    def _keys(self, of: str) -> list[Reference]:
        return [*self.found[of], *self.extra[of]]

    def _extra_keys(self, of: FactType) -> list[Reference]:
        """Keys that no found fact has. Types with references for keys come after those that they refer to."""
        if all(field.refers_to is None for field in of.key_fields):
            return [Reference(of.name, (f"{of.name.lower()}9",))]
        keys: list[Sequence[Value]] = [self._keys(str(field.refers_to)) for field in of.key_fields]
        free = (Reference(of.name, key) for key in product(*keys))
        return list(islice((each for each in free if each not in self.found[of.name]), NEW_KEYS_MAX))

    def _contents(self, of: FactType, reference: Reference) -> list[Fact]:
        """Some of the contents that the fact may have, spread over all."""
        keys = dict(zip((field.name for field in of.key_fields), reference.key, strict=True))
        options = [[keys[field.name]] if field.name in keys else self._options(field) for field in of.fields]
        step = max(1, prod(map(len, options)) // CONTENTS_MAX)
        names = [field.name for field in of.fields]
        chosen = islice(product(*options), 0, None, step)
        return [Fact(of.name, reference.key, dict(zip(names, values, strict=True))) for values in chosen]

    def _options(self, field: Field) -> list[Value]:
        null: list[Value] = [None] if isinstance(field.type, Nullable) else []
        match without_null(field.type):
            case Choice(values):
                return [*values, *null]
            case Basic.BOOLEAN:
                return [False, True, *null]
            case Basic.TEXT:
                return [*TEXTS, *null]
            case Basic.DATE:
                return [*map(parse_date, DAYS), *null]
            case Basic.TIME:
                return [*map(parse_time, TIMES), *null]
            case Basic.DATETIME:
                found = map(parse_datetime, MOMENTS)
                return [*(each for each in found if not field.tests or passes(each, field.tests[0])), *null]
            case Basic.DURATION | Basic.MONTHS:
                return [*map(parse_duration, GAPS[without_null(field.type)]), *null]
            case ListOf(item):
                return [*self._lists(without_null(item)), *null]
            case Basic.NUMBER:
                return [*_numbers(field), *null]
            case RecordOf() as of:
                return [*self._records(of), *null]
            case FactOf(name):
                return [*self._keys(name), *null]
            case other:
                raise AssertionError(other)

    def _lists(self, of: Type) -> Sequence[Value]:
        """A few lists of numbers, of records, or of facts."""
        items: Sequence[Value]
        match of:
            case FactOf(name):
                items = self._keys(name)
            case RecordOf():
                items = self._records(of)
            case _:
                return LISTS
        return (), tuple(items[:1]), tuple(items[-2:])

    def _records(self, of: RecordOf) -> list[Value]:
        """Some of the records of the type, spread over all."""
        options = [NUMBERS if it is Basic.NUMBER else self._options(Field(name, it)) for name, it in of.members]
        step = max(1, prod(map(len, options)) // CONTENTS_MAX)
        names = [name for name, _ in of.members]
        return [Record(tuple(zip(names, each, strict=True))) for each in islice(product(*options), 0, None, step)]

    def _closed(self, chosen: dict[Doubt, object]) -> Completion:
        """The completion with every extra fact that something of it refers to."""
        waiting = list(chosen.values())
        for value in waiting:  # it grows while it is walked
            if isinstance(value, Fact):
                waiting.extend(value.fields.values())
            if isinstance(value, tuple):
                waiting.extend(value)
            if isinstance(value, Record):
                waiting.extend(member for _, member in value.items)
            doubt = Doubt("extra", value) if isinstance(value, Reference) else None
            if doubt in chosen and chosen[doubt] is None:
                chosen[doubt] = self.slots[doubt][1]
                waiting.append(chosen[doubt])
        return chosen


def _numbers(field: Field) -> list[Value]:
    """Every whole number of the field's range, and one that is not whole."""
    found = constant_value(field.tests[0].operand)
    assert isinstance(found, Range)
    assert isinstance(found.low, int)
    assert isinstance(found.high, int)
    return [*range(found.low, found.high + 1), Decimal(found.high) - Decimal("0.5")]


def refined(situation: Situation, by: Completion, stays: Callable[[Doubt], bool]) -> tuple[Situation, Judged]:
    """The situation with its unknowns as the completion has them, but for those that stay. Recorded answers are kept,
    whatever becomes known of what they were about.
    """
    recorded = {doubt_of(Asked(question)) for question in situation.answers}
    facts = [_filled(fact, by, stays) for fact in situation.facts]
    for doubt, fact in by.items():
        if isinstance(fact, Fact):
            about = Doubt("type", fact.type) if doubt.kind == "extra" else doubt
            facts += [] if stays(about) else [fact]
    incomplete = frozenset(name for name in situation.incomplete if stays(Doubt("type", name)))
    answers = {
        (str(doubt.of), doubt.part): answer
        for doubt, answer in by.items()
        if doubt.kind == "answer" and (doubt in recorded or not stays(doubt))
    }
    return replace(situation, facts=tuple(facts), incomplete=incomplete), answers  # type: ignore[return-value]


def _filled(fact: Fact, by: Completion, stays: Callable[[Doubt], bool]) -> Fact:
    doubts = {name: Doubt("value", fact.reference, name) for name in fact.fields}
    fields = {name: by[doubts[name]] if _goes(doubts[name], by, stays) else fact.fields[name] for name in fact.fields}
    return Fact(fact.type, fact.key, fields)  # type: ignore[arg-type]


def _goes(doubt: Doubt, by: Completion, stays: Callable[[Doubt], bool]) -> bool:
    return doubt in by and not stays(doubt)
