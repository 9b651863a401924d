"""The log in PostgreSQL, beside the same rows inserted by psycopg, on a server that waits for its disk."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import psycopg

from neurosym.audit.frontier import frontier_bytes
from neurosym.audit.log import Log
from neurosym.audit.store import Batch
from neurosym.audit.stores.postgres_schema import SCHEMA, STATEMENTS
from tests.benchmarks.own.log import Appends, _Clock, end_of, entropy, new_file
from tests.benchmarks.trial import Ready
from tests.postgres import Server, running_server


@cache
def server() -> Server:
    """A server of this process, which goes with it."""
    open_until_the_end = ExitStack()
    atexit.register(open_until_the_end.close)
    return open_until_the_end.enter_context(running_server(waits_for_disk=True))


class Shelf:
    """What runs have open: closed when the next one begins, or the process ends."""

    def __init__(self) -> None:
        self._open = ExitStack()
        atexit.register(self._open.close)

    def log(self) -> Log:
        """A log in a new database, and no other open any more."""
        self._open.close()
        return self._open.enter_context(_log(server().new_database()))

    def connection(self) -> psycopg.Connection[tuple[object, ...]]:
        """The empty tables of a log in a new database, and nothing else open any more."""
        self._open.close()
        found = self._open.enter_context(psycopg.connect(server().new_database(), autocommit=True))
        found.execute(f"CREATE SCHEMA {SCHEMA}".encode())
        for statement in STATEMENTS:
            found.execute(statement.encode())
        return found


def _log(address: str) -> Log:
    beside: Path = new_file()
    return Log.open(address, key=beside, data_keys=beside.with_suffix(".keys"), clock=_Clock(), entropy=entropy())


def appended_run(work: Appends) -> Ready[bytes]:
    """Through the log: encrypted, hashed, signed."""
    lots, shelf = work.lots, Shelf()

    def ready() -> Callable[[], bytes]:
        log = shelf.log()

        def run() -> bytes:
            for lot in lots:
                log.append(lot)
            return end_of(log)

        return run

    return ready


def inserted_run(work: Appends) -> Ready[bytes]:
    """The rows that the log makes of it, and nothing else."""
    batches, shelf = work.batches(), Shelf()

    def ready() -> Callable[[], bytes]:
        connection = shelf.connection()
        return lambda: _inserted(connection, batches)

    return ready


def _inserted(connection: psycopg.Connection[tuple[object, ...]], batches: Sequence[Batch]) -> bytes:
    for batch in batches:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO neurosym_log.entries (seq, envelope, leaf) VALUES (%s, %s, %s)",
                [(row.seq, row.envelope, row.leaf) for row in batch.entries],
            )
            cursor.executemany(
                "INSERT INTO neurosym_log.payload (digest, seq, content) VALUES (%s, %s, %s)",
                [(row.digest, row.seq, row.stored) for row in batch.payloads],
            )
            cursor.executemany(
                "INSERT INTO neurosym_log.lookup (kind, key, seq) VALUES (%s, %s, %s)",
                [(each.kind, each.key, each.seq) for each in batch.lookups],
            )
            frontier = batch.state.frontier
            cursor.execute(
                "INSERT INTO neurosym_log.state (id, size, frontier) VALUES (1, %s, %s)"
                " ON CONFLICT (id) DO UPDATE SET size = excluded.size, frontier = excluded.frontier",
                (frontier.size, frontier_bytes(frontier)),
            )
            cursor.execute(
                "INSERT INTO neurosym_log.checkpoint (id, note) VALUES (1, %s)"
                " ON CONFLICT (id) DO UPDATE SET note = excluded.note",
                (batch.state.note,),
            )
    ((found,),) = connection.execute("SELECT frontier FROM neurosym_log.state").fetchall()
    assert isinstance(found, bytes)
    return found
