"""Facts for a drawn ruleset: few keys, absent values, references to nobody, types of which nobody spoke."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

from neurosym.text.diagnostic import Diagnostic
from neurosym.text.failure import RulesetError
from neurosym.text.span import Span
from neurosym.values.canonical import Json
from tests.generation.case import Case
from tests.generation.dice import Dice
from tests.generation.ruleset import Ruleset, ruleset
from tests.generation.schema import DAYS, INPUT, MOMENTS, SUBJECT, TIMES, FieldSpec, TypeSpec

RECORDS: tuple[Json, ...] = (
    {"n": 1, "c": "x", "a": "a1"},
    {"n": 1, "c": None, "a": "a2"},
    {"n": 3, "c": "y", "a": "a3"},
)
VALUES: dict[str, tuple[Json, ...]] = {
    "number": (0, 1, 2, 3),
    "signed": (-2, -1, 0, 1, 2),
    "boolean": (False, True),
    "choice": ("x", "y"),
    "text": ("x", "y"),
    "date": DAYS,
    "list": ([], [1], [0, 3], [2, 2, 1]),
    "facts": ([], ["a1"], ["a2", "a1"], ["a1", "a3"]),
    "record": RECORDS,
    "records": ([], [RECORDS[0]], [RECORDS[2], RECORDS[1]]),
    "duration": ("P1D", "PT12H", "-P1D", "P2D"),
    "months": ("P1M", "P0M", "P1Y", "-P1M"),
    "time": TIMES,
    "datetime": MOMENTS,
    "moment": MOMENTS[1:6],
}
NEVER_HOLDS = "NS408"
MENDS_MAX = 2
DAY_TESTS = (f"= {DAYS[0]}", f"> {DAYS[0]}", f"< {DAYS[2]}", f"= {DAYS[2]}")
KEYS = {"A": ("a1", "a2"), "B": ("b1", "b2")}
UNSUPPLIED = {"A": "a3", "B": "b3"}


def generated(seed: int) -> Case | None:
    """The case of a seed: a ruleset with facts, a request and some answers. None when a condition of it can never hold,
    whatever stands beside it.
    """
    dice = Dice(seed)
    case = _Clerk(dice, ruleset(dice)).case()
    for _ in range(MENDS_MAX):
        try:
            assert case.checked
        except RulesetError as error:
            if {each.code for each in error.diagnostics if each.is_error} != {NEVER_HOLDS}:
                raise
            case = replace(case, rules=_mended(case.rules, error.diagnostics, dice))
        else:
            return case
    return None


def _mended(rules: str, found: Iterable[Diagnostic], dice: Dice) -> str:
    """The rules with another way to hold beside every condition that can never hold."""
    places = {each.primary.place for each in found if each.is_error and each.primary is not None}
    for place in sorted((each for each in places if isinstance(each, Span)), key=lambda each: -each.start):
        other = f"(some w{place.start}: {SUBJECT} satisfies w{place.start}.day {dice.one_of(DAY_TESTS)})"
        rules = f"{rules[: place.start]}({place.text} or {other}){rules[place.end :]}"
    return rules


def cases(count: int, first: int = 0) -> Iterator[tuple[int, Case]]:
    """So many cases from a seed on, each with its own."""
    found = ((seed, generated(seed)) for seed in itertools.count(first))
    return itertools.islice(((seed, case) for seed, case in found if case is not None), count)


class _Clerk:
    def __init__(self, dice: Dice, ruleset: Ruleset) -> None:
        self.dice, self.ruleset = dice, ruleset

    def below(self, count: int) -> int:
        return self.dice.below(count)

    def case(self) -> Case:
        facts: dict[str, Json] = {}
        incomplete: list[Json] = []
        inputs = [of for of in self.ruleset.schema.values() if of.level == INPUT]
        for of in inputs:
            match self.below(6):
                case 4:
                    pass  # nobody speaks of it
                case 5:
                    facts[of.name] = self._rows(of)
                    incomplete.append(of.name)
                case _:
                    facts[of.name] = self._rows(of)
        if incomplete:
            facts["incomplete"] = incomplete
        request = {f"s{place}": self._subject(of, facts) for place, of in enumerate(self.ruleset.subjects)}
        return Case(self.ruleset.text, facts, request, tuple(self._answers()))

    def _subject(self, name: str, facts: dict[str, Json]) -> Json:
        """The first fact of the type by its key, else one of its own."""
        rows = facts.get(name)
        if isinstance(rows, list) and rows:
            assert isinstance(rows[0], dict)
            return rows[0]["id"]
        return self._row(self.ruleset.schema[name], self._identity(name, KEYS[name][0]))

    def _rows(self, of: TypeSpec) -> list[Json]:
        if of.name in KEYS:
            count = self.below(3) if of.name != SUBJECT else 1 + self.below(2)
            return [self._row(of, self._identity(of.name, key)) for key in KEYS[of.name][:count]]
        rows: dict[str, Json] = {}
        for place in range(self.below(4)):
            row = self._row(of, {"id": f"c{place}"} if any(key.name == "id" for key in of.keys) else {})
            rows.setdefault(str([row[key.name] for key in of.keys]), row)
        return list(rows.values())

    def _identity(self, name: str, key: str) -> dict[str, Json]:
        """The key of a fact; of what may be decided about, too, a day on which the ruleset is in force."""
        return {"id": key, "day": self.dice.one_of(self.ruleset.days)} if name == SUBJECT else {"id": key}

    def _row(self, of: TypeSpec, given: dict[str, Json]) -> dict[str, Json]:
        row = dict(given)
        for field in of.fields:
            if field.name in row or (field.is_optional and self.below(2)):
                continue
            if field.is_nullable and self.below(3) == 2:
                row[field.name] = None
            else:
                row[field.name] = self._value(field)
        return row

    def _value(self, field: FieldSpec) -> Json:
        if field.kind in VALUES:
            return self.dice.one_of(VALUES[field.kind])
        if self.below(8) == 7:
            return UNSUPPLIED[field.kind]
        return self.dice.one_of(KEYS[field.kind])

    def _answers(self) -> list[tuple[str, tuple[Json, ...], str | bool]]:
        found: list[tuple[str, tuple[Json, ...], str | bool]] = []
        for judgment in self.ruleset.judgments:
            tuples: list[tuple[Json, ...]] = [()]
            for _, of in judgment.parameters:
                tuples = [(*each, key) for each in tuples for key in KEYS[of]]
            for keys in tuples:
                match self.below(4):
                    case 2:
                        found.append((judgment.name, keys, judgment.answer is None or "yes"))
                    case 3:
                        found.append((judgment.name, keys, False if judgment.answer is None else "no"))
        return found
