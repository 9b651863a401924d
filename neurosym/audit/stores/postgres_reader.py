"""A log in PostgreSQL, to be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from neurosym.audit.store import Reading
from neurosym.audit.stores.postgres_error import Named
from neurosym.audit.stores.postgres_reading import HEAD, PostgresReading
from neurosym.audit.stores.postgres_schema import check_log
from neurosym.audit.stores.postgres_session import BEGIN_READING, Connection, Session
from neurosym.text.failure import LogError

KIND = "the log"


class PostgresReader:
    """A log that this process may read; threads take turns.

    A call in which the connection breaks is a LogError, and the next one connects anew.
    """

    def __init__(self, address: str) -> None:
        self._named = Named(KIND, address)
        self._session = Session(self._named, self._check)
        self._view: PostgresReading | None = None
        self._origin: str | None = None

    @classmethod
    def open(cls, address: str) -> Self:
        """The log at the address; LogError when there is none, or it cannot be used."""
        found = cls(address)
        try:
            with found.reading() as reading:
                found._origin = reading.identity().origin
        except LogError:
            found.close()
            raise
        return found

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A view that stays the same while others write."""
        with self._session.lock:
            if self._view is not None:  # a reading within a reading is the same view
                yield self._view
                return
            with (
                self._session.transaction(BEGIN_READING, *HEAD) as (connection, (_, *head)),
                self._viewing(PostgresReading(connection, self._named, head)) as view,
            ):
                yield view

    def close(self) -> None:
        """Give the connection back."""
        self._session.close()

    @contextmanager
    def _viewing(self, view: PostgresReading) -> Iterator[PostgresReading]:
        self._view = view
        try:
            yield view
        finally:
            self._view = None

    def _check(self, connection: Connection) -> None:
        """LogError when a new connection does not lead to the log that is to be read."""
        check_log(connection, self._named, to_write=False)
        self._check_origin(connection)

    def _check_origin(self, connection: Connection) -> None:
        rows = connection.execute("SELECT origin FROM neurosym_log.identity WHERE id = 1").fetchall()
        if self._origin is not None and rows != [(self._origin,)]:
            raise LogError(f"{self._named} is another log than it was")
