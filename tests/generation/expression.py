"""Expressions as text, drawn so that they are well typed and stratified: every construct that gives the wanted kind of
value is as likely as the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tests.generation.conditions import CONDITIONS
from tests.generation.dice import Dice
from tests.generation.listing import LISTS, RANGES
from tests.generation.naming import (
    constant_of,
    field_behind,
    field_of,
    made_of_fields,
    member_behind,
    named_value,
    parameter_value,
)
from tests.generation.numbers import NUMBERS, PLACE
from tests.generation.production import Production, called, either
from tests.generation.schema import KINDS, MEMBERS, WORDS, FieldSpec, Schema
from tests.generation.scope import Definition, Judgment, Scope, Want
from tests.generation.spans import DATES, DATETIMES, DURATIONS, MONTHS, TIMES
from tests.generation.texts import CHOICES, TEXTS, WORDING

T = TypeVar("T")
NAME = re.compile(r"[a-z]\w*")
FIELD = Production("field", field_of, is_leaf=True, is_end=True, weight=4)
LEAVES = (
    FIELD,
    Production("variable", named_value, is_leaf=True, is_end=True, weight=2),
    Production("constant", constant_of, is_leaf=True, is_end=True),
    Production("parameter", parameter_value, is_leaf=True, is_end=True),
)
MADE = (Production("made of fields", made_of_fields, is_leaf=True, weight=3),)
MOMENT_MADE = (Production("moment made of fields", made_of_fields, is_leaf=True, weight=2),)
EVERYWHERE = (
    PLACE,
    Production("field of a computed fact", field_behind, is_solid=False),
    Production("member of a computed record", member_behind, is_solid=False),
    Production("if", either, weight=2),
    Production("definition", called, weight=3),
)
PRODUCTIONS: Mapping[str, tuple[Production, ...]] = {
    "boolean": (*LEAVES, *EVERYWHERE, *CONDITIONS),
    "number": (*LEAVES, *EVERYWHERE, *NUMBERS),
    "text": (*LEAVES, *EVERYWHERE, *TEXTS),
    "word": WORDING,
    "choice": (*LEAVES, *CHOICES),
    "date": (*LEAVES, *EVERYWHERE, *DATES),
    "time": (*LEAVES, *MOMENT_MADE, *EVERYWHERE, *TIMES),
    "datetime": (*LEAVES, *MOMENT_MADE, *EVERYWHERE, *DATETIMES),
    "duration": (*LEAVES, *MADE, *EVERYWHERE, *DURATIONS),
    "months": (*LEAVES, *MADE, *EVERYWHERE, *MONTHS),
    "list of number": (*LEAVES, *MADE, *EVERYWHERE, *LISTS),
    "list of": (FIELD, *LISTS),
    "range of": RANGES,
    "record": (*LEAVES, *EVERYWHERE),
    "fact": (*LEAVES, *EVERYWHERE),
}


@dataclass
class Writer:
    """Draws expressions over a schema."""

    dice: Dice
    schema: Schema
    judgments: Sequence[Judgment] = ()
    definitions: Sequence[Definition] = ()
    parameters: Sequence[tuple[str, str]] = ()  # name, kind
    theme: frozenset[str] = frozenset()  # the constructs that this ruleset has more of than others
    names: int = 0

    def one_of(self, options: Sequence[T]) -> T:
        return self.dice.one_of(options)

    def below(self, count: int) -> int:
        return self.dice.below(count)

    def fresh(self, prefix: str = "v") -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    # --- expressions

    def condition(self, scope: Scope, depth: int) -> str:
        """A condition; in a scope with growing types, one that more facts can only make true."""
        return self.expression(Want("boolean"), scope, depth)

    def number(self, scope: Scope, depth: int) -> str:
        """A number over finished strata."""
        return self.expression(Want("number"), scope, depth)

    def expression(self, want: Want, scope: Scope, depth: int) -> str:
        """An expression of the wanted kind; empty where the scope has none, which is so for facts alone."""
        table = PRODUCTIONS[self._family(want.kind)]
        grows = bool(scope.growing) and want.kind == "boolean" and self.below(2) == 0
        leaves_only = depth <= 0 or self.below(4) == 0
        suitable = [each for each in table if each.suits(want, depth)]
        for each in self._in_turn(suitable, leaves_only=leaves_only, grows=grows):
            inner = scope if each.grows else scope.finished
            if text := each.write(self, want, inner, depth - 1):
                return text
        return constant_of(self, want, Scope({}, ()), depth)

    def _in_turn(self, options: Sequence[Production], *, leaves_only: bool, grows: bool) -> list[Production]:
        """Every option, first those that are preferred, the likelier ones rather first."""

        def place(each: Production) -> tuple[bool, float]:
            is_preferred = (each.is_leaf or not leaves_only) and (each.grows or not grows)
            return not is_preferred, self.dice.lateness(each.weight * (THEME_WEIGHT if each.name in self.theme else 1))

        return sorted(options, key=place)

    def _family(self, kind: str) -> str:
        if kind in self.schema:
            return "fact"
        return kind if kind in PRODUCTIONS else kind[: kind.index(" of ") + 3]

    def open(self, want: Want, scope: Scope, depth: int) -> str:
        """An expression that mentions something, where one is found: what is made of constants alone says nothing."""
        text = self.expression(want, scope, depth)
        for _ in range(3):
            if not scope.variables.keys().isdisjoint(NAME.findall(text)):
                return text
            text = self.expression(want, scope, depth)
        return text

    # --- names

    def paths(self, scope: Scope, wanted: Callable[[FieldSpec], bool]) -> list[str]:
        """Fields of variables, and of what they refer to, that are wanted."""
        found = []
        for name, of in scope.variables.items():
            for each in self.members(of):
                if wanted(each):
                    found.append(f"{name}.{each.name}")
                if each.kind in scope.strict or each.kind == "record":
                    found += [f"{name}.{each.name}.{inner.name}" for inner in self.behind(each) if wanted(inner)]
        return found

    def members(self, kind: str) -> tuple[FieldSpec, ...]:
        """What a value of the kind has behind a dot."""
        if kind in self.schema:
            return self.schema[kind].fields
        return MEMBERS if kind == "record" else ()

    def behind(self, reference: FieldSpec) -> tuple[FieldSpec, ...]:
        """The fields behind a reference, or the members of a record; behind what may be null they may be null."""
        fields = self.members(reference.kind)
        return fields if not reference.is_nullable else tuple(replace(each, is_nullable=True) for each in fields)

    def paths_to(self, want: Want, scope: Scope) -> list[str]:
        """The paths of the wanted kind."""
        return self.paths(scope, lambda of: of.value == want.kind and not (want.solid and of.is_nullable))

    def variables(self, kind: str, scope: Scope) -> list[str]:
        """The names of the kind."""
        return [name for name, of in scope.variables.items() if of == kind]

    def references(self, scope: Scope, to: str, *, allow_null: bool = True) -> list[str]:
        """Variables of the type and fields that refer to it."""
        return self.variables(to, scope) + self.paths_to(Want(to, solid=not allow_null), scope)

    def facts_in_sight(self, scope: Scope) -> list[str]:
        """The types of the facts that can be named, and two that can always be read."""
        found = dict.fromkeys(of for of in scope.variables.values() if of in self.schema)
        return [*found, *(of for of in ("A", "B") if of not in found)]

    def kind_of_something(self, scope: Scope) -> str:
        """The kind of a value of any sort."""
        return self.one_of((*BASIC, *self.records(scope), "list of number", *self.facts_in_sight(scope)))

    def records(self, scope: Scope) -> list[str]:
        """The kind of records, where there is one in sight."""
        return ["record", "record"] if self.variables("record", scope) or self.paths_to(Want("record"), scope) else []

    def kind_of_items(self, scope: Scope) -> str:
        """The kind of the items of a list: mostly numbers, as there are fields of such lists, or facts."""
        basic, of = self.one_of((*BASIC, *self.records(scope))), self.one_of(self.facts_in_sight(scope))
        return self.one_of(("number", "boolean", basic, of))


BASIC = tuple(kind for kind in WORDS if kind not in {*KINDS, "choice", "record"})
THEME_WEIGHT, THEME_SIZE = 12, 10


def some_theme(dice: Dice) -> frozenset[str]:
    """A few constructs, so that those which are rare meet one another in some ruleset (swarm testing)."""
    names = sorted({each.name for table in PRODUCTIONS.values() for each in table})
    return frozenset(dice.one_of(names) for _ in range(THEME_SIZE))
