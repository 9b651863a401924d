"""Tiles, as C2SP tlog-tiles has them, and a small published log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from neurosym.audit.checkpoint import parse_checkpoint
from neurosym.audit.key import parse_verifier_key
from neurosym.audit.note import parse_note
from neurosym.audit.tile import Tile, entry_bundle, parse_entry_bundle, parse_hashes, parse_tile_path, tiles_of
from neurosym.audit.tree import leaf_hash, tree_root
from neurosym.text.failure import LogCorruptError


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),  # the example of the specification
        (Tile(1, 999), "tile/1/999"),
        (Tile(63, 1000), "tile/63/x001/000"),
        (Tile(0, 273, 112), "tile/0/273.p/112"),
        (Tile(None, 0), "tile/entries/000"),
        (Tile(None, 12, 1), "tile/entries/012.p/1"),
    ],
)
def test_a_tile_has_one_path(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_tile_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/64/000",
        "tile/00/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001",
        "/tile/0/000",
        "tile/0/../000",
        "tile/0/٠٠٠",
    ],
)
def test_what_is_no_path_of_a_tile_is_refused(path: str) -> None:
    with pytest.raises(LogCorruptError, match="no path of a tile"):
        parse_tile_path(path)


def test_a_tree_of_seventy_thousand_has_the_tiles_of_the_specification() -> None:
    rows: dict[int | None, list[Tile]] = {}
    for tile in tiles_of(70_000):
        rows.setdefault(tile.level, []).append(tile)
    assert {level: (len(tiles), tiles[-1].width) for level, tiles in rows.items()} == {
        0: (274, 112),
        1: (2, 17),
        2: (1, 1),
        None: (274, 112),
    }


def test_a_tree_of_256_has_a_whole_tile_and_one_of_width_one_above() -> None:
    assert [*tiles_of(256)] == [Tile(0, 0), Tile(1, 0, 1), Tile(None, 0)]
    assert [*tiles_of(0)] == []


@pytest.mark.parametrize(("since", "size"), [(0, 3), (3, 3), (3, 255), (255, 256), (256, 300), (300, 70_000)])
def test_what_came_since_is_what_is_new(since: int, size: int) -> None:
    old, new = {*tiles_of(since)}, {*tiles_of(size)}
    assert {*tiles_of(size, since=since)} == new - old


def test_entries_are_told_apart_by_their_lengths() -> None:
    entries = (b"", b"one", bytes(65_535))
    assert parse_entry_bundle(entry_bundle(entries), 3) == entries


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds 0 entries and not 2"),
        (b"\0\1a", "holds 1 entries and not 2"),
        (b"\0\1a\0", "entry 1 of the tile is cut off"),
        (b"\0\1a\0\2b", "entry 1 of the tile is cut off"),
        (b"\0\1a\0\1b\0\0", "holds 3 entries and not 2"),
    ],
)
def test_a_tile_of_entries_that_is_none_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(LogCorruptError, match=message):
        parse_entry_bundle(content, 2)


def test_a_tile_of_hashes_has_as_many_as_it_says() -> None:
    assert parse_hashes(bytes(64), 2) == (bytes(32), bytes(32))
    with pytest.raises(LogCorruptError, match="has 63 bytes, and 2 hashes take 64"):
        parse_hashes(bytes(63), 2)


@pytest.mark.parametrize("size", range(1, 16))
def test_every_checkpoint_of_the_published_log_has_the_root_of_its_tiles(
    vectors: Callable[[str], Path], size: int
) -> None:
    folder = vectors("tessera-log")
    key = parse_verifier_key((folder / "public-key.txt").read_text(encoding="utf-8"))
    note = parse_note((folder / "log" / f"checkpoint.{size}").read_bytes())
    assert note.is_signed_by(key)
    checkpoint = parse_checkpoint(note.text)
    assert checkpoint.size == size
    hash_tile, entry_tile = tiles_of(size)
    hashes = parse_hashes((folder / "log" / hash_tile.path).read_bytes(), size)
    assert tree_root(hashes) == checkpoint.root
    content = (folder / "log" / entry_tile.path).read_bytes()
    entries = parse_entry_bundle(content, size)
    assert tuple(leaf_hash(entry) for entry in entries) == hashes
    assert entry_bundle(entries) == content
