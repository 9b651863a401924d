"""Tables of given facts: what they are called, however they were put together."""

from __future__ import annotations

from neurosym.engine.fact_table import table_of
from neurosym.engine.layout import layouts_of
from neurosym.lang.compilation import compile_ruleset
from neurosym.text.span import Source
from neurosym.values.canonical import digest
from neurosym.values.encoding import fact_json
from neurosym.values.value import Fact

RULES = """
ruleset tables
fact Party
  id:    text  key
  born:  number
"""
LAYOUT = layouts_of(compile_ruleset([Source("tables.rules", RULES)]).program.fact_types)["Party"]
FACTS = [Fact("Party", (name,), {"id": name, "born": born}) for name, born in (("C", 3), ("A", 10), ("B", 2))]


def test_a_table_is_named_by_its_facts_in_their_canonical_order() -> None:
    wanted = digest([fact_json(fact) for fact in sorted(FACTS, key=lambda fact: str(fact.fields["born"]))])
    assert table_of(LAYOUT, FACTS).digest == wanted
    assert table_of(LAYOUT, FACTS[::-1]).digest == wanted


def test_tables_that_are_joined_have_the_name_of_all_their_facts() -> None:
    first, *others = FACTS
    joined = table_of(LAYOUT, [first]).joined(table_of(LAYOUT, others))
    assert joined.digest == table_of(LAYOUT, FACTS).digest
    assert joined.joined(table_of(LAYOUT, [])).digest == joined.digest
