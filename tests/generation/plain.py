"""Programs and facts in which nothing is in doubt, so that the fast ways of the engine are the ones taken: chains of
rules with joins, paths, totals, `some`, `every`, negation, exceptions, definitions and recursion over a few nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.text.span import Source
from neurosym.values.value import Fact, Reference
from tests.generation.dice import Dice

KINDS = ("x", "y")
DAY = date(2026, 1, 1)
SCHEMA = """
ruleset plain
fact Group
  id: text key
  level: number
fact Node
  id: text key
  kind: "x" | "y"
  size: number
  day: date
  group: Group
fact Edge
  id: text key
  from: Node
  to: Node
  weight: number >= 0
derived One
  node: Node key
derived Two
  node: Node key
  other: Node key
derived Three
  group: Group key
  value: number
derived Four
  node: Node key
decision screen(node: Node)
  on node.day
  outcomes "stop" > "pass"
  otherwise "pass"
  undecided "stop"
define is_heavy(node: Node) = sum(de.weight for de: Edge where de.from = node) > 2
define is_high(group: Group) = group.level > 1
define is_odd(edge: Edge) = edge.to.kind = "y"
"""
# What may be asked of a node `{0}`; `{1}` is a number that makes names differ.
OF_NODE = (
    '{0}.kind = "x"',
    "{0}.size > 1",
    "{0}.group.level > 1",
    "is_heavy({0})",
    "is_high({0}.group)",
    "some e{1}: Edge satisfies e{1}.from = {0} and e{1}.weight > 1",
    "some e{1}: Edge satisfies e{1}.to = {0} and is_odd(e{1})",
    "not(some e{1}: Edge satisfies e{1}.to = {0})",
    "not(some e{1}: Edge, n{1}: Node satisfies e{1}.to = {0} and e{1}.from = n{1} and n{1}.size > 0)",
    "every e{1}: Edge satisfies e{1}.from = {0} implies e{1}.to.size < 2",
    "count(e{1}.id for e{1}: Edge where e{1}.from = {0}) >= 2",
    "sum(e{1}.weight for e{1}: Edge where e{1}.to = {0} and e{1}.from.kind = {0}.kind) > 1",
    "max(e{1}.weight for e{1}: Edge where e{1}.from = {0}) > 1",
    "count(n{1}.id for n{1}: Node where n{1}.group = {0}.group and n{1}.size >= {0}.size) > 1",
    "count(e{1}.id for e{1}: Edge where e{1}.from = {0} and not(some f{1}: Edge satisfies f{1}.to = e{1}.from)) = 1",
)
OF_ONE = (
    "some o{1}: One satisfies o{1}.node = {0}",
    "not(some o{1}: One satisfies o{1}.node = {0})",
    "count(o{1}.node.id for o{1}: One where o{1}.node.group = {0}.group) = 1",
    "sum(e{1}.weight for e{1}: Edge where e{1}.from = {0} and not(some o{1}: One satisfies o{1}.node = e{1}.to)) > 1",
)
OF_TWO = (
    "some t{1}: Two satisfies t{1}.node = {0} and t{1}.other.size > 0",
    "not(some t{1}: Two satisfies t{1}.other = {0})",
    "count(t{1}.other.id for t{1}: Two where t{1}.node = {0}) > 2",
)
OF_THREE = (
    "some h{1}: Three satisfies h{1}.group = {0}.group and h{1}.value > 1",
    "max(h{1}.value for h{1}: Three where h{1}.group = {0}.group) > 2",
)
# What may make `n` one of those that it counts.
FED = "e: Edge, f: Four where e.to = n and e.from = f.node"
GROWN = (
    f"sum(e.weight for {FED}) > 1",
    f"count(f.node.id for {FED}) >= 2",
    f"max(e.weight for {FED}) >= 2",
    f"min(e.weight for {FED}) <= 0",
    f"sum(e.weight for {FED}) + count(e.id for {FED}) > 2",
    f"sum(e.weight for {FED} and f.node.size > 0) >= 1 or max(e.weight for {FED} and is_high(n.group)) > 0",
    "is_fed(n)",
    "some f: Four, e: Edge satisfies e.to = n and e.from = f.node and e.weight > 0",
    "some e: Edge satisfies e.to = n and (some f: Four satisfies f.node = e.from)",
    "count(e.id for e: Edge, f: Four, h: Four where f.node = e.from and h.node = e.to and n in (f.node, h.node)) > 1",
)
GROWING_DEFINITION = """define is_fed(n: Node) =
  sum(e.weight for e: Edge, f: Four where e.to = n and e.from = f.node) >= 2
"""


@dataclass(frozen=True)
class PlainCase:
    """Rules with the facts that may come and go: a node in use may go too, and then there is doubt for a while."""

    rules: str
    groups: tuple[Fact, ...]
    nodes: tuple[Fact, ...]
    edges: tuple[Fact, ...]

    @cached_property
    def program(self) -> Program:
        """The checked program."""
        return compile_ruleset([Source("plain.rules", self.rules)]).program

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All of them; several contents of one key are never held together."""
        return (*self.groups, *self.nodes, *self.edges)


def plain_case(seed: int) -> PlainCase:
    """The case of a seed."""
    dice = Dice(seed)
    rules = "\n".join([SCHEMA, *_rules(dice)])
    groups = [Fact("Group", (key,), {"id": key, "level": level}) for key in ("g1", "g2") for level in (1, 2)]
    nodes = [_node(dice, f"n{at}") for at in range(5) for _ in range(2)]
    edges = [_edge(dice, f"e{at}") for at in range(9)]
    return PlainCase(rules, tuple(groups), tuple(nodes), tuple(edges))


def _node(dice: Dice, key: str) -> Fact:
    group = Reference("Group", (dice.one_of(("g1", "g2")),))
    return Fact(
        "Node", (key,), {"id": key, "kind": dice.one_of(KINDS), "size": dice.below(3), "day": DAY, "group": group}
    )


def _edge(dice: Dice, key: str) -> Fact:
    ends = [Reference("Node", (f"n{dice.below(5)}",)) for _ in range(2)]
    return Fact("Edge", (key,), {"id": key, "from": ends[0], "to": ends[1], "weight": dice.below(3)})


class _Author:
    def __init__(self, dice: Dice) -> None:
        self.dice, self.number = dice, 0

    def condition(self, name: str, pool: tuple[str, ...], parts: int) -> str:
        """So many conditions about a node, joined."""
        found = []
        for _ in range(parts):
            self.number += 1
            found.append(f"({self.dice.one_of(pool).format(name, self.number)})")
        return f" {self.dice.one_of(('and', 'and', 'or'))} ".join(found)

    def parts(self) -> int:
        return 1 + self.dice.below(2)


def _rules(dice: Dice) -> Iterator[str]:
    author = _Author(dice)

    def about(name: str, pool: tuple[str, ...]) -> str:
        return author.condition(name, pool, 1)

    yield _rule("rule one", "n: Node", author.condition("n", OF_NODE, author.parts()), "One(node: n)")
    if dice.is_one_in(2):  # as far as edges lead
        along = f"e.from = o.node and {about('e.to', OF_NODE)}"
        yield _rule("rule along", "o: One, e: Edge", along, "One(node: e.to)")
    if dice.is_one_in(2):
        yield f"exception spared to one\n  when {about('n', OF_NODE)}"
        if dice.is_one_in(2):
            yield f"exception unspared to spared\n  for x: Edge\n  when x.from = n and {about('x.to', OF_NODE)}"
    pool: tuple[str, ...] = (*OF_NODE, *OF_ONE)
    yield _rule("rule step", "e: Edge", about("e.from", pool), "Two(node: e.from, other: e.to)")
    if dice.is_one_in(2):
        through = f"e.from = t.other and {about('e.to', pool)}"
        yield _rule("rule through", "t: Two, e: Edge", through, "Two(node: t.node, other: e.to)")
    pool = (*pool, *OF_TWO)
    three = "Three(group: g, value: sum(v.size for v: Node where v.group = g))"
    yield _rule("rule three", "g: Group, n: Node", f"n.group = g and {about('n', pool)}", three)
    pool = (*pool, *OF_THREE)
    yield _rule("rule four", "n: Node", author.condition("n", pool, author.parts()), "Four(node: n)")
    if dice.is_one_in(2):
        yield GROWING_DEFINITION
        yield _rule("rule grown", "n: Node", dice.one_of(GROWN), "Four(node: n)")
        if dice.is_one_in(2):
            near = f"x.from = y.node and n = x.to and {dice.one_of(GROWN)}"
            yield _rule("rule near", "n: Node, x: Edge, y: Four", near, "Four(node: n)")
    yield _rule("rule stop", "f: Four", about("f.node", pool), 'screen(node: f.node) is "stop"')


def _rule(name: str, variables: str, condition: str, conclusion: str) -> str:
    return f"{name}\n  for {variables}\n  when {condition}\n  then {conclusion}"
