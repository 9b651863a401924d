"""Facts that come and go as documents that change little: what a decision logs is mostly what an earlier one did.

Documents are merged as they grow in number, each with others of about its size (a log-structured merge tree: O'Neil and
others, Acta Informatica 33, 1996), so that a fact is written a few times and the list of documents stays short.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from neurosym.decision.intake import Document
from neurosym.engine.layout import Layout, Row, RowKey
from neurosym.program.program import Program, key_fields
from neurosym.values.canonical import Json
from neurosym.values.encoding import wire
from neurosym.values.unknown import Unknown

NAME = "session"
FACTOR = 8  # documents of one size that become one
LARGEST = 256  # facts of a document, at least; of many facts a sixty-fourth
PARTS_OF_MANY = 64

Place = tuple[str, RowKey]
Part = tuple[Document, ...]


@dataclass(slots=True)
class _Chunk:
    rows: dict[Place, Row]
    part: Part | None = None  # once it is written

    @property
    def level(self) -> int:
        """How often documents were merged to give one of this size."""
        level, size = 0, len(self.rows)
        while size >= FACTOR:
            level, size = level + 1, size // FACTOR
        return level


@dataclass(slots=True)
class FactArchive:
    """The facts as rows, each in the document that it was last written to."""

    program: Program
    layouts: Mapping[str, Layout]
    _chunks: list[_Chunk] = field(default_factory=list)
    _of: dict[Place, _Chunk] = field(default_factory=dict)
    _fresh: dict[Place, Row] = field(default_factory=dict)

    def add(self, name: str, rows: Iterable[Row]) -> None:
        """Hold facts of a type."""
        key = self.layouts[name].key
        for row in rows:
            self._fresh[name, key(row)] = row

    def remove(self, name: str, rows: Iterable[Row]) -> None:
        """Hold facts no more."""
        key = self.layouts[name].key
        for row in rows:
            place = name, key(row)
            if self._fresh.pop(place, None) is None:
                chunk = self._of.pop(place)
                del chunk.rows[place]
                chunk.part = None

    def parts(self) -> tuple[Part, ...]:
        """The documents; those in which nothing changed are the same objects as before."""
        if self._fresh:
            self._hold(_Chunk(self._fresh))
            self._fresh = {}
        self._chunks = [chunk for chunk in self._chunks if chunk.rows]
        self._merge()
        return tuple(self._written(chunk) for chunk in self._chunks)

    def _hold(self, chunk: _Chunk) -> None:
        self._chunks.append(chunk)
        self._of.update(dict.fromkeys(chunk.rows, chunk))

    def _merge(self) -> None:
        """Make one document of several of a size, until there are few of each."""
        largest = max(LARGEST, len(self._of) // PARTS_OF_MANY)
        while True:
            levels: dict[int, list[_Chunk]] = {}
            for chunk in self._chunks:
                if len(chunk.rows) < largest:
                    levels.setdefault(chunk.level, []).append(chunk)
            several = next((each for each in levels.values() if len(each) >= FACTOR), None)
            if several is None:
                return
            self._chunks = [chunk for chunk in self._chunks if chunk not in several]
            self._hold(_Chunk({place: row for chunk in several for place, row in chunk.rows.items()}))

    def _written(self, chunk: _Chunk) -> Part:
        if chunk.part is None:
            chunk.part = (Document(NAME, fact_lists(self.program, self.layouts, chunk.rows)),)
        return chunk.part


def fact_lists(program: Program, layouts: Mapping[str, Layout], rows: Mapping[Place, Row]) -> dict[str, list[Json]]:
    """Facts by type as the wire has them; a document of them gives the same facts again."""
    found: dict[str, list[Json]] = {}
    names = key_fields(program)
    for (name, _), row in rows.items():
        fields = layouts[name].fact(row).fields.items()
        found.setdefault(name, []).append(
            {field: wire(value, names) for field, value in fields if not isinstance(value, Unknown)}
        )
    return found
