"""How a fact, an outcome or a duty was concluded: the provision, its binding, and what the conclusion rests on."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.feel.world import Environment, Read
from neurosym.values.unknown import Reason


@dataclass(frozen=True, slots=True)
class ExceptionNote:
    """What became of an exception where a provision concluded something.

    `state` is `no case` (nothing satisfies it), `not proven`, `lifted` (an exception to it holds), `open`, `in effect`.
    """

    id: str
    state: str
    reads: tuple[Read, ...] = ()
    notes: tuple[ExceptionNote, ...] = ()
    reasons: frozenset[Reason] = frozenset()


@dataclass(frozen=True, slots=True)
class Derivation:
    """One application of a provision. `round` counts from 1 within its stratum; `reads` are the premises."""

    provision: str
    binding: Environment
    round: int
    is_certain: bool
    reads: tuple[Read, ...]
    notes: tuple[ExceptionNote, ...]
