"""The digest of a program: what it means is in it, where and how it is written is not."""

from __future__ import annotations

import re

import pytest

from neurosym.lang.compilation import compile_ruleset
from neurosym.program.canonical import program_digest
from neurosym.text.span import Source
from neurosym.values.canonical import Digest

RULES = """
ruleset trial "A trial"
  version  "1"
  cite     "the law"
  prefix   own "https://example.org/own#"

fact Party "A party"
  id:     text  key
  name:   text
  born:   date or null  optional  personal
  score:  number [0..100]  optional
  kind:   "person" | "firm"  optional

fact Payment
  id:         text  key
  payer:      Party
  booked_on:  date

fact Licence
  id:       text  key
  payment:  Payment

derived Risky
  party:  Party  key

derived Odd
  party:  Party  key

duty report "Report it"
  payment:  Payment  key

parameter limit: number [0..100]
  = 50 from 2024-01-01 cite "x"
  = 60 from 2026-01-01 cite "y"

define high(p: Party, by: number) = p.score > limit + by

judgment same(a: Party, b: Party) returns "yes" | "no"
  ask       "Is it the same?"
  reads     a.name, b.name
  evidence  a.name
  check     "yes needs a quote"  answer = "yes" implies count(quotes) >= 1
  route     local?, person
  risk      at most 0.01 with confidence 0.95

decision screen(payment: Payment) "May it go?"
  on         payment.booked_on
  outcomes   "block" > "hold" > "release"
  otherwise  "release"
  undecided  "hold"
  needs      person for "release"

rule risky "A risk" cite "z"
  for   p: Party
  when  high(p, 5) and p.kind = "firm"
  then  Risky(party: p)

rule odd cite "z"
  effective from 2024-01-01 to 2024-12-31
  for   p: Party, q: Party
  when  p.name = "x" and same(p, q) = "yes"
  then  Odd(party: p)

rule blocked cite "z"
  for   p: Payment, r: Risky
  when  r.party = p.payer
  then  screen(payment: p) is "block" because "{r.party.name} is a risk"
  then  duty report(payment: p) owed by "bank" due business_days_after(p.booked_on, 10, "US")

exception licence to blocked.screen cite "z"
  for   l: Licence
  when  l.payment = p
  must be proven
"""


def digest_of(*texts: str) -> Digest:
    return program_digest(
        compile_ruleset([Source(f"{number}.rules", text) for number, text in enumerate(texts)]).program
    )


BASE = digest_of(RULES)
BLOCKS = re.split(r"\n(?=\w)", RULES.strip("\n"))


def changed(old: str, new: str) -> str:
    assert RULES.count(old) == 1, old
    return RULES.replace(old, new)


def test_layout_and_comments_are_no_part_of_it() -> None:
    assert digest_of("// first\n\n\n" + RULES.replace("\n  ", " /* here */ ")) == BASE


def test_the_order_of_declarations_is_no_part_of_it() -> None:
    assert digest_of("\n\n".join(reversed(BLOCKS))) == BASE


def test_how_it_is_spread_over_files_and_what_they_are_called_is_no_part_of_it() -> None:
    head, *others = BLOCKS
    assert digest_of(head, *(f"ruleset trial\n{other}" for other in others)) == BASE
    assert digest_of(*(f"ruleset trial\n{other}" for other in reversed(others)), head) == BASE


def test_scenarios_are_no_part_of_it() -> None:
    scenario = 'scenario "none"\n  on 2026-01-01\n  expect no Risky(party: "A")\n'
    assert digest_of(RULES + scenario) == BASE


def test_a_number_is_its_value() -> None:
    assert digest_of(changed("= 50 from", "= 50.00 from")) == BASE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ruleset trial", "ruleset other"),
        ('version  "1"', 'version  "2"'),
        ('cite     "the law"', 'cite     "another law"'),
        ("name:   text", "name:   text  optional"),
        ("born:   date or null", "born:   date"),
        ("  personal", "  secret"),
        ("score:  number [0..100]", "score:  number [0..99]"),
        ("score:  number [0..100]", "score:  number"),
        ('"person" | "firm"  optional', '"firm" | "person"  optional'),
        ("= 60 from 2026-01-01", "= 61 from 2026-01-01"),
        ("= 60 from 2026-01-01", "= 60 from 2026-01-02"),
        ('cite "y"', 'cite "w"'),
        ("p.score > limit", "p.score >= limit"),
        ('"Is it the same?"', '"Is it the other?"'),
        ("reads     a.name, b.name", "reads     a.name, b.id"),
        ("evidence  a.name", "evidence  b.name"),
        ("count(quotes) >= 1", "count(quotes) >= 2"),
        ("local?, person", "local, person"),
        ("at most 0.01", "at most 0.02"),
        ('"block" > "hold" > "release"', '"hold" > "block" > "release"'),
        ('undecided  "hold"', 'undecided  "block"'),
        ("needs      person for", "needs      calibrated for"),
        ('rule risky "A risk"', 'rule risky "Some risk"'),
        ("high(p, 5)", "high(p, 6)"),
        ('and p.kind = "firm"', 'or p.kind = "firm"'),
        ("to 2024-12-31", "to 2024-12-30"),
        ("is a risk", "is the risk"),
        ('owed by "bank"', 'owed by "broker"'),
        ("booked_on, 10,", "booked_on, 11,"),
        ("to blocked.screen", "to blocked"),
        ("  must be proven\n", ""),
    ],
)
def test_whatever_changes_the_meaning_or_the_words_shown_changes_it(old: str, new: str) -> None:
    assert digest_of(changed(old, new)) != BASE


VERSIONS = """
ruleset trial
fact Party
  id:  text  key
derived Risky
  party:  Party  key
rule risky cite "x"
  for   p: Party
  then  Risky(party: p)
"""
FIRST = """
{kind} cite "x"
  effective from 2024-01-01 to 2024-12-31
  for   q: Party
  when  q.id = "a"
{then}"""
SECOND = """
{kind} cite "x"
  effective from 2025-01-01
  for   q: Party
  when  q.id = "b"
{then}"""


@pytest.mark.parametrize(
    ("kind", "then"),
    [
        ("rule dated", "  then  Risky(party: q)\n"),
        ("exception dated to risky", ""),
    ],
)
def test_the_order_of_dated_versions_is_that_of_their_dates(kind: str, then: str) -> None:
    first, second = FIRST.format(kind=kind, then=then), SECOND.format(kind=kind, then=then)
    assert digest_of(VERSIONS + first + second) == digest_of(VERSIONS + second + first)
