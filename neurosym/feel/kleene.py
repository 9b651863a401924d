"""Kleene's three-valued connectives; unknown carries reasons (language §5.1)."""

from __future__ import annotations

from collections.abc import Iterable

from neurosym.values.unknown import Reason, Unknown
from neurosym.values.value import Truth


def conjunction(parts: Iterable[Truth]) -> Truth:
    """False when a part is, else unknown with all reasons when a part is, else true."""
    reasons: set[Reason] = set()
    doubtful = False
    for part in parts:
        if part is False:
            return False
        if isinstance(part, Unknown):
            doubtful = True
            reasons |= part.reasons
    return Unknown(frozenset(reasons)) if doubtful else True


def disjunction(parts: Iterable[Truth]) -> Truth:
    """True when a part is, else unknown with all reasons when a part is, else false."""
    reasons: set[Reason] = set()
    doubtful = False
    for part in parts:
        if part is True:
            return True
        if isinstance(part, Unknown):
            doubtful = True
            reasons |= part.reasons
    return Unknown(frozenset(reasons)) if doubtful else False


def negation(part: Truth) -> Truth:
    """The other truth; unknown stays unknown."""
    return part if isinstance(part, Unknown) else not part


def both(left: Truth, right: Truth) -> Truth:
    """The conjunction of two."""
    if left is True:
        return right
    if right is True:
        return left
    if left is False or right is False:
        return False
    return Unknown(left.reasons | right.reasons)
