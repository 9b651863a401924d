"""A log in PostgreSQL, in a schema of its own: many processes may write to it, one transaction at a time.

The size of the tree comes from the row `state`, which a writer locks first, and never from a sequence: that counts on
when a transaction is undone, and would leave a gap.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Self

import psycopg
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

from neurosym.audit.frontier import frontier_bytes
from neurosym.audit.store import Batch, Identity, Plan, Reading
from neurosym.audit.stores.postgres_error import log_error, log_errors
from neurosym.audit.stores.postgres_reading import PostgresReading
from neurosym.audit.stores.postgres_schema import FORMAT, SCHEMA, STATEMENTS, strangers
from neurosym.text.failure import LogCorruptError, LogError

APPLICATION = "neurosym"
MAKING = 0x6E73_4C47  # the advisory lock of whoever makes the tables
WAIT_FOR_WRITER_MS, CONNECT_TIMEOUT_S = 30_000, 10
# Of the transaction alone, so that a pooler between us and the server may give each to another session. What is
# acknowledged is on the disk of the server, whatever its settings say otherwise.
BEGINNING = """SELECT set_config('search_path', %s, true), set_config('lock_timeout', %s, true),
  CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END"""
HAS_SCHEMA = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %s"


class PostgresStore:
    """A log in a database; threads may share it. A connection that is lost is made anew by the next call."""

    def __init__(self, address: str, connection: psycopg.Connection) -> None:
        self.address = address
        self._connection = connection
        self._lock = threading.RLock()
        self._is_closed = False

    @classmethod
    def open(cls, address: str, *, to_write: bool = True) -> Self:
        """The log at the address; LogError when there is none, or it cannot be used."""
        with log_errors(address), ExitStack() as opened:
            found = cls(address, _connected(address))
            opened.callback(found.close)
            with found.reading():
                found._check(to_write=to_write)
            opened.pop_all()
        return found

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A view that stays the same while others write."""
        with self._lock, log_errors(self.address):
            if self._connection.info.transaction_status is not TransactionStatus.IDLE and not self._connection.broken:
                yield PostgresReading(self._connection, self.address)  # a reading within a reading is the same view
                return
            with self._transaction(IsolationLevel.REPEATABLE_READ, read_only=True):
                yield PostgresReading(self._connection, self.address)

    def commit(self, plan: Plan) -> Batch:
        """The batch the plan made from what the store holds, durable when this returns."""
        is_committing = False
        with self._lock:
            try:
                with self._transaction(IsolationLevel.READ_COMMITTED, read_only=False):
                    self._connection.execute("SELECT size FROM state WHERE id = 1 FOR UPDATE")
                    batch = plan(PostgresReading(self._connection, self.address))
                    _write(self._connection, batch)
                    is_committing = True
            except psycopg.Error as error:
                found = log_error(self.address, error)
                if is_committing and self._connection.broken:
                    raise LogError(
                        f"{found}; whether it was written is not known: look whether the entry is there"
                    ) from error
                raise found from error
        return batch

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            self._is_closed = True
            self._connection.close()

    @contextmanager
    def _transaction(self, isolation: IsolationLevel, *, read_only: bool) -> Iterator[None]:
        if self._is_closed:
            raise LogError(f"the log `{self.address}` is closed")
        if self._connection.closed:
            self._connection = _connected(self.address)
        self._connection.isolation_level = isolation
        self._connection.read_only = read_only
        with self._connection.transaction():
            self._connection.execute(BEGINNING, (SCHEMA, str(WAIT_FOR_WRITER_MS)))
            yield

    def _check(self, *, to_write: bool) -> None:
        if not self._connection.execute(HAS_SCHEMA, (SCHEMA,)).fetchall():
            raise LogError(f"there is no log at `{self.address}`")
        if to_write:
            for stranger in strangers(self._connection):  # a trigger would change what we write
                raise LogCorruptError(f"the log `{self.address}` is damaged: {stranger}")
        rows = self._connection.execute("SELECT format FROM identity WHERE id = 1").fetchall()
        if not rows:
            raise LogCorruptError(f"the log `{self.address}` is damaged: it does not say which format it has")
        if rows[0][0] != FORMAT:
            raise LogError(f"the log `{self.address}` has format {rows[0][0]}; this program reads format {FORMAT}")


def create_postgres_log(address: str, identity: Identity, first: Batch) -> bool:
    """True when a log with this first batch is now at the address; False when one was there already."""
    with log_errors(address), _connected(address) as connection, connection.transaction():
        connection.execute(BEGINNING, (SCHEMA, str(WAIT_FOR_WRITER_MS)))
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MAKING,))
        if connection.execute(HAS_SCHEMA, (SCHEMA,)).fetchall():
            return False
        for statement in STATEMENTS:
            connection.execute(statement.encode())
        row = (FORMAT, identity.origin, identity.vkey, identity.keys)
        connection.execute("INSERT INTO identity (id, format, origin, vkey, keys) VALUES (1, %s, %s, %s, %s)", row)
        connection.execute("INSERT INTO state (id, size, frontier) VALUES (1, 0, '')")
        connection.execute("INSERT INTO checkpoint (id, note) VALUES (1, '')")
        _write(connection, first)
    return True


def has_postgres_log(address: str) -> bool:
    """True when there is a log at the address."""
    with log_errors(address), _connected(address) as connection:
        return bool(connection.execute(HAS_SCHEMA, (SCHEMA,)).fetchall())


def _connected(address: str) -> psycopg.Connection:
    connect = partial(psycopg.connect, autocommit=True, prepare_threshold=None, application_name=APPLICATION)
    has_timeout = "connect_timeout" in psycopg.conninfo.conninfo_to_dict(address)
    return connect(address) if has_timeout else connect(address, connect_timeout=CONNECT_TIMEOUT_S)


def _write(connection: psycopg.Connection, batch: Batch) -> None:
    with connection.pipeline(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO entries (seq, envelope, leaf) VALUES (%s, %s, %s)",
            [(row.seq, row.envelope, row.leaf) for row in batch.entries],
        )
        # A payload that several entries share is stored once; its digest says that it is the same.
        cursor.executemany(
            "INSERT INTO payload (digest, seq, content) VALUES (%s, %s, %s) ON CONFLICT (digest) DO NOTHING",
            [(payload.digest, payload.seq, payload.stored) for payload in batch.payloads],
        )
        cursor.executemany(
            "INSERT INTO node (level, place, hash) VALUES (%s, %s, %s)",
            [(node.level, node.index, node.hash) for node in batch.nodes],
        )
        cursor.executemany(
            "INSERT INTO lookup (kind, key, seq) VALUES (%s, %s, %s)",
            [(lookup.kind, lookup.key, lookup.seq) for lookup in batch.lookups],
        )
        cursor.executemany("DELETE FROM payload WHERE digest = %s", [(digest,) for digest in batch.erased])
        frontier = batch.state.frontier
        cursor.execute(
            "UPDATE state SET size = %s, frontier = %s WHERE id = 1", (frontier.size, frontier_bytes(frontier))
        )
        cursor.execute("UPDATE checkpoint SET note = %s WHERE id = 1", (batch.state.note,))
        if batch.vkey is not None:
            cursor.execute("UPDATE identity SET vkey = %s WHERE id = 1", (batch.vkey,))
