"""Cases that a theorem once failed on, made small; every theorem holds of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from neurosym.values.canonical import Json
from tests.generation.case import Case
from tests.properties.test_explanation_properties import can_be_explained
from tests.properties.test_theorems import examine

HEAD = """ruleset generated
fact A
  id: text key
  day: date
  n: number [0..3] optional
  b: B optional
  t: "x" | "y" or null optional
fact B
  id: text key
  n: number [0..3]
  a: A optional
fact C
  id: text key
  from: A
  to: B
decision screen(s0: A)
  on s0.day
  outcomes "block" > "hold" > "pass" > "waive"
  otherwise "pass"
  undecided "hold"
"""
DAY: Mapping[str, Json] = {"id": "a1", "day": "2026-01-01"}

FOUND: dict[str, tuple[str, Mapping[str, Json]]] = {
    "a function of null says no less than of what is unknown": (
        """
derived D
  k: A key
rule r
  for s: A
  when s.n = similar(s.t, "x")
  then D(k: s)
""",
        {"A": [{**DAY, "n": 3}]},
    ),
    "beyond one end of a range the other does not matter, though it is null": (
        """
rule r
  for s: A
  when s.n between 2 and max([1, 2][item > 3])
  then screen(s0: s) is "block"
""",
        {"A": [{**DAY, "n": 1}]},
    ),
    "a question about a fact that nobody named is no question": (
        """
judgment asked(a: A, b: B) returns "yes" | "no"
  ask "Is it so?"
  reads a.n
  route local
rule r
  for s: A, b: B, a: A
  when asked(a, b) != "yes"
  then screen(s0: a) is "waive"
""",
        {"A": [{**DAY}]},
    ),
    "days on which a duty may be due are told in one order": (
        """
duty report
  about: A key
rule owed
  for s: A, a: A, b: B
  then duty report(about: b.a) owed by "bank" due b.a.day
rule passed
  for s: A, a: A
  then screen(s0: a) is "pass"
exception one to passed.screen
exception other to passed
""",
        {
            "A": [{**DAY}],
            "B": [{"id": "b1", "n": 1}, {"id": "b2", "n": 2, "a": "a3"}],
            "C": [{"id": "c0", "from": "a2", "to": "b2"}],
        },
    ),
    "what an exception waits for is told by what it rests on": (
        """
derived D
  k: A key
rule first
  for c: C
  then D(k: c.to.a)
rule next
  for d: D, e: D, a: A
  then D(k: a)
exception doubtful to next.D
  for c: C
  when a.n < 2 implies e.k.n < 2
""",
        {"A": [{**DAY}]},
    ),
    "contents that contradict one another bear on what they lead to": (
        """
derived D
  k: A key
  v: boolean
rule derived
  for a: A, other: A
  then D(k: other, v: a.n = other.n)
rule blocked
  for d: D
  then screen(s0: d.k) is "block"
""",
        {"A": [{**DAY, "n": 0}, {**DAY, "id": "a2", "n": 1}], "B": [], "C": []},
    ),
    "a list names the facts that are its items and holds none of their fields": (
        """
derived D
  k: A key
  v: list of A
rule pair
  for a: A
  then D(k: a, v: [a, a])
rule blocked
  for d: D
  when some each in d.v satisfies each.n = 2
  then screen(s0: d.k) is "block"
""",
        {"A": [{**DAY}]},
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_every_theorem_holds_of_a_case_that_was_found(name: str) -> None:
    rules, facts = FOUND[name]
    case = Case(HEAD + rules, facts, {"s0": "a1"})
    examine(Counter(), case)
    can_be_explained(case)
