"""Drafts of every kind that a seed makes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from neurosym.audit.draft import Draft
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.payload import Payload
from tests.simulation.ledger import MARK

SUBJECTS = (frozenset[str](), frozenset({"Ann"}), frozenset({"Bob"}), frozenset({"Ann", "Bob"}))
DECISIONS, REQUESTS = 40, 12
TOO_LONG = "x" * 70_000


class Drafts:
    """Makes them, each with a mark of its own."""

    def __init__(self, random: Random, shared: Callable[[], Payload]) -> None:
        self._random = random
        self._make_shared = shared
        self._shared: list[Payload] = []
        self._count = 0

    def lot(self) -> list[Draft]:
        """Drafts that are to be logged together."""
        return [self._draft() for _ in range(self._random.choice([1, 1, 2, 4]))]

    def _draft(self) -> Draft:
        random = self._random
        self._count += 1
        mark = f"m{self._count}"
        payloads: list[tuple[str, bytes | Payload]] = [(MARK, mark.encode())]
        if random.random() < 0.2:
            self._shared.append(self._make_shared())
        if self._shared and random.random() < 0.3:
            payloads.append(("shared", random.choice(self._shared)))
        is_decision = random.random() < 0.5
        return Draft(
            kind=EntryKind.DECISION if is_decision else EntryKind.ANSWER,
            decision=f"d{random.randrange(DECISIONS)}" if is_decision else None,
            actor=mark,
            codes=(TOO_LONG,) if random.random() < 0.03 else (),
            payloads=tuple(payloads),
            subjects=random.choice(SUBJECTS),
            request=f"r{random.randrange(REQUESTS)}" if is_decision and random.random() < 0.7 else None,
        )
