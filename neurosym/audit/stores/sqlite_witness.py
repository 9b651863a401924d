"""What a witness remembers, in one SQLite file: the newest checkpoint of each log, durable before it is signed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from typing import Self

from neurosym.audit.stores.sqlite_connection import connect, transaction
from neurosym.audit.stores.sqlite_error import log_errors
from neurosym.audit.tree import HASH_BYTES
from neurosym.audit.witness import NOTHING_SEEN, Seen
from neurosym.text.failure import LogCorruptError, LogError

APPLICATION_ID = 0x4E53_5754  # "NSWT"
TABLE = """CREATE TABLE seen (
  origin TEXT NOT NULL PRIMARY KEY CHECK (typeof(origin) = 'text'),
  size INTEGER NOT NULL CHECK (typeof(size) = 'integer'),
  root BLOB NOT NULL CHECK (typeof(root) = 'blob')
)"""


class SqliteWitnessRows:
    """The rows inside of a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def newest(self, origin: str) -> Seen:
        """The newest checkpoint of a log; LogCorruptError when what is remembered cannot be one."""
        row = self._connection.execute("SELECT size, root FROM seen WHERE origin = ?", (origin,)).fetchone()
        if row is None:
            return NOTHING_SEEN
        size, root = row
        if not isinstance(size, int) or size < 0 or not isinstance(root, bytes) or len(root) != HASH_BYTES:
            raise LogCorruptError(f"what the witness remembers of `{origin}` is damaged")
        return Seen(size, root)

    def put(self, origin: str, seen: Seen) -> None:
        """Remember a checkpoint as the newest."""
        statement = "INSERT OR REPLACE INTO seen (origin, size, root) VALUES (?, ?, ?)"
        self._connection.execute(statement, (origin, seen.size, seen.root))


class SqliteWitnessStore:
    """The file of a witness. One request at a time reads and writes it (BEGIN IMMEDIATE)."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = Lock()

    @classmethod
    def open(cls, path: Path) -> Self:
        """The store in the file, made when there is none; LogError when it is something else or cannot be used."""
        with log_errors(path), ExitStack() as opened:
            connection = connect(path, "mode=rwc")
            opened.callback(connection.close)
            with transaction(connection, "BEGIN IMMEDIATE"):
                _prepare(connection, path)
                connection.execute("COMMIT")
            opened.pop_all()
        return cls(path, connection)

    @contextmanager
    def writing(self) -> Iterator[SqliteWitnessRows]:
        """The rows: durable when the block ends, and undone when it raises."""
        with self._lock, log_errors(self.path), transaction(self._connection, "BEGIN IMMEDIATE"):
            yield SqliteWitnessRows(self._connection)
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Give the file back."""
        with self._lock, log_errors(self.path):
            self._connection.close()


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the table in an empty file; LogError when the file is something else."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    tables = connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
    if application == APPLICATION_ID and ("seen", TABLE) in tables:
        return
    if application or tables:
        raise LogError(f"`{path}` is not what a witness remembers: it is a database of another program")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(TABLE)
