"""Facts of one type that come and go, with everything that is known of them kept up to date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from neurosym.engine.fact_table import FactTable
from neurosym.engine.index import Sole
from neurosym.engine.layout import Layout, Row, RowKey
from neurosym.values.canonical import canonical_bytes
from neurosym.values.encoding import fact_json


class LiveFactTable(FactTable):
    """As a `FactTable`, but it changes. Whoever shares it sees the changes."""

    rows: dict[Row, None]
    by_key: Sole

    def __init__(self, layout: Layout, rows: Iterable[Row]) -> None:
        held = dict.fromkeys(rows)
        super().__init__(layout, held, Sole((layout.key(row), row) for row in held))
        self._bytes: dict[Row, bytes] = {}  # of the facts whose encoding somebody asked for

    @property
    def sole(self) -> Sole:
        """The rows by their keys."""
        return self.by_key

    def held(self, keys: Iterable[RowKey]) -> list[Row]:
        """The rows that are held for keys."""
        return [self.by_key[key] for key in keys if key in self.by_key]

    def insert(self, row: Row) -> None:
        """Hold a row whose key is not held."""
        self.rows[row] = None
        self.by_key[self.layout.key(row)] = row
        for index in self.indexes.values():
            index.extend((row,))
        self._forget(row)

    def remove(self, row: Row) -> None:
        """Hold a row no more."""
        del self.rows[row]
        del self.by_key[self.layout.key(row)]
        for index in self.indexes.values():
            index.remove(row)
        self._forget(row)

    @contextmanager
    def along_with(self, more: Iterable[Row]) -> Iterator[None]:
        """For the time being, rows that were held before are found as well, but not by their keys."""
        several = [row for row in more if row not in self.rows]
        self.rows.update(dict.fromkeys(several))
        for index in self.indexes.values():
            index.extend(several)
        try:
            yield
        finally:
            for row in several:
                del self.rows[row]
                for index in self.indexes.values():
                    index.remove(row)

    def _forget(self, row: Row) -> None:
        key = self.layout.key(row)
        self.version += 1
        self._facts.pop(key, None)
        self._bytes.pop(row, None)
        for name in ("digest", "encoded", "references"):
            self.__dict__.pop(name, None)

    def _sorted(self) -> list[bytes]:
        for row in self.rows:
            if row not in self._bytes:
                self._bytes[row] = canonical_bytes(fact_json(self.layout.fact(row)))
        return sorted(self._bytes.values())
