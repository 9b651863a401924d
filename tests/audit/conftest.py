from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

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
