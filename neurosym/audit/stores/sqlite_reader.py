"""A log in one SQLite file, to be read: nothing is written, and where nobody writes no file is made."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeAlias

from neurosym.audit.newfile import stands
from neurosym.audit.store import Reading
from neurosym.audit.stores.sqlite_connection import connect_to_log, transaction
from neurosym.audit.stores.sqlite_error import log_errors
from neurosym.audit.stores.sqlite_reading import SqliteReading
from neurosym.text.failure import LogError

HEADER_BYTES = 100
FileState: TypeAlias = tuple[int, int, int, bytes]


class SqliteReader:
    """A log that this process may read; threads may share it.

    SQLite would make two files beside a database in WAL mode even to read it. A log without a write-ahead log is at
    rest, so it is read as a file that does not change (`immutable`), and looked at again before and after each reading
    in case that has ceased to be true. A log with one is being written, or was left by a crash: then SQLite's own
    read-only mode takes care of both, and uses the files that are there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._at_rest: FileState | None = None
        self._connection = self._connect()
        self._closed = False

    @classmethod
    def open(cls, path: Path) -> Self:
        """The log at `path`; LogError when there is none."""
        with log_errors(path):
            return cls(path)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A view that stays the same while others write; LogError at its end when somebody did and it was not."""
        with self._lock, log_errors(self.path):
            if self._closed:
                raise LogError(f"the log `{self.path}` is closed")
            if self._connection.in_transaction:  # a reading within a reading is the same view
                yield SqliteReading(self._connection, self.path)
                return
            self._catch_up()
            try:
                with transaction(self._connection, "BEGIN"):
                    yield SqliteReading(self._connection, self.path)
            finally:
                if self._at_rest is not None and self._at_rest != _file_state(self.path):
                    raise LogError(f"the log `{self.path}` was written while it was read; read it again")

    def close(self) -> None:
        """Give back the file."""
        with self._lock, log_errors(self.path):
            self._closed = True
            self._connection.close()

    def _connect(self) -> sqlite3.Connection:
        self._at_rest = None if self._write_ahead_log_exists() else _file_state(self.path)
        return connect_to_log(self.path, "mode=ro" if self._at_rest is None else "mode=ro&immutable=1")

    def _catch_up(self) -> None:
        if self._at_rest is None:
            return
        if self._write_ahead_log_exists() or self._at_rest != _file_state(self.path):
            self._connection.close()
            self._connection = self._connect()

    def _write_ahead_log_exists(self) -> bool:
        return stands(Path(f"{self.path}-wal"))


def _file_state(path: Path) -> FileState:
    """What no commit leaves as it was: the time is too coarse for two in a row, the header changes with each."""
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            return found.st_ino, found.st_size, found.st_mtime_ns, file.read(HEADER_BYTES)
    except FileNotFoundError as error:
        raise LogError(f"there is no log at `{path}`") from error
    except OSError as error:
        raise LogError(f"the log `{path}` cannot be used: {error.strerror or error}") from error
