"""What a value rests on: the parts that decide it, and no others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.feel.checker import Checker
from neurosym.feel.evaluation import Evaluator
from neurosym.feel.parser import parse_expression
from neurosym.feel.scope import Scope
from neurosym.feel.typed import Definition, Join
from neurosym.feel.types import Basic, FactOf
from neurosym.feel.world import Environment, FactRead, ParameterRead, Read
from neurosym.text.diagnostic import Report
from neurosym.values.unknown import ANYTHING, Domain
from neurosym.values.value import Fact, Reference, Truth, Value
from tests.feel.evaluating import unknown

PARAMETERS: dict[str, Value] = {"yes": True, "also": True, "no": False, "nor": False, "maybe": unknown(), "five": 5}
A, B = (Fact("Party", (name,), {"id": name}) for name in ("A", "B"))


class Board:
    """A world of two parties and some parameters."""

    def bindings(self, join: Join, environment: Environment) -> Iterator[tuple[Environment, Truth]]:
        for fact in (B, A):
            extended = {**environment, join.variables[0][0]: fact}
            truth = Evaluator(self).truth(join.condition, extended) if join.condition is not None else True
            if truth is not False:
                yield extended, truth

    def member(self, of: Reference, name: str) -> Value:
        return of.key[0] if name == "id" else unknown()

    def domain(self, type_name: str, name: str) -> Domain:
        del type_name, name
        return ANYTHING

    def parameter(self, name: str) -> Value:
        return PARAMETERS[name]

    def answer(self, judgment: str, arguments: tuple[Value, ...]) -> Value:
        raise AssertionError(judgment, arguments)

    def definition(self, name: str) -> Definition:
        raise AssertionError(name)


def reads(text: str) -> list[Read]:
    types = {name: Basic.NUMBER if name == "five" else Basic.BOOLEAN for name in PARAMETERS}
    scope = Scope({"Party": {"id": Basic.TEXT}}, parameters=types, locals={"r": FactOf("Party")})
    tree = parse_expression(text, None, report := Report())
    assert tree is not None
    typed = Checker(scope, report).check(tree)
    assert not report.diagnostics
    noted: list[Read] = []
    Evaluator(Board(), noted).value(typed, {"r": A.reference})
    return noted


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("yes and also", ["yes", "also"]),
        ("yes and no and nor", ["no"]),
        ("no and yes", ["no"]),
        ("yes and maybe", ["yes", "maybe"]),
        ("maybe and no", ["no"]),
        ("no or yes or also", ["yes"]),
        ("no or nor", ["no", "nor"]),
        ("maybe or yes", ["yes"]),
        ("no or maybe", ["no", "maybe"]),
        ("not(no or yes)", ["yes"]),
        ("no implies maybe", ["no"]),
        ("maybe implies yes", ["yes"]),
        ("(no and yes) or (yes and also)", ["yes", "also"]),
        ("yes and (no or also)", ["yes", "also"]),
        ("if yes then five else 6", ["yes", "five"]),
        ("if no then five else 6", ["no"]),
        ("if maybe then five else 6", ["maybe", "five"]),
        ("five in (1, five, 6)", ["five", "five"]),
    ],
)
def test_a_connective_rests_on_the_part_that_decides_it_or_on_all(text: str, names: list[str]) -> None:
    assert reads(text) == [ParameterRead(name) for name in names]


def test_a_path_rests_on_the_fact_it_goes_through() -> None:
    assert reads('r.id = "A"') == [FactRead(A.reference)]


def test_some_fact_rests_on_its_first_witness_by_key_whatever_was_found_first() -> None:
    assert reads("some p: Party satisfies yes") == [FactRead(A), ParameterRead("yes")]
    assert reads('some p: Party satisfies p.id = "B"') == [FactRead(B)]
    assert reads("some p: Party satisfies maybe") == [
        FactRead(A),
        ParameterRead("maybe"),
        FactRead(B),
        ParameterRead("maybe"),
    ]
    assert reads("some p: Party satisfies no") == []


def test_a_total_rests_on_every_fact_it_counts() -> None:
    assert set(reads("count(p for p: Party) > 1")) == {FactRead(A), FactRead(B)}
    assert reads('count(p for p: Party where p.id = "B") > 1') == [FactRead(B)]
