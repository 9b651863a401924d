"""A log in PostgreSQL, to be written: by many processes, one transaction at a time.

The size of the tree comes from the row `state`, which a writer locks first, and never from a sequence: that counts on
when a transaction is undone, and would leave a gap.
"""

from __future__ import annotations

from collections.abc import Collection

from psycopg.errors import Error

from neurosym.audit.store import Batch, Identity, Key, Plan
from neurosym.audit.stores.postgres_batch import commit_batch
from neurosym.audit.stores.postgres_error import LOST, Named
from neurosym.audit.stores.postgres_reader import KIND, PostgresReader
from neurosym.audit.stores.postgres_reading import PostgresReading, locked_head
from neurosym.audit.stores.postgres_schema import FORMAT, MARK, SCHEMA, STATEMENTS, check_log
from neurosym.audit.stores.postgres_server import check_server, has_schema, made_schema
from neurosym.audit.stores.postgres_session import BEGIN_READING, BEGIN_WRITING, Connection, one_transaction
from neurosym.text.failure import LogCorruptError, LogError

UNCERTAIN = "look whether the entry is there"
IDENTITY = "INSERT INTO neurosym_log.identity (id, format, origin, vkey, keys) VALUES (1, %s, %s, %s, %s)"


class PostgresStore(PostgresReader):
    """A log that this process may write to; threads take turns, and so do processes."""

    def commit(self, plan: Plan, wanted: Collection[Key] = ()) -> Batch:
        """The batch the plan made from what the store holds, durable when this returns.

        What it erases is deleted, and its room in the server's files given back (VACUUM). Copies that the server's
        owner has made stay: archives of its write-ahead log, replicas that lag behind, dumps.
        """
        with self._session.lock:
            if self._view is not None:
                raise LogError(f"{self._named} cannot be written within a reading of it")
            beginning = (BEGIN_WRITING, *locked_head(wanted))
            with self._session.transaction(*beginning) as (connection, (_, *head)):
                with self._viewing(PostgresReading(connection, self._named, head, wanted)) as view:
                    batch = plan(view)
                self._write(connection, batch)
            if batch.erased:
                self._session.rows(f"VACUUM {SCHEMA}.payload")
        return batch

    def _write(self, connection: Connection, batch: Batch) -> None:
        try:
            is_whole = commit_batch(connection, batch)
        except Error as error:
            if connection.closed:  # before the server said what became of it
                raise LogError(f"{self._named} cannot be used: {LOST}; {UNCERTAIN}") from error
            raise
        if not is_whole:
            raise LogCorruptError(f"{self._named} is damaged: the server did not keep what it was given")

    def _check(self, connection: Connection) -> None:
        check_log(connection, self._named, to_write=True)
        check_server(connection, self._named)
        self._check_origin(connection)


def has_postgres_log(address: str) -> bool:
    """True when there is a log at the address. LogError when that cannot be known, or there is something else."""
    named = Named(KIND, address)
    with one_transaction(named, BEGIN_READING) as connection:
        return has_schema(connection, named, SCHEMA, MARK)


def create_postgres_log(address: str, identity: Identity, first: Batch) -> bool:
    """True when a log with this first batch is now at the address; False when one was there already. LogError when it
    cannot be made.
    """

    def fill(connection: Connection) -> bool:
        connection.execute(IDENTITY, (FORMAT, identity.origin, identity.vkey, identity.keys))
        connection.execute("INSERT INTO neurosym_log.state (id, size, frontier) VALUES (1, 0, '')")
        connection.execute("INSERT INTO neurosym_log.checkpoint (id, note) VALUES (1, '')")
        return commit_batch(connection, first)

    return made_schema(Named(KIND, address), SCHEMA, MARK, STATEMENTS, fill)
