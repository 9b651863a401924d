"""The box: inside it durable-rules 2.0.28 was found to be right; outside it fails, crashes or is wrong in silence.

Each bound is that of the library's own tables (rules.h, state.h, rete.h, events.c), or just below where that is not
checked before it is written past.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from neurosym.text.failure import Failure
from neurosym.text.span import NOWHERE, Span

PATTERNS_MAX = 16  # variables of a rule with all its exceptions: the frame of a match has so many places
CONDITIONS_MAX = 500  # distinct first conditions: a bucket holds 512, and the search for a free place needs free ones
ON_CONDITION_MAX = 249  # patterns that begin with one condition: the list of 256 is written past before it is checked
RULES_MAX = 4_000  # of 4,096 actions
PENDING_MAX = 64  # conditions that one message may satisfy before any of them is followed up
EQUATIONS_MAX = 24  # equalities of one pattern; with the conjunction around them, 32 expressions fit
# Not a table of the library: what a check may take.
COMBINATIONS_MAX = 1_000_000  # bindings looked at by totals and negations, which loop
MATCHES_MAX = 200_000  # matches of one rule over the facts, by what is known of them beforehand
ROUNDS_MAX = 1_000  # of one stratum

OWN_FIELDS = ("t", "uid", "nonce", "self")
RESERVED = ("id", "sid", "$s", "$m", "$i")  # what the library itself looks for, by the same hashes
FIELD = "f_"  # before a declared name, so that none is one of the library's or our own
FNV_OFFSET, FNV_PRIME = 0x811C9DC5, 16_777_619


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no second opinion, and the place it is about."""

    reason: str
    span: Span = NOWHERE


class OutsideBoxError(Failure):
    """The program, or the facts it is evaluated over, lie outside the box."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(refusal.reason for refusal in self.refusals))


@dataclass(frozen=True, slots=True)
class Extent:
    """What there is of a program to hand over: the rules with their patterns, and the conditions these begin with."""

    patterns: Mapping[str, tuple[int, Span]]  # by rule: how many
    first_conditions: Mapping[str, tuple[int, Span]]  # by condition: on how many patterns
    pending: Mapping[str, tuple[int, Span]]  # by rule: how many conditions one fact may satisfy at once
    fields: Mapping[str, Span]


def outside(extent: Extent) -> Iterator[Refusal]:
    """Every way in which a program is too large, or has names that the library cannot tell apart."""
    if len(extent.patterns) > RULES_MAX:
        yield Refusal(
            f"{len(extent.patterns)} rules, each exception counted at every rule it belongs to; {RULES_MAX} fit"
        )
    if len(extent.first_conditions) > CONDITIONS_MAX:
        count = len(extent.first_conditions)
        yield Refusal(f"{count} fact types are read by rules; {CONDITIONS_MAX} fit")
    for name, (count, span) in extent.patterns.items():
        if count > PATTERNS_MAX:
            yield Refusal(f"`{name}` has {count} variables; {PATTERNS_MAX} fit", span)
    for name, (count, span) in extent.first_conditions.items():
        if count > ON_CONDITION_MAX:
            yield Refusal(f"{count} variables of rules stand for `{name}`; {ON_CONDITION_MAX} fit", span)
    for name, (count, span) in extent.pending.items():
        if count > PENDING_MAX:
            yield Refusal(f"`{name}` joins one fact type in {count} equalities; {PENDING_MAX} fit", span)
    yield from _collisions(extent.fields)


def _collisions(fields: Mapping[str, Span]) -> Iterator[Refusal]:
    held: dict[int, str] = {fnv1a_32(name): name for name in (*RESERVED, *OWN_FIELDS)}
    for name, span in fields.items():
        other = held.setdefault(fnv1a_32(name), name)
        if other != name:
            yield Refusal(f"the fields `{shown(other)}` and `{shown(name)}` have the same 32-bit hash", span)


def shown(field: str) -> str:
    """The declared name of a message's field."""
    return field.removeprefix(FIELD)


def fnv1a_32(name: str) -> int:
    """FNV-1a over the bytes as the library has them: as `char`, which is signed where it was measured."""
    found = FNV_OFFSET
    for byte in name.encode():
        signed = byte if byte < 0x80 else byte | 0xFFFFFF00
        found = (found ^ signed) * FNV_PRIME & 0xFFFFFFFF
    return found
