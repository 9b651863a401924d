"""What is concluded of one duty: its name, key and debtor, with the contents and days that stand side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from neurosym.engine.conclusion import known_reference
from neurosym.engine.reached import DutyReached
from neurosym.engine.reference import conflict_reason
from neurosym.feel.extent import bounds, equal, plain, reasons_of, union
from neurosym.feel.kleene import conjunction
from neurosym.program.program import Program
from neurosym.values.canonical import canonical_bytes
from neurosym.values.encoding import wire
from neurosym.values.temporal import Date
from neurosym.values.unknown import Reason, Unknown
from neurosym.values.value import Fact, Reference, Truth, Value


@dataclass(frozen=True, slots=True)
class DutyGroup:
    """The conclusions of one identity, ordered; `perhaps` are those of an unknown key or debtor that may be of it.

    `conflicting` are the fields in which some of the certain contents must differ.
    """

    program: Program
    certain: tuple[DutyReached, ...]
    possible: tuple[DutyReached, ...]
    perhaps: tuple[DutyReached, ...]
    conflicting: frozenset[str]

    @property
    def settled(self) -> tuple[DutyReached, ...]:
        """Those that say what the duty is: the certain ones, else all."""
        return self.certain or self.possible

    @property
    def due(self) -> Date | None:
        """The earliest certain day."""
        return min((each.due for each in self.certain if isinstance(each.due, Date)), default=None)

    @property
    def earlier(self) -> Iterator[tuple[Value, frozenset[Reason]]]:
        """Days that may bind instead, and why that is not known."""
        due = self.due
        unknown = [each for each in self.certain if isinstance(each.due, Unknown)]
        for each in (*unknown, *self.possible, *self.perhaps):
            if _may_precede(each.due, due):
                yield each.due, doubts(self.program, each) | reasons_of(each.due)

    @property
    def fields(self) -> Iterator[tuple[str, Value]]:
        """The fields, each ranging over the contents that stand side by side."""
        settled = self.settled
        for at, (name, first) in enumerate(settled[0].fields):
            values = [each.fields[at][1] for each in settled]
            if name in self.conflicting:
                yield name, union(map(known_reference, values), frozenset({self._contradiction}))
            elif all(plain(value) == plain(first) for value in values):
                yield name, first
            else:
                reasons = frozenset[Reason]().union(*(doubts(self.program, each) for each in settled))
                yield name, union(map(known_reference, values), reasons)

    @property
    def _contradiction(self) -> Reason:
        """Why a field is not known of which different contents are certain."""
        first = self.certain[0]
        return conflict_reason(Reference(first.duty, identifying(self.program, first)[:-1]))

    @property
    def open(self) -> frozenset[Reason]:
        """Why it is not known whether there is the duty, when it is due, or what its fields are."""
        if not self.certain:
            return frozenset().union(*(doubts(self.program, each) for each in self.possible))
        days = frozenset[Reason]().union(*(reasons for _, reasons in self.earlier))
        return days | reasons_of(*(value for each in self.certain for _, value in each.fields))


def groups(program: Program, reached: Sequence[DutyReached]) -> Iterator[DutyGroup]:
    """The conclusions of each name, key and debtor, ordered by these."""
    ordered = sorted(reached, key=_order)
    grouped: dict[bytes, list[DutyReached]] = {}
    for each in ordered:
        grouped.setdefault(_identity(program, each), []).append(each)
    nameless = [each for each in ordered if not _is_named(program, each)]
    for key in sorted(grouped):
        several = grouped[key]
        certain = tuple(each for each in several if truth_of(program, each) is True)
        possible = tuple(each for each in several if truth_of(program, each) is not True)
        is_named = _is_named(program, several[0])
        perhaps = tuple(each for each in nameless if is_named and _may_be(program, each, several[0]))
        yield DutyGroup(program, certain, possible, perhaps, _conflicting(certain))


def _conflicting(certain: Sequence[DutyReached]) -> frozenset[str]:
    contents = list(dict.fromkeys(each.fields for each in certain))
    pairs = [pair for one, other in combinations(contents, 2) for pair in zip(one, other, strict=True)]
    return frozenset(name for (name, mine), (_, theirs) in pairs if equal(mine, theirs) is False)


def truth_of(program: Program, of: DutyReached) -> Truth:
    """Whether there is the duty; unknown where its key or debtor is (language §5.6)."""
    return of.truth if _is_named(program, of) else Unknown(doubts(program, of))


def identifying(program: Program, of: DutyReached) -> tuple[Value, ...]:
    """The values of the key, and last the debtor."""
    keys = {field.name for field in program.duties[of.duty].key_fields}
    return (*(value for name, value in of.fields if name in keys), of.owed_by)


def _is_named(program: Program, of: DutyReached) -> bool:
    """False where the key or the debtor is unknown, so that it may be any duty of the name."""
    return not any(isinstance(value, (Unknown, Fact)) for value in identifying(program, of))


def doubts(program: Program, of: DutyReached) -> frozenset[Reason]:
    """Why it is not certain: its condition is unknown, its key, or who owes it."""
    return reasons_of(of.truth, *map(known_reference, identifying(program, of)))


def _identity(program: Program, of: DutyReached) -> bytes:
    return canonical_bytes([of.duty, *map(wire, identifying(program, of))])


def _may_be(program: Program, one: DutyReached, other: DutyReached) -> bool:
    pairs = zip(identifying(program, one), identifying(program, other), strict=True)
    return one.duty == other.duty and conjunction(equal(mine, theirs) for mine, theirs in pairs) is not False


def _order(of: DutyReached) -> tuple[object, bytes]:
    """Orders duties by what concluded them and what was concluded, whatever was found first."""
    return of.application.order, canonical_bytes([[[name, wire(value)] for name, value in of.fields], wire(of.due)])


def _may_precede(day: Value, due: Date | None) -> bool:
    if day is None:
        return False
    low, _ = bounds(day)
    return due is None or not isinstance(low, Date) or low < due
