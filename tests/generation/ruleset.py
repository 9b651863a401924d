"""Whole rulesets as text: types, judgments, definitions, parameters, rules, exceptions, one decision."""

from __future__ import annotations

from dataclasses import dataclass

from tests.generation.case import DECISION
from tests.generation.conclusion import DUTY, Concluder
from tests.generation.conditions import judged
from tests.generation.dice import Dice
from tests.generation.environment import Environment
from tests.generation.expression import Writer, some_theme
from tests.generation.schema import DAYS, INPUT, SUBJECT, Schema, TypeSpec, schema
from tests.generation.scope import Judgment, Scope, Want

OUTCOMES = ("block", "hold", "pass", "waive")
NEEDS = ("calibrated", "person", "no judgment", "no judgment")
DEPTH = 3  # of a condition


@dataclass(frozen=True)
class Target:
    """What an exception may belong to: a provision, its variables, its conclusions, and what it may read."""

    name: str
    variables: dict[str, str]
    conclusions: tuple[str, ...]
    strict: tuple[str, ...]
    level: int  # of the facts concluded, the lowest of all that it belongs to; above all levels for outcomes
    reach: int  # the highest level of all that it belongs to: what it concludes lies no lower


@dataclass
class Ruleset:
    """A drawn ruleset; `subjects` are the types of the decision's parameters, `days` some on which it is in force."""

    schema: Schema
    text: str
    subjects: tuple[str, ...]
    judgments: tuple[Judgment, ...]
    days: tuple[str, ...]


def ruleset(dice: Dice) -> Ruleset:
    """A ruleset that the checker accepts by design, but for conditions that can never hold."""
    return _Author(dice, schema(dice)).ruleset()


class _Author:
    def __init__(self, dice: Dice, schema: Schema) -> None:
        self.dice, self.schema = dice, schema
        self.writer = Writer(dice, schema, theme=some_theme(dice))
        self.below = self.writer.below
        self.targets: list[Target] = []
        self.levels = 1 + max(of.level for of in schema.values())
        self.has_duty = self.below(3) == 2
        self.subjects = (SUBJECT, "B") if self.below(6) == 5 else (SUBJECT,)
        self.concluder = Concluder(self.writer, self.subjects, OUTCOMES)

    def ruleset(self) -> Ruleset:
        effective, days = self._effective()
        parts = [f"ruleset generated{effective}", *(of.text for of in self.schema.values())]
        if self.has_duty:
            parts.append(self.concluder.duty_type())
        parts += Environment(self.writer, self._readable).declarations()
        for of in self.schema.values():
            if of.level != INPUT:
                parts += [self._fact_rule(of) for _ in range(1 + self.below(2))]
        parts.append(self._decision())
        parts += [self._outcome_rule() for _ in range(1 + self.below(3))]
        parts += [self._exception() for _ in range(self.below(4))]
        return Ruleset(self.schema, "\n".join(parts), self.subjects, tuple(self.writer.judgments), days)

    def _effective(self) -> tuple[str, tuple[str, ...]]:
        """The ruleset's own period, now and then, and the days that lie in it."""
        if self.below(6):
            return "", DAYS
        first = self.below(len(DAYS))
        if self.below(2):
            return f"\n  effective from {DAYS[first]}", DAYS[first:]
        last = first + self.below(len(DAYS) - first)
        return f"\n  effective from {DAYS[first]} to {DAYS[last]}", DAYS[first : last + 1]

    def _decision(self) -> str:
        formals = ", ".join(f"s{place}: {of}" for place, of in enumerate(self.subjects))
        sign = ", " if self.dice.is_one_in(4) else " > "
        outcomes = sign.join(f'"{name}"' for name in OUTCOMES)
        otherwise = self.writer.one_of(("pass", "pass", "waive", "hold"))
        settle = "\n  settle duties" if self.has_duty and self.below(2) else ""
        needs = "".join(
            f'\n  needs {self.writer.one_of(NEEDS)} for "{self.writer.one_of(OUTCOMES)}"'
            for _ in range((0, 0, 1, 2)[self.below(4)])
        )
        return (
            f"decision {DECISION}({formals})\n  on s0.day\n  outcomes {outcomes}\n"
            f'  otherwise "{otherwise}"\n  undecided "hold"{needs}{settle}'
        )

    # --- rules

    def _readable(self, level: int) -> tuple[str, ...]:
        return tuple(name for name, of in self.schema.items() if of.level <= level)

    def _fact_rule(self, of: TypeSpec) -> str:
        strict = self._readable(of.level - 1)
        growing = tuple(name for name, each in self.schema.items() if each.level == of.level) if of.is_recursive else ()
        name = self.writer.fresh("r")
        scope = self._bound(Scope({}, strict, growing))
        has_rival = len(of.keys) < len(of.fields) and self.below(2)
        conclusions, scope = self.concluder.facts(of, scope, 1 + bool(has_rival))
        self.targets.append(Target(name, dict(scope.variables), (of.name,), strict, of.level, of.level))
        heads = [f"rule {name}", f"rule {name}x"]  # the second may say something else of the same keys
        for_ = f"\n  for {_variables(scope)}"
        return "\n".join(
            self._versions(head, for_, scope, self._when(scope), f"\n  then {conclusion}")
            for head, conclusion in zip(heads, conclusions, strict=False)
        )

    def _outcome_rule(self) -> str:
        name = self.writer.fresh("r")
        readable = self._readable(self.dice.one_of((INPUT, self.levels)))
        scope = self._bound(Scope({"s": SUBJECT} if self.below(2) else {}, readable))
        conclusions, targets = [], []
        for _ in range(1 + (self.below(5) == 4)):
            conclusion, scope = self.concluder.outcome(scope)
            conclusions.append(f"\n  then {conclusion}")
            targets.append(DECISION)
        if self.has_duty and self.below(2):
            count = 1 + (self.below(3) == 2)
            conclusions += [f"\n  then {self.concluder.duty(scope)}" for _ in range(count)]
            targets.append(DUTY)
        when = self._when(scope)
        if self.below(4) and (question := judged(self.writer, Want("boolean"), scope, 0)):
            when = f"{when} and {question}" if when and self.below(2) else f"\n  when {question}"
        self.targets.append(Target(name, dict(scope.variables), tuple(targets), scope.strict, self.levels, self.levels))
        for_ = f"\n  for {_variables(scope)}"
        return self._versions(f"rule {name}", for_, scope, when, "".join(conclusions))

    def _versions(self, head: str, for_: str, scope: Scope, when: str, rest: str) -> str:
        """The provision, or two versions of it of which one follows the other, with another condition."""
        if self.below(8) < 7:
            return f"{head}{self._period()}{for_}{when}{rest}"
        last = self.below(2)
        first = f"{head}\n  effective from {DAYS[0]} to {DAYS[last]}{for_}{when}{rest}"
        return f"{first}\n{head}\n  effective from {DAYS[last + 1]}{for_}{self._when(scope)}{rest}"

    def _bound(self, scope: Scope) -> Scope:
        """The scope with one or two variables."""
        for _ in range(1 + self.below(2)):
            readable = (*scope.growing, *scope.growing, *scope.strict)
            scope = scope.with_variables({self.writer.fresh(): self.writer.one_of(readable)})
        return scope

    def _when(self, scope: Scope) -> str:
        return f"\n  when {self.writer.condition(scope, DEPTH)}" if self.below(6) else ""

    def _period(self) -> str:
        match self.below(10):
            case 8:
                return f"\n  effective from {self.writer.one_of(DAYS)}"
            case 9:
                return f"\n  effective from {DAYS[0]} to {self.writer.one_of(DAYS)}"
            case _:
                return ""

    # --- exceptions

    def _exception(self) -> str:
        """An exception to a provision, or to two of which it sees the variables that they share."""
        drawn = [self.dice.one_of(self.targets) for _ in range(1 + (self.below(5) == 4))]
        targets = list({each.name: each for each in drawn}.values())
        lowest = min(targets, key=lambda each: each.level)
        seen = [set(target.variables.items()) for target in targets]
        scope = Scope({name: of for name, of in lowest.variables.items() if all((name, of) in it for it in seen)}, ())
        own = {self.writer.fresh(): self.writer.one_of(lowest.strict) for _ in range((0, 0, 1, 1, 2)[self.below(5)])}
        scope = Scope({**scope.variables, **own}, lowest.strict)
        name = self.writer.fresh("e")
        reach = max(each.reach for each in targets)
        concluded, conclusions = self._excepted_conclusions(reach, scope)
        self.targets.append(Target(name, dict(scope.variables), concluded, lowest.strict, lowest.level, reach))
        rest = ("\n  must be proven" if self.below(3) == 2 else "") + conclusions
        when = f"\n  when {self.writer.condition(scope, DEPTH - 1)}" if self.below(8) or not own else ""
        for_ = f"\n  for {_variables(Scope(own, ()))}" if own else ""
        return self._versions(
            f"exception {name} to {', '.join(map(self._aim, targets))}", for_, scope.finished, when, rest
        )

    def _aim(self, target: Target) -> str:
        if self.below(3) == 2 and target.conclusions:
            return f"{target.name}.{self.writer.one_of(target.conclusions)}"
        return target.name

    def _excepted_conclusions(self, level: int, scope: Scope) -> tuple[tuple[str, ...], str]:
        """What an exception concludes itself: nothing, outcomes, a duty, or a fact at least as high as its rule's."""
        found = [self._excepted_conclusion(level, scope) for _ in range(1 + (self.below(6) == 5))]
        return tuple(name for name, _ in found if name), "".join(text for _, text in found)

    def _excepted_conclusion(self, level: int, scope: Scope) -> tuple[str, str]:
        types = [of for of in self.schema.values() if of.level >= level]
        choice = self.below(5)
        if choice == 4 and self.writer.references(scope, SUBJECT, allow_null=False):
            conclusion, inner = self.concluder.outcome(scope)
            return (DECISION, f"\n  then {conclusion}") if inner == scope else ("", "")
        if choice == 3 and types:
            of = self.dice.one_of(types)
            conclusion, inner = self.concluder.fact(of, scope)
            return (of.name, f"\n  then {conclusion}") if inner == scope else ("", "")
        if choice == 2 and self.has_duty and self.writer.references(scope, SUBJECT, allow_null=False):
            return DUTY, f"\n  then {self.concluder.duty(scope)}"
        return "", ""


def _variables(scope: Scope) -> str:
    return ", ".join(f"{name}: {of}" for name, of in scope.variables.items())
