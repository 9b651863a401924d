"""Tiles (C2SP tlog-tiles): a tree and its entries as files that never change, 256 hashes or entries each.

```
tile/0/x001/x234/067          the hashes of leaves 1234067 * 256 and on
tile/1/000.p/17               a tile that is not full yet, of 17 hashes
tile/entries/000              entries, each behind its length in two bytes
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from neurosym.audit.tree import HASH_BYTES
from neurosym.text.failure import LogCorruptError

HEIGHT = 8  # levels of the tree between two levels of tiles
WIDTH = 1 << HEIGHT
LEVEL_MAX = 63
LENGTH_BYTES = 2
ENTRIES = "entries"
PATH = re.compile(r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of hashes at a level, or of entries where the level is None; `width` of 256 where it is full."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it lies below the log's prefix."""
        digits = f"{self.index:03}"
        digits = digits.rjust(-(-len(digits) // 3) * 3, "0")
        *lead, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
        place = "".join(f"x{part}/" for part in lead) + last
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{ENTRIES if self.level is None else self.level}/{place}{part}"

    @property
    def first(self) -> int:
        """The place of its first hash or entry at its level."""
        return self.index * WIDTH


def parse_tile_path(path: str) -> Tile:
    """The tile at a path; LogCorruptError when no tile has it."""
    found = PATH.fullmatch(path)
    if found is not None:
        level = None if found[1] == ENTRIES else int(found[1])
        width = WIDTH if found[3] is None else int(found[3])
        tile = Tile(level, int(found[2].replace("x", "").replace("/", "")), width)
        if tile.path == path and (found[3] is None or width < WIDTH):
            return tile
    raise LogCorruptError(f"`{path}` is no path of a tile")


def tiles_of(size: int, *, since: int = 0) -> Iterator[Tile]:
    """Every tile of a tree of so many entries, its levels from below and its entries last; those aside that a tree of
    `since` entries had in the same width.
    """
    level, count, before = 0, size, since
    while count:
        yield from _row(level, count, before)
        level, count, before = level + 1, count // WIDTH, before // WIDTH
    yield from _row(None, size, since)


def _row(level: int | None, count: int, before: int) -> Iterator[Tile]:
    for index in range(before // WIDTH, count // WIDTH):
        yield Tile(level, index)
    if count % WIDTH and count != before:
        yield Tile(level, count // WIDTH, count % WIDTH)


def completed(level: int, first: int, count: int) -> range:
    """The places of a level above the lowest whose hashes came to be with `count` leaves from `first` on."""
    width = WIDTH**level
    return range(first // width, (first + count) // width)


def levels_of(size: int) -> range:
    """The levels above the lowest at which a tree of so many leaves has hashes."""
    return range(1, (size.bit_length() - 1) // HEIGHT + 1 if size else 1)


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """Entries as a tile holds them; none is longer than two bytes can say."""
    return b"".join(len(entry).to_bytes(LENGTH_BYTES) + entry for entry in entries)


def parse_entry_bundle(content: bytes, width: int) -> tuple[bytes, ...]:
    """The entries of a tile; LogCorruptError when it does not hold exactly so many."""
    found: list[bytes] = []
    at = 0
    while at < len(content):
        start = at + LENGTH_BYTES
        end = start + int.from_bytes(content[at:start])
        if start > len(content) or end > len(content):
            raise LogCorruptError(f"entry {len(found)} of the tile is cut off")
        found.append(content[start:end])
        at = end
    if len(found) != width:
        raise LogCorruptError(f"the tile holds {len(found)} entries and not {width}")
    return tuple(found)


def parse_hashes(content: bytes, width: int) -> tuple[bytes, ...]:
    """The hashes of a tile; LogCorruptError when it does not hold exactly so many."""
    if len(content) != width * HASH_BYTES:
        raise LogCorruptError(f"the tile has {len(content)} bytes, and {width} hashes take {width * HASH_BYTES}")
    return tuple(content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES))
