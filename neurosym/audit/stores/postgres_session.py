"""A connection to PostgreSQL: transactions that end, whatever happens, and a new connection after a broken one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any, TypeAlias

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import PipelineStatus, TransactionStatus

from neurosym.audit.stores.postgres_error import Named
from neurosym.text.failure import LogError

Row: TypeAlias = tuple[Any, ...]  # each cell of the type that its column has
Connection: TypeAlias = psycopg.Connection[Row]
Cursor: TypeAlias = psycopg.Cursor[Row]

WAIT_FOR_LOCK_MS = 30_000
# https://www.postgresql.org/docs/current/libpq-connect.html; what an address says itself comes before these.
DEFAULTS = {
    "application_name": "neurosym",
    "connect_timeout": "10",
    # A server that vanished is noticed, and not waited for.
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
# Said anew in each transaction, so that a pooler between us and the server may give each to another session.
# - Names are written in full. No other schema can put an operator or a function in the place of PostgreSQL's.
# - A policy that would hide rows is an error.
# - What is acknowledged is on the disk of the server, whatever the settings of server, database and role are.
SETTINGS = f"""SELECT pg_catalog.set_config('search_path', '', true),
  pg_catalog.set_config('row_security', 'off', true),
  pg_catalog.set_config('lock_timeout', '{WAIT_FOR_LOCK_MS}', true),
  CASE WHEN pg_catalog.current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')
    THEN pg_catalog.set_config('synchronous_commit', 'on', true) END"""
BEGIN_READING = f"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {SETTINGS}"
# Under READ COMMITTED a row is read as it is once it is locked, and what is read after that is at least as new: no
# transaction has to be repeated because another one was faster.
BEGIN_WRITING = f"BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE; {SETTINGS}"


class Session:
    """A connection of one thread at a time: whoever has `lock`."""

    def __init__(self, named: Named, prepare: Callable[[Connection], None]) -> None:
        """`prepare` looks at what a new connection leads to, within a transaction, before it is used."""
        self.named = named
        self.lock = threading.RLock()
        self._prepare = prepare
        self._connection: Connection | None = None
        self._is_closed = False

    @contextmanager
    def transaction(self, *beginning: str) -> Iterator[tuple[Connection, list[list[Row]]]]:
        """The connection within a transaction that the body commits, and what the statements of its beginning gave;
        whatever else ends the body undoes it.
        """
        with self.named.errors():
            connection = self._connected()
            try:
                yield connection, all_rows(connection.execute("; ".join(beginning).encode()))
            finally:
                _undo(connection)

    def rows(self, query: str, *values: object) -> list[Row]:
        """The rows that a statement gives which is a transaction of its own, or cannot be part of one."""
        with self.lock, self.named.errors():
            return rows_of(self._connected(), query, values)

    def close(self) -> None:
        """Give the connection back."""
        with self.lock:
            self._is_closed = True
            if self._connection is not None:
                self._connection.close()

    def _connected(self) -> Connection:
        if self._is_closed:
            raise LogError(f"{self.named} is closed")
        if self._connection is None or not _is_ready(self._connection):
            with ExitStack() as opened:
                connection = connected(self.named)
                opened.callback(connection.close)
                connection.execute(BEGIN_READING)
                self._prepare(connection)
                connection.execute("ROLLBACK")
                opened.pop_all()
            self._connection = connection
        return self._connection


@contextmanager
def one_transaction(named: Named, beginning: str) -> Iterator[Connection]:
    """A connection of its own, within a transaction that the body commits; its end undoes what was not committed."""
    with named.errors(), closing(connected(named)) as connection:
        connection.execute(beginning.encode())
        yield connection


def connected(named: Named) -> Connection:
    """A connection to the server at an address; LogError when the address cannot be read, else psycopg's errors."""
    unreadable = LogError(
        f"the address of {named.kind} cannot be read; one looks like postgresql://USER@HOST:5432/DATABASE"
    )
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(named.address).items()}
    except (psycopg.ProgrammingError, UnicodeError) as error:
        raise unreadable from error
    if not given.get("port", "").replace(",", "").isdecimal() and "port" in given:  # libpq would repeat it
        raise unreadable
    parameters: dict[str, Any] = {**DEFAULTS, **given, "client_encoding": "utf8"}
    return psycopg.connect(autocommit=True, prepare_threshold=None, **parameters)


def rows_of(connection: Connection, query: str, values: Sequence[object] = ()) -> list[Row]:
    """The rows that a statement gives, if it gives any."""
    with connection.cursor(binary=True) as cursor:
        cursor.execute(query.encode(), values)
        return cursor.fetchall() if cursor.description is not None else []


def all_rows(cursor: Cursor) -> list[list[Row]]:
    """The rows of each statement that gives some."""
    return [each.fetchall() for each in cursor.results() if each.description is not None]


def _is_ready(connection: Connection) -> bool:
    """False for one that broke, or that an interrupt left in the middle of something: the server undoes that."""
    if not connection.closed and connection.info.transaction_status is not TransactionStatus.IDLE:
        connection.close()
    return not connection.closed


def _undo(connection: Connection) -> None:
    """End a transaction that was not committed; where that cannot be said to the server, end the connection."""
    if connection.closed or connection.info.transaction_status is TransactionStatus.IDLE:
        return
    if connection.info.pipeline_status is PipelineStatus.OFF:
        with suppress(psycopg.Error):
            connection.execute("ROLLBACK")
            return
    connection.close()
