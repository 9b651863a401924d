"""A review queue in one SQLite file (WAL, synchronous FULL)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from neurosym.judgment.queue.rows import Found, QueueRows, table_statements
from neurosym.judgment.stores.sqlite_format import APPLICATION_ID, FORMAT, migrate
from neurosym.text.failure import ProviderError

HEADER_BYTES = 100  # of every SQLite database that is not empty
WAIT_FOR_WRITER_MS = 30_000
TABLES = table_statements("INTEGER PRIMARY KEY", "TEXT", " STRICT")
PRAGMAS = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA temp_store = MEMORY",
)


class SqliteQueue:
    """A queue in a file. One process writes at a time (BEGIN IMMEDIATE), so that no row needs a lock of its own."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    @property
    def address(self) -> str:
        """The absolute path."""
        return str(self._path.resolve())

    @contextmanager
    def reading(self) -> Iterator[QueueRows]:
        """The rows as they are at one moment."""
        with self._transaction("BEGIN"):
            yield self._rows()

    @contextmanager
    def writing(self) -> Iterator[QueueRows]:
        """The rows in one transaction: durable when the block ends, and undone when it raises."""
        with self._transaction("BEGIN IMMEDIATE"):
            yield self._rows()

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _rows(self) -> QueueRows:
        return QueueRows(partial(_execute, self._connection), "")

    @contextmanager
    def _transaction(self, beginning: str) -> Iterator[None]:
        with _errors(self._path):
            self._connection.execute(beginning)
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                _undo(self._connection)


def open_sqlite_queue(path: Path, now: str, *, make: bool) -> SqliteQueue:
    """The queue in the file; a file of an earlier format becomes one of this, whole or not at all. ProviderError when
    it is no queue, or when there is none and none is to be made.
    """
    with _errors(path):
        if make:
            _create(path)
        elif not path.exists():
            raise ProviderError(f"there is no review queue at `{path}`")
        if 0 < path.stat().st_size < HEADER_BYTES:  # SQLite would take it for empty and write over it
            raise _foreign(path)
        connection = sqlite3.connect(path, timeout=WAIT_FOR_WRITER_MS / 1000, isolation_level=None)
        with ExitStack() as opened:
            opened.callback(connection.close)
            for pragma in PRAGMAS:
                connection.execute(pragma)
            if _identity(connection) != (APPLICATION_ID, FORMAT):
                _prepare(connection, path, now)
            connection.execute("PRAGMA journal_mode = WAL")
            opened.pop_all()
    return SqliteQueue(path, connection)


def _create(path: Path) -> None:
    """An empty file that only its owner may read, unless something stands there: the questions hold personal data."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _prepare(connection: sqlite3.Connection, path: Path, now: str) -> None:
    """Make the tables in an empty file, or of those of an earlier format; refuse a file that is not ours."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        application, version = _identity(connection)  # once more: another process may have been faster
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if not tables and not application:
            for statement in TABLES:
                connection.execute(statement)
        elif (application, version) == (APPLICATION_ID, 1):
            migrate(connection, QueueRows(partial(_execute, connection), ""), TABLES, now)
        elif (application, version) != (APPLICATION_ID, FORMAT):
            raise _foreign(path)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("COMMIT")
    finally:
        _undo(connection)


def _identity(connection: sqlite3.Connection) -> tuple[int, int]:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return application, version


def _execute(connection: sqlite3.Connection, statement: str, values: Sequence[object] = ()) -> Found:
    return connection.execute(statement, tuple(values)).fetchall()


def _undo(connection: sqlite3.Connection) -> None:
    try:
        is_begun = connection.in_transaction  # not committed, nor rolled back by the error itself
    except sqlite3.ProgrammingError:
        return  # closed, which undid it: an interrupt just before the body leaves this to the garbage collector
    if is_begun:
        connection.execute("ROLLBACK")


def _foreign(path: Path) -> ProviderError:
    return ProviderError(f"`{path}` is no review queue of this version")


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    """SQLite's errors, and rows that are not ours, as a ProviderError."""
    try:
        yield
    except sqlite3.Error as error:
        raise ProviderError(f"the review queue `{path}` cannot be used: {error}") from error
    except OSError as error:
        raise ProviderError(f"the review queue `{path}` cannot be used: {error.strerror}") from error
    except UnicodeEncodeError as error:
        raise ProviderError(f"the review queue `{path}` cannot hold half a character") from error
    except ValueError as error:
        raise ProviderError(f"the review queue `{path}` is damaged") from error
