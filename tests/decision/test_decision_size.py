"""Input that is too much is refused by name, before it costs what it is made to cost."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from sys import hash_info
from typing import Any

import pytest

from neurosym.decision.engine import Engine
from neurosym.decision.ruleset import Ruleset
from neurosym.engine.alike import Alike
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from neurosym.values.json_text import read_json
from neurosym.values.size import (
    ALIKE_MAX,
    BYTES_MAX,
    FACTS_MAX,
    ITEMS_MAX,
    MEMBERS_MAX,
    PROBLEMS_MAX,
    TEXT_LENGTH_MAX,
    VALUES_MAX,
)
from tests.decision.case import ruleset

TEXT = """
ruleset trial
fact Case
  id:     text  key
  on:     date
  note:   text            optional
  n:      number          optional
  lists:  list of number  optional
fact Numbered
  n:  number  key
fact Pair
  n:  number  key
  m:  number  key
fact Refers
  id:  text  key
  to:  Numbered
decision screen(c: Case)
  on         c.on
  outcomes   "block" > "release"
  otherwise  "release"
  undecided  "block"
rule block cite "x"
  for   c: Case, n: Numbered
  when  c.n = n.n
  then  screen(c: c) is "block"
"""
DAY = "2026-01-01"
REQUEST = {"c": {"id": "asked", "on": DAY, "n": 1}}
MANY = 2 * ALIKE_MAX
MODULUS = hash_info.modulus


def case(**members: object) -> dict[str, object]:
    return {"id": "C", "on": DAY, **members}


def pairs() -> list[dict[str, int]]:
    """Different pairs of whole numbers below the modulus whose tuples have one hash, as `tuple.__hash__` mixes them."""
    word, first, second, start = 2**64, 11400714785074694791, 14029467366897019727, 2870177450012600261

    def mixed(state: int, lane: int) -> int:
        state = (state + lane * second) % word
        return (state << 31 | state >> 33) % word * first % word

    found: list[dict[str, int]] = []
    wanted, n = mixed(mixed(start, 1), 1), 0
    back = pow(first, -1, word), pow(second, -1, word)
    while len(found) < MANY:
        n += 1
        rotated = wanted * back[0] % word
        state = (rotated >> 31 | rotated << 33) % word
        m = (state - mixed(start, n)) * back[1] % word
        if m < MODULUS:
            found.append({"n": n, "m": m})
    return found


@pytest.fixture(scope="module")
def rules() -> Ruleset:
    return ruleset(TEXT)


Facts = Callable[[], dict[str, list[Any]]]
REFUSED: dict[str, tuple[str, Facts]] = {
    "facts": (f"{FACTS_MAX} items", lambda: {"Numbered": [None] * (FACTS_MAX + 1)}),
    "text": (f"{TEXT_LENGTH_MAX} characters", lambda: {"Case": [case(note="x" * (TEXT_LENGTH_MAX + 1))]}),
    "key": (f"{TEXT_LENGTH_MAX} characters", lambda: {"Case": [case(id="x" * (TEXT_LENGTH_MAX + 1))]}),
    "list": (f"{ITEMS_MAX} items", lambda: {"Case": [case(lists=[1] * (ITEMS_MAX + 1))]}),
    "members": (f"{MEMBERS_MAX} members", lambda: {"Case": [{f"m{n}": 1 for n in range(MEMBERS_MAX + 1)}]}),
    "problems": (f"{PROBLEMS_MAX} problems", lambda: {"Numbered": [{"n": None}] * (PROBLEMS_MAX + 1)}),
    "numbers alike": (
        f"{ALIKE_MAX} values with one hash",
        lambda: {"Case": [case(id=f"{n}", n=f"{n * MODULUS}") for n in range(MANY)]},
    ),
    "decimals alike": (
        f"{ALIKE_MAX} values with one hash",
        lambda: {"Case": [case(id=f"{n}", n=f"{Decimal(n * MODULUS) / 2 + Decimal('0.25')}") for n in range(MANY)]},
    ),
    "keys alike": (
        f"{ALIKE_MAX} values with one hash",
        lambda: {"Numbered": [{"n": f"{n * MODULUS}"} for n in range(MANY)]},
    ),
    "references alike": (
        f"{ALIKE_MAX} values with one hash",
        lambda: {"Refers": [{"id": f"{n}", "to": f"{n * MODULUS}"} for n in range(MANY)]},
    ),
    "tuples alike": (f"{ALIKE_MAX} values with one hash", lambda: {"Pair": pairs()}),
}


@pytest.mark.parametrize(("bound", "facts"), REFUSED.values(), ids=REFUSED)
def test_what_is_too_much_is_refused_by_name(rules: Ruleset, bound: str, facts: Facts) -> None:
    with pytest.raises(InputError) as refused:
        Engine(rules, log=None).decide("screen", REQUEST, facts=facts())
    first = refused.value.diagnostics[0]
    assert (first.code, first.message) == ("NS520", f"more than {bound}")
    assert len(refused.value.diagnostics) <= PROBLEMS_MAX + 2


HONEST: dict[str, Facts] = {
    "the same number again and again": lambda: {
        "Case": [case(id=f"{n}", n=f"{MODULUS + n % 3}.5") for n in range(MANY)]
    },
    "large numbers": lambda: {"Numbered": [{"n": f"{10**30 + n}"} for n in range(MANY)]},
    "cents": lambda: {"Case": [case(id=f"{n}", n=f"{n}.37") for n in range(MANY)]},
    "pairs": lambda: {"Pair": [{"n": n, "m": m} for n in range(40) for m in range(40)]},
    "a long list": lambda: {"Case": [case(lists=[1] * ITEMS_MAX)]},
    "a long text": lambda: {"Case": [case(note="x" * TEXT_LENGTH_MAX)]},
}


@pytest.mark.parametrize("facts", HONEST.values(), ids=HONEST)
def test_what_is_much_is_taken_in(rules: Ruleset, facts: Facts) -> None:
    found = {"Case": [], "Pair": [], "Refers": [], **facts()}
    found["Numbered"] = [{"n": 1}, *found.get("Numbered", [])]
    assert Engine(rules, log=None).decide("screen", REQUEST, facts=found).outcome == "block"


def test_the_facts_of_all_types_are_counted_together(rules: Ruleset) -> None:
    facts: dict[str, list[Any]] = {"Case": [case()], "Numbered": [None] * FACTS_MAX}
    with pytest.raises(InputError) as refused:
        Engine(rules, log=None).decide("screen", REQUEST, facts=facts)
    assert [each.message for each in refused.value.diagnostics] == [f"more than {FACTS_MAX} facts"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (bytes(BYTES_MAX + 1), f"more than {BYTES_MAX} bytes"),
        (b"[" + b"0," * VALUES_MAX + b"0]", f"more than {VALUES_MAX} values"),
        (b"[" + b"0," * FACTS_MAX + b"0]", f"more than {FACTS_MAX} items"),
    ],
    ids=["bytes", "values", "items"],
)
def test_a_document_is_measured_before_it_is_read(content: bytes, message: str) -> None:
    report = Report()
    assert read_json(content, "x.json", report) is None
    assert [(each.code, each.message) for each in report.diagnostics] == [("NS520", message)]


def test_keys_that_stand_twice_are_found_by_counting() -> None:
    report = Report()
    twice = ",".join(f'"a{n % 500}": 1' for n in range(1_000))
    read_json(f"{{{twice}}}".encode(), "x.json", report)
    assert sorted(each.message for each in report.diagnostics)[:1] == ["key `a0` stands twice"]
    assert len(report.diagnostics) == 500
    assert json.loads(f"{{{twice}}}") == {f"a{n}": 1 for n in range(500)}


def test_the_same_value_again_is_like_no_other() -> None:
    alike = Alike()
    assert all(alike.is_apart(Decimal("0.5")) for _ in range(MANY))
    assert [alike.is_apart(n * MODULUS) for n in range(MANY)] == [n < ALIKE_MAX for n in range(MANY)]
