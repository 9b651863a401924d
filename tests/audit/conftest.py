from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.audit.place import Place
    from tests.postgres import Server

OUTSIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "vectors"


@pytest.fixture(scope="session")
def vectors() -> Callable[[str], Path]:
    """The folder of a set of published vectors; the test is skipped where the outside data is not there."""

    def folder(name: str) -> Path:
        found = OUTSIDE / name
        if not found.is_dir():
            pytest.skip(f"the outside vectors `{name}` are not beside the checkout")
        return found

    return folder


@pytest.fixture
def on_server(postgres: Server, tmp_path: Path) -> Place:
    """Where a new log may lie on a server."""
    from tests.audit.place import Place  # noqa: PLC0415 - few tests want it

    return Place(postgres.new_database(), tmp_path / "log.key", tmp_path / "log.keys")


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a new log may lie, in either kind of store."""
    from tests.audit.place import Place  # noqa: PLC0415 - few tests want it

    if request.param == "postgres":
        found: Place = request.getfixturevalue("on_server")
        return found
    return Place(tmp_path / "decisions.db", tmp_path / "log.key", tmp_path / "log.keys")
