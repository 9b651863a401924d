"""A total order of values by their content, for everything that must not depend on the order of input."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from functools import total_ordering

from neurosym.feel.typed import Join
from neurosym.feel.world import Environment
from neurosym.values.canonical import canonical_bytes
from neurosym.values.encoding import fact_json, tagged
from neurosym.values.value import Fact, Range, Record, Reference, Value

Order = tuple[object, ...]


def sort_key(value: Value) -> str:
    """A text that orders values; a fact goes by its key, an unnamed one last."""
    if isinstance(value, Fact):
        return f"~{value.type}" if value.unnamed else sort_key(value.key)
    return canonical_bytes(tagged(value)).decode()


def fact_order(of: Fact) -> Order:
    """Orders the facts of one type by the values of their keys, an unnamed one last."""
    return (1,) if of.unnamed else (0, *map(_part, of.key))


@dataclass(frozen=True, slots=True, eq=False)
@total_ordering
class Contents:
    """Orders lists of facts with the same keys by all that they hold; looked at only where keys do not decide."""

    facts: tuple[Fact, ...]

    @property
    def text(self) -> bytes:
        """All of it."""
        return canonical_bytes([fact_json(fact) for fact in self.facts])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Contents) and (self.facts == other.facts or self.text == other.text)

    def __lt__(self, other: Contents) -> bool:
        return self.text < other.text

    def __hash__(self) -> int:
        return hash(self.facts)


def _part(value: Value) -> object:
    """The value where values of its type have an order among them all, else a text that orders them."""
    match value:
        case Reference():
            return tuple(map(_part, value.key))
        case datetime() | time() | tuple() | Record() | Range() | None:
            return sort_key(value)
        case _:
            return value


def binding_key(join: Join, binding: Environment) -> tuple[object, ...]:
    """Orders the bindings of a join by the keys of their facts, then by their contents."""
    facts = tuple(fact for fact in (binding[name] for name, _ in join.variables) if isinstance(fact, Fact))
    return tuple(map(sort_key, facts)), Contents(facts)
