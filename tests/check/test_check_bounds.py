"""What a hostile ruleset makes the checker do grows as its text does: every definition and exception is walked once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.check.extent import Extent, check_extents, extent_of
from neurosym.check.growth import Dependency, Reader
from neurosym.check.possibility import AnyWorld
from neurosym.check.strata import Layering
from neurosym.feel.typed import Definition, Join, TypedExpr
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.text.diagnostic import Report
from neurosym.text.failure import RulesetError
from neurosym.text.span import Source, Span

HEAD = """ruleset trial
fact Party
  id:     text  key
  n:      number
derived Listed
  party:  Party  key
"""
RULE = 'rule listed cite "x"\n  for p: Party\n  when CONDITION\n  then Listed(party: p)\n'


def program(text: str) -> Program:
    """The checked program."""
    return compile_ruleset([Source("x.rules", HEAD + text)]).program


def condition(of: Program) -> TypedExpr:
    """The condition of its one rule."""
    found = of.rules[0].join.condition
    assert found is not None
    return found


def doubling(levels: int, reading: str = "p.n > 0") -> str:
    """Definitions of which each calls the one before twice, and a rule that calls the last."""
    first = f"define d0(p: Party) = {reading}\n"
    others = "".join(f"define d{at + 1}(p: Party) = d{at}(p) and d{at}(p)\n" for at in range(levels))
    return first + others + RULE.replace("CONDITION", f"d{levels}(p)")


def chain(levels: int) -> str:
    """A rule, an exception to it, an exception to that, and so on."""
    found = RULE.replace("CONDITION", "p.n > 0")
    for at in range(levels):
        above = f"e{at - 1}" if at else "listed"
        found += f'exception e{at} to {above} cite "x"\n  for q{at}: Party\n  when q{at} = p and p.n > {at}\n'
    return found


class CountingReader(Reader):
    """Counts the joins that it reads."""

    joins = 0

    def join(self, join: Join, at: Span, *, is_strict: bool) -> Iterator[Dependency]:
        CountingReader.joins += 1
        return super().join(join, at, is_strict=is_strict)


class CountingWorld(AnyWorld):
    """Counts the definitions that are looked into."""

    looks = 0

    def definition(self, name: str) -> Definition:
        CountingWorld.looks += 1
        return super().definition(name)


@pytest.mark.parametrize("is_strict", [True, False])
def test_what_a_definition_reads_is_found_once_however_often_it_is_called(*, is_strict: bool) -> None:
    of = program(doubling(12, "some l: Listed satisfies l.party = p"))
    reads = list(Reader(of.fact_types, of.definitions).condition(condition(of), is_strict=is_strict))
    assert {read.type for read in reads} == {"Listed"}
    assert len(reads) == 1


def test_whether_a_condition_can_hold_is_seen_without_looking_into_what_is_large() -> None:
    of = program(doubling(12))
    world = CountingWorld(of.fact_types, of.parameters, of.definitions, of.judgments, check_extents(of, Report()))
    CountingWorld.looks = 0
    assert world.can_hold(condition(of), {"p": "Party"})
    assert CountingWorld.looks <= 1_000


def test_what_lies_above_an_exception_is_read_once() -> None:
    reads = []
    for levels in (8, 16):
        of = program(chain(levels))
        CountingReader.joins = 0
        reader = CountingReader(of.fact_types, of.definitions)
        Layering(of.fact_types, of.rules, of.exceptions, reader).strata(Report())
        reads.append(CountingReader.joins)
    assert reads[1] <= 2 * reads[0]


def test_an_extent_is_that_of_the_condition_with_its_definitions_written_out() -> None:
    called = program(doubling(2))
    known = check_extents(called, Report())
    assert known["d0"].operations == 3  # `p.n > 0`: the constant is no work
    assert known["d1"].operations == 2 * known["d0"].operations + 5  # two calls, each of a name, and the `and`
    assert known["d2"].operations == 2 * known["d1"].operations + 5
    assert known["d2"].depth == known["d0"].depth + 4
    looping = program(RULE.replace("CONDITION", "count(q.n for q: Party where some r: Party satisfies r.n = q.n) > 1"))
    assert extent_of(condition(looping), {}).loops == 2
    assert extent_of(condition(called), {"d2": Extent(7, 8, 9)}) == Extent(9, 9, 9)


@pytest.mark.parametrize(
    ("text", "code", "owners"),
    [
        (doubling(600), "NS421", 600 // 15),
        (
            "define d0(p: Party) = p.n > 0\n" + "".join(f"define d{n + 1}(p: Party) = d{n}(p)\n" for n in range(600)),
            "NS419",
            6,
        ),
        (chain(200), "NS424", 200 // 17),
    ],
)
def test_a_hostile_chain_is_reported_where_it_must_be_broken(text: str, code: str, owners: int) -> None:
    with pytest.raises(RulesetError) as refused:
        program(text)
    assert {each.code for each in refused.value.diagnostics} == {code}
    assert len(refused.value.diagnostics) in {owners, owners + 1}
    assert all(each.help for each in refused.value.diagnostics)
