"""A review queue in PostgreSQL, in a schema of its own; its server and libpq's own means say who may use it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

import psycopg
from psycopg import IsolationLevel

from neurosym.judgment.queue.rows import Found, QueueRows, table_statements
from neurosym.text.failure import ProviderError

FORMAT = 2
SCHEMA = "neurosym_review"
APPLICATION = "neurosym"
MAKING = 0x6E735251  # the advisory lock of whoever makes the tables
WAIT_FOR_LOCK_MS, CONNECT_TIMEOUT_S = 30_000, 10
# Of the transaction alone, so that a pooler between us and the server may give each to another session.
BEGINNING = """SELECT set_config('search_path', %s, true), set_config('lock_timeout', %s, true),
  CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END"""
# Compared byte by byte, whatever the language of the database.
TABLES = (
    f"CREATE SCHEMA {SCHEMA}",
    "CREATE TABLE format (version INTEGER NOT NULL)",
    f"INSERT INTO format VALUES ({FORMAT})",  # noqa: S608 - constants
    *table_statements("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", 'TEXT COLLATE "C"', ""),
)


class PostgresQueue:
    """A queue in a database that many processes write to at a time.

    Under READ COMMITTED, a row is read as it is once it is locked, and what is read after that is at least as new: so
    the invariant of the rows holds, no transaction has to be repeated, and none locks two items.
    """

    def __init__(self, address: str, connection: psycopg.Connection) -> None:
        self._address = address
        self._connection = connection

    @property
    def address(self) -> str:
        """The address as it was given; there is no password in it."""
        return self._address

    @contextmanager
    def reading(self) -> Iterator[QueueRows]:
        """The rows as they are at one moment."""
        with self._transaction(IsolationLevel.REPEATABLE_READ, read_only=True):
            yield self._rows()

    @contextmanager
    def writing(self) -> Iterator[QueueRows]:
        """The rows in one transaction: durable when the block ends, and undone when it raises."""
        with self._transaction(IsolationLevel.READ_COMMITTED, read_only=False):
            yield self._rows()

    def prepare(self, *, make: bool) -> None:
        """Make the tables where there are none; ProviderError when they are of another version, or are not to be made.

        Whoever makes them holds a lock, so that two who come at the same time make them once.
        """
        with self._transaction(IsolationLevel.READ_COMMITTED, read_only=not make):
            if not self._has_schema() and make:
                self._execute("SELECT pg_advisory_xact_lock(?)", (MAKING,))
            if not self._has_schema():
                if not make:
                    raise ProviderError(f"there is no review queue at `{self._address}`")
                for statement in TABLES:
                    self._execute(statement)
            found = self._execute("SELECT version FROM format")
            if [tuple(row) for row in found] != [(FORMAT,)]:
                raise ProviderError(f"what lies at `{self._address}` is no review queue of this version")

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _rows(self) -> QueueRows:
        return QueueRows(self._execute, " FOR UPDATE")

    def _has_schema(self) -> bool:
        return bool(self._execute("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?", (SCHEMA,)))

    def _execute(self, statement: str, values: Sequence[object] = ()) -> Found:
        cursor = self._connection.execute(statement.replace("?", "%s").encode(), tuple(values))
        return cursor.fetchall() if cursor.description is not None else []

    @contextmanager
    def _transaction(self, isolation: IsolationLevel, *, read_only: bool) -> Iterator[None]:
        with _errors(self._address):
            self._connection.isolation_level = isolation
            self._connection.read_only = read_only
            with self._connection.transaction():
                self._connection.execute(BEGINNING, (SCHEMA, str(WAIT_FOR_LOCK_MS)))
                yield


def open_postgres_queue(address: str, *, make: bool) -> PostgresQueue:
    """The queue in the database at the address, which has no password in it; ProviderError when it cannot be used, or
    when there is none and none is to be made.
    """
    connect = partial(psycopg.connect, autocommit=True, prepare_threshold=None, application_name=APPLICATION)
    with _errors(address), ExitStack() as opened:
        has_timeout = "connect_timeout" in psycopg.conninfo.conninfo_to_dict(address)
        connection = connect(address) if has_timeout else connect(address, connect_timeout=CONNECT_TIMEOUT_S)
        opened.callback(connection.close)
        queue = PostgresQueue(address, connection)
        queue.prepare(make=make)
        opened.pop_all()
    return queue


@contextmanager
def _errors(address: str) -> Iterator[None]:
    """PostgreSQL's errors, and rows that are not ours, as a ProviderError. There is no password in what libpq says of a
    connection, and none in an address that came so far.
    """
    try:
        yield
    except psycopg.Error as error:
        told = error.diag.message_primary or "; ".join(str(error).splitlines()) or type(error).__name__
        raise ProviderError(f"the review queue `{address}` cannot be used: {told}") from error
    except UnicodeEncodeError as error:
        raise ProviderError(f"the review queue `{address}` cannot hold half a character") from error
    except ValueError as error:
        raise ProviderError(f"the review queue `{address}` is damaged") from error
