"""Facts as flat messages of integers: what durable-rules compares is equality, so equal values get equal numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from neurosym.engine.second.box import FIELD
from neurosym.feel.extent import plain
from neurosym.feel.types import Basic, Choice, FactOf, Type, without_null
from neurosym.program.schema import FactType
from neurosym.values.unknown import Unknown
from neurosym.values.value import Fact, Range, Record, Reference, Value

SELF = "self"  # the fact itself, as references name it
SCALED_MAX = 2**61  # above it lie the codes of what is no number
NULL = -(2**62)
NOTHING = 2**62  # in the place of what has no code; a field in which it occurs is not joined on
DECIMALS_MIN, DECIMALS_MAX = 2, 12
EPOCH = date(1970, 1, 1).toordinal()


class Codes:
    """The codes of one evaluation: numbers scaled by a power of ten, days since 1970, everything else interned."""

    def __init__(self, decimals: int) -> None:
        self.decimals = decimals
        self._interned: dict[tuple[type, Value], int] = {}

    def code(self, value: Value) -> int | None:
        """An integer that two values of a type share exactly when they are equal; None where there is none."""
        match plain(value):
            case None:
                return NULL
            case bool() as known:
                return int(known)
            case int() as known:
                return self._scaled(known, 0)
            case Decimal() as known:
                return self._scaled(*_digits(known))
            case datetime() as known:
                return self._intern(known)
            case date() as known:
                return known.toordinal() - EPOCH
            case Unknown() | Fact() | Range() | Record() | tuple():
                return None
            case Reference() as known if any(isinstance(part, Unknown) for part in known.key):
                return None
            case known:
                return self._intern(known)

    def _scaled(self, digits: int, exponent: int) -> int | None:
        """The number without its decimal point; None for one that is too large or too fine."""
        shift = self.decimals + exponent
        if shift < 0 or exponent > DECIMALS_MAX:
            return None
        scaled = digits * 10**shift
        return scaled if abs(scaled) < SCALED_MAX else None

    def _intern(self, value: Value) -> int:
        return self._interned.setdefault((type(value), value), len(self._interned) + 1)


def decimals_of(facts: Iterable[Fact]) -> int:
    """How many decimals the numbers of the facts have at most, within bounds."""
    found = DECIMALS_MIN
    for fact in facts:
        for value in fact.fields.values():
            if isinstance(value, Decimal):
                found = max(found, -_digits(value)[1])
    return min(found, DECIMALS_MAX)


def _digits(value: Decimal) -> tuple[int, int]:
    """The digits as a whole number, and the power of ten it is multiplied by. Values carry no zeros at their end."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    whole = int("".join(map(str, digits)))
    return -whole if sign else whole, exponent


def is_joined_on(of: Type) -> bool:
    """True for types whose values have codes."""
    bare = without_null(of)
    return isinstance(bare, (Choice, FactOf)) or (isinstance(bare, Basic) and bare is not Basic.NULL)


def fields_of(of: FactType) -> dict[str, Type]:
    """The fields of a message about a fact of the type, the fact itself among them."""
    return {SELF: FactOf(of.name), **{FIELD + each.name: each.type for each in of.fields}}


def codes_of(fact: Fact, of: FactType, codes: Codes) -> Mapping[str, int | None]:
    """The codes of all the fields; None where a value has none."""
    found: dict[str, int | None] = {SELF: None if fact.unnamed else codes.code(fact.reference)}
    for each in of.fields:
        found[FIELD + each.name] = codes.code(fact.fields[each.name])
    return found
