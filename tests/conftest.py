"""What all tests start from."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.postgres import Server


def pytest_configure() -> None:
    """A shell starts what runs in its background deaf to interrupts, and tests that interrupt a program would wait for
    ever: what they start shall hear them. Nor shall they find in the user's cache what they mean to compile.
    """
    os.environ["NEUROSYM_CACHE"] = "off"
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What collecting brought in stays to the end: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own."""
    yield from _server()


@pytest.fixture
def own_postgres() -> Iterator[Server]:
    """A PostgreSQL server of one test alone, which may end it."""
    yield from _server()


def _server() -> Iterator[Server]:
    from tests.postgres import running_server, server_tool  # noqa: PLC0415 - few tests want it

    if server_tool("initdb") is None:
        pytest.skip("there is no PostgreSQL server on this machine: `apt-get install postgresql` brings one")
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def queue_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new review queue may lie, in either database."""
    if request.param == "sqlite":
        return str(tmp_path / "reviews.db")
    server: Server = request.getfixturevalue("postgres")
    return server.new_database()
