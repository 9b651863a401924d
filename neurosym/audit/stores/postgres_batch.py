"""Writing a batch into the tables of a log, and committing it: what is to be written goes to the server at once, and one
answer comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from neurosym.audit.frontier import frontier_bytes
from neurosym.audit.store import Batch, PayloadRow
from neurosym.audit.stores.postgres_session import Connection, Cursor

PART_BYTES = 1 << 24  # of payloads that go into one statement; the server takes less than 2^30
ENTRIES = """INSERT INTO neurosym_log.entries (seq, envelope, leaf)
  SELECT * FROM unnest(%b::bigint[], %b::bytea[], %b::bytea[])"""
# A payload that several entries share is stored once; its digest says that it is the same.
PAYLOADS = """INSERT INTO neurosym_log.payload (digest, seq, content)
  SELECT * FROM unnest(%b::text[], %b::bigint[], %b::bytea[]) ON CONFLICT (digest) DO NOTHING"""
NODES = """INSERT INTO neurosym_log.node (level, place, hash)
  SELECT * FROM unnest(%b::integer[], %b::bigint[], %b::bytea[])"""
LOOKUPS = """INSERT INTO neurosym_log.lookup (kind, key, seq)
  SELECT * FROM unnest(%b::text[], %b::bytea[], %b::bigint[])"""
ERASED = "DELETE FROM neurosym_log.payload WHERE digest = ANY(%b)"
STATE = "UPDATE neurosym_log.state SET size = %b, frontier = %b WHERE id = 1"
CHECKPOINT = "UPDATE neurosym_log.checkpoint SET note = %b WHERE id = 1"
SIGNER = "UPDATE neurosym_log.identity SET vkey = %b WHERE id = 1"


def commit_batch(connection: Connection, batch: Batch) -> bool:
    """True when the batch is durable with every row of it; False when it is committed, and the server left some out.
    psycopg's errors where it is not committed; where the connection is lost, nobody knows.
    """
    with connection.pipeline():
        done = list(_sent(connection, batch))
        committed = connection.execute("COMMIT")
    return committed.statusmessage == "COMMIT" and all(cursor.rowcount == count for cursor, count in done)


def _sent(connection: Connection, batch: Batch) -> Iterator[tuple[Cursor, int]]:
    """Each statement, with the number of rows that it is about where that is known."""
    execute, frontier = connection.execute, batch.state.frontier
    entries, nodes, lookups = batch.entries, batch.nodes, batch.lookups
    rows = [row.seq for row in entries], [row.envelope for row in entries], [row.leaf for row in entries]
    yield execute(ENTRIES, rows), len(entries)
    for part in _parts(batch.payloads):
        execute(PAYLOADS, ([row.digest for row in part], [row.seq for row in part], [row.stored for row in part]))
    if nodes:
        rows_of = [row.level for row in nodes], [row.index for row in nodes], [row.hash for row in nodes]
        yield execute(NODES, rows_of), len(nodes)
    if lookups:
        ways = [row.kind for row in lookups], [row.key for row in lookups], [row.seq for row in lookups]
        yield execute(LOOKUPS, ways), len(lookups)
    if batch.erased:
        execute(ERASED, (list(batch.erased),))
    yield execute(STATE, (frontier.size, frontier_bytes(frontier))), 1
    yield execute(CHECKPOINT, (batch.state.note,)), 1
    if batch.vkey is not None:
        yield execute(SIGNER, (batch.vkey,)), 1


def _parts(payloads: Sequence[PayloadRow]) -> Iterator[list[PayloadRow]]:
    """The payloads, so many together as one statement takes."""
    part: list[PayloadRow] = []
    size = 0
    for row in payloads:
        if part and size + len(row.stored) > PART_BYTES:
            yield part
            part, size = [], 0
        part.append(row)
        size += len(row.stored)
    if part:
        yield part
