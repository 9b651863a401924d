"""Connections to a log in SQLite: every one set up alike, every transaction ended."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from neurosym.audit.stores.sqlite_schema import check_tables
from neurosym.text.failure import LogError

WAIT_FOR_WRITER_S = 30
PRAGMAS = (
    "PRAGMA trusted_schema = OFF",  # what a foreign schema defines gets no dangerous functions
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",  # in WAL mode anything less may lose the last commits in a power cut
    "PRAGMA fullfsync = ON",  # on macOS, where fsync alone does not reach the disk; elsewhere without effect
    "PRAGMA checkpoint_fullfsync = ON",
)


def connect(path: Path, query: str) -> sqlite3.Connection:
    """A connection to the file, opened as the query of the URI says; SQLite's errors as they are."""
    with ExitStack() as opened:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?{query}",
            uri=True,
            timeout=WAIT_FOR_WRITER_S,
            isolation_level=None,  # transactions begin and end where this code says so
            check_same_thread=False,  # the stores have a lock of their own
        )
        opened.callback(connection.close)
        # A text that is no UTF-8 must not stop verification: it becomes one that equals nothing we ever wrote.
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        for pragma in PRAGMAS:
            connection.execute(pragma)
        opened.pop_all()
    return connection


def connect_to_log(path: Path, query: str) -> sqlite3.Connection:
    """A connection to a file that is a log; LogError when it is none, SQLite's errors as they are."""
    with ExitStack() as opened:
        connection = connect(path, query)
        opened.callback(connection.close)
        check_tables(connection, path)
        opened.pop_all()
    return connection


def ensure_wal(connection: sqlite3.Connection, path: Path) -> None:
    """Write-ahead logging is on; LogError where the file system cannot have it."""
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise LogError(f"the log `{path}` cannot be used: its file system does not allow write-ahead logging")


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    """A transaction that the body commits; whatever else ends the body undoes it."""
    try:
        connection.execute(begin)
        yield
    finally:
        _undo(connection)


def _undo(connection: sqlite3.Connection) -> None:
    try:
        is_begun = connection.in_transaction
    except sqlite3.ProgrammingError:
        return  # closed, which undid it: an interrupt just before the body leaves this to the garbage collector
    if is_begun:
        connection.execute("ROLLBACK")
