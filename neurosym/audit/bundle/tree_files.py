"""The tiles of a bundle: entries, read one by one, and the hashes, which have to be theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from neurosym.audit.bundle.files import BundleFiles, read_file
from neurosym.audit.bundle.layout import TILES
from neurosym.audit.entry_kind import ENVELOPE_BYTES_MAX
from neurosym.audit.frontier import Frontier
from neurosym.audit.tile import LENGTH_BYTES, WIDTH, Tile, parse_entry_bundle, tiles_of
from neurosym.audit.tree import HASH_BYTES, leaf_hash
from neurosym.text.failure import LogCorruptError

ENTRIES_BYTES_MAX = WIDTH * (LENGTH_BYTES + ENVELOPE_BYTES_MAX)


def check_tile_names(files: BundleFiles, size: int) -> None:
    """LogCorruptError unless there are exactly the tiles of a tree of so many entries."""
    found = sum(path.startswith(TILES) for path in files.sizes)
    for tile in tiles_of(size):
        if tile.path not in files.sizes:
            raise LogCorruptError(f"{tile.path}: is missing")
        found -= 1
    if found:
        raise LogCorruptError(f"there are {found} tiles that a tree of {size} entries does not have")


def entries_in(files: BundleFiles, size: int) -> Iterator[bytes]:
    """The envelopes, in order. LogCorruptError where a tile does not hold as many as it should."""
    for tile in tiles_of(size):
        if tile.level is None:
            content = read_file(files, tile.path, ENTRIES_BYTES_MAX)
            try:
                yield from parse_entry_bundle(content, tile.width)
            except LogCorruptError as error:
                raise LogCorruptError(f"{tile.path}: {error}") from error


def follow_tree(
    files: BundleFiles, size: int, roots_at: frozenset[int], entry: Callable[[bytes], None]
) -> tuple[Frontier, Mapping[int, bytes]]:
    """The tree of the entries, each of which `entry` is told, and its roots when it had the sizes asked for.
    LogCorruptError when a tile of hashes is not that of the entries.
    """
    tree, rows, roots = Frontier(), _Rows(files), {}
    for envelope in entries_in(files, size):
        if tree.size in roots_at:
            roots[tree.size] = tree.root()
        entry(envelope)
        leaf = leaf_hash(envelope)
        tree, nodes = tree.grown(leaf)
        rows.add(0, leaf)
        for node in nodes:
            rows.add(node.level, node.hash)
    rows.finish()
    if tree.size in roots_at:
        roots[tree.size] = tree.root()
    return tree, roots


class _Rows:
    """The tiles of hashes as they come to be, one not yet full at each level."""

    def __init__(self, files: BundleFiles) -> None:
        self._files = files
        self._rows: dict[int, tuple[int, bytearray]] = {}

    def add(self, level: int, found: bytes) -> None:
        index, row = self._rows.setdefault(level, (0, bytearray()))
        row += found
        if len(row) == WIDTH * HASH_BYTES:
            self._compare(Tile(level, index), row)
            self._rows[level] = index + 1, bytearray()

    def finish(self) -> None:
        for level, (index, row) in self._rows.items():
            if row:
                self._compare(Tile(level, index, len(row) // HASH_BYTES), row)

    def _compare(self, tile: Tile, row: bytearray) -> None:
        if read_file(self._files, tile.path, WIDTH * HASH_BYTES) != row:
            raise LogCorruptError(f"{tile.path}: does not hold the hashes of the entries")
