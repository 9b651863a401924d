"""Lists of which some items are only possible: what is certain about them all the same (language §5.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from neurosym.feel.extent import equal, failed
from neurosym.feel.kleene import both, disjunction
from neurosym.feel.world import Environment
from neurosym.text.span import Span
from neurosym.values.unknown import Item, Listed, Reason, Unknown
from neurosym.values.value import Truth, Value


@dataclass(frozen=True, slots=True)
class Pick:
    """An environment in which items of lists are bound, and whether all of them are there."""

    environment: Environment
    is_certain: bool = True
    doubts: frozenset[Reason] = frozenset()
    is_any_number: bool = False

    @property
    def truth(self) -> Truth:
        """Whether the items are in their lists."""
        return True if self.is_certain else Unknown(self.doubts)

    def extended(self, name: str, item: Item) -> Pick:
        """The pick with one more item bound."""
        return Pick(
            {**self.environment, name: item.value},
            self.is_certain and item.is_certain,
            self.doubts | item.doubts,
            self.is_any_number or item.is_any_number,
        )

    def item(self, value: Value) -> Item:
        """What a list made of such picks holds for this one."""
        return Item(value, self.is_certain, self.doubts, self.is_any_number)


def items_of(value: Value, span: Span) -> tuple[Item, ...] | Unknown:
    """The items of a list, certain and possible; unknown where nothing is known of them, or there is no list."""
    match value:
        case tuple():
            return tuple(map(Item, value))
        case Unknown(domain=Listed(items)):
            return items
        case Unknown():
            return value
        case _:
            return failed("null is no list", span)


def listed(items: Iterable[Item]) -> Value:
    """The list when all of it is certain, else unknown among these items."""
    several = tuple(items)
    if all(each.is_certain for each in several):
        return tuple(each.value for each in several)
    return Unknown(frozenset().union(*(each.doubts for each in several)), Listed(several))


def has_item(items: Iterable[Item], value: Value) -> Truth:
    """Whether some item equals the value."""
    return disjunction(both(each.truth, equal(value, each.value)) for each in items)


def item_at(items: tuple[Item, ...], place: int) -> Value:
    """The item at a place from 1 on, or from -1 back; null beyond the last. Unknown where an item before it may be
    missing, or others may stand anywhere.
    """
    before = items[:place] if place > 0 else items[place:][::-1]
    moving = [each for each in items if each.is_any_number]
    doubtful = [each for each in before if not each.is_certain]
    if not place or (not moving and len(before) < abs(place)):
        return None
    if moving or doubtful:
        return Unknown(frozenset().union(*(each.doubts for each in (*moving, *doubtful))))
    return before[-1].value
