"""Whole rulesets as text: types, judgments, a definition, a parameter, rules, exceptions, one decision."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.generation.case import DECISION
from tests.generation.dice import Dice
from tests.generation.expression import Judgment, Scope, Writer
from tests.generation.schema import DAYS, INPUT, SUBJECT, FieldSpec, Schema, TypeSpec, schema

OUTCOMES = ("block", "hold", "pass", "waive")


@dataclass(frozen=True)
class Target:
    """What an exception may belong to: a provision, its variables, its conclusions, and what it may read."""

    name: str
    variables: dict[str, str]
    conclusions: tuple[str, ...]
    strict: tuple[str, ...]
    level: int  # of the facts concluded; above all levels for outcomes


@dataclass
class Ruleset:
    """A drawn ruleset; `subjects` are the types of the decision's parameters."""

    schema: Schema
    text: str
    subjects: tuple[str, ...]
    judgments: tuple[Judgment, ...]
    constructs: Counter[str] = field(default_factory=Counter)


def ruleset(dice: Dice) -> Ruleset:
    """A ruleset that the checker accepts by design."""
    return _Author(dice, schema(dice)).ruleset()


class _Author:
    def __init__(self, dice: Dice, schema: Schema) -> None:
        self.dice, self.schema = dice, schema
        self.writer = Writer(dice, schema)
        self.below = self.writer.below
        self.targets: list[Target] = []
        self.levels = 1 + max(of.level for of in schema.values())
        self.has_duty = self.below(4) == 3
        self.subjects = (SUBJECT, "B") if self.below(6) == 5 else (SUBJECT,)

    def ruleset(self) -> Ruleset:
        parts = ["ruleset generated", *(of.text for of in self.schema.values())]
        if self.has_duty:
            parts.append(f"duty report\n  about: {SUBJECT} key")
        parts += self._environment()
        for of in self.schema.values():
            if of.level != INPUT:
                parts += [self._fact_rule(of) for _ in range(1 + self.below(2))]
        subjects = self.subjects
        parts.append(self._decision(subjects))
        parts += [self._outcome_rule(subjects) for _ in range(1 + self.below(3))]
        parts += [self._exception() for _ in range(self.below(4))]
        return Ruleset(self.schema, "\n".join(parts), subjects, tuple(self.writer.judgments), self.writer.constructs)

    # --- beside the rules

    def _environment(self) -> list[str]:
        parts, writer = [], self.writer
        if self.below(3) == 2:
            writer.has_parameter = True
            first, second, start = self.below(4), self.below(4), self.writer.one_of((DAYS[0], DAYS[0], DAYS[1]))
            parts.append(f"parameter limit: number [0..3] = {first} from {start} = {second} from {DAYS[2]}")
        if self.below(3) == 2:
            inputs = self._readable(INPUT)
            body = writer.number(Scope({"x": SUBJECT}, inputs), 1)
            parts.append(f"define score(x: {SUBJECT}) = {body}")
            writer.definitions = ("score",)
        judgments = [self._judgment(number) for number in range((1, 2, 0)[self.below(3)])]
        writer.judgments = [judgment for judgment, _ in judgments]
        return parts + [text for _, text in judgments]

    def _judgment(self, number: int) -> tuple[Judgment, str]:
        types = ("A", "B") if self.below(3) == 2 else (self.writer.one_of(("A", "B")),)
        parameters = tuple((f"p{place}", of) for place, of in enumerate(types))
        is_boolean = self.below(3) == 2
        judgment = Judgment(f"asked{number}", parameters, None if is_boolean else '"yes"')
        returns = "yes or no" if is_boolean else '"yes" | "no"'
        reads = ""
        if self.below(2):
            name, of = parameters[0]
            reads = f"\n  reads {name}.{self.writer.one_of([each.name for each in self.schema[of].fields])}"
        formals = ", ".join(f"{name}: {of}" for name, of in parameters)
        return (
            judgment,
            f'judgment {judgment.name}({formals}) returns {returns}\n  ask "Is it so?"{reads}\n  route local',
        )

    def _decision(self, subjects: tuple[str, ...]) -> str:
        formals = ", ".join(f"s{place}: {of}" for place, of in enumerate(subjects))
        sign = ", " if self.dice.is_one_in(5) else " > "
        self.writer.note("ordered outcomes" if sign == " > " else "unordered outcomes")
        outcomes = sign.join(f'"{name}"' for name in OUTCOMES)
        otherwise = self.writer.one_of(("pass", "pass", "waive", "hold"))
        return (
            f"decision {DECISION}({formals})\n  on s0.day\n  outcomes {outcomes}\n"
            f'  otherwise "{otherwise}"\n  undecided "hold"'
        )

    # --- rules

    def _readable(self, level: int) -> tuple[str, ...]:
        return tuple(name for name, of in self.schema.items() if of.level <= level)

    def _fact_rule(self, of: TypeSpec) -> str:
        strict = self._readable(of.level - 1)
        growing = tuple(name for name, each in self.schema.items() if each.level == of.level) if of.is_recursive else ()
        name = self.writer.fresh("r")
        scope = self._bound(Scope({}, strict, growing))
        conclusion, scope = self._fact(of, scope)
        when = self._when(scope)
        self.targets.append(Target(name, dict(scope.variables), (of.name,), strict, of.level))
        return self._versions(name, scope, when, f"  then {conclusion}")

    def _versions(self, name: str, scope: Scope, when: str, conclusions: str) -> str:
        """The rule, or two versions of it of which one follows the other, with another condition."""
        head, tail = f"rule {name}", f"\n  for {_variables(scope)}"
        if self.below(6) < 5:
            return f"{head}{self._period()}{tail}{when}\n{conclusions}"
        self.writer.note("two versions of a rule")
        last = self.below(2)
        first = f"{head}\n  effective from {DAYS[0]} to {DAYS[last]}{tail}{when}\n{conclusions}"
        return f"{first}\n{head}\n  effective from {DAYS[last + 1]}{tail}{self._when(scope)}\n{conclusions}"

    def _bound(self, scope: Scope) -> Scope:
        """The scope with one or two variables."""
        for _ in range(1 + self.below(2)):
            readable = (*scope.growing, *scope.growing, *scope.strict)
            of = self.writer.one_of(readable)
            if of in scope.growing:
                self.writer.note("recursion")
            scope = scope.with_variables({self.writer.fresh(): of})
        return scope

    def _when(self, scope: Scope) -> str:
        return f"\n  when {self.writer.condition(scope, 2)}" if self.below(6) else ""

    def _period(self) -> str:
        match self.below(10):
            case 8:
                self.writer.note("effective period")
                return f"\n  effective from {self.writer.one_of(DAYS)}"
            case 9:
                self.writer.note("effective period")
                return f"\n  effective from {DAYS[0]} to {self.writer.one_of(DAYS)}"
            case _:
                return ""

    def _fact(self, of: TypeSpec, scope: Scope) -> tuple[str, Scope]:
        """A conclusion of the type, and the scope with the variables that it needs."""
        parts = []
        for each in of.fields:
            value, scope = self._value(each, scope)
            parts.append(f"{each.name}: {value}")
        self.writer.note("fact with a value" if any(not each.is_key for each in of.fields) else "fact")
        return f"{of.name}({', '.join(parts)})", scope

    def _value(self, of: FieldSpec, scope: Scope) -> tuple[str, Scope]:
        writer, inner = self.writer, scope.finished
        if of.kind in self.schema:
            options = writer.references(inner, of.kind, allow_null=False)
            if not options or self.below(4) == 3:
                name = writer.fresh()
                return name, scope.with_variables({name: of.kind})
            return writer.one_of(options), scope
        paths = writer.paths(inner, lambda each: each.kind == of.kind and each.is_nullable <= of.is_nullable)
        if paths and self.below(3):
            return writer.one_of(paths), scope
        match of.kind:
            case "number" | "signed":
                return writer.number(inner, 1) + ("" if of.is_nullable else " + 0"), scope
            case "boolean":
                return f"({writer.condition(inner, 1)} and true)", scope
            case _:
                return f'(if {writer.condition(inner, 1)} then "x" else "y")', scope

    def _outcome_rule(self, subjects: tuple[str, ...]) -> str:
        name = self.writer.fresh("r")
        readable = self._readable(self.dice.one_of((INPUT, self.levels)))
        scope = self._bound(Scope({"s": SUBJECT} if self.below(2) else {}, readable))
        conclusions, targets = [], []
        for _ in range(1 + (self.below(5) == 4)):
            conclusion, scope = self._outcome(subjects, scope)
            conclusions.append(f"  then {conclusion}")
            targets.append(DECISION)
        if self.has_duty and self.below(2):
            conclusions.append(f"  then {self._duty(scope)}")
            targets.append("report")
        when = self._when(scope)
        if self.writer.judgments and self.below(2):
            question = self.writer.judged(scope)
            when = f"{when} and {question}" if when and self.below(2) else f"\n  when {question}"
        self.targets.append(Target(name, dict(scope.variables), tuple(targets), scope.strict, self.levels))
        return self._versions(name, scope, when, "\n".join(conclusions))

    def _outcome(self, subjects: tuple[str, ...], scope: Scope) -> tuple[str, Scope]:
        parts = []
        for place, of in enumerate(subjects):
            options = self.writer.references(scope, of, allow_null=False)
            if options and self.below(5):
                parts.append(f"s{place}: {self.writer.one_of(options)}")
            else:
                name = self.writer.fresh()
                scope = scope.with_variables({name: of})
                parts.append(f"s{place}: {name}")
        self.writer.note("outcome")
        return f'{DECISION}({", ".join(parts)}) is "{self.writer.one_of(OUTCOMES)}"', scope

    def _duty(self, scope: Scope) -> str:
        options = self.writer.references(scope, SUBJECT, allow_null=False)
        about = self.writer.one_of(options) if options else next(iter(scope.variables))
        days = self.writer.paths(scope, lambda of: of.kind == "date") or [DAYS[0]]
        self.writer.note("duty")
        return f'duty report(about: {about}) owed by "bank" due {self.writer.one_of(days)}'

    # --- exceptions

    def _exception(self) -> str:
        target = self.dice.one_of(self.targets)
        if self.below(5) == 4:
            return self._shared_exception(target, self.dice.one_of(self.targets))
        name, scope = self.writer.fresh("e"), Scope(target.variables, target.strict)
        own: dict[str, str] = {}
        for _ in range(self.below(2)):
            own[self.writer.fresh()] = self.writer.one_of(target.strict)
        scope = scope.with_variables(own)
        condition = self.writer.condition(scope, 1)
        concluded, conclusion = self._excepted_conclusion(target, scope)
        burden = "\n  must be proven" if self.below(3) == 2 else ""
        aim = (
            f"{target.name}.{self.writer.one_of(target.conclusions)}"
            if self.below(3) == 2 and target.conclusions
            else target.name
        )
        conclusions = (concluded,) if concluded else ()
        self.targets.append(Target(name, dict(scope.variables), conclusions, target.strict, target.level))
        self.writer.note("exception to an exception" if target.name.startswith("e") else "exception")
        self._note_exception(conclusion, burden)
        for_ = f"\n  for {', '.join(f'{each}: {of}' for each, of in own.items())}" if own else ""
        return f"exception {name} to {aim}{self._period()}{for_}\n  when {condition}{burden}{conclusion}"

    def _shared_exception(self, one: Target, other: Target) -> str:
        """An exception to two provisions, which sees the variables that they share."""
        strict = one.strict if one.level <= other.level else other.strict
        shared = {each: of for each, of in one.variables.items() if other.variables.get(each) == of}
        own = {self.writer.fresh(): self.writer.one_of(strict)}
        name, scope = self.writer.fresh("e"), Scope({**shared, **own}, strict)
        targets = ", ".join(dict.fromkeys((one.name, other.name)))
        condition = self.writer.condition(scope, 1)
        self.targets.append(Target(name, dict(scope.variables), (), strict, min(one.level, other.level)))
        self.writer.note("exception to several rules")
        return f"exception {name} to {targets}{self._period()}\n  for {_variables(Scope(own, ()))}\n  when {condition}"

    def _note_exception(self, conclusion: str, burden: str) -> None:
        if conclusion:
            self.writer.note("exception that concludes")
        if burden:
            self.writer.note("must be proven")

    def _excepted_conclusion(self, target: Target, scope: Scope) -> tuple[str, str]:
        """What an exception concludes itself: nothing, an outcome, or a fact of no lower level than its rule's."""
        types = [of for of in self.schema.values() if of.level >= target.level]
        choice = self.below(4)
        if choice == 3 and self.writer.references(scope, SUBJECT, allow_null=False):
            conclusion, inner = self._outcome(self.subjects, scope)
            return (DECISION, f"\n  then {conclusion}") if inner == scope else ("", "")
        if choice == 2 and types:
            of = self.dice.one_of(types)
            conclusion, inner = self._fact(of, scope)
            return (of.name, f"\n  then {conclusion}") if inner == scope else ("", "")
        return "", ""


def _variables(scope: Scope) -> str:
    return ", ".join(f"{name}: {of}" for name, of in scope.variables.items())
