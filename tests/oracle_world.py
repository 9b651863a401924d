"""The oracle's world: the facts it holds, bound by nested loops; parameters; answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from neurosym.engine.situation import Situation
from neurosym.feel.evaluation import Evaluator, passes
from neurosym.feel.extent import failed, plain, reasons_of, union
from neurosym.feel.kleene import conjunction
from neurosym.feel.typed import Definition, Join
from neurosym.feel.world import Environment
from neurosym.program.program import Program
from neurosym.program.schema import Field
from neurosym.text.span import NOWHERE
from neurosym.values import unknown as un
from neurosym.values.unknown import Reason, RestsOn, Unknown
from neurosym.values.value import Fact, Record, Reference, Truth, Value

Judged = Mapping[tuple[str, tuple[Reference, ...]], Value]
Reasons = frozenset[Reason]


STEPS_MAX = 10_000


class TooLargeError(Exception):
    """The loops would take longer than a test has time."""


@dataclass
class Held:
    """One content of a key, or the unnamed fact of a type: certain, or possible for reasons."""

    fact: Fact
    certain: bool
    reasons: Reasons = frozenset()

    @property
    def name(self) -> RestsOn:
        return RestsOn(self.fact.type if self.fact.unnamed else self.fact.reference)

    @property
    def truth(self) -> Truth:
        return self.certain or Unknown(self.reasons)


class LoopWorld:
    """The facts held so far. `judged` answers questions by their arguments alone."""

    def __init__(self, program: Program, situation: Situation, judged: Judged) -> None:
        self.program, self.situation, self.judged = program, situation, judged
        self.evaluator = Evaluator(self)
        self.steps = 0
        self.held: dict[str, list[Held]] = {name: [] for name in program.fact_types}
        self.give()

    # --- 5.6: what is given, what is referred to, of what nobody spoke

    def give(self) -> None:
        for fact in self.situation.facts:
            self.held[fact.type].append(Held(fact, certain=True))
        waiting: list[Value] = [*self.situation.named]
        waiting += [value for fact in self.situation.facts for value in fact.fields.values()]
        for value in waiting:  # it grows while it is walked
            waiting.extend(value if isinstance(value, tuple) else ())
            waiting.extend(member for _, member in (value.items if isinstance(value, Record) else ()))
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
        """Give a possible fact its reasons; where nobody said what its fields are, they are those of the fields too."""
        if held.certain:
            return
        held.reasons, fact = reasons, held.fact
        if fact.unnamed or not fact.fields:
            of = self.program.fact_types[fact.type]
            fields: dict[str, Value] = {field.name: Unknown(reasons, field.domain) for field in of.fields}
            if fact.unnamed and len(of.key_fields) == 1 and of.key_fields[0].domain == un.ANYTHING:
                not_found = un.NoneOf(frozenset(key for (key,) in fact.found))
                fields[of.key_fields[0].name] = Unknown(reasons, not_found)
            fields.update(zip((field.name for field in of.key_fields), fact.key, strict=False))
            held.fact = Fact(fact.type, fact.key, fields, unnamed=fact.unnamed, found=fact.found)

    # --- what expressions see

    def bindings(self, join: Join, environment: Environment) -> Iterator[tuple[Environment, Truth]]:
        for chosen in product(*(list(self.held[of]) for _, of in join.variables)):
            self.steps += 1
            if self.steps > STEPS_MAX:
                raise TooLargeError
            names = [name for name, _ in join.variables]
            env = {**environment, **{name: held.fact for name, held in zip(names, chosen, strict=True)}}
            condition = [] if join.condition is None else [self.evaluator.truth(join.condition, env)]
            truth = conjunction([*(held.truth for held in chosen), *condition])
            if truth is not False:
                yield env, truth

    def member(self, of: Reference, name: str) -> Value:
        """The field over all contents of the key; unknown while no fact is certain to have it."""
        is_given = not self.program.fact_types[of.type].is_derived
        named = [each for each in self.held[of.type] if not each.fact.unnamed and each.fact.key == of.key]
        nameless = [each for each in self.held[of.type] if each.fact.unnamed and of.key not in each.fact.found]
        values = [each.fact.fields[name] for each in named or nameless]
        if not values:
            return failed(f"no {of.type} with this key", NOWHERE)
        if is_given or not named or any(each.certain for each in named):
            return union(values, reasons_of(*(each.truth for each in named)))
        return Unknown(reasons_of(*values, *(each.truth for each in (*named, *nameless))))

    def domain(self, type_name: str, name: str) -> un.Domain:
        return self.program.fact_types[type_name].by_name[name].domain

    def parameter(self, name: str) -> Value:
        values = [each.value for each in self.program.parameters[name].values if each.first <= self.situation.on]
        return values[-1] if values else failed(f"`{name}` has no value before its first date", NOWHERE)

    def definition(self, name: str) -> Definition:
        return self.program.definitions[name]

    def answer(self, judgment: str, arguments: tuple[Value, ...]) -> Value:
        declared = self.program.judgments[judgment]
        domain = un.OneOf(frozenset(declared.answers))
        bound = {name: value for (name, _), value in zip(declared.parameters, arguments, strict=True)}
        facts = {name: named(value) for name, value in bound.items()}
        for name, value in facts.items():
            doubt = failed(f"`{name}` is null", NOWHERE) if value is None else value
            if isinstance(doubt, Unknown):
                return Unknown(doubt.reasons, domain)
        keys = {name: value for name, value in facts.items() if isinstance(value, Reference)}
        content: list[tuple[str, Value | un.Absent]] = []
        for name, field in (*declared.reads, *declared.evidence):
            fact = bound[name]
            read = plain(fact.fields[field] if isinstance(fact, Fact) else self.member(keys[name], field))
            is_absent = isinstance(read, Unknown) and read.reasons == {un.MissingValue(keys[name], field)}
            if isinstance(read, Unknown) and not is_absent:
                return Unknown(read.reasons, domain)
            content.append((f"{name}.{field}", un.ABSENT if is_absent else read))
        question = un.Question(judgment, tuple(keys.items()), tuple(content))
        asked = un.Asked(question, self.situation.standings.get(question, un.Standing.OPEN))
        recorded = self.situation.answers.get(question, Unknown(frozenset({asked}), domain))
        return self.judged.get((judgment, tuple(keys.values())), recorded)


def named(value: Value) -> Value:
    """The value with a fact as the reference that names it; the unnamed fact is an unknown one."""
    found = plain(value)
    return Unknown(reasons_of(*found.fields.values())) if isinstance(found, Fact) else found


def admitted(field: Field, value: Value) -> Value:
    """The value of a derived fact's field; unknown where its declaration forbids it."""
    value = named(value)
    if value is None or isinstance(value, Unknown) or not field.tests or any(passes(value, it) for it in field.tests):
        return value
    return failed(f"the value lies outside what `{field.name}` declares", NOWHERE)
