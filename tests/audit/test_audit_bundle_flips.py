"""No byte of a bundle can be changed, and no file of it taken, added or renamed, without both verifiers finding it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from neurosym.audit.bundle import verify
from neurosym.audit.bundle.files import opened_bundle, read_file
from neurosym.audit.bundle.verification import verify_bundle
from neurosym.text.failure import LogCorruptError
from tests.audit.bundle_world import NEXT_SIGNER, SIGNER, Files, bundled, lay, ours, packed, theirs, told

EVERY, SAMPLED = 1, 211  # a prime, so that no column of anything is left out
FLIPS = (0x01, 0x80)
PARTS = 4


@cache
def small_bundle() -> Files:
    """One of each: a decision with its answer, an erasure and a change of keys."""
    story = told(1)
    story.forget(story.salted(b"x"))
    story.change_key(SIGNER, NEXT_SIGNER)
    return bundled(story, signer=NEXT_SIGNER, vkeys=(NEXT_SIGNER.verifier, SIGNER.verifier))


@dataclass(frozen=True)
class Held:
    """Files as the package reads them, in memory."""

    files: Files

    @property
    def sizes(self) -> dict[str, int]:
        return {path: len(content) for path, content in self.files.items()}

    def chunks(self, path: str) -> Iterator[bytes]:
        yield self.files[path]


class HeldVerifier(verify.Verifier):
    """`verify.py` over files in memory: all of it but the way to them."""

    def __init__(self, files: Files) -> None:
        super().__init__(Path(), None, [])
        self.held_files = files
        self.names = {*files}

    def read(self, name: str) -> bytes:
        self.place = name
        return self.held_files[name]


def accepted_by_ours(files: Files) -> bool:
    try:
        return verify_bundle(Held(files)).is_consistent
    except LogCorruptError:
        return False


def accepted_by_theirs(files: Files) -> bool:
    check = HeldVerifier(files)
    try:
        for stage in (check.manifest, check.tree, check.keys, check.proofs, check.payloads):
            stage()
    except verify.NOT_VERIFIED:
        return False
    return True


def flipped(step: int, part: int = 0) -> Iterator[tuple[str, Files]]:
    files = small_bundle()
    places = [(path, at) for path in sorted(files) for at in range(len(files[path]))]
    for number in range(part, len(places), step):
        path, at = places[number]
        for flip in FLIPS:
            content = bytearray(files[path])
            content[at] ^= flip
            yield f"{path} byte {at} flipped by {flip}", {**files, path: bytes(content)}


def undetected(step: int, part: int = 0) -> list[str]:
    found = []
    for what, files in flipped(step, part):
        if accepted_by_ours(files):
            found.append(f"ours: {what}")
        if accepted_by_theirs(files):
            found.append(f"theirs: {what}")
    return found


def test_the_bundle_is_well_before_it_is_touched(tmp_path: Path) -> None:
    files = small_bundle()
    assert accepted_by_ours(files)
    assert accepted_by_theirs(files)
    assert ours(lay(files, tmp_path / "b")).accepts
    assert theirs(packed(files, tmp_path / "b.zip")).accepts


def test_a_flipped_byte_is_found_wherever_one_looks() -> None:
    assert undetected(SAMPLED) == []


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_any_flipped_byte_of_any_file_is_found(part: int) -> None:
    assert undetected(PARTS, part) == []


@pytest.mark.parametrize("path", sorted(small_bundle()))
def test_any_file_that_is_taken_away_or_cut_off_or_made_longer_is_found(path: str) -> None:
    files = small_bundle()
    content = files[path]
    for changed in (
        {each: files[each] for each in files if each != path},
        {**files, path: content[:-1]},
        {**files, path: content + b"\n"},
        {**files, path: b""},
    ):
        assert not accepted_by_ours(changed)
        assert not accepted_by_theirs(changed)


@pytest.mark.parametrize("path", sorted(small_bundle()))
def test_any_two_files_that_are_exchanged_are_found(path: str) -> None:
    files = small_bundle()
    for other in files:
        if files[other] != files[path]:
            changed = {**files, path: files[other], other: files[path]}
            assert not accepted_by_ours(changed)
            assert not accepted_by_theirs(changed)


@pytest.mark.parametrize(("step", "step_at_the_end"), [(997, 61), pytest.param(211, 1, marks=pytest.mark.slow)])
def test_any_flipped_byte_of_a_zip_is_found_or_changes_nothing_that_is_read(
    step: int, step_at_the_end: int, tmp_path: Path
) -> None:
    place = packed(small_bundle(), tmp_path / "b.zip")
    content = place.read_bytes()
    ends = content.index(b"PK\x01\x02")
    for at in [*range(0, ends, step), *range(ends, len(content), step_at_the_end)]:
        changed = bytearray(content)
        changed[at] ^= 0x04
        place.write_bytes(changed)
        both = (ours(place), theirs(place))
        assert both[0].accepts == both[1].accepts, at
        if both[0].accepts:
            with opened_bundle(place) as files:
                assert {path: read_file(files, path, 1 << 20) for path in files.sizes} == small_bundle()
