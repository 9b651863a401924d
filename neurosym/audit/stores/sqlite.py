"""A log in one SQLite file, to be written: WAL, synchronous FULL, one writer at a time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Self

from neurosym.audit.frontier import frontier_bytes
from neurosym.audit.newfile import create_file, stands
from neurosym.audit.store import Batch, Identity, Key, Plan, Reading
from neurosym.audit.stores.sqlite_connection import connect, connect_to_log, ensure_wal, transaction
from neurosym.audit.stores.sqlite_error import log_error, log_errors
from neurosym.audit.stores.sqlite_reading import SqliteReading
from neurosym.audit.stores.sqlite_schema import FORMAT, create_tables, strangers
from neurosym.text.failure import LogCorruptError, LogError

USER_VERSION_MAX = 2**31 - 1


def create_sqlite_log(path: Path, identity: Identity, first: Batch) -> bool:
    """True when a log with this first batch now stands at `path`; False when something stood there already."""
    for ending in ("-wal", "-journal"):
        # SQLite would mix what is left of another log into this one. Looked at in this order, a log that somebody else
        # creates and opens meanwhile is not taken for a lost one.
        if stands(Path(f"{path}{ending}")) and not stands(path):
            raise LogError(f"`{path}{ending}` is there without its log; put `{path}` back, or move both out of the way")

    def write(draft: Path) -> None:
        with log_errors(path), closing(connect(draft, "mode=rw")) as connection:
            ensure_wal(connection, path)
            with transaction(connection, "BEGIN IMMEDIATE"):
                create_tables(connection)
                statement = "INSERT INTO identity (id, format, origin, vkey, keys) VALUES (1, ?, ?, ?, ?)"
                connection.execute(statement, (FORMAT, identity.origin, identity.vkey, identity.keys))
                _write(connection, first)
                connection.execute("COMMIT")

    return create_file(path, write)


class SqliteStore:
    """A log that this process may write to; threads may share it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path) -> Self:
        """The log at `path`; LogError when there is none or it cannot be written."""
        with log_errors(path), ExitStack() as opened:
            connection = connect_to_log(path, "mode=rw")
            opened.callback(connection.close)
            for stranger in strangers(connection):  # a trigger would change what we write
                raise LogCorruptError(f"the log `{path}` is damaged: {stranger}")
            ensure_wal(connection, path)
            connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
            opened.pop_all()
        return cls(path, connection)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A view that stays the same while others write."""
        with self._lock, log_errors(self.path):
            if self._connection.in_transaction:  # a reading within a reading is the same view
                yield SqliteReading(self._connection, self.path)
            else:
                with transaction(self._connection, "BEGIN"):
                    yield SqliteReading(self._connection, self.path)

    def commit(self, plan: Plan, wanted: Collection[Key] = ()) -> Batch:
        """The batch the plan made from what the store holds, durable when this returns."""
        del wanted  # what a plan looks up is at hand
        with self._lock, log_errors(self.path), transaction(self._connection, "BEGIN IMMEDIATE"):
            batch = plan(SqliteReading(self._connection, self.path))
            _write(self._connection, batch)
            _end(self._connection, self.path, has_erased=bool(batch.erased))
        return batch

    def close(self) -> None:
        """Give back the file; the last to do so folds the write-ahead log into it."""
        with self._lock, log_errors(self.path):
            self._connection.close()


def _end(connection: sqlite3.Connection, path: Path, *, has_erased: bool) -> None:
    """Commit. A commit whose sync failed lies in the write-ahead log, and counts if this program ends now."""
    try:
        connection.execute("COMMIT")
        if has_erased:  # what was overwritten is in the write-ahead log until that is folded into the file
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        found = log_error(path, error)
        doubt = "whether it was written is not known: look whether the entry is there"
        raise type(found)(f"{found}; {doubt}") from error


def _write(connection: sqlite3.Connection, batch: Batch) -> None:
    connection.executemany(
        "INSERT INTO entries (seq, envelope, leaf) VALUES (?, ?, ?)",
        [(row.seq, row.envelope, row.leaf) for row in batch.entries],
    )
    # A payload that several entries share is stored once; its digest says that it is the same.
    connection.executemany(
        "INSERT INTO payload (digest, seq, content) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING",
        [(payload.digest, payload.seq, payload.stored) for payload in batch.payloads],
    )
    connection.executemany(
        "INSERT INTO node (level, place, hash) VALUES (?, ?, ?)",
        [(node.level, node.index, node.hash) for node in batch.nodes],
    )
    connection.executemany(
        "INSERT INTO lookup (kind, key, seq) VALUES (?, ?, ?)",
        [(lookup.kind, lookup.key, lookup.seq) for lookup in batch.lookups],
    )
    connection.executemany("DELETE FROM payload WHERE digest = ?", [(digest,) for digest in batch.erased])
    _write_state(connection, batch)


def _write_state(connection: sqlite3.Connection, batch: Batch) -> None:
    frontier = batch.state.frontier
    connection.execute(
        "INSERT OR REPLACE INTO state (id, size, frontier) VALUES (1, ?, ?)", (frontier.size, frontier_bytes(frontier))
    )
    connection.execute("INSERT OR REPLACE INTO checkpoint (id, note) VALUES (1, ?)", (batch.state.note,))
    if batch.vkey is not None:
        connection.execute("UPDATE identity SET vkey = ? WHERE id = 1", (batch.vkey,))
    # So that the file's header changes with every commit: readers of a log at rest look there.
    connection.execute(f"PRAGMA user_version = {frontier.size & USER_VERSION_MAX}")
