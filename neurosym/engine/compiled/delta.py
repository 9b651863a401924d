"""What a change adds to tables and takes away from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from neurosym.engine.layout import Row

Rows = dict[Row, None]  # each once, in the order in which they came


@dataclass(slots=True)
class Delta:
    """Certain facts that are held now and were not, and the other way round, by type; and the types of which doubtful
    facts may have changed.
    """

    added: dict[str, Rows] = field(default_factory=dict)
    removed: dict[str, Rows] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)

    @property
    def types(self) -> set[str]:
        """The types of which anything changed."""
        return {*self.added, *self.removed, *self.doubtful}

    def differ(self, of: str, before: Mapping[Row, None], after: Mapping[Row, None]) -> None:
        """Take in what became of a type."""
        self.take(of, (row for row in after if row not in before), (row for row in before if row not in after))

    def take(self, of: str, added: Iterable[Row], removed: Iterable[Row]) -> None:
        """Take in rows of a type."""
        for rows, into in ((added, self.added), (removed, self.removed)):
            several = dict.fromkeys(rows)
            if several:
                into[of] = several
