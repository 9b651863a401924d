"""What waits to be shown: in its order, however much it is."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from neurosym.cli.spool import MEMORY_BYTES, Spool
from neurosym.text.failure import Failure


@pytest.mark.parametrize("length", [1, MEMORY_BYTES // 2])
def test_items_come_out_as_they_went_in_as_often_as_wanted(length: int) -> None:
    items = [f"{number}" * length for number in range(5)]
    with Spool[str]() as spool:
        for each in items:
            spool.add(each)
        assert list(spool) == items
        assert list(spool) == items


def test_an_empty_one_has_no_items() -> None:
    with Spool[str]() as spool:
        assert list(spool) == []


def test_where_there_is_no_room_it_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with Spool[str]() as spool, pytest.raises(Failure, match="cannot be kept until it is shown"):
        spool.add("x" * (MEMORY_BYTES + 1))


def test_the_file_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Spool[str]() as spool:
        spool.add("x" * (MEMORY_BYTES + 1))
    assert list(tmp_path.iterdir()) == []
