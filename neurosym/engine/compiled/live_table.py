"""The facts of a derived type that are kept up to date as others change: which premises each rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from neurosym.engine.compiled.table import Table, Why
from neurosym.engine.extension import Entry
from neurosym.engine.layout import Layout, Row


class LiveTable(Table):
    """As a `Table`, but its facts may go. What generated code has of it (rows, indexes, `sole`) stays one object."""

    rows: dict[Row, None]

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        self.rows = {}
        self._uses: dict[Row, dict[Row, None]] | None = None

    @property
    def uses(self) -> Mapping[Row, dict[Row, None]]:
        """For each premise, the facts whose derivation has it."""
        if self._uses is None:
            self._uses = {}
            for row, why in self.whys.items():
                self._use(row, why)
        return self._uses

    def insert(self, row: Row, why: Why) -> None:
        """Hold a fact."""
        self.whys[row] = why
        self.rows[row] = None
        for index in self._indexes.values():
            index.extend((row,))
        self._single(row)
        if self._uses is not None:
            self._use(row, why)

    def derive(self, row: Row, why: Why) -> None:
        """Hold another derivation of a fact."""
        self._disuse(row)
        self.whys[row] = why
        if self._uses is not None:
            self._use(row, why)

    def remove(self, row: Row) -> None:
        """Hold a fact no more."""
        self._disuse(row)
        del self.rows[row], self.whys[row]
        for index in self._indexes.values():
            index.remove(row)
        self._single(row)

    def clear(self) -> None:
        """Hold nothing."""
        self.rows.clear()
        self.whys.clear()
        self.possible_since.clear()
        for index in self._indexes.values():
            index.clear()
            index.loose.clear()
        self._uses = None
        self.replace_doubtful(())

    def finish(self) -> None:
        """Say anew which contents are the only ones of their keys, after a whole evaluation."""
        held, self._sole = self._sole, None
        if held is not None:
            found = super().sole
            held.clear()
            held.update(found)
            self._sole = held

    @contextmanager
    def along_with(self, more: Iterable[Row]) -> Iterator[None]:
        """For the time being, rows that were held before are found as well."""
        several = [row for row in more if row not in self.rows]
        self.rows.update(dict.fromkeys(several))
        for index in self._indexes.values():
            index.extend(several)
        try:
            yield
        finally:
            for row in several:
                del self.rows[row]
                for index in self._indexes.values():
                    index.remove(row)

    def doubt(self, entry: Entry) -> None:
        """Hold one more doubtful fact."""
        held = self._sole
        super().doubt(entry)
        self._sole = held

    def _take(self, more: Sequence[Row]) -> None:
        self.rows.update(dict.fromkeys(more))

    def _single(self, row: Row) -> None:
        """Say anew which is the only content of a key."""
        if self._sole is None:
            return
        key = self.layout.key(row)
        held = [each for each in self.by_key(key) if each in self.rows]
        if len(held) == 1 and not self.doubtful.contents(self.layout.reference(key).key):
            self._sole[key] = held[0]
        else:
            self._sole.pop(key, None)

    def _use(self, row: Row, why: Why) -> None:
        assert self._uses is not None
        for premise in why[2:]:
            self._uses.setdefault(premise, {})[row] = None

    def _disuse(self, row: Row) -> None:
        if self._uses is None:
            return
        for premise in self.whys[row][2:]:
            held = self._uses.get(premise)
            if held is not None:
                held.pop(row, None)
                if not held:
                    del self._uses[premise]
