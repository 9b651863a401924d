"""What can be said of a condition without evaluating it: which facts there must be, and what else it reads."""

from __future__ import annotations

import pytest

from neurosym.engine.compiled.needs import essential_types, reads_variables_alone
from neurosym.feel.typed import Join
from neurosym.lang.compilation import compile_ruleset
from neurosym.text.span import Source

RULES = """
ruleset needs
parameter limit: number
  = 5 from 2020-01-01 cite "x"
fact Party
  id:      text   key
  born:    number
  parent:  Party  optional
fact Owns
  id:     text   key
  owner:  Party
  owned:  Party
  share:  number  >= 0
derived Found
  party:  Party  key
rule it
  for   p: Party
  when  {condition}
  then  Found(party: p)
"""


def join(condition: str) -> Join:
    return compile_ruleset([Source("needs.rules", RULES.format(condition=condition))]).program.rules[0].join


@pytest.mark.parametrize(
    ("condition", "types"),
    [
        ("p.born > 3", set()),
        ("some o: Owns satisfies o.owner = p", {"Owns"}),
        ("p.born > 3 and some o: Owns satisfies o.owner = p", {"Owns"}),
        ("p.born > 3 or some o: Owns satisfies o.owner = p", set()),
        ("not(some o: Owns satisfies o.owner = p)", set()),
        ("sum(o.share for o: Owns where o.owner = p) >= 50", {"Owns"}),
        ("50 < sum(o.share for o: Owns where o.owner = p)", {"Owns"}),
        ("sum(o.share for o: Owns where o.owner = p) > 0", {"Owns"}),
        ("sum(o.share for o: Owns where o.owner = p) >= 0", set()),
        ("sum(o.share for o: Owns where o.owner = p) > -1", set()),
        ("sum(o.share for o: Owns where o.owner = p) <= 50", set()),
        ("count(o.id for o: Owns where o.owner = p) >= 1", {"Owns"}),
        ("max(o.share for o: Owns where o.owner = p) >= 1", set()),
        ("sum(o.share for o: Owns where o.owner = p) >= limit", set()),
    ],
)
def test_a_case_concludes_nothing_without_facts_of_its_essential_types(condition: str, types: set[str]) -> None:
    assert essential_types(join(condition)) == {"Party", *types}


@pytest.mark.parametrize(
    ("condition", "alone"),
    [
        ("p.born > 3", True),
        ('not(p.id = "x") and p.born in (1, [3..5])', True),
        ("p.born > limit", False),
        ("p.parent.born > 3", False),
        ("some o: Owns satisfies o.owner = p", False),
        ("sum(o.share for o: Owns where o.owner = p) > 3", False),
    ],
)
def test_a_condition_reads_its_own_facts_alone_or_more(condition: str, *, alone: bool) -> None:
    assert reads_variables_alone(join(condition)) is alone
