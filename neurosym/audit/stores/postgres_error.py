"""PostgreSQL's errors in our words. There is no password in what libpq says of a connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from neurosym.text.failure import LogCorruptError, LogError


@contextmanager
def log_errors(address: str) -> Iterator[None]:
    """LogError, or LogCorruptError where what lies in the database is at fault, in the place of PostgreSQL's errors."""
    try:
        yield
    except psycopg.Error as error:
        raise log_error(address, error) from error


def log_error(address: str, error: psycopg.Error) -> LogError:
    """What an error of PostgreSQL means for the log at an address."""
    told = error.diag.message_primary or "; ".join(str(error).splitlines()) or type(error).__name__
    match error:
        case psycopg.errors.UndefinedTable() | psycopg.errors.UndefinedColumn() | psycopg.errors.DataCorrupted():
            return LogCorruptError(f"the log `{address}` is damaged: {told}")
        case psycopg.errors.UniqueViolation():
            return LogError(f"the log `{address}` cannot be used: what is to be written stands there already")
        case _:
            return LogError(f"the log `{address}` cannot be used: {told}")
